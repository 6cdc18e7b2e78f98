"""What AI/ML API's clients are answered, at every stage and for every failure. They are never called back."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reprise import errors
from reprise.dialects import DIALECTS
from reprise.dialects.aimlapi import AimlApiDialect
from reprise.dialects.dialect import Knock, Reply, VoiceQuery
from reprise.domain.job import ErrorClass, Job, OwnReason, Stage
from reprise.domain.key import Scope
from reprise.domain.violation import Violation
from reprise.ports import Voices
from reprise.providers.aimlapi import AimlApi
from reprise.providers.client import Answer, VendorSettings

from tests.contract.dialects.stages import JOB, failed, knock, link, said, stages
from tests.contract.vendors.samples import ScriptedHttp
from tests.factories import SPENT

NOW = datetime(2026, 11, 20, 18, 40, 0, 412_000, UTC)
REQUEST_ID = "5f0b7c1e-3a52-4f77-9a10-6b1d0e4cf211"
DIALECT = AimlApiDialect(now=lambda: NOW, new_id=lambda: REQUEST_ID)
PATH = "/v2/generate/audio"
GENERATION = "fDB0uO0pZaHeGlQQTIjFA"
HEADERS = {"x-inference-id": GENERATION}
LIFE = stages(DIALECT.parse(knock("aimlapi", "submit"), "owner").request)


def envelope(status: int, message: str, path: str = PATH) -> dict[str, Any]:
    return {
        "requestId": REQUEST_ID,
        "statusCode": status,
        "timestamp": "2026-11-20T18:40:00.412Z",
        "path": path,
        "message": message,
    }


ACCEPTED = Reply(200, said("aimlapi", "submit.answer"), HEADERS)


@pytest.mark.parametrize("stage", ["queued", "running", "complete", "canceled"])
def test_a_submit_is_answered_with_the_generation(stage: str) -> None:
    assert DIALECT.accepted(LIFE[stage]) == ACCEPTED


def test_the_generation_leads_back_to_its_job() -> None:
    event = knock("aimlapi", "status")
    assert event.path in DIALECT.statuses
    assert DIALECT.job_id(event.query) == JOB


@pytest.mark.parametrize("query", [{}, {"generation_id": ""}, {"generation_id": " "}, {"id": GENERATION}])
def test_a_status_without_a_generation_is_refused(query: dict[str, str]) -> None:
    with pytest.raises(errors.InvalidError) as caught:
        DIALECT.job_id(query)
    refusal = DIALECT.refusal(caught.value, Knock("GET", PATH))
    assert refusal == Reply(400, envelope(400, "generation_id is required"))


@pytest.mark.parametrize("generation", [JOB, GENERATION[:-1], GENERATION + "A", "60ac7c34:minimax/music-cover"])
def test_a_generation_that_is_none_of_ours_is_not_found(generation: str) -> None:
    with pytest.raises(errors.NotFoundError) as caught:
        DIALECT.job_id({"generation_id": generation})
    assert DIALECT.refusal(caught.value, Knock("GET", PATH)) == Reply(404, envelope(404, "no such generation"))


STATUSES = {
    "queued": "status-queued",
    "running": "status-generating",
    "text": "status-generating",
    "copying": "status-generating",
    "first": "status-generating",
    "archiving": "status-generating",
    "complete": "status",
    "error": "status-error",
}


@pytest.mark.parametrize(("stage", "answer"), STATUSES.items())
def test_a_status_at_every_stage(stage: str, answer: str) -> None:
    assert DIALECT.status(LIFE[stage], link) == Reply(200, said("aimlapi", f"{answer}.answer"), HEADERS)


def test_where_a_track_was_lost_the_other_is_the_file() -> None:
    url = f"https://covers.example/{JOB}/2.mp3"
    assert DIALECT.status(LIFE["halved"], link).body["audio_file"] == {"url": url}


def test_a_canceled_job_has_failed() -> None:
    body = DIALECT.status(LIFE["canceled"], link).body
    assert body["error"] == {"name": "GenerationError", "message": "the generation was canceled"}


@pytest.mark.parametrize("stage", LIFE)
def test_nobody_is_ever_called_back(stage: str) -> None:
    assert DIALECT.callbacks(LIFE[stage], link) == ()


def python_loop(replies: Iterator[Reply]) -> Any:
    """The page's Python sample: whatever is not pending is the end, error bodies included."""
    for reply in replies:
        if reply.body.get("status") not in ["queued", "generating"]:
            return reply.body
    return None


