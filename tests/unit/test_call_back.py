"""Calling clients back: in order, at least once, patiently, and not for ever."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

import pytest
from reprise.dialects.dialect import AudioLink, Callback, notices
from reprise.domain.attempts import CLAIM, GONE, MOST_TRIES, Posted
from reprise.domain.callbacks import MOST_EARLY_TRIES, CallbackRecord, place
from reprise.domain.job import Job, Stage, State
from reprise.domain.request import Visit
from reprise.errors import ConflictError, FetchError, ForbiddenAddressError
from reprise.memory import MemoryCallbackRecords, MemoryClock, MemoryJobs, MemoryQueue
from reprise.net.post import MOST_SECONDS
from reprise.usecases.call_back import CallBack, CalledBack, Told, body_of

from tests.factories import NOW, a_running_job

JOB = "a" * 32
URL = "https://client.example/hook?token=hush"
LATER: dict[str, dict[str, Any]] = {
    "text": {"stage": Stage.TEXT},
    "first": {"stage": Stage.FIRST, "first_announced": True},
    "complete": {"stage": Stage.COMPLETE, "first_announced": True, "state": State.SUCCEEDED},
}
"""What a job has come to when a client should have heard so much."""

OK, BUSY, DEAD = Posted(200), Posted(503), FetchError("client.example: ConnectTimeout")
Given = Posted | Exception


class Parrot:
    """A dialect that says the notice and the job's state."""

    def callbacks(self, job: Job, link: AudioLink) -> tuple[Callback, ...]:
        return tuple(Callback(notice, {"notice": notice, "état": job.state}) for notice in notices(job))


@dataclass
class Client:
    """Answers what it is told, in turn; the last answer stays. `meanwhile` happens once, during the next POST."""

    answers: list[Given] = field(default_factory=lambda: [OK])
    posts: list[tuple[str, bytes]] = field(default_factory=list)
    meanwhile: Callable[[], object] | None = None

    def post(self, url: str, body: bytes, headers: object) -> Posted:
        self.posts.append((url, body))
        happens, self.meanwhile = self.meanwhile, None
        if happens:
            happens()
        given = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(given, Exception):
            raise given
        return given

    @property
    def heard(self) -> list[str]:
        return [json.loads(body)["notice"] for _, body in self.posts]


def refuses(*_: object) -> None:
    raise ConflictError("another was first")


class Bench:
    """The use case on memory adapters, with one job that a parrot's client ordered."""

    def __init__(self, stage: str = "", *answers: Given, url: str | None = URL, dialect: str = "parrot") -> None:
        job = a_running_job(visit=Visit(dialect, url))
        self.jobs = MemoryJobs(jobs={JOB: job})
        self.deliveries = MemoryCallbackRecords(self.jobs)
        self.client = Client(list(answers) or [OK])
        self.queue, self.clock = MemoryQueue(), MemoryClock(NOW)
        self.deliver = CallBack(
            self.jobs,
            self.deliveries,
            {"parrot": Parrot()}.get,
            self.client,
            lambda job, track: "https://covers.example/1.mp3",
            self.queue,
            self.clock,
            lambda: 0.0,
        )
        if stage:
            self.comes_to(stage)

    def comes_to(self, stage: str) -> None:
        self.jobs.jobs[JOB] = replace(self.jobs.jobs[JOB], **LATER[stage])

    def __call__(self) -> CalledBack:
        return self.deliver(JOB)

    def wait(self) -> CalledBack:
        """The message that was sent last comes when its delay is over; what waits longer than one can, the poller."""
        if self.queue.messages:
            message, delay = self.queue.messages.pop()
            self.clock.sleep(delay)
            return self.deliver(message["job"])
        assert self.record.waiting
        self.clock.at = max(self.clock.at, self.record.wait_until)
        return self.deliver(JOB)

    @property
    def heard(self) -> list[str]:
        return self.client.heard

    @property
    def record(self) -> CallbackRecord:
        known = self.deliveries.load(JOB)
        assert known
        return known

    @property
    def delays(self) -> list[int]:
        return [delay for _, delay in self.queue.messages]


# In order


def test_a_notice_is_posted_once_to_the_clients_own_url() -> None:
    bench = Bench("text")
    assert bench() == CalledBack((Told("text", 200),), None, "parrot")
    assert bench() == CalledBack((), None, None)
    assert [url for url, _ in bench.client.posts] == [URL]
    assert bench.queue.messages == []


def test_the_body_is_compact_json_in_utf_8() -> None:
    bench = Bench("text")
    bench()
    assert bench.client.posts[0][1] == '{"notice":"text","état":"running"}'.encode()
    assert body_of([1, {"a": "ß"}]) == '[1,{"a":"ß"}]'.encode()


