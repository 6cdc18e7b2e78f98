"""What aimusicapi.org's clients are answered and called back with, at every stage and for every failure."""

import json
from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reprise import errors
from reprise.dialects import DIALECTS
from reprise.dialects.dialect import Callback, Knock, Notice, Reply, VoiceQuery
from reprise.domain.facts import Broke
from reprise.domain.job import ErrorClass, Failure, Job, OwnReason, Stage, State
from reprise.domain.key import Scope
from reprise.domain.violation import Violation
from reprise.ports import CallbackMessage, Voices
from reprise.providers.aimusicapi import AiMusicApi
from reprise.providers.client import Answer, VendorSettings

from tests.contract.dialects.stages import JOB, failed, knock, link, posted, said, stages
from tests.contract.vendors.samples import ScriptedHttp
from tests.factories import NOW, SPENT

DIALECT = DIALECTS["aimusicapi"]
REQUEST = DIALECT.parse(knock("aimusicapi", "submit"), "owner").request
LIFE = stages(REQUEST)
TASK = "upcov0waIURtCk3JMyQtrimXEmm"
ANY = posted("/api/v2/upload-cover/generate", {})


def told(job: Job) -> list[str]:
    return [str(one.notice) for one in DIALECT.callbacks(job, link)]


def data(job: Job) -> Any:
    return DIALECT.status(job, link).body["data"]


@pytest.mark.parametrize("stage", ["queued", "running", "text", "first", "complete"])
def test_a_submit_is_answered_with_the_task_twice(stage: str) -> None:
    assert DIALECT.accepted(LIFE[stage]) == Reply(200, said("aimusicapi", "submit.answer"))


def test_the_task_leads_back_to_its_job() -> None:
    event = knock("aimusicapi", "status")
    assert event.path in DIALECT.statuses
    assert DIALECT.job_id(event.query) == JOB


@pytest.mark.parametrize("query", [{}, {"task_id": ""}, {"task_id": "  "}, {"id": TASK}])
def test_a_status_without_a_task_is_refused(query: dict[str, str]) -> None:
    with pytest.raises(errors.InvalidError) as caught:
        DIALECT.job_id(query)
    assert DIALECT.refusal(caught.value, ANY) == Reply(400, {"code": 400, "msg": "task_id is required"})


@pytest.mark.parametrize("task", [JOB, "upcov" + "z" * 22, TASK[:-1]])
def test_a_task_that_is_none_of_ours_is_not_found(task: str) -> None:
    with pytest.raises(errors.NotFoundError) as caught:
        DIALECT.job_id({"task_id": task})
    assert DIALECT.refusal(caught.value, ANY) == Reply(404, {"code": 404, "message": "no such task"})


@pytest.mark.parametrize("path", DIALECT.statuses)
@pytest.mark.parametrize("error", [errors.NotFoundError("no such cover"), errors.GoneError("deleted")], ids=str)
def test_a_task_that_is_not_there_is_told_one_way(path: str, error: Exception) -> None:
    expected = Reply(404, {"code": 404, "message": "no such task"})
    assert DIALECT.refusal(error, Knock("GET", path)) == expected


STATUSES = {
    "queued": "status-running",
    "running": "status-running",
    "text": "status-text",
    "copying": "status-text",
    "first": "status-first",
    "archiving": "status-first",
    "complete": "status",
    "error": "status-error",
}


@pytest.mark.parametrize(("stage", "answer"), STATUSES.items())
def test_a_status_at_every_stage(stage: str, answer: str) -> None:
    assert DIALECT.status(LIFE[stage], link) == Reply(200, said("aimusicapi", f"{answer}.answer"))


CALLBACKS = {
    "queued": [],
    "running": [],
    "text": ["text"],
    "copying": ["text"],
    "first": ["text", "first"],
    "archiving": ["text", "first"],
    "complete": ["text", "first", "complete"],
    "error": ["text", "error"],
}


@pytest.mark.parametrize(("stage", "notices"), CALLBACKS.items())
def test_callbacks_at_every_stage(stage: str, notices: list[str]) -> None:
    assert told(LIFE[stage]) == notices
    for callback in DIALECT.callbacks(LIFE[stage], link):
        assert callback == Callback(callback.notice, said("aimusicapi", f"{callback.notice}.callback"))


ORDER = ["running", "text", "copying", "first", "archiving", "complete"]


