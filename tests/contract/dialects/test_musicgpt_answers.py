"""What MusicGPT's clients are answered: to a submit, to a question, by a callback, and when something is wrong."""

from dataclasses import replace
from typing import Any

import pytest
from reprise import errors
from reprise.dialects.dialect import Knock, Notice, VoiceQuery
from reprise.domain.audio import WAV
from reprise.domain.job import ErrorClass, Failure, Job, OwnReason, Stage, State, TrackState
from reprise.domain.key import Scope
from reprise.domain.violation import Violation
from reprise.ports import Voice, Voices

from tests.contract.dialects.musicgpt import (
    BY_ID,
    CONVERSION,
    JOB,
    MUSICGPT,
    OWNER,
    SUBMIT,
    TASK,
    a_job,
    a_track,
    done,
    failed,
    golden_knock,
    link,
    sent,
)
from tests.factories import SPENT
from tests.golden import golden

VOICES = Voices(
    (Voice("9c1d2e30-5a4b-4c6d-8e7f-0a1b2c3d4e5f", "Velvet Alto"), Voice("velvet-alto", "Velvet Alto (slug)")), total=2
)
LOST_VOICE = failed(ErrorClass.CONTENT_REFUSED, "this voice is not there any more")


NOT_KNOWN = "nobody can tell whether the conversion was begun; it was not sent again, so that nothing is paid twice"


def answered(name: str) -> dict[str, Any]:
    return golden(f"dialects/musicgpt/{name}.answer")


def asked(**query: str) -> str:
    return MUSICGPT.job_id(query)


def told(job: Job) -> list[Notice]:
    return [one.notice for one in MUSICGPT.callbacks(job, link)]


# --- the golden calls --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["submit", "submit-curl", "submit-file", "submit-json"])
def test_a_submit_is_answered_with_both_ids(name: str) -> None:
    request = MUSICGPT.parse(golden_knock(name), OWNER).request
    reply = MUSICGPT.accepted(replace(a_job(State.SUBMITTING), request=request))
    assert {"status": reply.status, "body": reply.body} == answered(name)


def test_a_submit_without_a_song_is_told_all_that_is_wrong() -> None:
    knock = golden_knock("submit-empty")
    with pytest.raises(errors.InvalidError) as caught:
        MUSICGPT.parse(knock, OWNER)
    reply = MUSICGPT.refusal(caught.value, knock)
    assert {"status": reply.status, "body": reply.body} == answered("submit-empty")


@pytest.mark.parametrize("name", ["status", "status-conversion"])
def test_a_finished_cover_is_told_by_either_id(name: str) -> None:
    assert MUSICGPT.job_id(golden_knock(name).query) == JOB
    reply = MUSICGPT.status(done(), link)
    assert {"status": reply.status, "body": reply.body} == answered(name)


def test_a_status_without_the_kind_of_conversion_is_refused_in_the_words_of_byid() -> None:
    knock = golden_knock("status-bare")
    with pytest.raises(errors.InvalidError) as caught:
        MUSICGPT.job_id(knock.query)
    reply = MUSICGPT.refusal(caught.value, knock)
    assert {"status": reply.status, "body": reply.body} == answered("status-bare")


@pytest.mark.parametrize(
    ("name", "query"), [("voices", VoiceQuery(None, 2, 0)), ("voices-search", VoiceQuery("velvet alto", 20, 0))]
)
def test_voices_are_listed_and_searched(name: str, query: VoiceQuery) -> None:
    assert MUSICGPT.voice_query(golden_knock(name).query) == query
    reply = MUSICGPT.voices(VOICES, query)
    assert {"status": reply.status, "body": reply.body} == answered(name)


@pytest.mark.parametrize(("name", "job"), [("complete", done()), ("error", LOST_VOICE)])
def test_the_one_callback_comes_at_the_end(name: str, job: Job) -> None:
    (callback,) = MUSICGPT.callbacks(job, link)
    assert (callback.notice, callback.body) == (name, golden(f"dialects/musicgpt/{name}.callback"))


# --- submits -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", [State.QUEUED, State.SUBMITTING, State.RUNNING, State.ARCHIVING, State.SUCCEEDED])
def test_the_sdks_find_all_that_they_insist_on(state: State) -> None:
    body = MUSICGPT.accepted(a_job(state)).body
    assert body["success"] is True
    assert isinstance(body["message"], str)
    assert body["task_id"] != body["conversion_id"]
    assert type(body["eta"]) is int
    assert type(body["credit_estimate"]) is float
    assert "conversion_type" not in body


