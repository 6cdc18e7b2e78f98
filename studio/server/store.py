"""The tasks: a queue that survives, and the one place where their status changes."""

import json
from collections.abc import Callable
from dataclasses import asdict, replace

from studio.server.asked import Asked
from studio.server.database import Database
from studio.server.engine import Made
from studio.server.outbox import Outbox
from studio.server.task import STAGES, Status, Task, made_json

MOST_DEATHS = 2
"""Workers that may die of one task."""

MOST_RUNS = 4
"""Beginnings of one task, those that the service itself did not survive among them."""

Tells = Callable[[str, Task], bytes]
"""The body of a task's callback of this type."""


class QueueFullError(Exception):
    """As many wait as the owner lets wait."""


class KeyReusedError(Exception):
    """The Idempotency-Key came with other words before."""


class Store:
    def __init__(self, base: Database, outbox: Outbox, tells: Tells) -> None:
        self._base, self._outbox, self._tells = base, outbox, tells

    def add(self, new_id: str, secret: str, asked: Asked, key: str | None, most: int) -> tuple[Task, bool]:
        """The task, and whether it was there before: the same key is the same task.

        Raises KeyReusedError, and QueueFullError where `most` wait.
        """
        with self._base.change():
            row = self._base.row("SELECT * FROM tasks WHERE key = ?", key) if key else None
            if row:
                known = Task.of(row)
                if known.fingerprint != asked.fingerprint:
                    raise KeyReusedError
                return known, True
            if self.count(Status.QUEUED) >= most:
                raise QueueFullError
            self._base.row(
                "INSERT INTO tasks VALUES (?, ?, ?, ?, ?, 'queued', 'none', '{}', NULL, 0, 0, ?, NULL, 1)",
                new_id, key, asked.fingerprint, json.dumps(asdict(asked)), secret, self._base.clock(),
            )  # fmt: skip
            return self._task(new_id), False

    def get(self, task_id: str) -> Task | None:
        row = self._base.row("SELECT * FROM tasks WHERE id = ?", task_id)
        return Task.of(row) if row else None

    def count(self, status: Status) -> int:
        return self._base.count("SELECT count(*) FROM tasks WHERE status = ?", status)

    def claim(self) -> Task | None:
        """The task that came first, now running."""
        with self._base.change():
            row = self._base.row("SELECT * FROM tasks WHERE status = 'queued' ORDER BY created, rowid LIMIT 1")
            if row is None:
                return None
            task = Task.of(row)
            return self._write(replace(task, status=Status.RUNNING, runs=task.runs + 1))

    def reach(self, task_id: str, stage: str, made: Made) -> None:
        """A stage that was told before changes nothing: a task that is begun anew makes the same again."""
        with self._base.change():
            task = self._task(task_id)
            if task.status is not Status.RUNNING or STAGES.index(stage) <= STAGES.index(task.stage):
                return
            done = stage == STAGES[-1]
            status, ended = (Status.SUCCEEDED, self._base.clock()) if done else (Status.RUNNING, None)
            self._write(replace(task, stage=stage, made=made, status=status, ended=ended), stage)

    def fail(self, task_id: str, code: str, message: str) -> None:
        with self._base.change():
            task = self._task(task_id)
            if task.status is Status.RUNNING:
                self._fail(task, code, message)

    def died(self, task_id: str, how: str) -> None:
        """The worker ended without a word: once more, ahead of those that came later, and then no more."""
        with self._base.change():
            task = self._task(task_id)
            if task.status is not Status.RUNNING:
                return
            again = self._write(replace(task, status=Status.QUEUED, deaths=task.deaths + 1))
            if again.deaths >= MOST_DEATHS:
                self._fail(again, "worker_died", f"the worker ended {again.deaths} times: {how}")

    def give_back(self, task_id: str) -> None:
        """The service stops in good order: the run does not count."""
        with self._base.change():
            task = self._task(task_id)
            if task.status is Status.RUNNING:
                self._write(replace(task, status=Status.QUEUED, runs=task.runs - 1))

    def recover(self) -> int:
        """After a start: what was running when the service ended is taken up again. How many those are."""
        found = 0
        while row := self._base.row("SELECT * FROM tasks WHERE status = 'running' LIMIT 1"):
            found += 1
            with self._base.change():
                task = self._write(replace(Task.of(row), status=Status.QUEUED))
                if task.runs >= MOST_RUNS:
                    self._fail(task, "interrupted", f"the service ended {task.runs} times under this task")
        return found

    def cancel(self, task_id: str) -> Task | None:
        """Ends it, whatever it was doing. Its callbacks that were not sent yet never are."""
        with self._base.change():
            task = self.get(task_id)
            if task is None or task.status.ended:
                return task
            self._outbox.drop(task_id)
            return self._write(replace(task, status=Status.CANCELED, ended=self._base.clock()))

    def sweep(self, files_before: float, rows_before: float) -> None:
        """Files of tasks that ended before the first time are kept no more, nor rows that did before the second."""
        with self._base.change() as base:
            base.execute("UPDATE tasks SET kept = 0 WHERE ended < ?", (files_before,))
            base.execute("DELETE FROM callbacks WHERE task IN (SELECT id FROM tasks WHERE ended < ?)", (rows_before,))
            base.execute("DELETE FROM tasks WHERE ended < ?", (rows_before,))

    def _fail(self, task: Task, code: str, message: str) -> None:
        error = {"code": code, "message": message}
        self._write(replace(task, status=Status.FAILED, error=error, ended=self._base.clock()), "failed")

    def _write(self, task: Task, tells: str | None = None) -> Task:
        """Within a change: the task, and with it the callback that tells of it."""
        self._base.row(
            "UPDATE tasks SET status = ?, stage = ?, made = ?, error = ?, runs = ?, deaths = ?, ended = ? WHERE id = ?",
            task.status, task.stage, made_json(task.made), json.dumps(task.error) if task.error else None,
            task.runs, task.deaths, task.ended, task.id,
        )  # fmt: skip
        if tells and task.asked.callback_url:
            self._outbox.put(task.id, tells, task.asked.callback_url, self._tells(tells, task))
        return task

    def _task(self, task_id: str) -> Task:
        """Within a change: one that is there."""
        row = self._base.row("SELECT * FROM tasks WHERE id = ?", task_id)
        assert row is not None
        return Task.of(row)
