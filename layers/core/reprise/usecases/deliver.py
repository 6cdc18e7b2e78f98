"""Calling the client of a dialect back: all that it should have heard by now, one notice after the other, in order."""

import json
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from reprise.domain.delivery import Delivery, Posted, claim, place, settle
from reprise.domain.job import Job
from reprise.errors import ConflictError, FetchError
from reprise.ports import Clock, Deliveries, JobStore, Poster, Queue

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
class Delivered:
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
class Deliver:
    """Each notice at least once: a crash between a POST and its record sends it twice, and a client that answers
    too late hears it again. Vendors do the same, so their clients must cope.

    A message is let go only when nothing is left to tell; else it sends itself again. So whatever is due has a
    message that will come for it, whoever crashes.
    """

    jobs: JobStore
    deliveries: Deliveries
    dialects: Callable[[str], CallsBack | None]
    poster: Poster
    link: "AudioLink"
    queue: Queue
    clock: Clock

    def __call__(self, job_id: str) -> Delivered:
        told: list[Told] = []
        dialect = None
        while True:
            delivery = self.deliveries.load(job_id) or Delivery(job_id, self.clock.now())
            errand = self._errand(delivery)
            if errand is None:
                return Delivered(tuple(told), None, dialect)
            dialect = errand.dialect
            wait = (delivery.wait_until - self.clock.now()).total_seconds()
            if wait <= 0 and not self._run(errand, delivery, told):
                wait = SOON
            if wait > 0:
                again = math.ceil(wait)
                self.queue.send({"job": job_id}, delay_seconds=again)
                return Delivered(tuple(told), again, dialect)

    def _errand(self, delivery: Delivery) -> Errand | None:
        """The next callback. The job is read after the record: it is never older than what was told of it."""
        job = self.jobs.load(delivery.job_id)
        visit = job.request.visit if job else None
        dialect = self.dialects(visit.dialect) if visit and visit.callback_url else None
        if not job or not visit or not visit.callback_url or not dialect:
            return None
        due = dialect.callbacks(job, self.link)
        left = due[place(delivery, [callback.notice for callback in due]) :]
        return Errand(visit.dialect, visit.callback_url, left[0]) if left else None

    def _run(self, errand: Errand, delivery: Delivery, told: list[Told]) -> bool:
        """False if somebody else got hold of the record, before the POST or meanwhile."""
        claimed = claim(delivery, self.clock.now())
        notice = errand.callback.notice
        try:
            self.deliveries.save(claimed, delivery.version)
            posted = self._post(errand, told)
            self.deliveries.save(settle(claimed, notice, posted, self.clock.now()), claimed.version)
        except ConflictError:
            return False
        return True

    def _post(self, errand: Errand, told: list[Told]) -> Posted | None:
        notice = errand.callback.notice
        try:
            posted = self.poster.post(errand.url, body_of(errand.callback.body), {})
        except FetchError as error:
            told.append(Told(notice, None, str(error)))
            return None
        told.append(Told(notice, posted.status))
        return posted


def body_of(body: Any) -> bytes:
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
