"""One event on its way to one endpoint: pending until it is taken, given up or stopped. The log has every attempt."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from reprise.domain.attempts import CLAIM, GONE, MOST_TRIES, Log, Posted, closed, interrupted, opened, pause, sent
from reprise.domain.audience import OWN


class DeliveryState(StrEnum):
    """FAILED: the schedule is over. STOPPED: nobody is to be called there any more."""

    PENDING = "pending"
    DELIVERED = "delivered"
    FAILED = "failed"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class Delivery:
    """`line` is the event's in the timeline, `event` its number among the public ones. `due_at` is when the next
    attempt is due, or when one under way has certainly died. `tries` counts those since the last replay."""

    job_id: str
    event: int
    line: int
    type: str
    endpoint: str
    created_at: datetime
    due_at: datetime | None = None
    state: DeliveryState = DeliveryState.PENDING
    tries: int = 0
    reason: str | None = None
    gone: bool = False
    attempts: Log = ()
    version: int = 0

    @property
    def id(self) -> str:
        return f"{self.event}-{self.endpoint}"

    @property
    def under_way(self) -> bool:
        return self.state is DeliveryState.PENDING and bool(self.attempts) and self.attempts[-1].open

    def due(self, now: datetime) -> bool:
        return self.state is DeliveryState.PENDING and self.due_at is not None and self.due_at <= now

    def revokes(self) -> bool:
        """The job's own URL said that nobody listens there: an endpoint would be disabled, a URL has only this."""
        return self.endpoint == OWN and self.gone


def begin(delivery: Delivery, now: datetime) -> Delivery:
    """Claims a due delivery for one attempt; FAILED where interrupted attempts have used up all."""
    if delivery.tries >= MOST_TRIES:
        log = interrupted(delivery.attempts)
        return _over(replace(delivery, attempts=log), DeliveryState.FAILED, "all attempts failed")
    return replace(
        delivery,
        attempts=opened(delivery.attempts, now),
        tries=delivery.tries + 1,
        due_at=now + CLAIM,
        version=delivery.version + 1,
    )


def post(begun: Delivery, now: datetime) -> Delivery:
    """Right before the POST: not stored, `settle` does that."""
    return replace(begun, attempts=sent(begun.attempts, now))


def settle(begun: Delivery, outcome: Posted | str, now: datetime, jitter: float) -> Delivery:
    """After an attempt; a text says why there was no answer."""
    after = replace(begun, attempts=closed(begun.attempts, outcome, now))
    if isinstance(outcome, Posted) and outcome.taken:
        return _over(after, DeliveryState.DELIVERED, None)
    if isinstance(outcome, Posted) and outcome.status == GONE:
        return replace(_over(after, DeliveryState.STOPPED, "it answered 410 Gone"), gone=True)
    if begun.tries >= MOST_TRIES:
        return _over(after, DeliveryState.FAILED, "all attempts failed")
    return replace(after, due_at=now + pause(begun.tries, outcome, jitter), version=begun.version + 1)


def stop(begun: Delivery, reason: str) -> Delivery:
    """Instead of sending anything: the attempt that was begun is struck off."""
    unsent = replace(begun, attempts=begun.attempts[:-1], tries=begun.tries - 1)
    return _over(unsent, DeliveryState.STOPPED, reason)


def refuse(new: Delivery, reason: str) -> Delivery:
    """One that is opened for the log and for a replay alone: nobody may be called there."""
    return _over(new, DeliveryState.STOPPED, reason)


def replay(delivery: Delivery, now: datetime) -> Delivery:
    """The same event again, from the beginning of the schedule; its log goes on."""
    again = replace(delivery, state=DeliveryState.PENDING, tries=0, reason=None, gone=False, due_at=now)
    return replace(again, version=delivery.version + 1)


def forgiven(delivery: Delivery) -> Delivery:
    """Somebody listens at the URL again, or so its owner thinks: what it said before does not count."""
    return replace(delivery, gone=False, version=delivery.version + 1)


def _over(delivery: Delivery, state: DeliveryState, reason: str | None) -> Delivery:
    return replace(delivery, state=state, reason=reason, due_at=None, version=delivery.version + 1)