@pytest.mark.parametrize(
    ("reason", "status"),
    [
        (ErrorClass.SOURCE_UNFETCHABLE, 400),
        (ErrorClass.NO_CREDIT, 402),
        (ErrorClass.FIX_REQUEST, 422),
        (ErrorClass.CONTENT_REFUSED, 422),
        (ErrorClass.RATE_LIMITED, 429),
        (ErrorClass.AUTH, 500),
        (ErrorClass.RETRY_LATER, 500),
        (ErrorClass.AMBIGUOUS, 500),
        ("deadline", 500),
        ("submit-unknown", 500),
        ("audio-unavailable", 500),
        ("budget-spent", 500),
        ("some-day-another", 500),
    ],
)
def test_a_job_that_failed_at_once_is_an_error(reason: str, status: int) -> None:
    words = "of the provider, about https://gw.example/callbacks/musicgpt/1/2/s3cret"
    reply = MUSICGPT.accepted(failed(reason, words))
    assert reply.status == status
    assert reply.body.keys() == {"success", "error"}
    assert reply.body["success"] is False
    assert ("of the provider" in reply.body["error"]) == (status < 500)
    assert "s3cret" not in reply.body["error"]


def test_every_class_of_error_has_its_case() -> None:
    replies = {MUSICGPT.accepted(failed(kind)).status for kind in ErrorClass}
    assert replies == {400, 402, 422, 429, 500}


# --- the status --------------------------------------------------------------------------------------------------


def test_an_id_is_read_in_capitals_and_its_conversion_type_in_any_case() -> None:
    assert asked(conversionType="COVER", task_id=TASK) == JOB
    assert asked(conversionType="cover", task_id=TASK.upper()) == JOB
    assert asked(conversionType="Cover", conversion_id=CONVERSION, task_id="") == JOB


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"task_id": TASK},
        {"conversionType": "", "task_id": TASK},
        {"conversionType": "VOICE_CONVERSION", "task_id": TASK},
        {"conversionType": "no such", "task_id": TASK},
        {"conversionType": "COVER"},
        {"conversionType": "COVER", "task_id": TASK, "conversion_id": CONVERSION},
    ],
)
def test_one_id_and_the_kind_of_conversion_are_wanted(query: dict[str, str]) -> None:
    with pytest.raises(errors.InvalidError) as caught:
        MUSICGPT.job_id(query)
    reply = MUSICGPT.refusal(caught.value, Knock("GET", BY_ID, query))
    assert reply.status == 400
    assert reply.body.keys() == {"success", "message"}


@pytest.mark.parametrize(
    "query",
    [{"task_id": "7"}, {"task_id": CONVERSION}, {"conversion_id": TASK}, {"task_id": f"{TASK},{TASK}"},
     {"task_id": JOB}],
)  # fmt: skip
def test_what_is_no_id_of_ours_is_not_found(query: dict[str, str]) -> None:
    with pytest.raises(errors.NotFoundError):
        MUSICGPT.job_id({"conversionType": "COVER", **query})


@pytest.mark.parametrize(
    ("job", "status", "words"),
    [
        (a_job(State.QUEUED), "IN_QUEUE", ""),
        (a_job(State.SUBMITTING), "IN_QUEUE", ""),
        (a_job(State.RUNNING), "IN_PROGRESS", ""),
        (a_job(State.ARCHIVING, stage=Stage.COMPLETE, tracks=(a_track(),)), "IN_PROGRESS", ""),
        (a_job(State.CANCELED), "FAILED", "the conversion was canceled"),
        (LOST_VOICE, "FAILED", "this voice is not there any more"),
        (failed("deadline", "kie was not done"), "FAILED", "the conversion was not done in time"),
        (failed(ErrorClass.RETRY_LATER, "no GPU was free"), "FAILED", "no GPU was free"),
        (failed(ErrorClass.RETRY_LATER, ""), "FAILED", "internal error"),
        (failed(ErrorClass.NO_CREDIT, "code 402"), "FAILED", "not enough credits: code 402"),
        (failed(ErrorClass.NO_CREDIT, ""), "FAILED", "not enough credits"),
        (failed("submit-unknown", "kie did not say"), "FAILED", NOT_KNOWN),
        (failed("budget-spent", "kie did not say"), "FAILED", NOT_KNOWN),
        (failed(ErrorClass.AUTH, "the key was not accepted"), "FAILED", "internal error"),
    ],
    ids=lambda one: one.state if isinstance(one, Job) else "",
)
def test_every_state_has_a_word_that_the_sdks_know(job: Job, status: str, words: str) -> None:
    conversion = MUSICGPT.status(job, link).body["conversion"]
    assert (conversion["status"], conversion["status_msg"], conversion["audio_url"]) == (status, words, None)