@pytest.mark.parametrize(("earlier", "later"), [*pairwise(ORDER)])
def test_what_was_said_is_said_the_same_way_later(earlier: str, later: str) -> None:
    before = DIALECT.callbacks(LIFE[earlier], link)
    assert DIALECT.callbacks(LIFE[later], link)[: len(before)] == before


def test_a_clip_has_one_id_at_all_stages() -> None:
    text, first, complete = DIALECT.callbacks(LIFE["complete"], link)
    ids = [clip["id"] for clip in complete.body]
    assert [clip["id"] for clip in text.body] == [clip["id"] for clip in first.body] == ids
    assert len(set(ids)) == 2


def test_where_a_track_was_lost_the_other_is_the_first_clip() -> None:
    text, first, complete = DIALECT.callbacks(LIFE["halved"], link)
    assert [clip["status"] for clip in first.body] == ["first", "text"]
    assert [clip["audio_url"] for clip in complete.body] == [f"https://covers.example/{JOB}/2.mp3"]
    assert text.body[0]["id"] == first.body[0]["id"] == complete.body[0]["id"]


def test_no_more_clips_are_announced_than_the_provider_makes() -> None:
    lived = {stage: replace(job, leg=replace(job.leg, tracks=1)) for stage, job in LIFE.items()}
    for stage in ("text", "first"):
        assert [len(one.body) for one in DIALECT.callbacks(lived[stage], link)] == [1] * len(told(lived[stage]))
        assert len(data(lived[stage])["response_data"]) == 1


def test_two_jobs_share_no_clip() -> None:
    other = replace(LIFE["text"], id="2" + JOB[1:])
    clips = [*DIALECT.callbacks(LIFE["text"], link)[0].body, *DIALECT.callbacks(other, link)[0].body]
    assert len({clip["id"] for clip in clips}) == 4


def test_words_that_the_provider_wrote_are_told() -> None:
    simple = stages(DIALECT.parse(knock("aimusicapi", "submit-simple"), "owner").request)["complete"]
    assert {clip["prompt"] for clip in data(simple)["response_data"]} == {"[Verse] rust on the swing set"}
    assert {clip["title"] for clip in data(simple)["response_data"]} == {"Take"}


def test_a_canceled_job_has_failed() -> None:
    job = LIFE["canceled"]
    assert data(job)["type"] == "FAILED"
    assert data(job)["response_data"][0]["fail_message"] == "the task was canceled"
    assert told(job) == ["text", "error"]


def test_a_job_that_came_another_way_has_nothing_to_echo() -> None:
    assert data(failed("deadline"))["request_body"] == {}


class Naive:
    """A client that reads as the page tells: it polls while IN_PROGRESS, takes the links of SUCCESS at once, and
    looks for the reason of anything else in both messages."""

    def __init__(self) -> None:
        self.polls = 0
        self.links: list[str] = []
        self.reason = ""

    def poll(self, job: Job) -> bool:
        """True once it is done."""
        self.polls += 1
        body = DIALECT.status(job, link).body
        assert body["code"] == 200
        if body["data"]["type"] == "IN_PROGRESS":
            return False
        rows = body["data"]["response_data"]
        self.links = [row["audio_url"] for row in rows if row["audio_url"]]
        self.reason = next((row["fail_message"] or row["error_message"] for row in rows), "")
        return True


def test_a_clients_loop_ends_with_both_songs() -> None:
    client = Naive()
    lived = [LIFE[stage] for stage in ("queued", "running", "text", "copying", "first", "archiving", "complete")]
    assert [client.poll(job) for job in lived] == [False] * 6 + [True]
    assert client.links == [f"https://covers.example/{JOB}/{number}.mp3" for number in (1, 2)]


@pytest.mark.parametrize("reason", [*ErrorClass, *OwnReason])
def test_a_clients_loop_ends_with_a_reason_whatever_failed(reason: str) -> None:
    client = Naive()
    assert client.poll(failed(reason))
    assert client.links == []
    assert client.reason


SEEN = {
    "queued": None,
    "running": None,
    "text": Stage.TEXT,
    "first": Stage.FIRST,
    "complete": Stage.COMPLETE,
    "halved": Stage.COMPLETE,
}


@pytest.mark.parametrize(("stage", "seen"), SEEN.items())
def test_our_own_adapter_reads_our_answers(stage: str, seen: Stage | None) -> None:
    fact = _adapter(DIALECT.status(LIFE[stage], link)).poll(TASK, 1)
    assert getattr(fact, "stage", None) is seen


