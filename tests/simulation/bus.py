"""Queues and the table's stream: at least once, late, out of order (queues), in order (a job's lines in the stream)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from reprise.domain.job import Entry
from reprise.memory import MemoryQueue

from tests.simulation.agenda import Agenda
from tests.simulation.mischief import Mischief

MOST_RECEIVES = 5
Attempt = Callable[[str, str, float, Callable[[], object]], bool]
"""Runs a function: its name, its job, its time limit in seconds, its work. False when it died."""


@dataclass
class Queue(MemoryQueue):
    """What died comes again after `visible` seconds, five times over; then the owner has to, where it is `redriven`."""

    name: str = ""
    limit: float = 60.0
    visible: float = 360.0
    redriven: bool = False
    work: Callable[[Mapping[str, Any]], object] = lambda message: None
    agenda: Agenda = field(default_factory=Agenda)
    mischief: Mischief = field(default_factory=Mischief)
    attempt: Attempt = lambda what, job, limit, work: True

    def send(self, message: Mapping[str, Any], delay_seconds: int = 0) -> None:
        super().send(message, delay_seconds)
        self._carry()

    def send_many(self, messages: Any) -> int:
        found = super().send_many(messages)
        self._carry()
        return found

    def _carry(self) -> None:
        while self.messages:
            message, delay = self.messages.pop(0)
            self.agenda.after(delay + self._lateness(), partial(self._receive, message, 1))
            if self.mischief.happens(self.mischief.rates.twice, "queue message delivered twice"):
                self.agenda.after(delay + self._lateness(), partial(self._receive, message, 1))

    def _lateness(self) -> float:
        if self.mischief.happens(self.mischief.rates.late, "queue message late"):
            return self.mischief.dice.uniform(10.0, 600.0)
        return self.mischief.dice.uniform(0.02, 1.0)

    def _receive(self, message: Mapping[str, Any], times: int) -> None:
        if self.attempt(self.name, message["job"], self.limit, lambda: self.work(message)):
            return
        if times == MOST_RECEIVES:
            self.mischief.count("message to the dead letters")
            times = 0
            if not self.redriven:
                return
        self.agenda.after(self.visible, lambda: self._receive(message, times + 1))


@dataclass
class Stream:
    """Each job's lines in order, again and again until they are taken. A failed batch is shown again from there."""

    work: Callable[[Entry], object]
    agenda: Agenda
    mischief: Mischief
    attempt: Attempt
    waiting: dict[str, list[Entry]] = field(default_factory=dict)

    def add(self, entry: Entry) -> None:
        lines = self.waiting.get(entry.job_id)
        if lines is None:
            lines = self.waiting[entry.job_id] = []
            late = self.mischief.happens(self.mischief.rates.late, "stream late")
            delay = self.mischief.dice.uniform(5.0, 120.0) if late else self.mischief.dice.uniform(0.05, 0.5)
            self.agenda.after(delay, lambda: self._show(entry.job_id))
        lines.append(entry)

    def _show(self, job_id: str) -> None:
        lines = self.waiting[job_id]
        while lines:
            if not self.attempt("dispatch", job_id, 60.0, lambda: self.work(lines[0])):
                self.agenda.after(self.mischief.dice.uniform(0.5, 20.0), lambda: self._show(job_id))
                return
            if lines[0].outbox and self.mischief.happens(self.mischief.rates.twice / 4, "stream line shown twice"):
                continue
            lines.pop(0)
        del self.waiting[job_id]
