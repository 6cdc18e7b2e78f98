"""The one writer of jobs: load, let the state machine decide, commit; a lost race begins again."""

from dataclasses import dataclass

from reprise.domain.facts import Accepted, Fact, Refused, Unknown
from reprise.domain.job import Change, Job
from reprise.domain.observe import observe
from reprise.errors import BudgetSpentError, ConflictError, UnrecordedError
from reprise.ports import Clock, JobStore
from reprise.usecases.races import pause

PATIENCE = 2.0
"""Seconds of pauses between lost races. Who brought the fact will bring it again."""

PATIENCE_WITH_AN_ANSWER = 4.0
"""The answer to a paid call comes once; its caller's 30 seconds are all but over."""


@dataclass(frozen=True, slots=True)
class Record:
    jobs: JobStore
    clock: Clock

    def __call__(
        self,
        job_id: str,
        fact: Fact,
        patience: float = PATIENCE,
        stored: Job | None = None,
        loaded: Job | None = None,
    ) -> Job | None:
        """The job as it is now, or None where there is none. Raises ConflictError when `patience` (s) is over.

        `stored` is the job as the caller has stored it, or read it some time ago: it is not read once more unless it
        was changed meanwhile, which the write's condition tells, or the fact is no news to it, which only the table can
        say. `loaded` is the job as the caller has just read it: the table has said that already.

        Where its purse has no room for the provider that the fact would turn it to, a cheaper one is turned to; where
        there is none, it goes as for a job without a provider ahead.
        """
        below, race, waited = None, 0, 0.0
        while True:
            known, read, stored, loaded = stored, loaded, None, None
            job = known or read or self.jobs.load(job_id)
            if job is None:
                return None
            change = observe(job, fact, self.clock.now(), below)
            if known and change.empty:
                continue
            try:
                return self.commit(change)
            except ConflictError as conflict:
                seconds = pause(job_id, race)
                waited, race = waited + seconds, race + 1
                if waited > patience:
                    raise ConflictError(f"job {job_id} kept changing") from conflict
                self.clock.sleep(seconds)
            except BudgetSpentError:
                below = change.job.leg.usd

    def outcome(
        self, stored: Job, fact: Accepted | Refused | Unknown, patience: float = PATIENCE_WITH_AN_ANSWER
    ) -> Job | None:
        """The answer to a paid call for the job as it was `stored` before. If it cannot be stored it must at least be
        in the log, with its task id."""
        try:
            return self(stored.id, fact, patience, stored)
        except Exception as error:
            raise UnrecordedError(f"job {stored.id}: could not be stored: {fact}") from error

    def commit(self, change: Change) -> Job:
        if not change.empty:
            self.jobs.commit(change)
        return change.job
