"""Endpoints as their tenants and the world know them: who asked for what, and when one may, and must, be disabled."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from reprise.domain.endpoint import Endpoint

FIVE_DAYS = 5 * 86_400.0
SLACK = 2 * 3600.0
"""Seconds by which what was seen here and what the product remembers may differ: a crash between two writes."""

TO_SAY_SO = 3 * 3600.0
"""Seconds after which a tenant must have been told that its endpoint is disabled."""


class EndpointFaultError(Exception):
    """Something is wrong with an endpoint; the one who knows the job makes it the end of the run."""


@dataclass(slots=True)
class Subscriber:
    """`since`: when it was made; `failing`: since when it took nothing; `gone`: when it last said 410; `enabled`: when
    it last was, by hand."""

    id: str
    tenant: str
    url: str
    events: tuple[str, ...]
    since: float = 0.0
    deleted: float | None = None
    disabled: float | None = None
    enabled: float = -1.0
    announced: bool = False
    failing: float | None = None
    gone: float | None = None

    def wants(self, type: str) -> bool:
        return asks(self.events, type)

    def was_disabled(self, since: float) -> bool:
        """At some moment after `since`."""
        return self.disabled is not None or self.enabled >= since


def asks(events: Sequence[str], type: str) -> bool:
    """No types at all are all of them."""
    return len(events) == 0 or type in events


@dataclass
class Subscribers:
    known: dict[str, Subscriber] = field(default_factory=dict)
    by_url: dict[str, Subscriber] = field(default_factory=dict)
    by_tenant: dict[str, list[Subscriber]] = field(default_factory=dict)
    made: int = 0
    after_gone: int = 0
    after_days: int = 0

    def saved(self, before: Endpoint | None, after: Endpoint, now: float, what: str) -> None:
        if before is None:
            self.made += 1
            one = Subscriber(after.id, after.tenant, after.url, after.events, now)
            self.known[after.id] = self.by_url[after.url] = one
            self.by_tenant.setdefault(after.tenant, []).append(one)
            return
        one = self.known[after.id]
        if after.disabled and not before.disabled:
            self._may_disable(one, now)
            one.disabled, one.announced = now, False
            self.after_gone += one.gone is not None
            self.after_days += one.gone is None
        elif before.disabled and not after.disabled:
            _insist(what == "enable", f"{one.url} was enabled, but not by its tenant")
            one.disabled, one.enabled, one.failing, one.gone = None, now, None, None

    def _may_disable(self, one: Subscriber, now: float) -> None:
        days = one.failing is not None and now - one.failing >= FIVE_DAYS - SLACK
        _insist(one.gone is not None or days, f"{one.url} was disabled; it failed since {one.failing} s")

    def answered(self, one: Subscriber, taken: bool, at: float) -> None:
        """What came of an attempt is stored: so long it may have failed, and no longer."""
        one.failing = None if taken else at if one.failing is None else one.failing
        if one.failing is not None and at - one.failing >= FIVE_DAYS + SLACK:
            over = one.disabled is not None or one.deleted is not None
            _insist(over, f"{one.url} took nothing since {one.failing:.0f} s and is not disabled")

    def deleted(self, id: str, now: float) -> None:
        one = self.known.get(id)
        if one and one.deleted is None:
            one.deleted = now
            self.by_tenant[one.tenant].remove(one)

    def announced(self, id: str) -> None:
        one = self.known[id]
        _insist(one.disabled is not None or one.enabled >= 0 or one.deleted is not None, f"{one.url} is not disabled")
        one.announced = True

    def untold(self, now: float) -> Subscriber | None:
        """One that was disabled for long without a word to anybody."""
        everybody = (one for mine in self.by_tenant.values() for one in mine)
        late = (one for one in everybody if one.disabled is not None and now - one.disabled > TO_SAY_SO)
        return next((one for one in late if not one.announced), None)


def _insist(holds: bool, words: str) -> None:
    if not holds:
        raise EndpointFaultError(words)
