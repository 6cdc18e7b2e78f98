"""Which provider of a job's route is paid now: the first that is switched on, healthy and has a free slot."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

from reprise.domain import health
from reprise.domain.facts import Accepted, Refused, Unknown
from reprise.domain.job import Job, Leg, Stage, State
from reprise.domain.route import affordable
from reprise.errors import ConfigurationError, ConflictError, NotFoundError
from reprise.ports import Clock, HealthStore, JobStore, ProviderDirectory, Slots

MOST_RACES = 5

EARLY = 0.9
"""Share of the typical time after which a provider that does not call back is asked first."""


@dataclass(frozen=True, slots=True)
class Choose:
    jobs: JobStore
    providers: ProviderDirectory
    healths: HealthStore
    slots: Slots
    clock: Clock
    breaker_opened: Callable[[str, health.Health], None] = lambda provider, known: None

    def __call__(self, job: Job, may_take: Callable[[], bool] = lambda: True) -> Leg | None:
        """None where all are busy. A wish that only one can serve goes there, whatever its health: a refusal is free.

        `may_take` is asked before a slot or a provider's one try is taken: who may not goes without, or nowhere.

        Raises ConfigurationError where all are switched off.
        """
        legs = self._switched_on((job.leg, *affordable(job)))
        busy = False
        for leg in legs:
            known = self.healths.load(leg.provider) if len(legs) > 1 else health.Health()
            if known.passed_over(self.clock.now()):
                continue
            if not self._has_slot(leg, job, may_take):
                busy = True
            elif self._may_try(leg.provider, known, may_take):
                return self._in_its_rhythm(leg)
        return self._in_its_rhythm(legs[0]) if not busy and self._has_slot(legs[0], job, may_take) else None

    def let_go(self, job: Job, leg: Leg | None) -> None:
        """It was chosen and will not be paid: whoever may not pay must not keep its slots from those who may."""
        if leg and self.providers(leg.provider).capabilities.parallel is not None:
            self.slots.leave(leg.provider, job.id)

    def heard(self, leg: Leg, outcome: Accepted | Refused | Unknown) -> None:
        """A paid call was answered, also one to a provider that was named: it is in a row with all others."""
        now = self.clock.now()
        self._update(leg.provider, lambda before: health.after(before, outcome, now))

    def learn(self, before: Job, after: Job | None) -> None:
        """How long a provider that does not call back takes, from the poll that found the cover done."""
        done = before.state is State.RUNNING and after is not None and after.stage is Stage.COMPLETE
        if done and before.begun_at and not before.leg.rhythm.pushes:
            seconds = (self.clock.now() - before.begun_at).total_seconds()
            self._update(before.provider, lambda known: health.learnt(known, seconds))

    def _switched_on(self, legs: tuple[Leg, ...]) -> list[Leg]:
        found, reasons = [], []
        for leg in legs:
            try:
                self.providers(leg.provider)
                found.append(leg)
            except (ConfigurationError, NotFoundError) as error:
                reasons.append(str(error))
        if not found:
            raise ConfigurationError("; ".join(reasons))
        return found

    def _may_try(self, provider: str, known: health.Health, may_take: Callable[[], bool]) -> bool:
        """One that was passed over until now is tried by whoever is the first to write that down."""
        if not known.half_open:
            return True
        return may_take() and self._save(provider, known, health.probing(known, self.clock.now()))

    def _has_slot(self, leg: Leg, job: Job, may_take: Callable[[], bool]) -> bool:
        most = self.providers(leg.provider).capabilities.parallel
        if most is None:
            return True
        if not may_take():
            return False
        return self.slots.take(leg.provider, job.id, most, self.clock.now(), partial(self._keeps_busy, leg.provider))

    def _keeps_busy(self, provider: str, job_id: str) -> bool | None:
        """Asked only when the slots are full, so that nobody need give one back."""
        job = self.jobs.load(job_id)
        if job is None:
            return None
        if job.state is State.QUEUED and provider in [leg.provider for leg in (job.leg, *job.route)]:
            return None  # the intent may be on its way to the table
        return job.provider == provider and job.state in (State.SUBMITTING, State.RUNNING)

    def _in_its_rhythm(self, leg: Leg) -> Leg:
        if leg.rhythm.pushes:
            return leg
        typical = self.healths.load(leg.provider).typical
        first = leg.rhythm.first if typical is None else max(leg.rhythm.every, round(typical * EARLY))
        return replace(leg, rhythm=replace(leg.rhythm, first=first))

    def _update(self, provider: str, change: Callable[[health.Health], health.Health]) -> None:
        """A lost race begins again: three troubles at once are three."""
        for _ in range(MOST_RACES):
            before = self.healths.load(provider)
            after = change(before)
            if after == before:
                return
            if self._save(provider, before, after):
                if health.opened(before, after):
                    self.breaker_opened(provider, after)
                return

    def _save(self, provider: str, before: health.Health, after: health.Health) -> bool:
        try:
            self.healths.save(provider, replace(after, version=before.version + 1))
        except ConflictError:
            return False
        return True
