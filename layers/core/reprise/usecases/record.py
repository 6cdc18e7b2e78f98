"""The one writer of jobs: load, let the state machine decide, commit; a lost race begins again."""

from dataclasses import dataclass

from reprise.domain.facts import Accepted, Fact, Refused, Unknown
from reprise.domain.job import Change, Job
from reprise.domain.observe import observe
from reprise.domain.sidecars import folder, sidecars
from reprise.errors import BudgetSpentError, ConflictError, UnrecordedError
from reprise.ports import Clock, Covers, JobStore

MOST_RACES = 12
PAUSE = 0.02
"""Seconds; grows with each lost race."""


@dataclass(frozen=True, slots=True)
class Record:
    jobs: JobStore
    covers: Covers
    clock: Clock

    def __call__(self, job_id: str, fact: Fact) -> Job | None:
        """The job as it is now, or None where there is none. Raises ConflictError after MOST_RACES.

        Where its purse has no room for the provider that the fact would turn it to, a cheaper one is turned to; where
        there is none, it goes as for a job without a provider ahead.
        """
        below = None
        for race in range(MOST_RACES):
            job = self.jobs.load(job_id)
            if job is None:
                return None
            change = observe(job, fact, self.clock.now(), below)
            try:
                return self.commit(job, change)
            except ConflictError:
                self.clock.sleep(PAUSE * (race + 1))
            except BudgetSpentError:
                below = change.job.leg.usd
        raise ConflictError(f"job {job_id} kept changing")

    def outcome(self, job_id: str, fact: Accepted | Refused | Unknown) -> Job | None:
        """The answer to a paid call. If it cannot be stored it must at least be in the log, with its task id."""
        try:
            return self(job_id, fact)
        except Exception as error:
            raise UnrecordedError(f"job {job_id}: could not be stored: {fact}") from error

    def commit(self, before: Job, change: Change) -> Job:
        """Writes what lies beside the audio first: a job never says more than the bucket holds."""
        if not change.empty:
            for name, text in sidecars(before, change.job).items():
                self.covers.write(folder(change.job) + name, text)
            self.jobs.commit(change)
        return change.job
