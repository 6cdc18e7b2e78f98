"""The ports of webhooks in memory: deliveries and endpoints."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from reprise.domain.delivery import Delivery
from reprise.domain.endpoint import Endpoint, Keyring
from reprise.domain.job import Job
from reprise.errors import ConflictError
from reprise.memory import MemoryCallbackRecords, MemoryJobs
from reprise.ports import Waiting


@dataclass
class MemoryDeliveries:
    """Lies in the partitions of `jobs`: what is deleted there is gone here."""

    jobs: MemoryJobs
    callbacks: MemoryCallbackRecords
    records: dict[tuple[str, str], Delivery] = field(default_factory=dict)

    def load(self, job_id: str, delivery_id: str) -> Delivery | None:
        if job_id not in self.jobs.jobs:
            self.records.pop((job_id, delivery_id), None)
        return self.records.get((job_id, delivery_id))

    def of(self, job_id: str) -> Sequence[Delivery]:
        found = [self.load(*key) for key in list(self.records) if key[0] == job_id]
        return sorted((one for one in found if one), key=lambda one: (one.event, one.endpoint))

    def with_job(self, job_id: str) -> tuple[Job | None, Sequence[Delivery]]:
        return self.jobs.load(job_id), self.of(job_id)

    def save(self, delivery: Delivery) -> None:
        _guard(self.load(delivery.job_id, delivery.id), delivery)
        self.records[delivery.job_id, delivery.id] = delivery

    def due(self, now: datetime) -> Iterator[Waiting]:
        for delivery in [one for one in self.records.values() if one.due_at and one.due_at <= now]:
            yield Waiting(delivery.job_id, delivery.id)
        for record in [one for one in self.callbacks.records.values() if one.waiting and one.wait_until <= now]:
            yield Waiting(record.job_id)


@dataclass
class MemoryEndpoints:
    endpoints: dict[tuple[str, str], Endpoint] = field(default_factory=dict)
    rings: dict[tuple[str, str], Keyring] = field(default_factory=dict)

    def load(self, tenant: str, endpoint_id: str) -> Endpoint | None:
        return self.endpoints.get((tenant, endpoint_id))

    def of(self, tenant: str) -> Sequence[Endpoint]:
        mine = [one for one in self.endpoints.values() if one.tenant == tenant]
        return sorted(mine, key=lambda one: (one.created_at, one.id))

    def save(self, endpoint: Endpoint) -> None:
        _guard(self.load(endpoint.tenant, endpoint.id), endpoint)
        self.endpoints[endpoint.tenant, endpoint.id] = endpoint

    def delete(self, tenant: str, endpoint_id: str) -> None:
        self.endpoints.pop((tenant, endpoint_id), None)
        self.rings.pop((tenant, endpoint_id), None)

    def keyring(self, tenant: str, owner: str) -> Keyring:
        return self.rings.get((tenant, owner), Keyring(owner))

    def save_keyring(self, tenant: str, ring: Keyring) -> None:
        _guard(self.rings.get((tenant, ring.owner)), ring)
        self.rings[tenant, ring.owner] = ring


def _guard(known: Delivery | Endpoint | Keyring | None, new: Delivery | Endpoint | Keyring) -> None:
    if (known.version if known else 0) != new.version - 1:
        raise ConflictError("it was changed by another at the same moment")
