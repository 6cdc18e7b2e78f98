"""A change in the making: the job as it will be, and the timeline lines that say why."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from reprise.domain.audience import named
from reprise.domain.job import Change, Entry, Failure, Job, Outbox, State, Track
from reprise.domain.purse import MONEY_DIGITS, money


class Draft:
    """`below`: only legs cheaper than this (USD) may be turned to, since the purse has no room for a dearer one."""

    def __init__(self, job: Job, now: datetime, below: float | None = None) -> None:
        self._before = job
        self.job = job
        self.now = now
        self.below = below
        self._entries: list[Entry] = []

    def set(self, **changes: Any) -> None:
        self.job = replace(self.job, **changes)

    def put(self, track: Track) -> None:
        """One of the job's tracks, as it is now."""
        self.set(tracks=tuple(track if one.number == track.number else one for one in self.job.tracks))

    def note(self, type: str, message: str, outbox: Outbox | None = None, **data: object) -> None:
        """A line of the timeline that no caller is told."""
        self.set(entries=self.job.entries + 1)
        self._write(type, message, data, outbox, event=None)

    def announce(self, type: str, message: str, **data: object) -> None:
        """A public event: numbered without gaps, published once committed."""
        self.set(entries=self.job.entries + 1, events=self.job.events + 1)
        self._write(type, message, data, Outbox.PUBLISH, event=self.job.events)

    def wake(self, at: datetime, type: str, message: str, **data: object) -> None:
        """Look at the job at `at` at the latest: the due index keeps it, the advance queue is told at once."""
        self.set(due_at=min(at, self.job.due_at or at))
        self.note(type, message, Outbox.WAKE, due_at=at.isoformat(), **data)

    def look(self, at: datetime, promptly: bool = False) -> None:
        """Ask the provider at `at`. The sweep comes once a minute; who waits for no callback is woken to the second."""
        self.set(due_at=at)
        if promptly or not self.job.leg.rhythm.pushes:
            self.note("poll.planned", f"{self.job.provider} will be asked", Outbox.WAKE, due_at=at.isoformat())

    def once(self, key: str) -> bool:
        """True the first time this job hears `key`."""
        if key in self.job.heard:
            return False
        self.set(heard=(*self.job.heard, key))
        return True

    @property
    def changed(self) -> bool:
        return self.job != self._before

    def spend(self, usd: float) -> None:
        """Below zero it is taken back: nothing was bought."""
        self.set(spent=round(self.job.spent + usd, MONEY_DIGITS))

    def fail(self, failure: Failure) -> None:
        charged = self.job.maybe_charged
        self.set(state=State.FAILED, failure=failure, due_at=None)
        self.announce(
            "cover.failed",
            failure.message,
            reason=failure.reason,
            code=failure.code,
            retryable=failure.retryable,
            maybe_charged=charged,
        )

    @property
    def seconds(self) -> float:
        """Since the job was made."""
        return round((self.now - self.job.created_at).total_seconds(), 1)

    def change(self) -> Change:
        if not self.changed:
            return Change(self._before.version, self._before, ())
        job = replace(self.job, version=self._before.version + 1, updated_at=self.now)
        stored = self._before.committed if self._before.version else 0.0
        commits = money(job.committed) - money(stored)
        return Change(self._before.version, job, tuple(self._entries), commits, commits > 0 and self._buys)

    @property
    def _buys(self) -> bool:
        """Whether somebody is to be paid who was not before: a job that merely waits on, while it hears that another
        had taken it after all, buys nothing."""
        before, job = self._before, self.job
        moved = not before.version or _payee(before) != _payee(job)
        return moved and job.state in (State.QUEUED, State.SUBMITTING)

    def _write(
        self, type: str, message: str, data: Mapping[str, object], outbox: Outbox | None, event: int | None
    ) -> None:
        job = self.job
        known = {name: value for name, value in data.items() if value is not None}
        self._entries.append(
            Entry(
                job_id=job.id,
                sequence=job.entries,
                at=self.now,
                type=type,
                message=message,
                tenant=job.tenant,
                provider=job.provider,
                state=job.state,
                data=known,
                event=event,
                outbox=outbox,
                named=None if event is None else named(job.request, type),
            )
        )


def _payee(job: Job) -> tuple[object, ...]:
    """Who is paid next, or now, and for which call."""
    return job.state, job.leg, job.attempt