def javascript_loop(replies: Iterator[Reply]) -> Any:
    """The page's JavaScript sample: it gives up on the first answer that is not OK."""
    for reply in replies:
        if not 200 <= reply.status < 300:
            return None
        if reply.body["status"] not in ["generating", "queued"]:
            return reply.body
    return None


LIVED = ["queued", "running", "text", "copying", "first", "archiving", "complete"]


@pytest.mark.parametrize("loop", [python_loop, javascript_loop])
def test_the_pages_loops_end_with_the_song(loop: Any) -> None:
    generation = DIALECT.accepted(LIFE["queued"]).body["id"]
    assert DIALECT.job_id({"generation_id": generation}) == JOB
    result = loop(DIALECT.status(LIFE[stage], link) for stage in LIVED)
    assert (result["status"], result["audio_file"]["url"]) == ("completed", f"https://covers.example/{JOB}/1.mp3")


@pytest.mark.parametrize("loop", [python_loop, javascript_loop])
@pytest.mark.parametrize("reason", [*ErrorClass, *OwnReason])
def test_the_pages_loops_end_with_a_reason_whatever_failed(loop: Any, reason: str) -> None:
    result = loop(DIALECT.status(job, link) for job in (LIFE["queued"], LIFE["running"], failed(reason)))
    assert result["status"] == "error"
    assert result["error"]["message"]


SEEN = {"queued": None, "running": None, "first": None, "complete": Stage.COMPLETE, "halved": Stage.COMPLETE}


@pytest.mark.parametrize(("stage", "seen"), SEEN.items())
def test_our_own_adapter_reads_our_answers(stage: str, seen: Stage | None) -> None:
    reply = DIALECT.status(LIFE[stage], link)
    adapter = AimlApi(VendorSettings("key"), ScriptedHttp(Answer(reply.status, json.dumps(reply.body).encode())))
    assert getattr(adapter.poll(GENERATION, 1), "stage", None) is seen


WORDS = "words of a provider"
FAILURES: dict[str, tuple[Reply, str]] = {
    "fix-request": (Reply(400, envelope(400, WORDS)), WORDS),
    "content-refused": (Reply(400, envelope(400, WORDS)), WORDS),
    "source-unfetchable": (Reply(400, envelope(400, WORDS)), WORDS),
    "no-credit": (Reply(403, envelope(403, "you have run out of credits")), "you have run out of credits"),
    "rate-limited": (Reply(429, envelope(429, WORDS), {"retry-after": "2"}), WORDS),
    "retry-later": (Reply(503, envelope(503, WORDS)), WORDS),
    "auth": (Reply(500, envelope(500, "internal error")), "internal error"),
    "ambiguous": (ACCEPTED, WORDS),
    "submit-unknown": (ACCEPTED, WORDS),
    "deadline": (ACCEPTED, WORDS),
    "audio-unavailable": (ACCEPTED, WORDS),
    "budget-spent": (ACCEPTED, WORDS),
    "a reason of tomorrow": (ACCEPTED, WORDS),
}
"""Reason -> the submit's answer, and the message in the status."""


def test_every_class_of_error_is_in_the_table() -> None:
    assert {*ErrorClass, *OwnReason} <= set(FAILURES)


@pytest.mark.parametrize(("reason", "expected"), FAILURES.items())
def test_a_failure_is_told_in_both_places(reason: str, expected: tuple[Reply, str]) -> None:
    job, (reply, words) = failed(reason, WORDS), expected
    error = {"name": "GenerationError", "message": words}
    body = {"id": GENERATION, "status": "error", "audio_file": None, "error": error}
    assert DIALECT.accepted(job) == reply
    assert DIALECT.status(job, link) == Reply(200, body, HEADERS)


