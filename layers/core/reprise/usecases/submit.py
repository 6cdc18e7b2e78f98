"""A wish becomes a job, and the job one paid call."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta

from reprise.domain.advance import begin, wait_for_slot
from reprise.domain.create import create, enqueue
from reprise.domain.job import Job, State
from reprise.domain.request import CoverRequest
from reprise.errors import ConfigurationError, GoneError, InvalidError, KeyReusedError, StillRunningError
from reprise.ports import Claim, Claimed, Clock, JobStore, ProviderDirectory
from reprise.usecases.choose import Choose
from reprise.usecases.order import DrawUp
from reprise.usecases.plan import Plan
from reprise.usecases.record import Record

LONGEST_LOOK = timedelta(seconds=5)
"""A look at a slow song leaves too little of the caller's 30 seconds for a paid call: `advance` makes it then."""

MOST_RENEWALS = 20

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
    providers: ProviderDirectory
    plan: Plan
    choose: Choose
    record: Record
    draw_up: DrawUp
    clock: Clock
    new_id: Callable[[], str]
    new_key: Callable[[], str]

    def __call__(self, tenant: str, request: CoverRequest, claim: Claim | None) -> Submitted:
        """Raises InvalidError before anything is stored; after that there is always a job to answer with."""
        began = self.clock.now()
        claim = self._renewed(claim)
        known = self._known(claim)
        if known:  # a replay needs neither a look at the song nor a slot
            return known
        try:
            legs = self.plan(request)
            job = create(self.new_id(), tenant, request, legs, self.clock.now(), audio_key=self.new_key())
            leg = self.choose(job)
        except (InvalidError, ConfigurationError):
            known = self._known(claim)
            if known:  # what is wrong now was right for the one who used this key a moment ago
                return known
            raise
        now = self.clock.now()
        if leg is None or now - began > LONGEST_LOOK:
            waiting = enqueue(job, now) if leg else wait_for_slot(job, now)
            held = self.jobs.create(waiting, claim)
            return self._replay(held, claim) if held and claim else Submitted(waiting.job)
        intent = begin(job, self.clock.now(), leg)
        provider = self.providers(leg.provider)
        order = self.draw_up(intent.job, provider.capabilities)
        held = self.jobs.create(intent, claim)
        if held and claim:
            return self._replay(held, claim)
        stored = intent.job
        try:
            outcome = provider.submit(order)
            stored = self.record.outcome(job.id, outcome) or stored
            self.choose.heard(leg, outcome)
        except Exception as trouble:  # an error would invite a second, paid, submit: the caller gets the job
            return Submitted(stored, trouble=trouble)
        return Submitted(stored)

    def _renewed(self, claim: Claim | None) -> Claim | None:
        """Clients' libraries send one trace with every call: one that bought nothing must not stand in the way."""
        for _ in range(MOST_RENEWALS):
            held = self.jobs.claimed(claim) if claim and claim.renewed else None
            job = self.jobs.load(held.job_id) if held else None
            if claim is None or job is None or not job.bought_nothing:
                break
            claim = replace(claim, key=f"{claim.key}+{job.id[:8]}")
        return claim

    def _known(self, claim: Claim | None) -> Submitted | None:
        held = self.jobs.claimed(claim) if claim else None
        return self._replay(held, claim) if held and claim else None

    def _replay(self, held: Claimed, claim: Claim) -> Submitted:
        if held.fingerprint != claim.fingerprint:
            raise KeyReusedError("this Idempotency-Key was used with another body")
        job = self.jobs.load(held.job_id)
        if job is None:
            raise GoneError("the job that this Idempotency-Key made was deleted")
        if job.state is State.SUBMITTING and self.clock.now() - job.created_at < STILL_RUNNING:
            raise StillRunningError("the first request with this Idempotency-Key is still running")
        return Submitted(job, replayed=True)
