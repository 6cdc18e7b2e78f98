"""A provider's circuit breaker: after repeated trouble it is passed over for a while, then tried once.

Trouble is a bad key, an empty account, maintenance or no certain answer. It breaks nothing of a job that names the
provider: a refusal costs nothing, and the answer says more than we could.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from reprise.domain.facts import Accepted, Refused, Unknown
from reprise.domain.job import ErrorClass

TROUBLE = frozenset({ErrorClass.AUTH, ErrorClass.NO_CREDIT, ErrorClass.RETRY_LATER, ErrorClass.AMBIGUOUS})
OPENS_AFTER = 3
OPEN_FOR = timedelta(minutes=1)
OPEN_LONGEST = timedelta(minutes=15)
PROBE_FOR = timedelta(minutes=1)
"""While one job tries a provider that was passed over, the others still pass it over."""

LEARNS = 0.2
"""Share of the newest cover in the typical time."""


@dataclass(frozen=True, slots=True)
class Health:
    """`failures` in a row, `open_until` when it may be tried again, `typical` seconds from submit to done. `reason` is
    told to every caller: a class and a code, and no words, since vendors repeat what another caller sent them."""

    failures: int = 0
    open_until: datetime | None = None
    reason: str | None = None
    typical: float | None = None
    version: int = 0

    def passed_over(self, now: datetime) -> bool:
        return self.open_until is not None and now < self.open_until

    @property
    def half_open(self) -> bool:
        return self.open_until is not None


def after(health: Health, outcome: Accepted | Refused | Unknown, now: datetime) -> Health:
    """The health once a paid call was answered; the same where nothing changes."""
    match outcome:
        case Refused(error=error) if error.kind in TROUBLE:
            return _worse(health, f"{error.kind} ({error.code})", now)
        case Unknown():
            return _worse(health, "no certain answer", now)
        case Refused(error=error) if error.kind is ErrorClass.RATE_LIMITED:
            return health
    return replace(health, failures=0, open_until=None, reason=None)


def opened(before: Health, health: Health) -> bool:
    """Whether this trouble is one that makes others pass it over: the third in a row, and each that follows."""
    return health.failures > before.failures and health.open_until is not None


def probing(health: Health, now: datetime) -> Health:
    return replace(health, open_until=now + PROBE_FOR)


def learnt(health: Health, seconds: float) -> Health:
    """A moving average, so that a poll comes when the cover is likely to be done."""
    typical = seconds if health.typical is None else (1 - LEARNS) * health.typical + LEARNS * seconds
    return replace(health, typical=round(typical, 1))


def _worse(health: Health, reason: str, now: datetime) -> Health:
    failures = health.failures + 1
    pause = min(OPEN_FOR * 2 ** min(max(0, failures - OPENS_AFTER), 8), OPEN_LONGEST)
    until = now + pause if failures >= OPENS_AFTER else health.open_until
    return replace(health, failures=failures, open_until=until, reason=reason)
