"""Where a tenant's events are POSTed to, whose secrets sign them, and when an address is given up."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from reprise.domain.attempts import GONE, Posted

OVERLAP = timedelta(hours=24)
"""So long the secret before signs too."""

MOST_ROTATIONS = 5
"""Within OVERLAP: each one is a signature more in every delivery."""

MOST_FAILING = timedelta(days=5)
"""Of nothing but failures, until an endpoint is disabled."""

MOST_ENDPOINTS = 10
"""Of one tenant."""

EVENT_TYPES = (
    "cover.submitted",
    "cover.text",
    "cover.first",
    "cover.switched",
    "cover.succeeded",
    "cover.failed",
    "cover.canceled",
)


@dataclass(frozen=True, slots=True)
class Keyring:
    """Which secrets sign: the one of this `generation`, and for OVERLAP after each of the times in `rotated` (oldest
    first) the one that was replaced. Secrets are made of the generation and a master secret, never stored."""

    owner: str
    generation: int = 1
    rotated: tuple[datetime, ...] = ()
    version: int = 0

    def generations(self, now: datetime) -> tuple[int, ...]:
        """The newest first."""
        fresh = [moment for moment in self.rotated if now - moment < OVERLAP]
        return tuple(self.generation - age for age in range(len(fresh) + 1))


def rotate(ring: Keyring, now: datetime) -> Keyring | None:
    """None where it was rotated too often: what is promised to sign for OVERLAP must."""
    fresh = tuple(moment for moment in ring.rotated if now - moment < OVERLAP)
    if len(fresh) >= MOST_ROTATIONS:
        return None
    return replace(ring, generation=ring.generation + 1, rotated=(*fresh, now), version=ring.version + 1)


@dataclass(frozen=True, slots=True)
class Endpoint:
    """`events` are the types that it hears; none means all. `failing_since`: nothing was taken from then on.

    `disabled`: why nobody is called there any more; `announced`: the owner was told so.
    """

    id: str
    tenant: str
    url: str
    created_at: datetime
    events: tuple[str, ...] = ()
    failing_since: datetime | None = None
    disabled: str | None = None
    disabled_at: datetime | None = None
    announced: bool = False
    version: int = 0


def heard(endpoint: Endpoint, outcome: Posted | str, now: datetime) -> Endpoint:
    """After an attempt. The same endpoint where nothing is to be remembered."""
    if endpoint.disabled:
        return endpoint
    if isinstance(outcome, Posted) and outcome.taken:
        return _changed(endpoint, failing_since=None) if endpoint.failing_since else endpoint
    since = endpoint.failing_since or now
    if isinstance(outcome, Posted) and outcome.status == GONE:
        return _changed(endpoint, failing_since=since, disabled="it answered 410 Gone", disabled_at=now)
    if now - since >= MOST_FAILING:
        reason = f"nothing but failures for {MOST_FAILING.days} days"
        return _changed(endpoint, failing_since=since, disabled=reason, disabled_at=now)
    return endpoint if endpoint.failing_since else _changed(endpoint, failing_since=now)


def announced(endpoint: Endpoint) -> Endpoint:
    return _changed(endpoint, announced=True)


def enabled(endpoint: Endpoint) -> Endpoint:
    return _changed(endpoint, failing_since=None, disabled=None, disabled_at=None, announced=False)


def _changed(endpoint: Endpoint, **changes: object) -> Endpoint:
    return replace(endpoint, version=endpoint.version + 1, **changes)  # type: ignore[arg-type]
