"""The sweep: what waits for a time that has come goes to `advance` or `deliver`. Reads what is due, nothing else."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from reprise.ports import Clock, Deliveries, JobStore, Queue, Waiting


@dataclass(frozen=True, slots=True)
class Swept:
    """How many jobs were due, for how many seconds the oldest, and how many deliveries were."""

    due: int
    oldest: float
    deliveries: int = 0


@dataclass(frozen=True, slots=True)
class Sweep:
    jobs: JobStore
    deliveries: Deliveries
    advance: Queue
    deliver: Queue
    clock: Clock

    def __call__(self) -> Swept:
        now = self.clock.now()
        since = [now]
        due = self.advance.send_many(self._messages(now, since))
        sent = self.deliver.send_many(message(one) for one in self.deliveries.due(now))
        return Swept(due, (now - since[0]).total_seconds(), sent)

    def _messages(self, now: datetime, since: list[datetime]) -> Iterator[dict[str, Any]]:
        """One at a time, however many there are; `since` keeps the oldest."""
        for due in self.jobs.due(now):
            since[0] = min(since[0], due.at)
            yield {"job": due.job_id}


def message(one: Waiting) -> dict[str, Any]:
    return {"job": one.job_id, "delivery": one.delivery} if one.delivery else {"job": one.job_id}