def test_our_own_adapter_reads_our_callbacks() -> None:
    callbacks = DIALECT.callbacks(LIFE["complete"], link)
    facts = [_adapter().hear(CallbackMessage(1, json.dumps(one.body).encode()), NOW) for one in callbacks]
    assert [getattr(fact, "stage", None) for fact in facts] == [Stage.TEXT, Stage.FIRST, Stage.COMPLETE]


def test_our_own_adapter_hears_that_content_was_refused() -> None:
    callback = DIALECT.callbacks(LIFE["error"], link)[-1]
    fact = _adapter().hear(CallbackMessage(1, json.dumps(callback.body).encode()), NOW)
    assert isinstance(fact, Broke)
    assert fact.error.kind is ErrorClass.CONTENT_REFUSED


def _adapter(reply: Reply | None = None) -> AiMusicApi:
    answer = Answer(reply.status, json.dumps(reply.body).encode()) if reply else Answer(404, b"")
    return AiMusicApi(VendorSettings("key"), ScriptedHttp(answer))


WORDS = "words of a provider"
NOT_KNOWN = "it is not known whether the task was begun; it was not sent again, so that nothing is paid twice"
FAILURES: dict[str, tuple[Reply, str, str]] = {
    "fix-request": (Reply(400, {"code": 400, "msg": WORDS}), WORDS, ""),
    "content-refused": (Reply(400, {"code": 400, "msg": WORDS}), WORDS, ""),
    "source-unfetchable": (Reply(400, {"code": 400, "msg": WORDS}), WORDS, WORDS),
    "no-credit": (
        Reply(402, {"code": 402, "message": "not enough credits"}),
        "not enough credits",
        "not enough credits",
    ),
    "rate-limited": (Reply(429, {"code": 429, "message": WORDS}), WORDS, WORDS),
    "retry-later": (Reply(503, {"code": 503, "message": WORDS}), WORDS, WORDS),
    "auth": (Reply(500, {"code": 500, "message": "internal error"}), "internal error", "internal error"),
    "ambiguous": (Reply(200, said("aimusicapi", "submit.answer")), NOT_KNOWN, NOT_KNOWN),
    "submit-unknown": (Reply(200, said("aimusicapi", "submit.answer")), NOT_KNOWN, NOT_KNOWN),
    "budget-spent": (Reply(200, said("aimusicapi", "submit.answer")), NOT_KNOWN, NOT_KNOWN),
    "deadline": (Reply(200, said("aimusicapi", "submit.answer")), WORDS, WORDS),
    "audio-unavailable": (Reply(200, said("aimusicapi", "submit.answer")), WORDS, WORDS),
    "a reason of tomorrow": (Reply(200, said("aimusicapi", "submit.answer")), WORDS, WORDS),
}
"""Reason -> the submit's answer, and the two messages in status and callback."""


def test_every_class_of_error_is_in_the_table() -> None:
    assert {*ErrorClass, *OwnReason} <= set(FAILURES)


@pytest.mark.parametrize(("reason", "expected"), FAILURES.items())
def test_a_failure_is_told_in_all_three_places(reason: str, expected: tuple[Reply, str, str]) -> None:
    job, (reply, fail_message, error_message) = failed(reason, WORDS), expected
    row = {"id": "", "audio_url": "", "status": "", "fail_message": fail_message, "error_message": error_message}
    assert DIALECT.accepted(job) == reply
    assert data(job)["type"] == "FAILED"
    assert data(job)["response_data"] == [row]
    assert DIALECT.callbacks(job, link) == (Callback(Notice.ERROR, [row]),)


@pytest.mark.parametrize("reason", FAILURES)
def test_a_task_that_a_provider_took_is_never_answered_so_that_it_is_sent_again(reason: str) -> None:
    assert DIALECT.accepted(failed(reason, task_id="task-1")) == Reply(200, said("aimusicapi", "submit.answer"))


def test_a_failure_tells_no_secrets() -> None:
    words = "could not fetch https://inbox.example/1?X-Amz-Signature=5ec4e7"
    assert "5ec4e7" not in str(DIALECT.accepted(failed("fix-request", words)).body)
    assert "5ec4e7" not in str(data(failed("fix-request", words)))


