"""A wish becomes a job, and the job one paid call."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from reprise.domain import audio
from reprise.domain.advance import begin
from reprise.domain.capabilities import Violation, dropped, violations
from reprise.domain.create import create
from reprise.domain.job import Job, State
from reprise.domain.request import CoverRequest
from reprise.errors import ConfigurationError, GoneError, InvalidError, KeyReusedError, NotFoundError, StillRunningError
from reprise.ports import Claim, Claimed, Clock, Found, Inbox, JobStore, ProviderDirectory
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
        try:
            check(request, self.providers, self.inbox.look)
            provider = self.providers(request.provider)
        except (InvalidError, ConfigurationError):
            held = self.jobs.claimed(claim) if claim else None
            if held and claim:  # what is wrong today was right when this key was used
                return self._replay(held, claim)
            raise
        job = create(self.new_id(), tenant, request, dropped(request, provider.capabilities), self.clock.now())
        intent = begin(job, self.clock.now())
        order = self.draw_up(intent.job)
        held = self.jobs.create(intent, claim)
        if held and claim:
            return self._replay(held, claim)
        try:
            return Submitted(self.record.outcome(job.id, provider.submit(order)) or intent.job)
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


def check(request: CoverRequest, providers: ProviderDirectory, look: Callable[[str], Found | None]) -> None:
    """Raises InvalidError with every rule that the request breaks. Looks at the song only if nothing else is wrong."""
    try:
        found = violations(request, providers(request.provider).capabilities)
    except NotFoundError as error:
        raise InvalidError(Violation("provider", "unknown", str(error), length=len(request.provider))) from error
    if not found and request.source.key:
        field = "source.upload" if request.source.key.startswith("uploads/") else "source"
        found += _source(field, look(request.source.key))
    if found:
        raise InvalidError(*found)


def _source(field: str, found: Found | None) -> list[Violation]:
    if found is None:
        return [Violation(field, "missing", "there is no such upload")]
    if found.size > audio.MOST_SOURCE_BYTES:
        return [Violation(field, "too-large", f"{found.size} bytes", found.size, audio.MOST_SOURCE_BYTES)]
    if audio.audio_type(found.head) is None:
        return [Violation(field, "not-audio", "not an mp3, wav, flac, ogg, m4a or aac file", length=found.size)]
    return []
