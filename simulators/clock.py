"""Time as a simulator lives it: paced, and over at once when the simulator is stopped or reset."""

import threading
import time
from concurrent.futures import Future
from concurrent.futures import TimeoutError as NotYetError
from dataclasses import dataclass, field
from typing import TypeVar

_TICK = 0.05
_Made = TypeVar("_Made")


class StoppedError(Exception):
    """The simulator ended, or was reset, while this work was under way."""


@dataclass(slots=True)
class Clock:
    """`pace` scales what a vendor takes its time for: 1.0 is the simulator's normal, 0.1 ten times as fast."""

    pace: float = 1.0
    _over: threading.Event = field(default_factory=threading.Event)

    def now(self) -> float:
        return time.time()

    def stop(self) -> None:
        self._over.set()

    def check(self) -> None:
        if self._over.is_set():
            raise StoppedError

    def sleep(self, seconds: float) -> None:
        """Sleep real seconds."""
        if self._over.wait(max(0.0, seconds)):
            raise StoppedError

    def rest(self, seconds: float) -> None:
        """Sleep paced seconds."""
        self.sleep(seconds * self.pace)

    def rest_until(self, start: float, seconds: float) -> None:
        """Sleep until so many paced seconds after `start`, a time that `now()` told."""
        self.sleep(start + seconds * self.pace - self.now())

    def wait(self, event: threading.Event, seconds: float | None = None) -> bool:
        """Wait for an event, for at most so many real seconds."""
        end = None if seconds is None else self.now() + seconds
        while not event.wait(_TICK):
            self.check()
            if end is not None and self.now() >= end:
                return False
        return True

    def result(self, making: Future[_Made]) -> _Made:
        """Wait for what another thread makes, and raise what it raised."""
        while True:
            self.check()
            try:
                return making.result(timeout=_TICK)
            except NotYetError:
                if making.done():
                    raise
