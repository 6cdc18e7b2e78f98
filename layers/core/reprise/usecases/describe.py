"""What lies beside the audio of a cover that is done, written from the job as it is stored."""

from dataclasses import dataclass

from reprise.domain.job import Entry, Job
from reprise.domain.sidecars import SIDECAR, folder, sidecar
from reprise.errors import UnreadableLineError
from reprise.ports import Covers, JobStore

SUCCEEDED = "cover.succeeded"


@dataclass(frozen=True, slots=True)
class Describe:
    jobs: JobStore
    covers: Covers

    def __call__(self, entry: Entry) -> None:
        """As often as `entry` is passed on, so a crash at any moment leaves nothing undone: a cover that is there gets
        its file, and one that was deleted meanwhile keeps none. Raises UnreadableLineError for a job of another release
        that this one cannot read."""
        key = folder(entry.tenant, entry.job_id) + SIDECAR
        job = self._load(entry)
        if job:
            self.covers.write(key, sidecar(job))
        if job is None or self._load(entry) is None:
            self.covers.remove(key)

    def _load(self, entry: Entry) -> Job | None:
        try:
            return self.jobs.load(entry.job_id)
        except (ValueError, LookupError, TypeError, AttributeError) as error:
            raise UnreadableLineError(f"its job cannot be read: {type(error).__name__}: {error}") from error
