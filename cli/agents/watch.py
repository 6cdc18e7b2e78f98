"""Staying with a cover while its music comes, with a notification for each stage."""

import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass

from anyio import from_thread, to_thread
from reprise.client import Reprise, WaitedTooLongError
from reprise.domain.job import State
from reprise.http.shapes.covers import Cover

SLICE_SECONDS = 15
"""How long a call that was canceled may stay at most."""
STAGES = {
    "none": (0, "ordered, no music yet"),
    "text": (1, "the words are there"),
    "first": (2, "the first take is there"),
    "complete": (3, "all takes are there, and are copied"),
}
LAST = 3

Report = Callable[[float, float | None, str | None], Awaitable[None]]
"""How far, of how much, and in words."""


@dataclass(slots=True)
class Watch:
    """`cover` is as it was seen last, also after an error."""

    client: Reprise
    cover: Cover
    report: Report
    told: int = -1

    async def stay(self, seconds: float) -> None:
        """Until it is over, or so long. Raises ApiError."""
        until = time.monotonic() + seconds
        await self._tell(self.cover)
        while not State(self.cover["state"]).terminal and (left := until - time.monotonic()) >= 1:
            await to_thread.run_sync(self._slice, min(SLICE_SECONDS, left))

    def _slice(self, seconds: float) -> None:
        with suppress(WaitedTooLongError):
            self.client.covers.wait(self.cover["id"], on_stage=self._see, seconds=seconds)

    def _see(self, now: Cover) -> None:
        self.cover = now
        from_thread.run(self._tell, now)

    async def _tell(self, now: Cover) -> None:
        """The protocol wants each number above the one before."""
        number, words = STAGES[now["stage"]]
        if number > self.told:
            self.told = number
            await self.report(number, LAST, f"{now['provider']}: {words}")
