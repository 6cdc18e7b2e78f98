"""Calling the client of a dialect back: all that it should have heard by now, one notice after the other, in order."""

import json
import math
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Protocol

from reprise.domain.attempts import Posted
from reprise.domain.callbacks import CallbackRecord, claim, let_go, place, post, settle
from reprise.domain.job import Job
from reprise.errors import ConflictError, FetchError
from reprise.ports import MOST_DELAY, CallbackRecords, Clock, JobStore, Poster, Queue
from reprise.redact import redact

if TYPE_CHECKING:
    from reprise.dialects.dialect import AudioLink, Callback

SOON = 5
"""Seconds after which a message that lost a race comes again."""


class CallsBack(Protocol):
    """What of a dialect is needed here. A job's callbacks are of different notices."""

    def callbacks(self, job: Job, link: "AudioLink") -> "Sequence[Callback]": ...


@dataclass(frozen=True, slots=True)
class Told:
    """One POST: the client's status, or why there is none."""

    notice: str
    status: int | None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class CalledBack:
    """What one message did. `again`: seconds until it comes again; None when nothing was left to tell."""

    told: tuple[Told, ...] = ()
    again: int | None = None
    dialect: str | None = None


@dataclass(frozen=True, slots=True)
class Errand:
    dialect: str
    url: str
    callback: "Callback"


@dataclass(frozen=True, slots=True)
class CallBack:
    """Each notice at least once: a crash between a POST and its record sends it twice, and a client that answers
    too late hears it again. Vendors do the same, so their clients must cope.

    A record that waits is in the due index: the poller comes for it, whoever crashes. A short wait is a message too,
    since the poller comes but once a minute.
    """

    jobs: JobStore
    records: CallbackRecords
    dialects: Callable[[str], CallsBack | None]
    poster: Poster
    link: "AudioLink"
    queue: Queue
    clock: Clock
    jitter: Callable[[], float]

    def __call__(self, job_id: str) -> CalledBack:
        told: list[Told] = []
        dialect = None
        while True:
            record = self.records.load(job_id) or CallbackRecord(job_id, self.clock.now())
            errand = self._errand(record)
            if errand is None:
                self._let_go(record)
                return CalledBack(tuple(told), None, dialect)
            dialect = errand.dialect
            wait = (record.wait_until - self.clock.now()).total_seconds()
            if wait <= 0 and not self._run(errand, record, told):
                wait = SOON
            if wait > 0:
                again = math.ceil(wait)
                if again <= MOST_DELAY:
                    self.queue.send({"job": job_id}, delay_seconds=again)
                return CalledBack(tuple(told), again, dialect)

    def _errand(self, record: CallbackRecord) -> Errand | None:
        """The next callback. The job is read after the record: it is never older than what was told of it."""
        job = self.jobs.load(record.job_id)
        visit = job.request.visit if job else None
        dialect = self.dialects(visit.dialect) if visit and visit.callback_url else None
        if not job or not visit or not visit.callback_url or not dialect:
            return None
        due = dialect.callbacks(job, self.link)
        left = due[place(record, [callback.notice for callback in due]) :]
        return Errand(visit.dialect, visit.callback_url, left[0]) if left else None

    def _let_go(self, record: CallbackRecord) -> None:
        """Else the poller would come for it every minute."""
        if record.waiting and record.wait_until <= self.clock.now():
            with suppress(ConflictError):
                self.records.save(let_go(record), record.version)

    def _run(self, errand: Errand, record: CallbackRecord, told: list[Told]) -> bool:
        """False if somebody else got hold of the record, before the POST or meanwhile."""
        notice = errand.callback.notice
        claimed = claim(record, notice, self.clock.now())
        try:
            self.records.save(claimed, record.version)
            claimed = post(claimed, self.clock.now())
            outcome = self._post(errand, told)
            after = settle(claimed, notice, outcome, self.clock.now(), self.jitter())
            self.records.save(after, claimed.version)
        except ConflictError:
            return False
        return True

    def _post(self, errand: Errand, told: list[Told]) -> Posted | str:
        outcome = posted(self.poster, errand.url, body_of(errand.callback.body), {})
        if isinstance(outcome, str):
            told.append(Told(errand.callback.notice, None, outcome))
        else:
            told.append(Told(errand.callback.notice, outcome.status))
        return outcome


def posted(poster: Poster, url: str, body: bytes, headers: Mapping[str, str]) -> Posted | str:
    """What was answered, without what must not be kept; or why nothing was."""
    try:
        answer = poster.post(url, body, headers)
    except FetchError as error:
        return redact(str(error))
    return replace(answer, answer=redact(answer.answer))


def body_of(body: Any) -> bytes:
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
