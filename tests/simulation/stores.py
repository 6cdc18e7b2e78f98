"""The memory adapters' stores, watched at each write. What is due is found without looking at all that is stored."""

import heapq
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from reprise.domain.callbacks import CallbackRecord
from reprise.domain.delivery import Delivery
from reprise.domain.endpoint import Endpoint, Keyring
from reprise.domain.job import Change
from reprise.errors import ConflictError
from reprise.memory import MemoryCallbackRecords, MemoryJobs
from reprise.memory_webhooks import MemoryDeliveries, MemoryEndpoints
from reprise.ports import Claim, Claimed, Due, Waiting

from tests.simulation.broken import BrokenError
from tests.simulation.mischief import Mischief
from tests.simulation.subscribers import EndpointFaultError
from tests.simulation.watch import Watch, seconds_of
from tests.simulation.webhooks import Webhooks

SLOWEST_WRITE = 3600.0
"""Seconds from when a function looks at the clock until what it made of that is stored: others run while it waits."""


@dataclass
class Store(MemoryJobs):
    watch: Watch | None = None
    waiting: dict[str, datetime] = field(default_factory=dict)

    def _write(self, change: Change) -> None:
        assert self.watch
        job = change.job
        self.watch.wrote(self.jobs.get(job.id), change)
        super()._write(change)
        if job.due_at:
            self.waiting[job.id] = job.due_at
        else:
            self.waiting.pop(job.id, None)

    def create(self, change: Change, claim: Claim | None) -> Claimed | None:
        held = super().create(change, claim)
        if held is None and claim and claim.renewed and self.watch:
            self.watch.claimed(change.job, claim)
        return held

    def due(self, now: datetime) -> Iterator[Due]:
        return iter([Due(job_id, at) for job_id, at in self.waiting.items() if at <= now])

    def delete(self, job_id: str) -> None:
        assert self.watch
        self.forget(job_id)
        self.watch.webhooks.deleted(job_id)

    def forget(self, job_id: str) -> None:
        super().delete(job_id)
        self.waiting.pop(job_id, None)

    def keep_events_alone(self, job_id: str) -> None:
        """What webhooks still need of a job that is over."""
        if job_id in self.entries:
            self.entries[job_id] = [entry for entry in self.entries[job_id] if entry.event is not None]


@dataclass
class Records(MemoryCallbackRecords):
    waiting: dict[str, datetime] = field(default_factory=dict)

    def save(self, record: CallbackRecord, before_version: int) -> None:
        super().save(record, before_version)
        if record.waiting:
            self.waiting[record.job_id] = record.wait_until
        else:
            self.waiting.pop(record.job_id, None)

    def forget(self, job_id: str) -> None:
        self.records.pop(job_id, None)
        self.waiting.pop(job_id, None)


@dataclass
class Deliveries(MemoryDeliveries):
    """`heap` has all times at which something may be due, `ripe` those deliveries of which one has come."""

    callbacks: Records
    webhooks: Webhooks | None = None
    mischief: Mischief | None = None
    by_job: dict[str, dict[str, Delivery]] = field(default_factory=dict)
    heap: list[tuple[datetime, str, str]] = field(default_factory=list)
    ripe: dict[tuple[str, str], None] = field(default_factory=dict)

    def of(self, job_id: str) -> Sequence[Delivery]:
        mine = self.by_job.get(job_id, {}).values() if job_id in self.jobs.jobs else ()
        return sorted(mine, key=lambda one: (one.event, one.endpoint))

    def save(self, delivery: Delivery) -> None:
        """A conflict may be with oneself: it was written, the answer got lost, and the SDK asked again."""
        lost = self.mischief and self.mischief.conflicts()
        if lost and delivery.version > 1 and delivery.version % 2:
            raise ConflictError("another was first")
        self._save(delivery)
        if lost:
            raise ConflictError("it was oneself")

    def _save(self, delivery: Delivery) -> None:
        before = self.load(delivery.job_id, delivery.id)
        super().save(delivery)
        self.by_job.setdefault(delivery.job_id, {})[delivery.id] = delivery
        if delivery.due_at:
            heapq.heappush(self.heap, (delivery.due_at, delivery.job_id, delivery.id))
        if self.webhooks:
            self.webhooks.saved(before, delivery)

    def due(self, now: datetime) -> Iterator[Waiting]:
        self._ripen(now)
        for key in list(self.ripe):
            known = self.records.get(key)
            if known and known.due_at and known.due_at <= now:
                yield Waiting(*key)
                continue
            self.ripe.pop(key, None)
            if known and known.due_at:  # ripened by a sweep whose clock was ahead of this one's
                heapq.heappush(self.heap, (known.due_at, *key))
        for job_id in [job_id for job_id, at in self.callbacks.waiting.items() if at <= now]:
            yield Waiting(job_id)

    def _ripen(self, now: datetime) -> None:
        while self.heap and self.heap[0][0] <= now:
            _, job_id, id = heapq.heappop(self.heap)
            self.ripe[job_id, id] = None

    def late(self, before: datetime) -> tuple[str, str] | None:
        """A delivery that was due by then, and still is."""
        self._ripen(before)
        found = ((key, self.records.get(key)) for key in self.ripe)
        return next((key for key, one in found if one and one.due_at and one.due_at < before), None)

    def forget(self, job_id: str) -> None:
        self.callbacks.forget(job_id)
        for id in self.by_job.pop(job_id, {}):
            self.records.pop((job_id, id), None)


@dataclass
class Endpoints(MemoryEndpoints):
    watch: Watch | None = None

    def save(self, endpoint: Endpoint) -> None:
        assert self.watch
        before = self.load(endpoint.tenant, endpoint.id)
        super().save(endpoint)
        frame, now = self.watch.agenda.frames[-1], self.watch.agenda.seconds
        try:
            self.watch.webhooks.subscribers.saved(before, endpoint, now, frame.what)
        except EndpointFaultError as error:
            raise BrokenError(frame.job, str(error)) from error

    def delete(self, tenant: str, endpoint_id: str) -> None:
        assert self.watch
        super().delete(tenant, endpoint_id)
        self.watch.webhooks.subscribers.deleted(endpoint_id, self.watch.agenda.seconds)

    def save_keyring(self, tenant: str, ring: Keyring) -> None:
        assert self.watch
        super().save_keyring(tenant, ring)
        at, frame = seconds_of(ring.rotated[-1]), self.watch.agenda.frames[-1]
        if not -0.001 <= self.watch.agenda.seconds - at <= SLOWEST_WRITE:
            raise BrokenError(frame.job, f"a secret of {ring.owner} was rotated at another time than it says")
        self.watch.webhooks.signatures.rotated(tenant, ring.owner, at)
