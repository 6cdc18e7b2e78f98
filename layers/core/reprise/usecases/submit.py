"""A wish becomes a job, and the job one paid call."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache, partial

from reprise.domain.advance import begin, wait_for_slot
from reprise.domain.create import create, enqueue
from reprise.domain.job import Change, Job, Leg, State
from reprise.domain.purse import Purse, money
from reprise.domain.request import CoverRequest
from reprise.errors import BudgetSpentError, GoneError, KeyReusedError, StillRunningError
from reprise.ports import Claim, Claimed, Clock, JobStore, Order, Provider, ProviderDirectory
from reprise.usecases.choose import Choose
from reprise.usecases.order import DrawUp
from reprise.usecases.plan import Plan
from reprise.usecases.record import Record
from reprise.usecases.store import store

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

    def __call__(
        self, tenant: str, request: CoverRequest, claim: Claim | None, purse: Purse | None = None
    ) -> Submitted:
        """Raises InvalidError and BudgetSpentError before anything is stored; after that there is always a job to
        answer with.

        Who holds the claim is told by the write that stores the job. It is read only before a slot or a provider's one
        try is taken, and when something went wrong. So a replay may look at the song and ask how the providers are, but
        what it sees there does not matter: it takes nothing, and is answered with the job that there is.
        """
        began = self.clock.now()
        claim = self._renewed(claim)
        ours = self.new_id()
        new = partial(create, ours, tenant, request, audio_key=self.new_key(), purse=purse)
        try:
            made = self._make(new, request, claim, began)
        except Exception:  # what is wrong now was right for the one who used this key before
            held = self._holder(claim)
            if held is None or held.job_id == ours:  # stored all the same, by a write whose answer got lost
                raise
            made = held
        return made if isinstance(made, Submitted) else self._replay(made, claim)

    def _make(
        self, new: Callable[..., Job], request: CoverRequest, claim: Claim | None, began: datetime
    ) -> Submitted | Claimed:
        """Where the purse has no room for the provider that was chosen, a cheaper one is. Each time fewer are left."""
        legs = self.plan(request)
        may_take = cache(lambda: self._holder(claim) is None)
        while True:
            job = new(legs, self.clock.now())
            leg = self.choose(job, may_take)
            first = self._first(job, leg, began)
            try:
                made = self._place(first, claim)
            except BudgetSpentError as spent:
                self.choose.let_go(job, leg)
                price = first.job.leg.usd
                legs = tuple(one for one in legs if one.usd < price and money(one.usd) <= spent.room)
                if not legs:
                    raise
            else:
                if isinstance(made, Claimed):
                    self.choose.let_go(job, leg)
                return made

    def _first(self, job: Job, leg: Leg | None, began: datetime) -> Change:
        """What makes the job: the intent to pay now, or later, when `advance` has it."""
        now = self.clock.now()
        if leg is None:
            return wait_for_slot(job, now)
        return enqueue(job, now) if now - began > LONGEST_LOOK else begin(job, now, leg)

    def _place(self, first: Change, claim: Claim | None) -> Submitted | Claimed:
        """Stores the job, and pays if that is what was intended. Who finds the claim held must not."""
        pay = partial(Submitted, first.job)
        if first.job.state is State.SUBMITTING:
            provider = self.providers(first.job.provider)
            order = self.draw_up(first.job, provider.capabilities)
            pay = partial(self._pay, first.job, provider, order)
        return store(self.jobs, self.clock, first, claim) or pay()

    def _pay(self, stored: Job, provider: Provider, order: Order) -> Submitted:
        leg = stored.leg
        try:
            outcome = provider.submit(order)
            stored = self.record.outcome(stored, outcome) or stored
            self.choose.heard(leg, outcome)
        except Exception as trouble:  # an error would invite a second, paid, submit: the caller gets the job
            return Submitted(stored, trouble=trouble)
        return Submitted(stored)

    def _renewed(self, claim: Claim | None) -> Claim | None:
        """Clients' libraries send one trace with every call: one that bought nothing must not stand in the way."""
        for _ in range(MOST_RENEWALS):
            held = self._holder(claim) if claim and claim.renewed else None
            job = self.jobs.load(held.job_id) if held else None
            if claim is None or job is None or not job.bought_nothing:
                break
            claim = replace(claim, key=f"{claim.key}+{job.id[:8]}")
        return claim

    def _holder(self, claim: Claim | None) -> Claimed | None:
        return self.jobs.claimed(claim) if claim else None

    def _replay(self, held: Claimed, claim: Claim | None) -> Submitted:
        if claim and held.fingerprint != claim.fingerprint:
            raise KeyReusedError("this Idempotency-Key was used with another body")
        job = self.jobs.load(held.job_id)
        if job is None:
            raise GoneError("the job that this Idempotency-Key made was deleted")
        if job.state is State.SUBMITTING and self.clock.now() - job.created_at < STILL_RUNNING:
            raise StillRunningError("the first request with this Idempotency-Key is still running")
        return Submitted(job, replayed=True)