@pytest.mark.parametrize("reason", FAILURES)
def test_a_generation_that_a_provider_took_is_never_answered_so_that_it_is_sent_again(reason: str) -> None:
    assert DIALECT.accepted(failed(reason, task_id="task-1")) == ACCEPTED


def test_a_failure_tells_no_secrets() -> None:
    job = failed("fix-request", "could not fetch https://inbox.example/1?X-Amz-Signature=5ec4e7")
    assert "5ec4e7" not in str(DIALECT.accepted(job).body) + str(DIALECT.status(job, link).body)


LYRICS = Violation("lyrics", "too-long", "3001 characters, at most 3000", 3001, 3000)
REFUSALS: list[tuple[Exception, int, str]] = [
    (errors.MalformedError("the body must be a JSON object"), 400, "the body must be a JSON object"),
    (errors.InvalidError(LYRICS), 400, "lyrics: 3001 characters, at most 3000"),
    (errors.InvalidError(Violation("source.url", "not-audio", "a page")), 400, "reference_audio_url: a page"),
    (errors.UnauthenticatedError("the API key is missing"), 401, "the API key is missing"),
    (SPENT, 403, "you have run out of credits"),
    (errors.ForbiddenError(Scope.SUBMIT), 403, "this takes an API key with the scope submit"),
    (errors.TooManyRequestsError(9), 429, "the key has had its requests of this minute; come again in 9 s"),
    (errors.NotFoundError("no such cover"), 404, "no such cover"),
    (errors.GoneError("deleted"), 404, "deleted"),
    (errors.NotAllowedError("not now"), 400, "not now"),
    (errors.TooLargeError("at most 1 byte"), 413, "at most 1 byte"),
    (errors.KeyReusedError("another body"), 400, "another body"),
    (errors.StillRunningError("still running"), 429, "still running"),
    (errors.ConflictError("lost a race"), 429, "lost a race"),
    (errors.UnrecordedError("task-1"), 500, "internal error"),
    (errors.ForgedCallbackError("token"), 500, "internal error"),
    (errors.FetchError("dead"), 500, "internal error"),
    (errors.ConfigurationError("no key in /reprise/kie"), 500, "internal error"),
    (KeyError("secret"), 500, "internal error"),
]


@pytest.mark.parametrize(("error", "status", "words"), REFUSALS)
def test_every_error_has_the_vendors_envelope(error: Exception, status: int, words: str) -> None:
    reply = DIALECT.refusal(error, Knock("GET", "/v2/billing"))
    assert (reply.status, reply.body) == (status, envelope(status, words, "/v2/billing"))
    wait = "9" if isinstance(error, errors.TooManyRequestsError) else "2"
    assert reply.headers.get("retry-after") == (wait if status == 429 else None)


def test_error_bodies_are_stamped_with_the_time_and_an_id_of_their_own() -> None:
    one, other = (DIALECTS["aimlapi"].refusal(KeyError(), Knock("GET", PATH)).body for _ in "ab")
    assert UUID(one["requestId"]) != UUID(other["requestId"])
    assert datetime.fromisoformat(one["timestamp"]).tzinfo


BALANCES = [(12.5, 12.5), (0.0, 0.0), (None, 1_000_000), (float("inf"), 1_000_000)]


@pytest.mark.parametrize(("amount", "usd"), BALANCES)
def test_a_balance_never_stops_who_could_be_served(amount: float | None, usd: float) -> None:
    assert DIALECT.balance(amount) == Reply(200, {"current_balance": usd, "currency": "USD"})


def test_a_golden_balance() -> None:
    assert knock("aimlapi", "balance").path in DIALECT.balances
    assert DIALECT.balance(12.5) == Reply(200, said("aimlapi", "balance.answer"))


@pytest.mark.parametrize(
    ("header", "key"), [("Bearer rk_1", "rk_1"), ("bearer  rk_1\n", "rk_1"), ("rk_1", ""), ("", "")]
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
    job: Job = failed(reason, message)
    assert DIALECT.accepted(job).body
    assert DIALECT.status(job, link).body["status"] == "error"
