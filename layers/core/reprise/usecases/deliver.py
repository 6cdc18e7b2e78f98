"""Webhooks out: an event to each endpoint that wants it, signed, again and again until it is taken or given up."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any

from reprise.domain.attempts import Posted
from reprise.domain.audience import OWN, named
from reprise.domain.delivery import Delivery, DeliveryState, begin, post, refuse, settle, stop
from reprise.domain.endpoint import Endpoint, Keyring, announced, heard
from reprise.domain.job import Job
from reprise.errors import ConflictError
from reprise.ports import MOST_DELAY, Clock, Deliveries, Endpoints, JobStore, Notifier, Poster, Queue, WebhookSecret
from reprise.signing import headers, secret_of
from reprise.usecases.call_back import body_of, posted
from reprise.usecases.dispatch import event, messages
from reprise.usecases.subscribe import signer

MOST_BYTES = 20_000
"""Of a body: webhooks stay thin (Standard Webhooks 1.0.0)."""

KEYRING_LIFE = timedelta(seconds=60)
"""How long it is remembered which secrets sign. A new one signs after that at the latest; the one before, which a
receiver still goes by, signs all the time."""

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
class Target:
    """`refused`: why nobody may be called there. `gone`: so is what a delivery would be kept for."""

    url: str
    refused: str | None = None
    endpoint: Endpoint | None = None
    gone: bool = False


DELETED = Target("", "the cover was deleted", gone=True)


@dataclass(frozen=True, slots=True)
class Deliver:
    """At least once: the claim is stored before the POST and what came of it after; whoever dies in between leaves a
    claim that runs out, and the poller comes. A message is but a hint that something may be due."""

    jobs: JobStore
    deliveries: Deliveries
    endpoints: Endpoints
    keyring: Callable[[str, str], Keyring]
    """As `endpoints` has it, or had it KEYRING_LIFE ago at the most."""
    poster: Poster
    master: WebhookSecret
    notifier: Notifier
    queue: Queue
    clock: Clock
    jitter: Callable[[], float]

    def fan_out(self, job_id: str, line: int) -> int:
        """A message to each who wants to hear of a line that an older release wrote. Safe to repeat."""
        job, entry = self.jobs.load(job_id), self.jobs.line(job_id, line)
        if job is None or entry is None or entry.event is None:
            return 0
        endpoints = self.endpoints.of(job.tenant)
        return self.queue.send_many(messages(entry, named(job.request, entry.type), endpoints))

    def first(self, job_id: str, line: int, to: str, said: Mapping[str, Any] | None = None) -> Tried:
        """Opens the delivery of an event to one listener, and claims it at once for the first attempt.

        A disabled endpoint has its deliveries, too, for a replay. `said` is the event where the message brought it.
        """
        said, target = self._aim(job_id, line, to, said)
        if said is None or target.gone:
            return Tried(Became.RESTED)
        new = Delivery(job_id, said["sequence"], line, said["type"], to, self.clock.now())
        opened = refuse(new, target.refused) if target.refused else begin(new, self.clock.now())
        try:
            self.deliveries.save(opened)
        except ConflictError:  # by an earlier copy of the message
            return self(job_id, new.id)
        if target.refused:
            self._repeat_notice(target)
            return Tried(Became.STOPPED, opened.state)
        try:
            return self._send(opened, target, said)
        except ConflictError:  # it took longer than its claim
            return Tried(Became.RESTED)

    def __call__(self, job_id: str, delivery_id: str) -> Tried:
        """One more attempt, if one is due."""
        delivery = self.deliveries.load(job_id, delivery_id)
        if delivery is None or not delivery.due(self.clock.now()):
            return Tried(Became.RESTED)
        begun = begin(delivery, self.clock.now())
        try:
            if begun.state is not DeliveryState.PENDING:
                return self._give_up(begun)
            self.deliveries.save(begun)
            return self._attempt(begun)
        except ConflictError:  # somebody else is at it
            return Tried(Became.RESTED)

    def _give_up(self, over: Delivery) -> Tried:
        """The last attempt died. It may have disabled the endpoint before it could say so."""
        _, target = self._aim(over.job_id, over.line, over.endpoint)
        self._repeat_notice(target)
        self.deliveries.save(over)
        return Tried(Became.STOPPED, over.state)

    def _attempt(self, begun: Delivery) -> Tried:
        said, target = self._aim(begun.job_id, begun.line, begun.endpoint)
        if said is None or target.refused:
            self._repeat_notice(target)
            return self._stop(begun, target.refused or "")
        return self._send(begun, target, said)

    def _send(self, begun: Delivery, target: Target, said: Mapping[str, Any]) -> Tried:
        body, signed = self._signed(begun, said)
        begun = post(begun, self.clock.now())
        outcome = posted(self.poster, target.url, body, signed)
        after = settle(begun, outcome, self.clock.now(), self.jitter())
        if target.endpoint:
            self._remember(target.endpoint, outcome)
        self.deliveries.save(after)
        self._nudge(after)
        return Tried(Became.TRIED, after.state, outcome)

    def _aim(
        self, job_id: str, line: int, to: str, said: Mapping[str, Any] | None = None
    ) -> tuple[Mapping[str, Any] | None, Target]:
        """The event, looked up where it is not `said`, and who is to hear it."""
        said = said or self._said(job_id, line)
        return said, self._target(job_id, said["tenant"], to) if said else DELETED

    def _said(self, job_id: str, line: int) -> Mapping[str, Any] | None:
        entry = self.jobs.line(job_id, line)
        return event(entry) if entry and entry.event is not None else None

    def _target(self, job_id: str, tenant: str, to: str) -> Target:
        """Looked up right before the POST: what was stopped meanwhile is not called any more."""
        if to == OWN:
            job, sent = self.deliveries.with_job(job_id)
            return _own(job, sent) if job else DELETED
        if self.jobs.load(job_id) is None:
            return DELETED
        endpoint = self.endpoints.load(tenant, to)
        if endpoint is None:
            return Target("", "the endpoint was deleted", gone=True)
        return Target(endpoint.url, _disabled(endpoint), endpoint)

    def _signed(self, begun: Delivery, said: Mapping[str, Any]) -> tuple[bytes, dict[str, str]]:
        """Body and headers."""
        now, body, tenant = self.clock.now(), thin(said), str(said["tenant"])
        master, ring = self.master(), self.keyring(tenant, begun.endpoint)
        secrets = [secret_of(master, signer(tenant, ring), one) for one in ring.generations(now)]
        return body, headers(master, str(said["id"]), now, body, secrets)

    def _repeat_notice(self, target: Target) -> None:
        """Whoever disabled it may have died before it could say so."""
        if target.endpoint and target.endpoint.disabled and not target.endpoint.announced:
            self._announce(target.endpoint)

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


def _own(job: Job, sent: Sequence[Delivery]) -> Target:
    """The URL that a job brought."""
    url = job.request.webhook.url if job.request.webhook else ""
    revoked = any(one.revokes() for one in sent)
    return Target(url, "the job's URL answered 410 Gone" if revoked else None if url else "there is no URL")


def _disabled(endpoint: Endpoint) -> str | None:
    return f"the endpoint is disabled: {endpoint.disabled}" if endpoint.disabled else None


def thin(said: Mapping[str, Any]) -> bytes:
    """The event as SNS has it; what would make it too long stays with the cover's timeline."""
    body = body_of(said)
    if len(body) <= MOST_BYTES:
        return body
    return body_of({**said, "message": str(said["message"])[:500], "data": {}})
