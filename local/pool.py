"""The workers of one function: an idle one is used again, parallel invocations get their own, up to a cap."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from local.runtime_api import Invocation, Outcome
from local.worker import INIT_SECONDS, Worker

MAX_WORKERS = 8  # per function


class Pool:
    """The workers of one function."""

    def __init__(self, start: Callable[[], Worker], cap: int = MAX_WORKERS) -> None:
        self._start, self._cap = start, cap
        self._idle: list[Worker] = []
        self._all: set[Worker] = set()
        self._free = threading.Semaphore(cap)
        self._lock = threading.Lock()

    def invoke(self, invocation: Invocation) -> Outcome:
        with self._worker() as worker:
            return worker.invoke(invocation)

    def warm(self) -> Outcome | None:
        """Have one worker up. The failure, if it could not start."""
        with self._worker() as worker:
            worker.api.ready.wait(INIT_SECONDS)
            return worker.api.broken

    def kill(self) -> int:
        """SIGKILL every worker, busy or not; how many there were."""
        with self._lock:
            workers, self._all, self._idle = list(self._all), set(), []
        for worker in workers:
            worker.kill()
        return len(workers)

    @contextmanager
    def _worker(self) -> Iterator[Worker]:
        with self._free:
            worker = self._take()
            try:
                yield worker
            finally:
                self._give_back(worker)

    def _take(self) -> Worker:
        while True:
            with self._lock:
                worker = self._idle.pop() if self._idle else None
            if worker is None:
                break
            if worker.usable:
                return worker
            self._discard(worker)
        worker = self._start()
        with self._lock:
            self._all.add(worker)
        return worker

    def _give_back(self, worker: Worker) -> None:
        if not worker.usable:
            self._discard(worker)
            return
        with self._lock:
            self._idle.append(worker)

    def _discard(self, worker: Worker) -> None:
        with self._lock:
            self._all.discard(worker)
        worker.kill()
