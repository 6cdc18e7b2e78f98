"""The sweep: whatever waits for a time that has come goes to `advance`. Reads what is due, nothing else."""

from dataclasses import dataclass

from reprise.ports import Clock, JobStore, Queue


@dataclass(frozen=True, slots=True)
class Sweep:
    jobs: JobStore
    queue: Queue
    clock: Clock

    def __call__(self) -> int:
        """How many jobs were due."""
        return self.queue.send_many({"job": job_id} for job_id in self.jobs.due(self.clock.now()))
