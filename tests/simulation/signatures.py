"""What receivers were told of secrets, and whether each message is signed with those of its time, and no others.

The Standard Webhooks library makes the signature that a message must bear. Its own `verify` cannot be used, since it
compares the timestamp with the real clock; the timestamp is compared with the virtual one here.
"""

import base64
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from standardwebhooks import Webhook

OVERLAP = 86_400.0
"""So long a secret that was replaced signs too (docs/webhooks.md)."""

UNTIL_KNOWN = 60.0
"""Seconds after which a new secret signs (docs/webhooks.md)."""

TOLERANCE = 300.0
"""Seconds that a timestamp may be off."""


@dataclass(slots=True)
class Told:
    """A secret that a receiver knows, since when, and when another took its place."""

    library: Webhook
    at: float
    replaced: float | None = None


@dataclass
class Signatures:
    """By tenant and endpoint; the tenant's own secret, for the URLs that jobs bring, is that of `job`."""

    told: dict[tuple[str, str], list[Told]] = field(default_factory=dict)
    public: Ed25519PublicKey | None = None

    def publish(self, document: dict[str, Any]) -> None:
        x = document["keys"][0]["x"]
        self.public = Ed25519PublicKey.from_public_bytes(base64.urlsafe_b64decode(x + "=" * (-len(x) % 4)))

    def learn(self, tenant: str, owner: str, secret: str, now: float) -> None:
        known = [one for one in self.told.get((tenant, owner), []) if not _forgotten(one, now)]
        self.told[tenant, owner] = [*known, Told(Webhook(secret), now)]

    def rotated(self, tenant: str, owner: str, now: float) -> None:
        for one in self.told.get((tenant, owner), []):
            one.replaced = now if one.replaced is None else one.replaced

    def fault(
        self, tenant: str, owner: str, headers: dict[str, str], body: bytes, moment: datetime, began: float, now: float
    ) -> str | None:
        """Of the HMACs. `began` is when the function that sent it did: what changed since may count or not."""
        at = int(headers["webhook-timestamp"])
        if not 0 <= moment.timestamp() - at <= TOLERANCE:
            return f"its timestamp is {moment.timestamp() - at:.0f} s off"
        given = headers["webhook-signature"].split(" ")
        signed_at, text = moment.fromtimestamp(at, moment.tzinfo), body.decode()
        for one in self.told.get((tenant, owner), []):
            fits = one.library.sign(headers["webhook-id"], signed_at, text) in given
            signs = one.at <= began - UNTIL_KNOWN and (one.replaced is None or now - one.replaced < OVERLAP - 1)
            if signs and not fits:
                return "it is not signed with a secret that its receiver goes by"
            if fits and one.replaced is not None and began - one.replaced > OVERLAP + 1:
                return "it is signed with a secret that was replaced more than a day ago"
        return None

    def public_fits(self, headers: dict[str, str], body: bytes) -> bool:
        given = headers["webhook-signature"].split(" ")
        (raw,) = [base64.b64decode(one[4:]) for one in given if one.startswith("v1a,")]
        content = b".".join((headers["webhook-id"].encode(), headers["webhook-timestamp"].encode(), body))
        try:
            assert self.public
            self.public.verify(raw, content)
        except InvalidSignature:
            return False
        return True


def _forgotten(one: Told, now: float) -> bool:
    return one.replaced is not None and now - one.replaced > 2 * OVERLAP
