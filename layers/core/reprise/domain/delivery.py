"""What a client has been told of its job, and when to try again. The use case POSTs; here is decided what follows."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

SCHEDULE = (5, 15, 60, 300, 900)
"""Seconds from one try to the next; the last one stays."""

MOST_TRIES = 10
"""Of the last notice. With SCHEDULE that is an hour and twenty minutes."""

MOST_EARLY_TRIES = 4
"""Of a stage before the last: vendors give up after three retries, and the end must not wait for long behind it."""

LAST = ("complete", "error")

MOST_PATIENCE = 900
"""Seconds of a Retry-After that are honoured."""

CLAIM = timedelta(seconds=30)
"""Longer than a POST can take, so that nobody else sends while one is under way."""

GONE = 410
"""The client says that nobody will ever listen there."""


@dataclass(frozen=True, slots=True)
class Posted:
    """What a client answered; `retry_after` in seconds."""

    status: int
    retry_after: int | None = None

    @property
    def taken(self) -> bool:
        return 200 <= self.status < 300


@dataclass(frozen=True, slots=True)
class Delivery:
    """One job's record. `done` are the notices that are over, in order: sent, or given up, which `gave_up` names too.

    `tries` counts the failures of the next one. Nobody sends before `wait_until`: somebody else is at it, or the
    client is given time.
    """

    job_id: str
    wait_until: datetime
    done: tuple[str, ...] = ()
    gave_up: tuple[str, ...] = ()
    tries: int = 0
    version: int = 0


def place(delivery: Delivery, notices: Sequence[str]) -> int:
    """Where the next one stands among the notices that are due; their number if none is left.

    What stands before one that is over is over too: a client never hears of an earlier stage after a later one.
    """
    return max((number for number, notice in enumerate(notices, 1) if notice in delivery.done), default=0)


def claim(delivery: Delivery, now: datetime) -> Delivery:
    return replace(delivery, wait_until=now + CLAIM, version=delivery.version + 1)


def settle(claimed: Delivery, notice: str, posted: Posted | None, now: datetime) -> Delivery:
    """After a try. None: there was no answer. A notice given up does not hold up the next."""
    tries = claimed.tries + 1
    after = replace(claimed, version=claimed.version + 1)
    if posted and posted.taken:
        return replace(after, done=(*after.done, notice), tries=0, wait_until=now)
    if tries >= (MOST_TRIES if notice in LAST else MOST_EARLY_TRIES) or (posted and posted.status == GONE):
        done, gave_up = (*after.done, notice), (*after.gave_up, notice)
        return replace(after, done=done, gave_up=gave_up, tries=0, wait_until=now)
    return replace(after, tries=tries, wait_until=now + _pause(tries, posted))


def _pause(tries: int, posted: Posted | None) -> timedelta:
    """The schedule's, or longer where the client asks for it."""
    asked = min(posted.retry_after or 0, MOST_PATIENCE) if posted else 0
    return timedelta(seconds=max(SCHEDULE[min(tries, len(SCHEDULE)) - 1], asked))
