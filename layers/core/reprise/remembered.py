"""What was read a moment ago, and need not be read again."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Generic, TypeVar

from reprise.ports import Clock

T = TypeVar("T")


class Remembered(Generic[T]):
    """In this process alone, for a `life` that whoever relies on a change is told of.

    What is handed out is never older than `life`: a change that was stored earlier than that is in it.
    """

    def __init__(self, read: Callable[..., T], life: timedelta, clock: Clock) -> None:
        self._read = read
        self._life = life
        self._clock = clock
        self._seen: dict[tuple[str, ...], tuple[datetime, T]] = {}

    def __call__(self, *what: str) -> T:
        now = self._clock.now()
        known = self._seen.get(what)
        if known and timedelta(0) <= now - known[0] < self._life:  # a clock that was put back makes nothing fresh
            return known[1]
        found = self._read(*what)
        self._seen[what] = now, found
        return found
