"""Webhooks as the world sees them: who is to hear of what, what came, and what must hold of it after every step."""

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from reprise.domain.audience import OWN
from reprise.domain.delivery import Delivery, DeliveryState
from reprise.domain.job import Entry, Job

from tests.simulation.agenda import START, Agenda, Frame
from tests.simulation.broken import BrokenError
from tests.simulation.mail import BUSY, MOST_PATIENCE, PAUSES, TRIES, Mail, Way
from tests.simulation.signatures import Signatures
from tests.simulation.subscribers import EndpointFaultError, Subscriber, Subscribers, asks

PENDING = DeliveryState.PENDING

DELETED = "the cover was deleted"

UNTIL_KNOWN = 5.0
"""Seconds after which an endpoint hears what is committed (docs/webhooks.md)."""


@dataclass
class Webhooks:
    """`published` is what the topic heard of a job's event, while that is known; `ended` are ways that are over."""

    agenda: Agenda
    note: Callable[[str, str], None]
    published: Callable[[str, int], Mapping[str, Any] | None]
    subscribers: Subscribers = field(default_factory=Subscribers)
    signatures: Signatures = field(default_factory=Signatures)
    mails: dict[str, Mail] = field(default_factory=dict)
    ended: list[tuple[Mail, Way]] = field(default_factory=list)
    tally: Counter[str] = field(default_factory=Counter)

    def happened(self, job: Job, entry: Entry) -> None:
        """A public event: those who have listened for UNTIL_KNOWN must hear of it, those who come later may."""
        mail = self.mails.get(job.id)
        if mail is None:
            mail = self.mails[job.id] = Mail(job.id, job.tenant, job.request.webhook)
        assert entry.event
        mail.events[entry.event] = (entry.type, b"")
        if mail.own and asks(mail.own.events, entry.type):
            mail.wanted.append((entry.event, OWN))
        known = self.agenda.seconds - UNTIL_KNOWN
        listening = [one for one in self.subscribers.by_tenant.get(job.tenant, []) if one.since <= known]
        mail.wanted += [(entry.event, one.id) for one in listening if one.wants(entry.type)]

    def saved(self, before: Delivery | None, after: Delivery) -> None:
        """A delivery was written: what follows what is the schedule's, not the sender's."""
        mail, frame = self.mails.get(after.job_id), self.agenda.frames[-1]
        if mail is None and before is not None and after.reason == DELETED:
            return  # opened by who had begun before the job was deleted, and stopped when its turn came
        if mail is None or after.event not in mail.events:
            raise BrokenError(after.job_id, f"delivery {after.id} is of an event that never was")
        if before is None:
            self._opened(mail, after, frame)
        else:
            self._changed(mail, before, after, frame)

    def _changed(self, mail: Mail, before: Delivery, after: Delivery, frame: Frame) -> None:
        way, log = mail.ways[after.id], after.attempts
        numbers = [one.number for one in log]
        self._must(mail, numbers == list(range(numbers[0], numbers[0] + len(log))) if log else True, "a gap in the log")
        was_over, is_over = before.state is not PENDING, after.state is not PENDING
        if frame.what == "replay" and not is_over:
            way.claims, way.replays = 0, way.replays + 1
            mail.under_way += was_over
            mail.gone.pop(after.id, None)
        elif frame.what == "replay" and was_over and not after.gone:
            mail.gone.pop(after.id, None)  # it was said before, and the tenant asks for it again
        elif was_over:
            self._must(mail, False, f"{way.id} was {before.state}, and goes on without a replay")
        elif not is_over and log[-1].open:
            self._claimed(mail, way, before, frame)
        elif after.state is DeliveryState.FAILED and frame.answer is None:
            self._must(mail, way.claims >= TRIES, f"{way.id} was given up after {way.claims} attempts")
        elif log and before.attempts[-1].open and before.attempts[-1].number == log[-1].number and not log[-1].open:
            self._settled(mail, way, after, frame)
        else:
            self._must(mail, self._may_stop(mail, way, frame), f"{way.id} was stopped for nothing: {after.reason}")
            way.claims -= 1
        self._must(mail, is_over or after.due_at is not None, f"nobody will ever look at {way.id} again")
        way.state = after.state
        if is_over and not was_over:
            mail.under_way -= 1
            frame.claimed = None
            self.ended.append((mail, way))

    def _opened(self, mail: Mail, new: Delivery, frame: Frame) -> None:
        type, one = mail.events[new.event][0], self.subscribers.known.get(new.endpoint)
        events = mail.own.events if new.endpoint == OWN and mail.own else one.events if one else ("none",)
        mine = new.endpoint == OWN or (one is not None and one.tenant == mail.tenant)
        self._must(mail, mine and asks(events, type), f"{new.endpoint} did not ask for {type}")
        again = mail.deleted is not None and frame.began <= mail.deleted  # what it had opened before was deleted too
        self._must(mail, again or new.id not in mail.ways, f"{new.id} was opened twice")
        way = mail.ways[new.id] = Way(new.event, new.endpoint, new.state)
        if new.state is PENDING:
            mail.under_way += 1
            way.claims, frame.claimed, frame.answer = 1, way, None
            self._must(mail, len(new.attempts) == 1 and new.attempts[0].open, f"{new.id} was opened without a claim")
            return
        said = new.endpoint == OWN and bool(mail.gone)
        disabled = one is not None and one.was_disabled(frame.began)
        self._must(mail, said or disabled, f"{new.id} was never to be sent")
        self.ended.append((mail, way))

    def _claimed(self, mail: Mail, way: Way, before: Delivery, frame: Frame) -> None:
        due = seconds(before.due_at)
        self._must(mail, self.agenda.seconds >= due - 0.001, f"{way.id} is tried before its time")
        way.claims += 1
        self._must(mail, way.claims <= TRIES, f"{way.id} is tried for the {way.claims}th time")
        frame.claimed, frame.answer = way, None

    def _settled(self, mail: Mail, way: Way, after: Delivery, frame: Frame) -> None:
        self._must(mail, frame.answer is not None, f"{way.id} was settled, but nothing was sent")
        status, patience, at = frame.answer or (None, 0, 0.0)
        self._must(mail, after.attempts[-1].status == status, f"the log of {way.id} has another answer than {status}")
        taken, one = status is not None and 200 <= status < 300, self.subscribers.known.get(way.endpoint)
        if taken or status == 410 or way.claims >= TRIES:
            due = DeliveryState.DELIVERED if taken else DeliveryState.STOPPED if status == 410 else DeliveryState.FAILED
            self._must(mail, after.state is due, f"{way.id} is {after.state} after {status}, attempt {way.claims}")
        else:
            pause = max(PAUSES[way.claims - 1] * (2 if status in BUSY else 1), min(patience, MOST_PATIENCE))
            early = after.due_at is None or seconds(after.due_at) < at + pause - 0.001
            self._must(mail, after.state is PENDING and not early, f"{way.id} is {after.state}, due before its time")
        if way.endpoint == OWN and status == 410:
            mail.gone[way.id] = self.agenda.seconds
        if one:
            with self.blaming(mail.job):
                self.subscribers.answered(one, taken, at)

    def _may_stop(self, mail: Mail, way: Way, frame: Frame) -> bool:
        one = self.subscribers.known.get(way.endpoint)
        if mail.deleted is not None or (way.endpoint == OWN and mail.gone):
            return True
        return one is not None and (one.deleted is not None or one.was_disabled(frame.began))

    def posted(self, url: str, body: bytes, headers: dict[str, str]) -> tuple[Mail, Way]:
        """A receiver hears: was it to hear this, now, in these words and with these signatures?"""
        job_id, _, number = headers["webhook-id"].rpartition("-")
        mail, frame = self.mails.get(job_id), self.agenda.frames[-1]
        if mail is None:
            raise BrokenError(job_id, f"{url} hears of a job that nobody knows any more")
        way, listener = frame.claimed, self.subscribers.by_url.get(url)
        claimed = isinstance(way, Way) and way.number == int(number) and frame.job == job_id
        self._must(mail, claimed, f"{url} hears {number} without a claim")
        assert isinstance(way, Way)
        frame.claimed = None
        way.posts += 1
        self.note(job_id, f"{url} is told {number} {mail.events[way.number][0]}, attempt {way.claims}")
        self._must(mail, mail.deleted is None or mail.deleted >= frame.began, f"{url} hears of a deleted job")
        self._addressed(mail, way, url, listener, frame)
        if self._is_new(mail, way, body):  # Ed25519 is slow: of each event the first message is enough
            self._must(mail, self.signatures.public_fits(headers, body), f"{way.id}: its Ed25519 signature is wrong")
        fault = self.signatures.fault(
            mail.tenant, way.endpoint, headers, body, self.agenda.now(), frame.began, self.agenda.seconds
        )
        self._must(mail, fault is None, f"{way.id}: {fault}")
        return mail, way

    def _addressed(self, mail: Mail, way: Way, url: str, listener: Subscriber | None, frame: Frame) -> None:
        type = mail.events[way.number][0]
        if listener is None:
            own = mail.own if mail.own and mail.own.url == url and way.endpoint == OWN else None
            self._must(mail, own is not None and asks(own.events, type), f"{url} did not ask for {type} of this job")
            said = [id for id, at in mail.gone.items() if at < frame.began]
            self._must(mail, not said, f"{url} hears {way.id} though it said 410 to {said}")
            return
        mine = listener.tenant == mail.tenant and listener.id == way.endpoint
        self._must(mail, mine, f"{url} of {listener.tenant} hears what is {mail.tenant}'s")
        self._must(mail, listener.wants(type), f"{url} did not ask for {type}")
        for word, since in (("deleted", listener.deleted), ("disabled", listener.disabled)):
            self._must(mail, since is None or since >= frame.began, f"{url} is {word} and hears {way.id}")

    def _is_new(self, mail: Mail, way: Way, body: bytes) -> bool:
        """The first message of an event says what the topic says; all others say the same, byte for byte."""
        type, known = mail.events[way.number]
        digest = hashlib.sha256(body).digest()[:16]
        if known:
            self._must(mail, known == digest, f"{way.id} is told in two ways")
            return False
        mail.events[way.number] = (type, digest)
        said = json.loads(body)
        names = (said["id"], said["type"], said["job"], said["sequence"], said["tenant"])
        true = (f"{mail.job}-{way.number}", type, mail.job, way.number, mail.tenant)
        self._must(mail, names == true, f"{way.id} says {names}")
        published = self.published(mail.job, way.number)
        self._must(mail, published is None or published == said, f"{way.id} says something else than the topic")
        return True

    def answered(self, status: int | None, retry_after: int | None) -> None:
        """What reaches the sender of an answer; none is None."""
        frame = self.agenda.frames[-1]
        frame.answer = (status, retry_after or 0, self.agenda.seconds)

    def deleted(self, job_id: str) -> None:
        if mail := self.mails.get(job_id):
            mail.deleted = self.agenda.seconds

    def judge(self, job_id: str) -> Mail | None:
        """Hours after the end all that is to be sent must have been begun. None where nothing ever happened."""
        mail = self.mails.get(job_id)
        if mail is None:
            return None
        for number, endpoint in mail.wanted if mail.deleted is None else ():
            one = self.subscribers.known.get(endpoint)
            begun = f"{number}-{endpoint}" in mail.ways or (one is not None and one.deleted is not None)
            self.tally["missing"] += not begun
            self._must(mail, begun, f"nobody ever sent {number} {mail.events[number][0]} to {endpoint}")
        mail.judged = True
        return mail

    def close(self, mail: Mail) -> None:
        for way in mail.ways.values():
            self.tally["due"] += 1
            self.tally["heard"] += way.heard > 0
            self.tally["again"] += max(0, way.heard - 1)
            if not way.heard:
                self.tally["given up" if way.state is DeliveryState.FAILED else "stopped"] += 1
            self._must(mail, way.state is not DeliveryState.DELIVERED or way.heard > 0, f"{way.id}: nobody heard it")
            self.tally["attempts"] += way.posts
            self.tally["replays"] += way.replays
        del self.mails[mail.job]

    def blaming(self, job: str) -> "Blame":
        return Blame(job)

    def _must(self, mail: Mail, holds: bool, words: str) -> None:
        if not holds:
            raise BrokenError(mail.job, words)


@dataclass(frozen=True, slots=True)
class Blame:
    """Whatever is wrong with an endpoint is told with the job that showed it."""

    job: str

    def __enter__(self) -> None: ...

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        if isinstance(error, EndpointFaultError):
            raise BrokenError(self.job, str(error)) from error


def seconds(moment: Any) -> float:
    return float((moment - START).total_seconds())