def test_each_stage_is_told_as_it_comes() -> None:
    bench = Bench()
    for stage in LATER:
        bench.comes_to(stage)
        bench()
    assert bench.heard == ["text", "first", "complete"]


def test_stages_that_come_about_at_once_are_told_one_after_the_other() -> None:
    bench = Bench("complete")
    assert [told.notice for told in bench().told] == ["text", "first", "complete"]
    assert bench.record.done == ("text", "first", "complete")


def test_what_comes_about_during_a_post_is_told_after_it() -> None:
    bench = Bench("text")
    bench.client.meanwhile = lambda: bench.comes_to("complete")
    bench()
    assert bench.heard == ["text", "first", "complete"]
    assert json.loads(bench.client.posts[1][1])["état"] == "succeeded"


def test_a_failure_is_told_also_where_nothing_came_before_it() -> None:
    bench = Bench()
    bench.jobs.jobs[JOB] = replace(bench.jobs.jobs[JOB], state=State.FAILED)
    bench()
    assert bench.heard == ["error"]


@pytest.mark.parametrize(
    ("done", "due", "next_one"),
    [
        ((), (), 0),
        ((), ("text", "first"), 0),
        (("text",), ("text", "first"), 1),
        (("text", "first"), ("text", "first"), 2),
        (("text",), ("error",), 0),
        (("first",), ("text", "first", "complete"), 2),
        (("text", "first"), ("text",), 1),
    ],
)
def test_the_next_notice_comes_after_all_that_are_over(
    done: tuple[str, ...], due: tuple[str, ...], next_one: int
) -> None:
    assert place(CallbackRecord(JOB, NOW, done), due) == next_one


# Two messages at once


def test_of_two_messages_at_once_one_posts_and_the_other_comes_again() -> None:
    bench = Bench("complete")
    inner: list[CalledBack] = []
    bench.client.meanwhile = lambda: inner.append(bench())
    bench()
    assert bench.heard == ["text", "first", "complete"]
    assert inner == [CalledBack((), 30, "parrot")]
    assert bench.wait() == CalledBack()


def test_a_message_that_loses_the_race_for_the_record_posts_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    bench = Bench("text")
    load = bench.deliveries.load
    stale = load(JOB)
    bench()
    bench.comes_to("first")
    monkeypatch.setattr(MemoryCallbackRecords, "load", lambda *_: stale)
    monkeypatch.setattr(MemoryCallbackRecords, "save", refuses)
    assert bench() == CalledBack((), 5, "parrot")
    monkeypatch.undo()
    assert bench.heard == ["text"]
    bench.wait()
    assert bench.heard == ["text", "first"]


def test_one_that_was_held_up_beyond_its_claim_tells_nothing_out_of_order() -> None:
    """Frozen in the middle of a POST: another takes over, and what the first one knows is out of date."""
    bench = Bench("text")

    def frozen() -> None:
        bench.clock.sleep(31)
        bench.comes_to("first")
        bench()

    bench.client.meanwhile = frozen
    assert bench() == CalledBack((Told("text", 200),), 5, "parrot")
    assert bench.heard == ["text", "text", "first"]
    assert bench.wait() == CalledBack()


# At least once


def test_a_crash_after_the_post_sends_it_twice_and_loses_nothing() -> None:
    bench = Bench("text", RuntimeError("killed"), OK)
    with pytest.raises(RuntimeError, match="killed"):
        bench()
    assert bench().again == 30
    assert bench.heard == ["text"]
    bench.wait()
    assert bench.heard == ["text", "text"]
    assert bench.record.done == ("text",)


def test_a_crash_between_the_record_of_a_failure_and_its_message_loses_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    bench = Bench("text", BUSY, OK)
    monkeypatch.setattr(bench.queue, "messages", None)
    with pytest.raises(AttributeError):
        bench()
    monkeypatch.undo()
    assert bench() == CalledBack((), 5, "parrot")
    bench.wait()
    assert bench.record.done == ("text",)


# Refused


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (Posted(500), Told("text", 500)),
        (Posted(301), Told("text", 301)),
        (Posted(404), Told("text", 404)),
        (Posted(199), Told("text", 199)),
        (DEAD, Told("text", None, "client.example: ConnectTimeout")),
        (
            ForbiddenAddressError("the link points to a private address"),
            Told("text", None, "the link points to a private address"),
        ),
    ],
)
def test_whatever_is_no_2xx_is_tried_again(given: Given, told: Told) -> None:
    bench = Bench("text", given, Posted(204))
    assert bench() == CalledBack((told,), 5, "parrot")
    assert bench.wait().told == (Told("text", 204),)
    assert bench.record.done == ("text",)


