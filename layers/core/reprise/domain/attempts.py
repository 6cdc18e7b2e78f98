"""One POST to somebody outside, what came of it, and how long to wait until the next: the same for webhooks and for
the callbacks of vendors' clients."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

PAUSES = (5, 60, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400)
"""Seconds from one attempt to the next: 75 hours and 36 minutes in all (Standard Webhooks 1.0.0 asks for days)."""

MOST_TRIES = len(PAUSES) + 1

SPREAD = 0.2
"""Up to so much of a pause comes on top by chance, so that what failed together does not come back together. It is
never shorter than the schedule says."""

MOST_PATIENCE = 86_400
"""Seconds of a Retry-After that are honoured."""

CLAIM = timedelta(seconds=30)
"""Longer than a POST can take, so that nobody else sends while one is under way."""

GONE = 410
"""The other side says that nobody will ever listen there."""

OVERLOADED = (429, 502, 504)
"""The other side has too much to do: the next pause is twice as long."""

MOST_LOGGED = 30
"""Attempts that a log holds; with the longest answers they take up half of what an item may hold."""

INTERRUPTED = "interrupted: whether it arrived is not known"


@dataclass(frozen=True, slots=True)
class Posted:
    """What the other side answered; `retry_after` in seconds, `answer` the beginning of its body."""

    status: int
    retry_after: int | None = None
    answer: str = ""

    @property
    def taken(self) -> bool:
        return 200 <= self.status < 300


@dataclass(frozen=True, slots=True)
class Attempt:
    """One POST. It is begun before anything is sent, so that a crash leaves a line. `ms` from the first byte out to
    the answer; `reason` says why there is no status; `about` which of several things was told."""

    number: int
    at: datetime
    status: int | None = None
    ms: int | None = None
    answer: str = ""
    reason: str | None = None
    about: str | None = None

    @property
    def open(self) -> bool:
        return self.status is None and self.reason is None


Log = tuple[Attempt, ...]


def opened(log: Log, now: datetime, about: str | None = None) -> Log:
    """With a new attempt at its end. One that was begun and never ended was interrupted. Numbers have no gaps."""
    log = interrupted(log)
    return (*log, Attempt(log[-1].number + 1 if log else 1, now, about=about))[-MOST_LOGGED:]


def interrupted(log: Log) -> Log:
    return (*log[:-1], replace(log[-1], reason=INTERRUPTED)) if log and log[-1].open else log


def sent(log: Log, now: datetime) -> Log:
    """The open attempt, at the moment of its POST: what had to be looked up before it is no latency of the others."""
    return (*log[:-1], replace(log[-1], at=now))


def closed(log: Log, outcome: Posted | str, now: datetime) -> Log:
    """The open attempt with what came of it: an answer, or why there was none."""
    last = log[-1]
    ms = max(0, round((now - last.at).total_seconds() * 1000))
    if isinstance(outcome, str):
        return (*log[:-1], replace(last, reason=outcome, ms=ms))
    return (*log[:-1], replace(last, status=outcome.status, answer=outcome.answer, ms=ms))


def pause(tries: int, outcome: Posted | str, jitter: float) -> timedelta:
    """After `tries` failures: the schedule's, or what the other side asks for, if that is longer. `jitter` is 0..1."""
    seconds = PAUSES[min(tries, len(PAUSES)) - 1]
    if isinstance(outcome, Posted):
        seconds *= 2 if outcome.status in OVERLOADED else 1
        seconds = max(seconds, min(outcome.retry_after or 0, MOST_PATIENCE))
    return timedelta(seconds=seconds * (1 + SPREAD * jitter))
