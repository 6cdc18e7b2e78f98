"""The total time of an HTTP call, whatever the other side does with it."""

import socket
import time
from collections.abc import Mapping
from contextlib import suppress
from functools import cache
from threading import Event, Thread
from types import TracebackType
from typing import Any

LOOK_EVERY = 0.1
"""Seconds. So much later than it should a call may end."""


class Leash:
    """Ends a connection when its time is over: httpx's own time-outs begin anew with every byte that drips in.
    `connecting`: there is no connection yet that anything could have been sent on. `socket` is the connection's;
    where an earlier call left it open it must be given, since nothing tells of it again."""

    def __init__(self, seconds: float, socket: socket.socket | None = None) -> None:
        self.over = False
        self.connecting = False
        self.socket = socket
        self._until = time.monotonic() + seconds
        self._watcher = _watcher()

    def shorten(self, seconds: float) -> None:
        """From now on."""
        self._until = time.monotonic() + seconds

    def hold(self, event: str, info: Mapping[str, Any]) -> None:
        """httpcore's `trace` extension: hears of each socket, and again when TLS has wrapped it."""
        if event.endswith("connect_tcp.started"):
            self.connecting = True
        if event.endswith(("connect_tcp.complete", "start_tls.complete")):
            self.connecting = False
            self.socket = info["return_value"].get_extra_info("socket")
            if self.over:
                self._cut()

    def look(self) -> None:
        if not self.over and time.monotonic() >= self._until:
            self._cut()

    def _cut(self) -> None:
        """Shut down and not closed: its number must not be another's while somebody still reads from it."""
        self.over = True
        if self.socket:
            with suppress(OSError):
                socket.socket.shutdown(self.socket, socket.SHUT_RDWR)

    def __enter__(self) -> "Leash":
        self._watcher.leashes.add(self)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._watcher.leashes.discard(self)


class Watcher(Thread):
    """One for all calls of a process: a thread for each would take a fifth of the CPU of a submit."""

    def __init__(self) -> None:
        super().__init__(name="leashes", daemon=True)
        self.leashes: set[Leash] = set()

    def run(self) -> None:
        never = Event()
        while not never.wait(LOOK_EVERY):
            for leash in tuple(self.leashes):
                leash.look()


@cache
def _watcher() -> Watcher:
    watcher = Watcher()
    watcher.start()
    return watcher
