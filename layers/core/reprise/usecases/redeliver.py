"""What was sent about a cover, and one of these once more."""

from collections.abc import Sequence
from dataclasses import dataclass

from reprise.domain.attempts import Log
from reprise.domain.audience import OWN
from reprise.domain.delivery import Delivery, forgiven, replay
from reprise.errors import NotAllowedError, NotFoundError
from reprise.ports import CallbackRecords, Clock, Deliveries, Endpoints, JobStore, Queue
from reprise.usecases.read import own


@dataclass(frozen=True, slots=True)
class Delivered:
    """All that was sent about a cover, or is to be: its deliveries, and the attempts to call a vendor's client back."""

    job_id: str
    deliveries: Sequence[Delivery]
    callbacks: Log


@dataclass(frozen=True, slots=True)
class Redeliver:
    jobs: JobStore
    callbacks: CallbackRecords
    deliveries: Deliveries
    endpoints: Endpoints
    queue: Queue
    clock: Clock

    def delivered(self, tenant: str, job_id: str) -> Delivered:
        job = own(self.jobs, tenant, job_id)
        record = self.callbacks.load(job.id)
        return Delivered(job.id, self.deliveries.of(job.id), record.attempts if record else ())

    def replay(self, tenant: str, job_id: str, delivery_id: str) -> Delivery:
        """Raises NotAllowedError where nobody may be called, or an attempt is under way."""
        job = own(self.jobs, tenant, job_id)
        delivery = next((one for one in self.deliveries.of(job.id) if one.id == delivery_id), None)
        if delivery is None:
            raise NotFoundError("no such delivery")
        now = self.clock.now()
        if delivery.under_way and not delivery.due(now):
            raise NotAllowedError("an attempt is under way")
        self._refuse(tenant, delivery)
        for other in self._said_gone(delivery) if delivery.revokes() else ():
            self.deliveries.save(forgiven(other))
        again = replay(delivery, now)
        self.deliveries.save(again)
        self.queue.send({"job": job.id, "delivery": again.id})
        return again

    def _refuse(self, tenant: str, delivery: Delivery) -> None:
        if delivery.endpoint == OWN:
            gone = self._said_gone(delivery)
            if gone and not delivery.revokes():
                raise NotAllowedError(f"the URL answered 410 Gone: replay {gone[0].id} first")
            return
        endpoint = self.endpoints.load(tenant, delivery.endpoint)
        if endpoint is None:
            raise NotAllowedError("the webhook was deleted")
        if endpoint.disabled:
            raise NotAllowedError(f"the webhook is disabled ({endpoint.disabled}): enable it first")

    def _said_gone(self, delivery: Delivery) -> list[Delivery]:
        """Others of the same job: two that were under way at once may both have been answered so."""
        return [one for one in self.deliveries.of(delivery.job_id) if one.id != delivery.id and one.revokes()]
