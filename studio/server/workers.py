"""The workers: each slot takes the task that has waited longest and gives it a process of its own."""

import contextlib
import json
import logging
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from studio.server.bounds import MEGABYTE, resident
from studio.server.settings import PREFIX, Settings
from studio.server.store import Store
from studio.server.task import STAGES, Status, Task, made_of

WORK = "work"
"""The folder beside the tasks' own in which workers work."""

LOOK_SECONDS = 0.1
"""Between two looks at what workers use. Memory may grow by so much before it is seen; RLIMIT_DATA is the hard wall."""

IDLE_SECONDS = 0.2
EXIT_SECONDS = 2.0
SICK_SECONDS = 2.0
"""After an error of our own."""

logger = logging.getLogger("studio")


@dataclass(slots=True)
class Running:
    """A worker. `stopped` by us, and `ended` is why: a code and words, or nothing for a cancelled one."""

    process: subprocess.Popen[bytes]
    until: float
    ended: tuple[str, str] | None = None
    stopped: bool = False


class Workers:
    def __init__(self, settings: Settings, store: Store, files: Path) -> None:
        self._settings, self._store, self._files = settings, store, files
        self._running: dict[str, Running] = {}
        self._lock = threading.Lock()
        self._wake = threading.Condition()
        self._stopping = threading.Event()
        self._threads: list[threading.Thread] = []

    def start(self) -> None:
        shutil.rmtree(self._files / WORK, ignore_errors=True)
        names = [self._slot] * self._settings.workers + [self._watch]
        self._threads = [threading.Thread(target=one, daemon=True) for one in names]
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """What was running is queued again, as if it had not been begun."""
        self._stopping.set()
        self.wake()
        with self._lock:
            for running in self._running.values():
                _kill(running, None)
        for thread in self._threads:
            thread.join(5)

    def wake(self) -> None:
        """A task came."""
        with self._wake:
            self._wake.notify_all()

    def cancel(self, task_id: str) -> None:
        """Of a task that is cancelled in the store already, so that nobody begins it now."""
        with self._lock:
            if running := self._running.get(task_id):
                _kill(running, None)

    def _slot(self) -> None:
        while not self._stopping.is_set():
            task = None
            try:
                task = self._store.claim()
                if task is None:
                    with self._wake:
                        self._wake.wait(IDLE_SECONDS)
                else:
                    self._work(task)
            except Exception:  # a full disk, say: this slot goes on when it is over
                logger.exception("a slot failed")
                self._stopping.wait(SICK_SECONDS)
                if task:
                    self._store.died(task.id, "the service could not work on it")

    def _work(self, task: Task) -> None:
        logger.info("task %s begins, run %d", task.id, task.runs)
        out = self._files / WORK / f"{task.id}-{task.runs}"
        out.mkdir(parents=True, exist_ok=True)
        running = self._begin(task, out)
        over = False
        try:
            assert running.process.stdout is not None
            for line in running.process.stdout:
                if line.endswith(b"\n"):  # else it died in the middle of it
                    over = self._hear(task, out, json.loads(line)) or over
        finally:
            status = _status(running.process)
            with self._lock:
                del self._running[task.id]
            for pipe in (running.process.stdin, running.process.stdout):
                if pipe:
                    pipe.close()
            shutil.rmtree(out, ignore_errors=True)
            if not over:
                self._conclude(task, running, status)

    def _begin(self, task: Task, out: Path) -> Running:
        order = {
            "asked": asdict(task.asked),
            "seed": task.seed,
            "out": str(out),
            "engine": self._settings.engine,
            "memory_mb": self._settings.memory_mb,
            "networks": [str(one) for one in self._settings.allowed_private_networks],
        }
        process = subprocess.Popen(
            [sys.executable, "-m", "studio.server.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=_environment(out),
            start_new_session=True,
        )
        running = Running(process, time.monotonic() + self._settings.seconds)
        with self._lock:
            self._running[task.id] = running
        known = self._store.get(task.id)
        if known is None or known.status is not Status.RUNNING:  # cancelled before anybody could kill it
            _kill(running, None)
        with contextlib.suppress(BrokenPipeError):  # it died at once, which is found out below
            assert process.stdin is not None
            process.stdin.write(json.dumps(order).encode() + b"\n")
            process.stdin.flush()
        return running

    def _hear(self, task: Task, out: Path, message: Mapping[str, Any]) -> bool:
        """What the worker says. True when nothing more is to come."""
        if "failed" in message:
            self._store.fail(task.id, message["failed"], message["message"])
            logger.info("task %s failed: %s", task.id, message["failed"])
            return True
        if "stage" in message:
            made = made_of(message["made"])
            self._keep(task, out, made.names)
            self._store.reach(task.id, message["stage"], made)
            logger.info("task %s reached %s", task.id, message["stage"])
            return bool(message["stage"] == STAGES[-1])
        return False

    def _keep(self, task: Task, out: Path, names: tuple[str, ...]) -> None:
        """Finished files, before they are told of. A run before may have left the same there."""
        place = self._files / task.id
        place.mkdir(exist_ok=True)
        for name in names:
            made = out / Path(name).name
            part = place / f".{made.name}"
            part.unlink(missing_ok=True)
            part.hardlink_to(made)  # the worker may still want to read it
            part.replace(place / made.name)

    def _conclude(self, task: Task, running: Running, status: int) -> None:
        """The worker ended without having said how."""
        if self._stopping.is_set():
            self._store.give_back(task.id)
        elif running.ended:
            self._store.fail(task.id, *running.ended)
        elif not running.stopped:
            how = f"signal {signal.Signals(-status).name}" if status < 0 else f"exit {status}"
            logger.warning("task %s: its worker ended: %s", task.id, how)
            self._store.died(task.id, how)

    def _watch(self) -> None:
        while not self._stopping.wait(LOOK_SECONDS):
            with self._lock:
                for running in self._running.values():
                    self._bound(running)

    def _bound(self, running: Running) -> None:
        most = self._settings.memory_mb
        used = resident(running.process.pid)
        if time.monotonic() > running.until:
            _kill(running, ("timed_out", f"not done within {self._settings.seconds} s"))
        elif used is not None and used > most * MEGABYTE:
            _kill(running, ("too_much_memory", f"more than {most} MB would be needed"))


def _kill(running: Running, ended: tuple[str, str] | None) -> None:
    """The first reason counts; one that has ended by itself has none."""
    if not running.stopped and running.process.poll() is None:
        running.stopped, running.ended = True, ended
        _end(running.process)


def _status(process: subprocess.Popen[bytes]) -> int:
    """Of one that has nothing more to say: how it ended, or that it had to be ended."""
    try:
        return process.wait(EXIT_SECONDS)
    except subprocess.TimeoutExpired:
        _end(process)
        return process.wait()


def _end(process: subprocess.Popen[bytes]) -> None:
    """Its whole session."""
    if process.returncode is None:  # it was not waited for, so the id is its own
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)


def _environment(out: Path) -> dict[str, str]:
    """None of our secrets, no way to the cloud's, and no pool of threads wider than a worker's share."""
    known = {name: value for name, value in os.environ.items() if not name.startswith((PREFIX, "AWS_"))}
    return known | {"TMPDIR": str(out), "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
