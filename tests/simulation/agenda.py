"""Virtual time: what is to happen, in order, and the functions that are at work while it passes."""

import heapq
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from math import inf

from tests.simulation.world import CrashError

START = datetime(2026, 11, 20, 12, tzinfo=UTC)
DEEPEST = 3
"""Functions that interrupt one another. Deeper down, time passes without anybody else at work."""


@dataclass(slots=True, eq=False)
class Frame:
    """A function at work: for which job, since and until when it may, and under which deployment it began.

    `claimed` is the webhook that it may send, `answer` what it was told then: status, patience in seconds, and when.
    """

    what: str
    job: str
    began: float
    stops: float
    deployment: int
    claimed: object = None
    answer: tuple[int | None, int, float] | None = None


@dataclass
class Agenda:
    """The Clock port, too. Who waits (for a port, or asleep) lets happen what is due meanwhile: that is how functions
    overlap. What happens meanwhile is over before the one who waits goes on."""

    seconds: float = 0.0
    frames: list[Frame] = field(default_factory=list)
    deployment: int = 0
    _heap: list[tuple[float, int, Callable[[], object]]] = field(default_factory=list)
    _count: int = 0
    _until: float = inf

    def now(self) -> datetime:
        return START + timedelta(seconds=self.seconds)

    def sleep(self, seconds: float) -> None:
        self.wait(seconds)

    def after(self, seconds: float, action: Callable[[], object]) -> None:
        self._count += 1
        heapq.heappush(self._heap, (self.seconds + seconds, self._count, action))

    def run(self) -> None:
        while self._heap:
            self._next()

    def wait(self, seconds: float) -> None:
        """Raises CrashError if the function that waits has no more time, or was deployed anew meanwhile."""
        before, until = self._until, min(self.seconds + seconds, self._until)
        if len(self.frames) <= DEEPEST:
            self._until = until
            while self._heap and self._heap[0][0] <= until:
                self._next()
            self._until = before
        self.seconds = max(self.seconds, until)
        self._stopped()

    def at_work(self, what: str, job: str, limit: float, work: Callable[[], object]) -> object:
        """Runs a function for `limit` seconds at most."""
        self.frames.append(Frame(what, job, self.seconds, self.seconds + limit, self.deployment))
        try:
            return work()
        finally:
            self.frames.pop()

    def _next(self) -> None:
        at, _, action = heapq.heappop(self._heap)
        self.seconds = max(self.seconds, at)
        action()

    def _stopped(self) -> None:
        if not self.frames:
            return
        frame = self.frames[-1]
        if self.seconds > frame.stops:
            raise CrashError("function timed out")
        if frame.deployment != self.deployment:
            raise CrashError("stopped by a deployment")
