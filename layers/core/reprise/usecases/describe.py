"""What lies beside the audio of a cover that is done, written from the job as it is stored."""

from dataclasses import dataclass

from reprise.domain.job import Entry
from reprise.domain.sidecars import SIDECAR, folder, sidecar
from reprise.ports import Covers, JobStore

SUCCEEDED = "cover.succeeded"


@dataclass(frozen=True, slots=True)
class Describe:
    jobs: JobStore
    covers: Covers

    def __call__(self, entry: Entry) -> None:
        """As often as `entry` is passed on, so a crash at any moment leaves nothing undone: a cover that is there gets
        its file, and one that was deleted meanwhile keeps none."""
        key = folder(entry.tenant, entry.job_id) + SIDECAR
        job = self.jobs.load(entry.job_id)
        if job:
            self.covers.write(key, sidecar(job))
        if job is None or self.jobs.load(entry.job_id) is None:
            self.covers.remove(key)
