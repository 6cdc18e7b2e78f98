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
        count = 0
        for job_id in self.jobs.due(self.clock.now()):
            self.queue.send({"job": job_id})
            count += 1
        return count
