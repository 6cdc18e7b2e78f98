"""What the client of a dialect has been told of its job, and when to try again. The use case POSTs; here is decided
what follows."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from reprise.domain.attempts import CLAIM, GONE, MOST_TRIES, Log, Posted, closed, opened, pause, sent

MOST_EARLY_TRIES = 4
"""Of a stage before the last: vendors give up after three retries, and the end must not wait for long behind it."""

LAST = ("complete", "error")


@dataclass(frozen=True, slots=True)
class CallbackRecord:
    """One job's record. `done` are the notices that are over, in order: sent, or given up, which `gave_up` names too.

    `tries` counts the failures of the next one. Nobody sends before `wait_until`: somebody else is at it, or the
    client is given time. `waiting`: something is left to tell, and `wait_until` is when it is due.
    """

    job_id: str
    wait_until: datetime
    done: tuple[str, ...] = ()
    gave_up: tuple[str, ...] = ()
    tries: int = 0
    version: int = 0
    waiting: bool = False
    attempts: Log = ()


def place(record: CallbackRecord, notices: Sequence[str]) -> int:
    """Where the next one stands among the notices that are due; their number if none is left.

    What stands before one that is over is over too: a client never hears of an earlier stage after a later one.
    """
    return max((number for number, notice in enumerate(notices, 1) if notice in record.done), default=0)


def claim(record: CallbackRecord, notice: str, now: datetime) -> CallbackRecord:
    log = opened(record.attempts, now, notice)
    return replace(record, wait_until=now + CLAIM, waiting=True, attempts=log, version=record.version + 1)


def post(claimed: CallbackRecord, now: datetime) -> CallbackRecord:
    """Right before the POST: not stored, `settle` does that."""
    return replace(claimed, attempts=sent(claimed.attempts, now))


def settle(claimed: CallbackRecord, notice: str, outcome: Posted | str, now: datetime, jitter: float) -> CallbackRecord:
    """After a try; a text says why there was no answer. A notice given up does not hold up the next."""
    tries = claimed.tries + 1
    log = closed(claimed.attempts, outcome, now)
    after = replace(claimed, version=claimed.version + 1, attempts=log)
    over = replace(after, done=(*after.done, notice), tries=0, wait_until=now, waiting=False)
    if isinstance(outcome, Posted) and outcome.taken:
        return over
    gone = isinstance(outcome, Posted) and outcome.status == GONE
    if gone or tries >= (MOST_TRIES if notice in LAST else MOST_EARLY_TRIES):
        return replace(over, gave_up=(*after.gave_up, notice))
    return replace(after, tries=tries, wait_until=now + pause(tries, outcome, jitter))


def let_go(record: CallbackRecord) -> CallbackRecord:
    """There is nothing left to tell after all."""
    return replace(record, waiting=False, version=record.version + 1)