def test_the_keys_are_the_same_at_every_state() -> None:
    keys = {frozenset(MUSICGPT.status(a_job(state), link).body["conversion"]) for state in State}
    assert keys == {frozenset(answered("status")["body"]["conversion"])}


def test_the_first_track_that_can_be_heard_is_the_one() -> None:
    lost = replace(a_track(1), state=TrackState.LOST, file=None)
    job = done(lost, a_track(2), lyrics="[Verse] slow lights")
    conversion = MUSICGPT.status(job, link).body["conversion"]
    assert conversion["audio_url"] == link(job, a_track(2))
    assert conversion["lyrics"] == "[Verse] slow lights"


# --- callbacks ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "job",
    [
        a_job(State.QUEUED),
        a_job(State.SUBMITTING),
        a_job(State.RUNNING, stage=Stage.TEXT),
        a_job(State.RUNNING, stage=Stage.FIRST, tracks=(a_track(),), first_announced=True),
        a_job(State.ARCHIVING, stage=Stage.COMPLETE, tracks=(a_track(),), first_announced=True),
    ],
    ids=["queued", "submitting", "text", "first", "archiving"],
)
def test_nothing_is_called_back_on_the_way(job: Job) -> None:
    assert told(job) == []


@pytest.mark.parametrize("reason", [*ErrorClass, *OwnReason, "another"])
def test_every_failure_is_called_back_once(reason: str) -> None:
    first = failed(reason)
    assert (
        told(first)
        == told(replace(first, stage=Stage.FIRST, tracks=(a_track(),), first_announced=True))
        == [Notice.ERROR]
    )
    (callback,) = MUSICGPT.callbacks(first, link)
    assert (callback.body["success"], callback.body["status"]) == (False, "FAILED")
    assert callback.body["error"]


def test_what_was_canceled_failed_and_so_did_what_says_nothing_of_itself() -> None:
    for job in (
        a_job(State.CANCELED),
        a_job(State.FAILED),
        a_job(State.FAILED, failure=Failure("fix-request", "", False)),
    ):
        (callback,) = MUSICGPT.callbacks(job, link)
        assert callback.body["error"]


def test_a_failure_is_called_back_in_the_providers_words_and_no_secret() -> None:
    words = "no GPU for https://songs.example/1?X-Amz-Signature=5ec4e7"
    (callback,) = MUSICGPT.callbacks(failed(ErrorClass.RETRY_LATER, words), link)
    assert "no GPU" in callback.body["error"]
    assert callback.body["error"] == callback.body["status_msg"]
    assert "5ec4e7" not in callback.body["error"]


def test_without_a_wav_its_key_is_there_and_empty() -> None:
    (callback,) = MUSICGPT.callbacks(done(), link)
    assert callback.body["audio_url_wav"] == ""


def test_a_wav_is_named_as_one_too() -> None:
    (callback,) = MUSICGPT.callbacks(done(a_track(content_type=WAV.content_type)), link)
    assert callback.body["audio_url_wav"] == callback.body["audio_url"]


def test_the_cost_is_a_text_and_the_length_a_number() -> None:
    (callback,) = MUSICGPT.callbacks(done(spent=0.1 + 0.2), link)
    assert (callback.body["conversion_cost"], callback.body["conversion_duration"]) == ("0.3", 231.08)


def test_the_same_is_said_again_the_same_way() -> None:
    later = replace(done(), version=9, updated_at=done().deadline_at)
    assert MUSICGPT.callbacks(done(), link) == MUSICGPT.callbacks(later, link)


# --- voices and balance ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({}, VoiceQuery(None, 20, 0)),
        ({"query": " ", "limit": "", "page": ""}, VoiceQuery(None, 20, 0)),
        ({"query": "Zoë", "limit": "1", "page": "7"}, VoiceQuery("Zoë", 1, 7)),
        ({"limit": "5000"}, VoiceQuery(None, 100, 0)),
    ],
)
def test_pages_count_from_zero_and_have_twenty_voices(query: dict[str, str], found: VoiceQuery) -> None:
    assert MUSICGPT.voice_query(query) == found


