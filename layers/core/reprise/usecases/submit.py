"""A wish becomes a job, and the job one paid call."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from reprise.domain.advance import begin
from reprise.domain.capabilities import Violation, dropped, violations
from reprise.domain.create import create
from reprise.domain.job import Job, State
from reprise.domain.request import CoverRequest
from reprise.errors import GoneError, InvalidError, KeyReusedError, NotFoundError, StillRunningError
from reprise.ports import Claim, Claimed, Clock, Inbox, JobStore, ProviderDirectory
from reprise.usecases.order import DrawUp
from reprise.usecases.record import Record

STILL_RUNNING = timedelta(seconds=30)
"""API Gateway's own time-out: an older first request is not running any more."""


@dataclass(frozen=True, slots=True)
class Submitted:
    """`replayed`: an earlier request made this job. `trouble`: what went wrong after the job was stored."""

    job: Job
    replayed: bool = False
    trouble: Exception | None = None


@dataclass(frozen=True, slots=True)
class Submit:
    jobs: JobStore
    inbox: Inbox
    providers: ProviderDirectory
    record: Record
    draw_up: DrawUp
    clock: Clock
    new_id: Callable[[], str]

    def __call__(self, tenant: str, request: CoverRequest, claim: Claim | None) -> Submitted:
        """Raises InvalidError before anything is stored; after that there is always a job to answer with."""
        check(request, self.providers, self.inbox)
        provider = self.providers(request.provider)
        job = create(self.new_id(), tenant, request, dropped(request, provider.capabilities), self.clock.now())
        intent = begin(job, self.clock.now())
        order = self.draw_up(intent.job)
        held = self.jobs.create(intent, claim)
        if held and claim:
            return self._replay(held, claim)
        try:
            return Submitted(self.record(job.id, provider.submit(order)) or intent.job)
        except Exception as trouble:  # an error would invite a second, paid, submit: the caller gets the job
            return Submitted(intent.job, trouble=trouble)

    def _replay(self, held: Claimed, claim: Claim) -> Submitted:
        if held.fingerprint != claim.fingerprint:
            raise KeyReusedError("this Idempotency-Key was used with another body")
        job = self.jobs.load(held.job_id)
        if job is None:
            raise GoneError("the job that this Idempotency-Key made was deleted")
        if job.state is State.SUBMITTING and self.clock.now() - job.created_at < STILL_RUNNING:
            raise StillRunningError("the first request with this Idempotency-Key is still running")
        return Submitted(job, replayed=True)


def check(request: CoverRequest, providers: ProviderDirectory, inbox: Inbox) -> None:
    """Raises InvalidError with every rule that the request breaks."""
    try:
        found = violations(request, providers(request.provider).capabilities)
    except NotFoundError as error:
        raise InvalidError(Violation("provider", "unknown", str(error), length=len(request.provider))) from error
    if not found and request.source.key and not inbox.has(request.source.key):
        found.append(Violation("source.upload", "missing", "nothing was uploaded under this id"))
    if found:
        raise InvalidError(*found)