VIOLATION = Violation("lyrics", "too-long", "3001 characters, at most 3000", 3001, 3000)
REFUSALS: list[tuple[Exception, int, str, str]] = [
    (errors.MalformedError("the body must be a JSON object"), 400, "msg", "the body must be a JSON object"),
    (errors.InvalidError(VIOLATION), 400, "msg", "prompt: 3001 characters, at most 3000"),
    (errors.InvalidError(Violation("source.url", "not-audio", "a web page")), 400, "msg", "upload_url: a web page"),
    (errors.InvalidError(Violation("title", "required", "title is required")), 400, "msg", "title is required"),
    (errors.UnauthenticatedError("the API key is missing"), 401, "message", "the API key is missing"),
    (SPENT, 402, "message", str(SPENT)),
    (errors.ForbiddenError(Scope.SUBMIT), 403, "message", "this takes an API key with the scope submit"),
    (errors.TooManyRequestsError(9), 429, "message", "the key has had its requests of this minute; come again in 9 s"),
    (errors.NotFoundError("no such cover"), 404, "message", "no such cover"),
    (errors.GoneError("deleted"), 404, "message", "deleted"),
    (errors.NotAllowedError("not now"), 400, "msg", "not now"),
    (errors.TooLargeError("at most 1 byte"), 413, "message", "at most 1 byte"),
    (errors.KeyReusedError("another body"), 400, "msg", "another body"),
    (errors.StillRunningError("still running"), 429, "message", "still running"),
    (errors.ConflictError("lost a race"), 429, "message", "lost a race"),
    (errors.UnrecordedError("task-1"), 500, "message", "internal error"),
    (errors.ForgedCallbackError("token"), 500, "message", "internal error"),
    (errors.FetchError("dead"), 500, "message", "internal error"),
    (errors.ConfigurationError("no key in /reprise/kie"), 500, "message", "internal error"),
    (KeyError("secret"), 500, "message", "internal error"),
]


@pytest.mark.parametrize(("error", "code", "key", "words"), REFUSALS)
def test_every_error_has_the_vendors_shape(error: Exception, code: int, key: str, words: str) -> None:
    reply = DIALECT.refusal(error, ANY)
    assert (reply.status, reply.body) == (code, {"code": code, key: words})
    wait = "9" if isinstance(error, errors.TooManyRequestsError) else "2"
    assert reply.headers.get("retry-after") == (wait if code == 429 else None)


def test_several_faults_are_told_at_once() -> None:
    with pytest.raises(errors.InvalidError) as caught:
        DIALECT.parse(ANY, "owner")
    expected = "prompt is required unless make_instrumental is true; model is required; upload_url is required"
    assert DIALECT.refusal(caught.value, ANY).body == {"code": 400, "msg": expected}


BALANCES = [(152.0, 152), (0.0, 0), (0.5, 0.5), (None, 1_000_000), (float("nan"), 1_000_000)]


@pytest.mark.parametrize(("amount", "credits"), BALANCES)
def test_a_balance_never_stops_who_could_be_served(amount: float | None, credits: float) -> None:
    body = {"code": 200, "message": "success", "data": {"credits": credits, "used_credits": 0}}
    assert DIALECT.balance(amount) == Reply(200, body)


def test_a_golden_balance() -> None:
    assert knock("aimusicapi", "balance").path in DIALECT.balances
    assert DIALECT.balance(152.0) == Reply(200, said("aimusicapi", "balance.answer"))


@pytest.mark.parametrize(
    ("header", "key"), [("Bearer rk_1", "rk_1"), ("bearer  rk_1 ", "rk_1"), ("rk_1", ""), ("", "")]
)
def test_the_key_is_a_bearers(header: str, key: str) -> None:
    assert DIALECT.api_key({"authorization": header}) == key


def test_there_are_no_voices() -> None:
    with pytest.raises(errors.NotFoundError):
        DIALECT.voice_query({})
    with pytest.raises(errors.NotFoundError):
        DIALECT.voices(Voices((), 0), VoiceQuery(None, 1, 0))


@given(reason=st.text(max_size=20), message=st.text(max_size=50))
def test_any_failure_can_be_told(reason: str, message: str) -> None:
    job = replace(LIFE["text"], state=State.FAILED, failure=Failure(reason, message, retryable=True))
    DIALECT.accepted(job)
    DIALECT.status(job, link)
    DIALECT.callbacks(job, link)