@pytest.mark.parametrize(
    "query",
    [{"limit": "0"}, {"limit": "ten"}, {"page": "-1"}, {"page": "1.5"}, {"page": "1" * 5000}, {"query": "x" * 257}],
    ids=lambda query: next(iter(query)),
)
def test_a_page_that_cannot_be_is_refused(query: dict[str, str]) -> None:
    with pytest.raises(errors.InvalidError) as caught:
        MUSICGPT.voice_query(query)
    reply = MUSICGPT.refusal(caught.value, Knock("GET", MUSICGPT.catalogs[0], query))
    assert (reply.status, reply.body.keys()) == (400, {"success", "message"})


def test_no_voices_have_all_five_keys_too() -> None:
    body = MUSICGPT.voices(Voices((), 0), VoiceQuery("nobody", 20, 3)).body
    assert body == {"success": True, "voices": [], "limit": 20, "page": 3, "total": 0}


@pytest.mark.parametrize("amount", [None, 12.5])
def test_there_is_no_balance_to_ask_for(amount: float | None) -> None:
    reply = MUSICGPT.balance(amount)
    assert (reply.status, reply.body["success"]) == (404, False)


# --- errors ------------------------------------------------------------------------------------------------------

BROKEN = errors.InvalidError(Violation("voice", "required", "musicgpt takes no job without it"))
GETS = [(path, "message") for path in (*MUSICGPT.statuses, *MUSICGPT.catalogs)]
CALLERS = (errors.RequestError, errors.TryAgainError)
RAISED = [one for one in vars(errors).values() if isinstance(one, type) and issubclass(one, Exception)]
REFUSALS: list[tuple[Exception, int]] = [
    (errors.MalformedError("the body cannot be read"), 400),
    (BROKEN, 422),
    (errors.UnauthenticatedError("the API key is missing"), 401),
    (SPENT, 402),
    (errors.ForbiddenError(Scope.SUBMIT), 403),
    (errors.TooManyRequestsError(9), 429),
    (errors.NotFoundError("no such conversion"), 404),
    (errors.GoneError("it was deleted"), 404),
    (errors.MethodNotAllowedError("no such method", "GET"), 400),
    (errors.NotAllowedError("not now"), 409),
    (errors.TooLargeError("too much"), 413),
    (errors.KeyReusedError("another body"), 422),
    (errors.StillRunningError("wait"), 409),
    (errors.ConflictError("wait"), 429),
    *((one("secret"), 500) for one in RAISED if not issubclass(one, CALLERS)),
    (RuntimeError("secret"), 500),
]


@pytest.mark.parametrize(("error", "status"), REFUSALS, ids=lambda one: type(one).__name__)
@pytest.mark.parametrize(("path", "key"), [(MUSICGPT.submits[0], "error"), (MUSICGPT.submits[-1], "error"), *GETS])
def test_every_error_has_its_status_and_the_key_of_its_door(error: Exception, status: int, path: str, key: str) -> None:
    reply = MUSICGPT.refusal(error, Knock("POST" if key == "error" else "GET", path))
    expected = 400 if error is BROKEN and key == "message" else status
    assert (reply.status, reply.body.keys(), reply.body["success"]) == (expected, {"success", key}, False)
    assert reply.body[key]
    assert "secret" not in reply.body[key]


def test_every_error_of_ours_was_thought_of() -> None:
    assert {one for one in RAISED if one not in CALLERS} <= {type(error) for error, _ in REFUSALS}


def test_a_rule_of_the_canonical_request_is_named_in_the_clients_words() -> None:
    assert MUSICGPT.refusal(BROKEN, Knock("POST", SUBMIT)).body["error"].startswith("voice_id: ")


def test_a_bad_song_is_named_by_the_field_that_it_came_in() -> None:
    error = errors.InvalidError(Violation("source", "format", "no audio"))
    form = {"voice_id": "Drake"}
    file = sent(data=form, files={"audio_file": ("a.wav", b"text")})
    assert MUSICGPT.refusal(error, file).body["error"] == "audio_file: no audio"
    assert MUSICGPT.refusal(error, sent(data={**form, "audio_url": "https://a.example"})).body["error"] == (
        "audio_url: no audio"
    )


def test_who_should_wait_is_told_how_long() -> None:
    assert MUSICGPT.refusal(errors.ConflictError("wait"), Knock("POST", SUBMIT)).headers == {"Retry-After": "2"}
    assert MUSICGPT.refusal(errors.TooManyRequestsError(9), Knock("GET", SUBMIT)).headers == {"Retry-After": "9"}
    assert MUSICGPT.refusal(BROKEN, Knock("POST", SUBMIT)).headers == {}
