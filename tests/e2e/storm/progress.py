"""A line every few seconds, while the storm goes on."""

import sys
import threading
from collections.abc import Callable


class Progress:
    SECONDS = 10.0

    def __init__(self, line: Callable[[], str]) -> None:
        self._line, self._over = line, threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join(30)

    def _run(self) -> None:
        while not self._over.wait(self.SECONDS):
            sys.stderr.write(self._line() + "\n")
            sys.stderr.flush()
