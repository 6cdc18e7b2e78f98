"""The total time of an HTTP call, whatever the other side does with it."""

import socket
from collections.abc import Mapping
from contextlib import suppress
from threading import Timer
from types import TracebackType
from typing import Any


class Leash:
    """Ends a connection when its time is over: httpx's own time-outs begin anew with every byte that drips in.
    `connecting`: there is no connection yet that anything could have been sent on. `socket` is the connection's;
    where an earlier call left it open it must be given, since nothing tells of it again."""

    def __init__(self, seconds: float, socket: socket.socket | None = None) -> None:
        self.over = False
        self.connecting = False
        self.socket = socket
        self._timer = self._set(seconds)

    def _set(self, seconds: float) -> Timer:
        timer = Timer(seconds, self._cut)
        timer.daemon = True
        return timer

    def shorten(self, seconds: float) -> None:
        """From now on."""
        self._timer.cancel()
        self._timer = self._set(seconds)
        self._timer.start()

    def hold(self, event: str, info: Mapping[str, Any]) -> None:
        """httpcore's `trace` extension: hears of each socket, and again when TLS has wrapped it."""
        if event.endswith("connect_tcp.started"):
            self.connecting = True
        if event.endswith(("connect_tcp.complete", "start_tls.complete")):
            self.connecting = False
            self.socket = info["return_value"].get_extra_info("socket")
            if self.over:
                self._cut()

    def _cut(self) -> None:
        """Shut down and not closed: its number must not be another's while somebody still reads from it."""
        self.over = True
        if self.socket:
            with suppress(OSError):
                socket.socket.shutdown(self.socket, socket.SHUT_RDWR)

    def __enter__(self) -> "Leash":
        self._timer.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._timer.cancel()
