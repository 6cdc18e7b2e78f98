"""Webhooks out: to whom, how often, and never after the stop."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reprise.domain.attempts import CLAIM, INTERRUPTED, MOST_TRIES, PAUSES, Posted
from reprise.domain.audience import OWN, named
from reprise.domain.delivery import Delivery, DeliveryState
from reprise.domain.endpoint import Endpoint, enabled
from reprise.domain.job import Entry, Job, Outbox, State
from reprise.domain.request import Webhook
from reprise.errors import ConflictError, FetchError, NotAllowedError
from reprise.memory import MemoryCallbackRecords, MemoryClock, MemoryJobs, MemoryNotifier, MemoryQueue
from reprise.memory_webhooks import MemoryDeliveries, MemoryEndpoints
from reprise.usecases.deliver import MOST_BYTES, Became, Deliver, Tried, thin
from reprise.usecases.dispatch import event, messages
from reprise.usecases.redeliver import Redeliver

from tests.factories import NOW, a_running_job
from tests.unit.test_signing import MASTER

JOB = "a" * 32
OK, BUSY, GONE, DEAD = Posted(200), Posted(500, None, "oops"), Posted(410), FetchError("hooks.example: ConnectTimeout")
Given = Posted | Exception
ENDPOINT = Endpoint("e" * 32, "owner", "https://hooks.example/endpoint", NOW, version=1)
URL = "https://hooks.example/own?token=5ec7e7"
LINE = Entry(JOB, 7, NOW, "cover.text", "words", "owner", "kie", State.RUNNING, {}, event=2, outbox=Outbox.PUBLISH)
MINE = f"2-{ENDPOINT.id}"


@dataclass
class Receiver:
    """Answers what it is told, in turn; the last answer stays. `meanwhile` happens once, during the next POST."""

    answers: list[Given] = field(default_factory=lambda: [OK])
    posts: list[tuple[str, bytes, dict[str, str]]] = field(default_factory=list)
    meanwhile: Callable[[], object] | None = None

    def post(self, url: str, body: bytes, headers: Any) -> Posted:
        self.posts.append((url, body, dict(headers)))
        happens, self.meanwhile = self.meanwhile, None
        if happens:
            happens()
        given = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(given, Exception):
            raise given
        return given


class Bench:
    """The use case in memory: one job, its event 2, an endpoint of its tenant, and perhaps a URL of its own."""

    def __init__(self, *answers: Given, endpoint: Endpoint | None = ENDPOINT, own: Webhook | None = None) -> None:
        job: Job = replace(a_running_job(), request=replace(a_running_job().request, webhook=own))
        self.jobs = MemoryJobs(jobs={JOB: job}, entries={JOB: [LINE]})
        records = MemoryCallbackRecords(self.jobs)
        self.deliveries, self.endpoints = MemoryDeliveries(self.jobs, records), MemoryEndpoints()
        if endpoint:
            self.endpoints.endpoints[endpoint.tenant, endpoint.id] = endpoint
        self.receiver, self.topic = Receiver(list(answers) or [OK]), MemoryNotifier()
        self.queue, self.clock, self.dice = MemoryQueue(), MemoryClock(NOW), 0.0
        self.deliver = Deliver(
            self.jobs,
            self.deliveries,
            self.endpoints,
            self.endpoints.keyring,
            self.receiver,
            lambda: MASTER,
            self.topic,
            self.queue,
            self.clock,
            lambda: self.dice,
        )
        self.redeliver = Redeliver(self.jobs, records, self.deliveries, self.endpoints, self.queue, self.clock)

    def hear(self, line: Entry = LINE) -> list[Tried]:
        """As `dispatch` and the queue have it: a message to each who wants to hear, and its first attempt."""
        job = self.jobs.jobs[JOB]
        found = messages(line, named(job.request, line.type), self.endpoints.of(job.tenant))
        return [self.deliver.first(one["job"], one["line"], one["to"], one["event"]) for one in found]

    def then(self, line: Entry) -> list[Tried]:
        """A later event of the same cover."""
        self.jobs.entries[JOB].append(line)
        return self.hear(line)

    def sweep(self) -> None:
        for one in list(self.deliveries.due(self.clock.now())):
            self.deliver(one.job_id, one.delivery or "")

    def run(self, until: timedelta = timedelta(days=4)) -> None:
        """The first message, then the poller alone: no other arrives."""
        self.hear()
        end = self.clock.now() + until
        while due := [one.due_at for one in self.deliveries.records.values() if one.due_at and one.due_at <= end]:
            self.clock.at = max(self.clock.at, *due[:1], min(due))
            self.sweep()

    def one(self, delivery_id: str = MINE) -> Delivery:
        found = self.deliveries.load(JOB, delivery_id)
        assert found
        return found

    @property
    def endpoint(self) -> Endpoint:
        return self.endpoints.endpoints["owner", ENDPOINT.id]

    @property
    def urls(self) -> list[str]:
        return [url for url, _, _ in self.receiver.posts]


# To whom


def test_an_event_goes_once_to_each_who_wants_it() -> None:
    bench = Bench(own=Webhook(URL))
    assert [one.became for one in bench.hear()] == [Became.TRIED, Became.TRIED]
    assert [one.became for one in bench.hear()] == [Became.RESTED, Became.RESTED]
    bench.run()
    assert bench.urls == [URL, ENDPOINT.url]
    assert bench.queue.messages == []


@pytest.mark.parametrize(("events", "heard"), [((), 1), (("cover.text",), 1), (("cover.first", "cover.failed"), 0)])
def test_a_filter_is_kept_to(events: tuple[str, ...], heard: int) -> None:
    assert len(Bench(endpoint=replace(ENDPOINT, events=events)).hear()) == heard
    assert len(Bench(endpoint=None, own=Webhook(URL, events)).hear()) == heard


def test_other_tenants_endpoints_hear_nothing() -> None:
    bench = Bench(endpoint=replace(ENDPOINT, tenant="other"))
    assert bench.hear() == []
    assert bench.deliver.first(JOB, LINE.sequence, ENDPOINT.id, event(LINE)).became is Became.RESTED
    assert bench.urls == []


@pytest.mark.parametrize("line", [replace(LINE, event=None), replace(LINE, sequence=8)])
def test_only_public_events_that_are_there_go_out(line: Entry) -> None:
    bench = Bench()
    bench.jobs.entries[JOB] = [line]
    assert bench.deliver.fan_out(JOB, LINE.sequence) == 0
    assert bench.deliver.first(JOB, LINE.sequence, ENDPOINT.id).became is Became.RESTED
    assert bench.deliveries.records == {}


def test_a_line_of_an_older_release_goes_to_those_whom_its_job_knows() -> None:
    bench = Bench(own=Webhook(URL))
    assert bench.deliver.fan_out(JOB, LINE.sequence) == 2
    assert [(one["to"], one["event"]) for one, _ in bench.queue.messages] == [
        (OWN, event(LINE)),
        (ENDPOINT.id, event(LINE)),
    ]


def test_an_event_that_was_not_brought_is_looked_up() -> None:
    bench = Bench()
    assert bench.deliver.first(JOB, LINE.sequence, ENDPOINT.id).became is Became.TRIED
    ((_, body, _),) = bench.receiver.posts
    assert body == thin(event(LINE))


def test_of_a_cover_that_was_deleted_nothing_is_written() -> None:
    bench = Bench(own=Webhook(URL))
    bench.jobs.delete(JOB)
    for to in (OWN, ENDPOINT.id):
        assert bench.deliver.first(JOB, LINE.sequence, to, event(LINE)).became is Became.RESTED
    assert (bench.urls, bench.deliveries.records) == ([], {})


def test_what_comes_for_a_disabled_endpoint_is_kept_for_a_replay_and_not_sent() -> None:
    bench = Bench(endpoint=replace(ENDPOINT, disabled="it answered 410 Gone", announced=True))
    bench.run()
    assert (bench.urls, bench.queue.messages) == ([], [])
    assert (bench.one().state, bench.one().reason) == (
        DeliveryState.STOPPED,
        "the endpoint is disabled: it answered 410 Gone",
    )


# What is said


def test_the_body_is_the_event_and_its_id_is_the_same_in_every_attempt() -> None:
    bench = Bench(BUSY, BUSY, OK)
    bench.run()
    bodies = {body for _, body, _ in bench.receiver.posts}
    told = [headers for _, _, headers in bench.receiver.posts]
    assert {json.loads(body)["id"] for body in bodies} == {f"{JOB}-2"}
    assert len(bodies) == 1
    assert {one["webhook-id"] for one in told} == {f"{JOB}-2"}
    began = int(NOW.timestamp())
    assert [int(one["webhook-timestamp"]) - began for one in told] == [0, 5, 65]


def test_a_body_stays_thin() -> None:
    body = thin(event(replace(LINE, message="x" * 15_000, data={"why": "y" * 15_000})))
    assert len(body) < MOST_BYTES
    assert json.loads(body)["data"] == {}
    assert json.loads(thin(event(replace(LINE, data={"why": "y"}))))["data"] == {"why": "y"}


# The schedule


def test_eleven_attempts_over_three_days_then_it_is_given_up_and_all_are_in_the_log() -> None:
    bench = Bench(BUSY)
    bench.run()
    assert (bench.one().state, bench.one().reason, bench.one().due_at) == (
        DeliveryState.FAILED,
        "all attempts failed",
        None,
    )
    log = bench.one().attempts
    assert [one.number for one in log] == list(range(1, 12))
    assert {(one.status, one.answer) for one in log} == {(500, "oops")}
    gaps = [(after.at - before.at).total_seconds() for before, after in pairwise(log)]
    assert gaps == list(PAUSES)


def test_a_short_wait_is_a_message_and_a_long_one_the_pollers() -> None:
    bench = Bench(BUSY)
    bench.run()
    assert [delay for _, delay in bench.queue.messages] == [5, 60, 300]


def test_chance_spreads_what_failed_together() -> None:
    bench = Bench(BUSY)
    bench.dice = 0.5
    bench.hear()
    assert bench.one().due_at == NOW + timedelta(seconds=5.5)
    assert bench.queue.messages[-1][1] == 6


def test_an_answer_is_kept_without_its_secrets() -> None:
    bench = Bench(Posted(500, None, "Bearer abcdefghijkl said whsec_" + "A" * 43), DEAD, OK)
    bench.run()
    assert [(one.status, one.answer, one.reason) for one in bench.one().attempts] == [
        (500, "Bearer [redacted] said [redacted]", None),
        (None, "", "hooks.example: ConnectTimeout"),
        (200, "", None),
    ]


def test_the_latency_is_the_receivers_alone() -> None:
    bench = Bench(BUSY)
    load = bench.endpoints.load

    def slowly(tenant: str, endpoint_id: str) -> Endpoint | None:
        bench.clock.sleep(2)
        return load(tenant, endpoint_id)

    bench.endpoints.load = slowly  # type: ignore[method-assign]
    bench.receiver.meanwhile = lambda: bench.clock.sleep(0.213)
    bench.hear()
    (attempt,) = bench.one().attempts
    assert (attempt.ms, attempt.at) == (213, NOW + timedelta(seconds=2))


# At least once


def test_a_crash_in_the_post_is_in_the_log_and_comes_again_when_its_claim_is_over() -> None:
    bench = Bench(RuntimeError("killed"), OK)
    with pytest.raises(RuntimeError):
        bench.hear()
    bench.hear()
    bench.sweep()
    assert len(bench.urls) == 1
    bench.clock.at += CLAIM
    bench.sweep()
    assert bench.one().state is DeliveryState.DELIVERED
    assert [(one.number, one.reason) for one in bench.one().attempts] == [(1, INTERRUPTED), (2, None)]


def test_one_that_always_crashes_is_given_up_too() -> None:
    bench = Bench(RuntimeError("killed"))
    for tried in range(MOST_TRIES):
        with pytest.raises(RuntimeError):
            bench.sweep() if tried else bench.hear()
        bench.clock.at += CLAIM
    bench.sweep()
    assert (bench.one().state, len(bench.one().attempts)) == (DeliveryState.FAILED, MOST_TRIES)
    assert not bench.one().attempts[-1].open


def test_of_two_messages_at_once_one_posts() -> None:
    bench = Bench()
    inner: list[Became] = []

    def both() -> None:
        inner.extend([bench.deliver(JOB, MINE).became, *[one.became for one in bench.hear()]])

    bench.receiver.meanwhile = both
    bench.hear()
    assert (len(bench.urls), inner) == (1, [Became.RESTED, Became.RESTED])


def test_one_that_lost_the_race_for_the_claim_posts_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    bench = Bench(BUSY)
    bench.hear()
    bench.clock.sleep(5)

    def refuses(*_: object) -> None:
        raise ConflictError("another was first")

    monkeypatch.setattr(MemoryDeliveries, "save", refuses)
    assert bench.deliver(JOB, MINE).became is Became.RESTED
    assert [one.became for one in bench.hear()] == [Became.RESTED]
    assert len(bench.urls) == 1


# The stop


def test_gone_stops_the_delivery_disables_the_endpoint_and_says_so() -> None:
    bench = Bench(GONE)
    bench.run()
    assert (len(bench.urls), bench.one().state, bench.one().reason) == (
        1,
        DeliveryState.STOPPED,
        "it answered 410 Gone",
    )
    assert (bench.endpoint.disabled, bench.endpoint.announced) == ("it answered 410 Gone", True)
    ((notice, attributes),) = bench.topic.published
    assert attributes == {"type": "webhook.disabled", "tenant": "owner"}
    assert (notice["type"], notice["webhook"], notice["message"]) == (
        "webhook.disabled",
        ENDPOINT.id,
        "Disabled: it answered 410 Gone",
    )
    assert ENDPOINT.url not in json.dumps(notice)


def test_five_days_of_failures_disable_an_endpoint_and_a_success_before_keeps_it() -> None:
    failing = replace(ENDPOINT, failing_since=NOW - timedelta(days=5))
    kept = Bench(OK, endpoint=failing)
    kept.run()
    assert (kept.endpoint.failing_since, kept.endpoint.disabled) == (None, None)
    lost = Bench(BUSY, endpoint=failing)
    lost.run()
    assert lost.endpoint.disabled == "nothing but failures for 5 days"
    assert (len(lost.urls), lost.one().state, len(lost.topic.published)) == (1, DeliveryState.STOPPED, 1)


def test_an_end_that_the_very_last_attempt_found_and_died_of_is_told_all_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """There is no next attempt to tell it, and perhaps no next event for days."""
    bench = Bench(BUSY, endpoint=replace(ENDPOINT, failing_since=NOW - timedelta(hours=60)))

    def dies(*_: object) -> None:
        raise MemoryError

    with monkeypatch.context() as patch:
        patch.setattr(bench.topic, "publish", dies)
        with pytest.raises(MemoryError):
            bench.run()
    assert (bench.one().tries, bench.endpoint.disabled is None, bench.endpoint.announced) == (MOST_TRIES, False, False)
    bench.clock.at += CLAIM
    bench.sweep()
    assert (bench.one().state, bench.endpoint.announced) == (DeliveryState.FAILED, True)
    assert [attributes["type"] for _, attributes in bench.topic.published] == ["webhook.disabled"]


def test_a_notice_that_could_not_be_sent_is_sent_by_who_comes_next(monkeypatch: pytest.MonkeyPatch) -> None:
    bench = Bench(GONE)
    monkeypatch.setattr(bench.topic, "published", None)
    with pytest.raises(AttributeError):
        bench.hear()
    monkeypatch.undo()
    bench.clock.at += CLAIM
    bench.sweep()
    assert len(bench.topic.published) == 1
    assert (len(bench.urls), bench.one().state) == (1, DeliveryState.STOPPED)


@pytest.mark.parametrize(
    ("stop", "reason"),
    [
        (lambda bench: bench.endpoints.delete("owner", ENDPOINT.id), "the endpoint was deleted"),
        (
            lambda bench: bench.endpoints.save(replace(bench.endpoint, disabled="x", announced=True, version=3)),
            "the endpoint is disabled: x",
        ),
    ],
)
def test_nobody_is_called_after_the_stop(stop: Callable[[Bench], None], reason: str) -> None:
    bench = Bench(BUSY)
    bench.hear()
    stop(bench)
    bench.run()
    assert len(bench.urls) == 1
    assert (bench.one().state, bench.one().reason, len(bench.one().attempts)) == (DeliveryState.STOPPED, reason, 1)


def test_a_deleted_cover_is_told_of_no_more() -> None:
    bench = Bench(BUSY)
    bench.hear()
    bench.jobs.delete(JOB)
    bench.clock.sleep(5)
    bench.deliver(JOB, MINE)
    assert len(bench.urls) == 1


def test_gone_of_a_jobs_own_url_stops_all_of_the_job_and_no_endpoint() -> None:
    bench = Bench(GONE, endpoint=None, own=Webhook(URL))
    bench.hear()
    bench.then(replace(LINE, sequence=9, event=3, type="cover.first"))
    assert (len(bench.urls), bench.topic.published) == (1, [])
    assert bench.one("3-job").reason == "the job's URL answered 410 Gone"


# Once more


def test_a_replay_sends_the_same_event_again_and_its_log_goes_on() -> None:
    bench = Bench(BUSY)
    bench.run()
    bench.receiver.answers = [OK]
    again = bench.redeliver.replay("owner", JOB, MINE)
    assert (again.state, again.tries) == (DeliveryState.PENDING, 0)
    bench.sweep()
    assert bench.one().state is DeliveryState.DELIVERED
    assert [one.number for one in bench.one().attempts] == list(range(1, 13))
    assert len({headers["webhook-id"] for _, _, headers in bench.receiver.posts}) == 1


def test_what_was_delivered_can_be_replayed_and_what_is_under_way_cannot() -> None:
    bench = Bench()
    bench.run()

    def refused() -> None:
        with pytest.raises(NotAllowedError, match="under way"):
            bench.redeliver.replay("owner", JOB, MINE)

    bench.receiver.meanwhile = refused
    bench.redeliver.replay("owner", JOB, MINE)
    bench.sweep()
    assert len(bench.urls) == 2


def test_where_nobody_may_be_called_there_is_no_replay() -> None:
    bench = Bench(GONE)
    bench.run()
    with pytest.raises(NotAllowedError, match="enable it first"):
        bench.redeliver.replay("owner", JOB, MINE)
    bench.endpoints.delete("owner", ENDPOINT.id)
    with pytest.raises(NotAllowedError, match="deleted"):
        bench.redeliver.replay("owner", JOB, MINE)


def test_a_url_that_was_gone_is_asked_again_by_replaying_what_it_refused() -> None:
    bench = Bench(GONE, OK, endpoint=None, own=Webhook(URL))
    bench.hear()
    bench.then(replace(LINE, sequence=9, event=3))
    with pytest.raises(NotAllowedError, match="replay 2-job first"):
        bench.redeliver.replay("owner", JOB, "3-job")
    for one in ("2-job", "3-job"):
        bench.redeliver.replay("owner", JOB, one)
        bench.sweep()
        assert bench.one(one).state is DeliveryState.DELIVERED


def test_two_that_a_url_refused_at_once_do_not_wait_for_each_others_replay() -> None:
    bench = Bench(GONE, GONE, OK, endpoint=None, own=Webhook(URL))
    bench.receiver.meanwhile = lambda: bench.then(replace(LINE, sequence=9, event=3))
    bench.hear()
    assert [bench.one(one).gone for one in ("2-job", "3-job")] == [True, True]
    for one in ("3-job", "2-job"):
        bench.redeliver.replay("owner", JOB, one)
        bench.sweep()
        assert bench.one(one).state is DeliveryState.DELIVERED


# Any order of it all

OUTCOMES = st.sampled_from([OK, BUSY, GONE, DEAD, Posted(429, 40), Posted(302), RuntimeError("killed")])
STEPS = st.sampled_from(["message", "overlap", "wait", "sweep", "hear", "replay", "enable", "delete"])


@given(st.lists(OUTCOMES, min_size=1, max_size=12), st.lists(STEPS, max_size=40), st.booleans())
def test_whatever_comes_in_whichever_order(outcomes: list[Given], steps: list[str], own: bool) -> None:
    """At least once, never after the stop, never two at once, the log without gaps."""
    bench = Bench(*outcomes, endpoint=None if own else ENDPOINT, own=Webhook(URL) if own else None)
    name = f"2-{OWN}" if own else MINE
    _take(bench, "hear", name)
    for step in steps:
        before = len(bench.urls)
        stopped = bench.one(name).state is not DeliveryState.PENDING or not (own or bench.endpoints.endpoints)
        _take(bench, step, name)
        assert not (stopped and step not in ("replay",) and len(bench.urls) > before)
        assert len(bench.urls) <= before + 1
        numbers = [one.number for one in bench.one(name).attempts]
        assert numbers == list(range(1, len(numbers) + 1))
        assert all(not one.open for one in bench.one(name).attempts[:-1])
    assert len(bench.one(name).attempts) == len(bench.urls)
    bench.receiver.answers = [OK]
    bench.run()
    last = bench.one(name)
    match last.state:
        case DeliveryState.DELIVERED:
            assert last.attempts[-1].status == 200
        case DeliveryState.FAILED:
            assert last.tries == MOST_TRIES
        case DeliveryState.STOPPED:
            assert (
                last.gone or not bench.endpoints.endpoints or bench.endpoint.disabled or "disabled" in str(last.reason)
            )
        case DeliveryState.PENDING:
            pytest.fail("forgotten")


def _take(bench: Bench, step: str, name: str) -> None:
    try:
        match step:
            case "message":
                bench.deliver(JOB, name)
            case "overlap":
                bench.receiver.meanwhile = lambda: bench.deliver(JOB, name)
                bench.deliver(JOB, name)
                bench.receiver.meanwhile = None
            case "wait":
                bench.clock.sleep(3600)
            case "sweep":
                bench.sweep()
            case "hear":
                bench.hear()
            case "replay":
                bench.redeliver.replay("owner", JOB, name)
            case "enable":
                _enable(bench)
            case "delete":
                bench.endpoints.delete("owner", ENDPOINT.id)
    except (RuntimeError, NotAllowedError):
        pass


def _enable(bench: Bench) -> None:
    if bench.endpoints.endpoints:
        bench.endpoints.save(enabled(bench.endpoint))
