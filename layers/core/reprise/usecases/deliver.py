"""Webhooks out: an event to each endpoint that wants it, signed, again and again until it is taken or given up."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum

from reprise.domain.attempts import Posted
from reprise.domain.delivery import Delivery, DeliveryState, begin, post, settle, stop
from reprise.domain.endpoint import OWN, Endpoint, announced, heard, wanted
from reprise.domain.job import Entry, Job
from reprise.errors import ConflictError
from reprise.ports import MOST_DELAY, Clock, Deliveries, Endpoints, JobStore, Notifier, Poster, Queue, WebhookSecret
from reprise.signing import headers, secret_of
from reprise.usecases.call_back import body_of, posted
from reprise.usecases.dispatch import event
from reprise.usecases.subscribe import signer

MOST_BYTES = 20_000
"""Of a body: webhooks stay thin (Standard Webhooks 1.0.0)."""

MOST_RACES = 5


class Became(StrEnum):
    """What one message did to its delivery."""

    TRIED = "tried"
    STOPPED = "stopped"
    RESTED = "rested"


@dataclass(frozen=True, slots=True)
class Tried:
    became: Became
    state: DeliveryState | None = None
    outcome: Posted | str | None = None

    @property
    def told(self) -> tuple[int | None, str | None]:
        """Status, or why there is none."""
        return (self.outcome.status, None) if isinstance(self.outcome, Posted) else (None, self.outcome)


@dataclass(frozen=True, slots=True)
class FannedOut:
    """How many deliveries are new; `client`: the client of a dialect wants to be called back, too."""

    deliveries: int = 0
    client: bool = False


@dataclass(frozen=True, slots=True)
class Target:
    """`refused`: why nobody may be called there."""

    url: str
    refused: str | None = None
    endpoint: Endpoint | None = None


@dataclass(frozen=True, slots=True)
class Deliver:
    """At least once: the claim is stored before the POST and what came of it after; whoever dies in between leaves a
    claim that runs out, and the poller comes. A message is but a hint that something may be due."""

    jobs: JobStore
    deliveries: Deliveries
    endpoints: Endpoints
    poster: Poster
    master: WebhookSecret
    notifier: Notifier
    queue: Queue
    clock: Clock
    jitter: Callable[[], float]

    def fan_out(self, job_id: str, line: int) -> FannedOut:
        """One delivery for each who wants to hear of this line. Safe to repeat."""
        job, entry = self.jobs.load(job_id), self.jobs.line(job_id, line)
        if job is None or entry is None or entry.event is None:
            return FannedOut()
        new = sum(self._open(entry, endpoint_id, why) for endpoint_id, why in self._listeners(job, entry.type))
        return FannedOut(new, client=job.request.visit is not None and bool(job.request.visit.callback_url))

    def _listeners(self, job: Job, type: str) -> list[tuple[str, str | None]]:
        """Ids of endpoints, and why one is not called. A disabled one has its deliveries too, for a replay."""
        own = job.request.webhook
        found: list[tuple[str, str | None]] = [(OWN, None)] if own and wanted(type, own.events) else []
        endpoints = [one for one in self.endpoints.of(job.tenant) if wanted(type, one.events)]
        return found + [(one.id, _disabled(one)) for one in endpoints]

    def _open(self, entry: Entry, endpoint_id: str, refused: str | None) -> bool:
        now, number = self.clock.now(), entry.event or 0
        new = Delivery(entry.job_id, number, entry.sequence, entry.type, endpoint_id, now, due_at=now, version=1)
        if refused:
            new = replace(new, due_at=None, state=DeliveryState.STOPPED, reason=refused)
        try:
            self.deliveries.save(new)
        except ConflictError:  # opened by an earlier copy of the message
            return False
        if not refused:
            self.queue.send({"job": entry.job_id, "delivery": new.id})
        return True

    def __call__(self, job_id: str, delivery_id: str) -> Tried:
        """One attempt, if one is due."""
        delivery = self.deliveries.load(job_id, delivery_id)
        if delivery is None or not delivery.due(self.clock.now()):
            return Tried(Became.RESTED)
        begun = begin(delivery, self.clock.now())
        try:
            self.deliveries.save(begun)
            if begun.state is not DeliveryState.PENDING:
                return Tried(Became.STOPPED, begun.state)
            return self._attempt(begun)
        except ConflictError:  # somebody else is at it
            return Tried(Became.RESTED)

    def _attempt(self, begun: Delivery) -> Tried:
        job, entry = self.jobs.load(begun.job_id), self.jobs.line(begun.job_id, begun.line)
        if job is None or entry is None:
            return self._stop(begun, "the cover was deleted")
        target = self._target(job, begun)
        if target.refused:
            if target.endpoint and target.endpoint.disabled and not target.endpoint.announced:
                self._announce(target.endpoint)  # whoever disabled it died before it could say so
            return self._stop(begun, target.refused)
        body, signed = self._signed(begun, entry)
        begun = post(begun, self.clock.now())
        outcome = posted(self.poster, target.url, body, signed)
        after = settle(begun, outcome, self.clock.now(), self.jitter())
        if target.endpoint:
            self._remember(target.endpoint, outcome)
        self.deliveries.save(after)
        self._nudge(after)
        return Tried(Became.TRIED, after.state, outcome)

    def _target(self, job: Job, delivery: Delivery) -> Target:
        """Looked up right before the POST: what was stopped meanwhile is not called any more."""
        if delivery.endpoint == OWN:
            url = job.request.webhook.url if job.request.webhook else ""
            gone = any(one.revokes() for one in self.deliveries.of(job.id))
            return Target(url, "the job's URL answered 410 Gone" if gone else None if url else "there is no URL")
        endpoint = self.endpoints.load(job.tenant, delivery.endpoint)
        if endpoint is None:
            return Target("", "the endpoint was deleted")
        return Target(endpoint.url, _disabled(endpoint), endpoint)

    def _signed(self, begun: Delivery, entry: Entry) -> tuple[bytes, dict[str, str]]:
        """Body and headers."""
        now, body = self.clock.now(), thin(entry)
        master, ring = self.master(), self.endpoints.keyring(entry.tenant, begun.endpoint)
        secrets = [secret_of(master, signer(entry.tenant, ring), one) for one in ring.generations(now)]
        return body, headers(master, str(event(entry)["id"]), now, body, secrets)

    def _remember(self, endpoint: Endpoint, outcome: Posted | str) -> None:
        """What it means for the endpoint, and the notice where it means its end."""
        for _ in range(MOST_RACES):
            after = heard(endpoint, outcome, self.clock.now())
            if after is endpoint:
                return
            try:
                self.endpoints.save(after)
            except ConflictError:
                fresh = self.endpoints.load(endpoint.tenant, endpoint.id)
                if fresh is None:
                    return
                endpoint = fresh
                continue
            if after.disabled:
                self._announce(after)
            return

    def _announce(self, endpoint: Endpoint) -> None:
        """At least once: it is remembered after it was said."""
        notice = {
            "type": "webhook.disabled",
            "webhook": endpoint.id,
            "tenant": endpoint.tenant,
            "at": endpoint.disabled_at.isoformat() if endpoint.disabled_at else None,
            "failing_since": endpoint.failing_since.isoformat() if endpoint.failing_since else None,
            "message": f"Disabled: {endpoint.disabled}",
        }
        self.notifier.publish(notice, {"type": "webhook.disabled", "tenant": endpoint.tenant})
        with suppress(ConflictError):  # enabled again, or said by another
            self.endpoints.save(announced(endpoint))

    def _stop(self, begun: Delivery, reason: str) -> Tried:
        stopped = stop(begun, reason)
        self.deliveries.save(stopped)
        return Tried(Became.STOPPED, stopped.state)

    def _nudge(self, after: Delivery) -> None:
        """The poller comes once a minute; a short wait is a message too. What waits longer is the poller's alone."""
        if after.due_at:
            wait = after.due_at - self.clock.now()
            if wait <= timedelta(seconds=MOST_DELAY):
                seconds = -(-wait // timedelta(seconds=1))
                self.queue.send({"job": after.job_id, "delivery": after.id}, delay_seconds=seconds)


def _disabled(endpoint: Endpoint) -> str | None:
    return f"the endpoint is disabled: {endpoint.disabled}" if endpoint.disabled else None


def thin(entry: Entry) -> bytes:
    """The event as SNS has it; what would make it too long stays with the cover's timeline."""
    said = event(entry)
    body = body_of(said)
    if len(body) <= MOST_BYTES:
        return body
    return body_of({**said, "message": str(said["message"])[:500], "data": {}})
