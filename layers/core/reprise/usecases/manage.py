"""Changing a job that exists: cancel, retry, delete."""

from collections.abc import Callable
from dataclasses import dataclass

from reprise.domain.create import retry, within
from reprise.domain.deadlines import unanswered
from reprise.domain.facts import CancelAsked
from reprise.domain.job import Job, State
from reprise.domain.purse import Purse
from reprise.domain.sidecars import folder
from reprise.errors import BudgetSpentError, GoneError, NotAllowedError, NotFoundError
from reprise.ports import Claim, Clock, Covers, JobStore
from reprise.usecases.read import ID, own
from reprise.usecases.record import Record
from reprise.usecases.store import store


@dataclass(frozen=True, slots=True)
class Manage:
    jobs: JobStore
    covers: Covers
    record: Record
    clock: Clock
    new_id: Callable[[], str]

    def cancel(self, tenant: str, job_id: str) -> Job:
        """No provider can be told to stop; we stop caring. Canceling twice is once."""
        job = self.record(own(self.jobs, tenant, job_id).id, CancelAsked())
        if job is None or job.state is not State.CANCELED:
            raise NotAllowedError(f"the cover is {job.state if job else 'gone'} already")
        return job

    def retry(self, tenant: str, job_id: str, purse: Purse | None = None) -> Job:
        """A new job in the place of one that failed or was canceled. Asked twice, it is the same new job.

        Raises BudgetSpentError where `purse`, of the key that asks, has room for no provider of the first.
        """
        old = own(self.jobs, tenant, job_id)
        if old.state not in (State.FAILED, State.CANCELED):
            raise NotAllowedError(f"only a failed or canceled cover can be retried, this one is {old.state}")
        claim = Claim(tenant, f"retry:{old.id}", old.id, life=None)
        while True:
            change = retry(old, self.new_id(), self.clock.now(), purse)
            try:
                held = store(self.jobs, self.clock, change, claim)
                return self._made(held.job_id) if held else change.job
            except BudgetSpentError as spent:
                held = self.jobs.claimed(claim)
                if held:
                    return self._made(held.job_id)
                cheaper = within(old, spent.room)
                if cheaper is None:
                    raise
                old = cheaper

    def _made(self, job_id: str) -> Job:
        job = self.jobs.load(job_id)
        if job is None:
            raise GoneError("the job that retried this one was deleted")
        return job

    def delete(self, tenant: str, job_id: str) -> None:
        """Audio first: a delete that is cut off can be asked for again. Then once more: a copy, or the file beside the
        audio, may have come late. Whoever asks when the job is gone has the rest taken away.

        Evidence goes with the job. Until release 0.2 it lay in the bucket.
        """
        try:
            job = own(self.jobs, tenant, job_id)
        except NotFoundError:
            if ID.fullmatch(job_id):
                self.covers.delete(folder(tenant, job_id))
            raise
        if not job.state.terminal:
            raise NotAllowedError(f"the cover is {job.state}: cancel it first")
        if unanswered(job, self.clock.now()):
            raise NotAllowedError(f"{job.provider} is being called and has not answered yet: delete it in a minute")
        self.covers.delete(folder(tenant, job_id))
        self.covers.delete(f"callbacks/{job.id}/")
        self.jobs.delete(job.id)
        self.covers.delete(folder(tenant, job_id))
