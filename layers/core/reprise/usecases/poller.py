"""The sweep: whatever waits for a time that has come goes to `advance`. Reads what is due, nothing else."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from reprise.ports import Clock, JobStore, Queue


@dataclass(frozen=True, slots=True)
class Swept:
    """How many jobs were due, and for how many seconds the oldest."""

    due: int
    oldest: float


@dataclass(frozen=True, slots=True)
class Sweep:
    jobs: JobStore
    queue: Queue
    clock: Clock

    def __call__(self) -> Swept:
        now = self.clock.now()
        since = [now]
        due = self.queue.send_many(self._messages(now, since))
        return Swept(due, (now - since[0]).total_seconds())

    def _messages(self, now: datetime, since: list[datetime]) -> Iterator[dict[str, Any]]:
        """One at a time, however many there are; `since` keeps the oldest."""
        for due in self.jobs.due(now):
            since[0] = min(since[0], due.at)
            yield {"job": due.job_id}