def test_the_pauses_of_the_end_grow_and_end_after_three_days() -> None:
    bench = Bench("complete", OK, OK, BUSY)
    pauses = [bench().again, *(bench.wait().again for _ in range(MOST_TRIES - 1))]
    assert pauses == [5, 60, 300, 1800, 7200, 18000, 36000, 50400, 72000, 86400, None]
    assert (len(bench.heard), bench.queue.messages, bench.record.waiting) == (13, [], False)
    assert [one.number for one in bench.record.attempts] == list(range(1, 14))
    assert (bench.record.done, bench.record.gave_up) == (("text", "first", "complete"), ("complete",))


def test_a_stage_before_the_end_is_given_up_after_three_retries_as_vendors_do() -> None:
    bench = Bench("text", BUSY)
    pauses = [bench().again, *(bench.wait().again for _ in range(MOST_EARLY_TRIES - 1))]
    assert pauses == [5, 60, 300, None]
    assert (bench.record.done, bench.record.gave_up) == (("text",), ("text",))


@pytest.mark.parametrize(
    ("asked", "waited"), [(None, 10), (0, 10), (3, 10), (120, 120), (86_400, 86_400), (86_401, 86_400)]
)
def test_a_client_may_ask_for_up_to_a_day_more(asked: int | None, waited: int) -> None:
    bench = Bench("text", Posted(429, asked))
    assert bench().again == waited


def test_the_client_is_given_its_time_also_when_the_next_event_comes() -> None:
    bench = Bench("text", Posted(429, 600), OK)
    bench()
    bench.clock.sleep(100.5)
    bench.comes_to("first")
    assert bench() == CalledBack((), 500, "parrot")
    assert bench.heard == ["text"]
    bench.wait()
    assert bench.heard == ["text", "text", "first"]
    assert bench.wait() == CalledBack()


def test_after_a_success_the_next_notice_has_all_its_tries() -> None:
    bench = Bench("first", *[BUSY] * 3, OK, BUSY)
    bench()
    for _ in range(3):
        bench.wait()
    assert (bench.heard, bench.record.tries) == (["text"] * 4 + ["first"], 1)
    assert bench.delays == [5]


def test_a_stage_that_was_given_up_is_skipped_and_the_next_is_told() -> None:
    bench = Bench("text", *[DEAD] * MOST_EARLY_TRIES, OK)
    bench()
    for _ in range(MOST_EARLY_TRIES - 1):
        bench.wait()
    assert bench() == CalledBack()
    bench.comes_to("complete")
    bench()
    assert bench.heard == ["text"] * MOST_EARLY_TRIES + ["first", "complete"]
    assert (bench.record.done, bench.record.gave_up) == (("text", "first", "complete"), ("text",))


def test_a_stage_that_is_due_already_does_not_wait_when_the_one_before_is_given_up() -> None:
    bench = Bench("first", Posted(GONE), OK)
    assert bench() == CalledBack((Told("text", 410), Told("first", 200)), None, "parrot")


def test_gone_gives_up_at_once() -> None:
    bench = Bench("complete", Posted(GONE))
    bench()
    assert bench.heard == ["text", "first", "complete"]
    assert (bench.record.gave_up, bench.queue.messages) == (("text", "first", "complete"), [])


# Nothing to do


@pytest.mark.parametrize(
    ("stage", "visit"),
    [
        ("text", {"url": None}),
        ("text", {"url": ""}),
        ("text", {"dialect": "klingon"}),
        ("", {}),
    ],
    ids=["no callback URL", "an empty one", "an unknown dialect", "nothing due yet"],
)
def test_where_nobody_waits_or_nothing_is_due_nothing_happens(stage: str, visit: dict[str, Any]) -> None:
    bench = Bench(stage, **visit)
    assert bench() == CalledBack()
    assert (bench.client.posts, bench.queue.messages, bench.deliveries.records) == ([], [], {})


def test_a_job_that_was_asked_for_in_our_own_words_is_not_told() -> None:
    bench = Bench()
    bench.jobs.jobs[JOB] = replace(a_running_job(), stage=Stage.TEXT)
    assert bench() == CalledBack()


def test_a_deleted_job_is_not_told() -> None:
    bench = Bench("text", BUSY)
    bench()
    bench.jobs.delete(JOB)
    assert bench.wait() == CalledBack()
    assert (bench.heard, bench.queue.messages, bench.deliveries.records) == (["text"], [], {})


def test_a_job_deleted_during_a_post_leaves_no_record() -> None:
    bench = Bench("complete")
    bench.client.meanwhile = lambda: bench.jobs.delete(JOB)
    assert bench() == CalledBack((Told("text", 200),), 5, "parrot")
    assert bench.wait() == CalledBack()
    assert (bench.heard, bench.deliveries.records) == (["text"], {})


def test_a_claim_is_longer_than_a_post_can_take() -> None:
    assert timedelta(seconds=MOST_SECONDS) < CLAIM
