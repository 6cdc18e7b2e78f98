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

    def kill(self, most: int | None = None, *, idle: bool = True) -> int:
        """SIGKILL every worker, or `most` of them, the busy ones first, and `idle` ones at all; how many it were."""
        with self._lock:
            busy = self._all.difference(self._idle)
            victims = [*busy, *(self._idle if idle else ())][:most]
            self._all.difference_update(victims)
            self._idle = [worker for worker in self._idle if worker not in victims]
        for worker in victims:
            worker.kill()
        return len(victims)

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
