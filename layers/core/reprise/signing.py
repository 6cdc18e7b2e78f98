"""Signatures by Standard Webhooks 1.0.0. All keys are made of one master secret: nothing about them is stored.

`v1` is HMAC-SHA256 with an endpoint's own secret, `v1a` Ed25519 with the deployment's key, whose public half is
published as a JWK (RFC 8037, with the thumbprint of RFC 7638 as its `kid`).
"""

import base64
import functools
import hashlib
import hmac
import json
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

SECRET_PREFIX, PUBLIC_PREFIX = "whsec_", "whpk_"


def secret_of(master: bytes, owner: str, generation: int) -> str:
    """32 bytes, as a receiver is told them. No two owners and no two generations share one."""
    return SECRET_PREFIX + _base64(_derived(master, "v1", owner, str(generation)))


def headers(master: bytes, event_id: str, at: datetime, body: bytes, secrets: Sequence[str]) -> dict[str, str]:
    """Of one attempt. `secrets` as receivers know them, the newest first: one signature each, and the deployment's."""
    stamp = str(int(at.timestamp()))
    content = b".".join((event_id.encode(), stamp.encode(), body))
    signatures = [f"v1,{mac(secret, content)}" for secret in secrets]
    signatures.append(f"v1a,{_base64(private_key(master).sign(content))}")
    return {"webhook-id": event_id, "webhook-timestamp": stamp, "webhook-signature": " ".join(signatures)}


def mac(secret: str, content: bytes) -> str:
    """Base64 of the HMAC of `<id>.<timestamp>.<body>`."""
    key = base64.b64decode(secret.removeprefix(SECRET_PREFIX))
    return _base64(hmac.new(key, content, hashlib.sha256).digest())


@functools.lru_cache(maxsize=1)
def private_key(master: bytes) -> "Ed25519PrivateKey":
    """Imported here: only who signs with it, or publishes it, pays for the library; and read once, which takes as long
    as to sign."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    return Ed25519PrivateKey.from_private_bytes(_derived(master, "v1a"))


def key_document(master: bytes) -> dict[str, Any]:
    """A JWK Set (RFC 7517) of the one public key; `whpk` is the same in the words of Standard Webhooks."""
    raw = private_key(master).public_key().public_bytes_raw()
    members = {"crv": "Ed25519", "kty": "OKP", "x": _base64url(raw)}
    thumbprint = hashlib.sha256(json.dumps(members, separators=(",", ":"), sort_keys=True).encode()).digest()
    more = {"kid": _base64url(thumbprint), "alg": "EdDSA", "use": "sig", "whpk": PUBLIC_PREFIX + _base64(raw)}
    return {"keys": [{**members, **more}]}


def _derived(master: bytes, *parts: str) -> bytes:
    """32 bytes; JSON keeps the parts apart."""
    return hmac.new(master, json.dumps(["reprise-webhooks", *parts]).encode(), hashlib.sha256).digest()


def _base64(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


def _base64url(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")
