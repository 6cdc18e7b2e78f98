"""What a tenant settles about its webhooks: where they go, what of, and which secrets sign them."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from reprise.domain.audience import OWN
from reprise.domain.endpoint import MOST_ENDPOINTS, MOST_ROTATIONS, Endpoint, Keyring, enabled, rotate
from reprise.errors import NotAllowedError, NotFoundError
from reprise.ports import Clock, Endpoints, WebhookSecret
from reprise.signing import key_document, secret_of


@dataclass(frozen=True, slots=True)
class Secret:
    """`text` begins with `whsec_`."""

    text: str
    ring: Keyring


@dataclass(frozen=True, slots=True)
class Subscribe:
    endpoints: Endpoints
    master: WebhookSecret
    clock: Clock
    new_id: Callable[[], str]

    def create(self, tenant: str, url: str, events: tuple[str, ...]) -> Endpoint:
        if len(self.endpoints.of(tenant)) >= MOST_ENDPOINTS:
            raise NotAllowedError(f"at most {MOST_ENDPOINTS} webhooks: delete one first")
        endpoint = Endpoint(self.new_id(), tenant, url, self.clock.now(), events, version=1)
        self.endpoints.save(endpoint)
        return endpoint

    def every(self, tenant: str) -> Sequence[Endpoint]:
        return self.endpoints.of(tenant)

    def find(self, tenant: str, endpoint_id: str) -> Endpoint:
        """Raises NotFoundError, for another tenant's too."""
        known = re.fullmatch("[0-9a-f]{32}", endpoint_id)
        endpoint = self.endpoints.load(tenant, endpoint_id) if known else None
        if endpoint is None:
            raise NotFoundError("no such webhook")
        return endpoint

    def delete(self, tenant: str, endpoint_id: str) -> None:
        self.endpoints.delete(tenant, self.find(tenant, endpoint_id).id)

    def enable(self, tenant: str, endpoint_id: str) -> Endpoint:
        endpoint = enabled(self.find(tenant, endpoint_id))
        self.endpoints.save(endpoint)
        return endpoint

    def secret(self, tenant: str, owner: str = OWN) -> Secret:
        """Of an endpoint; else the tenant's own, which signs for the URLs that jobs bring."""
        return self._told(tenant, self.endpoints.keyring(tenant, owner))

    def rotate(self, tenant: str, owner: str = OWN) -> Secret:
        """A new secret; the one before signs too for a day."""
        ring = rotate(self.endpoints.keyring(tenant, owner), self.clock.now())
        if ring is None:
            raise NotAllowedError(f"rotated {MOST_ROTATIONS} times within a day: each old secret still signs")
        self.endpoints.save_keyring(tenant, ring)
        return self._told(tenant, ring)

    def _told(self, tenant: str, ring: Keyring) -> Secret:
        return Secret(secret_of(self.master(), signer(tenant, ring), ring.generation), ring)

    def keys(self) -> dict[str, Any]:
        return key_document(self.master())


def signer(tenant: str, ring: Keyring) -> str:
    """Whose secret it is, among all tenants'. No owner has a slash in it."""
    return f"{tenant}/{ring.owner}"
