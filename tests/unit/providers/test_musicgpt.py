"""MusicGPT's own ways: a raw key, a form, one take in two formats, and failures that a webhook alone does not prove."""

from dataclasses import replace
from typing import Any

import httpx
import pytest
from reprise.domain.advance import begin
from reprise.domain.capabilities import SourceLimits
from reprise.domain.facts import Accepted, Broke, Pending, Progress, Refused, Unknown, Via
from reprise.domain.job import ErrorClass, Rhythm, Stage, State, Take
from reprise.domain.observe import observe
from reprise.ports import CallbackMessage, Voice, VoiceCatalog, Voices
from reprise.providers.client import Answer, NoAnswerError, NotSentError, VendorSettings
from reprise.providers.http_client import HttpxVendor
from reprise.providers.musicgpt import CAPABILITIES, LIMITS, MusicGpt

from tests.contract.vendors.musicgpt import (
    CONVERSION,
    FAILED_GENERIC,
    GENERIC,
    HEAD,
    LONG,
    MP3,
    NEW,
    PAGE,
    SEED,
    WAV,
    flat,
    numbered,
    refusal,
    without,
)
from tests.contract.vendors.samples import CALLBACK, SOURCE, TASK, ScriptedHttp, an_order, says
from tests.factories import NOW, SOON, a_job, a_request

VOICED = a_request(providers=("musicgpt",), voice="velvet-alto", prompt=None)


def buying(answer: Answer | Exception, **settings: Any) -> tuple[MusicGpt, ScriptedHttp]:
    http = ScriptedHttp(answer)
    return MusicGpt(VendorSettings("mgpt-key", **settings), http), http


def bought(answer: Answer | Exception) -> Accepted | Refused | Unknown:
    return buying(answer)[0].submit(an_order(VOICED, "musicgpt"))


def refused(body: Any, status: int = 400) -> Refused:
    fact = bought(says(body, status))
    assert isinstance(fact, Refused)
    return fact


def polled(body: Any, status: int = 200) -> Progress | Pending | Broke:
    return buying(says(body, status))[0].poll(TASK, 1)


def hear(body: Any) -> Progress | None:
    return MusicGpt(VendorSettings(), None).hear(CallbackMessage(1, says(body).body), NOW)


def take_of(fact: object) -> Take:
    assert isinstance(fact, Progress)
    (take,) = fact.takes
    return take


# Calls


def test_the_song_goes_as_a_form_with_the_key_as_it_is() -> None:
    vendor, http = buying(says(LONG))
    vendor.submit(an_order(VOICED, "musicgpt"))
    form = {"audio_url": SOURCE, "voice_id": "velvet-alto", "webhook_url": CALLBACK.format(provider="musicgpt")}
    url = "https://api.musicgpt.com/api/public/v1/Cover"
    assert http.calls == [("POST", url, {"Authorization": "mgpt-key"}, form, None)]


def test_a_status_is_asked_for_by_task_and_kind() -> None:
    vendor, http = buying(says(flat("IN_QUEUE")), base_url="https://api.wav.com/api/public/v1/")
    vendor.poll(TASK, 1)
    query = {"conversionType": "COVER", "task_id": TASK}
    url = "https://api.wav.com/api/public/v1/byId"
    assert http.calls == [("GET", url, {"Authorization": "mgpt-key"}, None, query)]


def test_nobody_tells_a_balance() -> None:
    vendor, http = buying(says({}))
    assert vendor.balance() is None
    assert http.calls == []


# The answer to a submit


@pytest.mark.parametrize(
    ("eta", "meant"),
    [
        (33, 33),
        ("71", 71),
        (1, 1),
        (3600, 3600),
        (3601, None),
        (0, None),
        (-5, None),
        ("-5", None),
        ("soon", None),
        ("", None),
        ("٣٣", None),
        (33.5, None),
        (True, None),
        (None, None),
        ([33], None),
        (10**40, None),
    ],
)
def test_the_vendors_guess_of_the_time_is_taken_where_it_makes_sense(eta: Any, meant: int | None) -> None:
    assert bought(says({**LONG, "eta": eta})) == Accepted(1, TASK, meant)


def test_of_a_key_that_is_there_twice_the_last_counts() -> None:
    twice = Answer(200, b'{"success": false, "task_id": "first", "success": true, "task_id": "last"}')
    assert bought(twice) == Accepted(1, "last")


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({"success": False, "error": "no"}, "no"),
        ({"success": False, "message": "no"}, "no"),
        ({"detail": "no"}, "no"),
        ({"error": None, "message": "", "detail": "no"}, "no"),
        ({"error": "first", "message": "second"}, "first"),
        ({"detail": [{"loc": ["body", "pitch"], "msg": "not an integer"}]}, "pitch: not an integer"),
        ({"detail": [{"loc": ["body", 1], "msg": "a"}, {"msg": "b"}, "c"]}, "a; b; c"),
        ({"detail": [None, 1, [], {}, {"msg": 5}, {"loc": "x", "msg": "a"}]}, "a"),
        ({"detail": {"msg": "no"}}, "no"),
        ({"detail": []}, "HTTP 422"),
        ({"error": 5}, "HTTP 422"),
        ({"error": True}, "HTTP 422"),
        ({}, "HTTP 422"),
        ([], "HTTP 422"),
        (PAGE, "HTTP 422"),
    ],
)
def test_the_words_of_an_error_stand_under_several_names(body: Any, words: str) -> None:
    assert (refused(body, 422).error.code, refused(body, 422).error.message) == ("422", words)


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("The file could not be downloaded from the provided URL.", ErrorClass.SOURCE_UNFETCHABLE),
        ("", ErrorClass.SOURCE_UNFETCHABLE),
        ("Invalid parameter: pitch", ErrorClass.FIX_REQUEST),
        ("malformed request", ErrorClass.FIX_REQUEST),
        ("voice_id is REQUIRED", ErrorClass.FIX_REQUEST),
    ],
)
def test_a_400_is_about_the_source_unless_it_speaks_of_a_parameter(words: str, kind: ErrorClass) -> None:
    assert refused(refusal(words)).error.kind is kind


@pytest.mark.parametrize("status", [200, 202, 400, 401, 402, 403, 404, 422, 429])
def test_a_refusal_that_names_a_task_may_have_been_paid_for(status: int) -> None:
    assert isinstance(bought(says({**refusal("parallel limit reached"), "task_id": TASK}, status)), Unknown)


# One take


@pytest.mark.parametrize(
    ("links", "urls"),
    [
        ({"audio_url": MP3}, (MP3,)),
        ({"audio_url_wav": WAV, "audio_url": MP3}, (MP3, WAV)),
        ({"conversion_path_wav": WAV, "conversion_path": MP3}, (MP3, WAV)),
        ({"conversion_path_wav_1": WAV, "conversion_path_1": MP3}, (MP3, WAV)),
        ({"audio_url": MP3, "conversion_path": MP3}, (MP3,)),
        ({"audio_url": None, "conversion_path": "", "conversion_path_wav_1": WAV}, (WAV,)),
        ({"audio_url": "file:///etc/passwd", "audio_url_wav": WAV}, (WAV,)),
        ({"audio_url": [MP3], "audio_url_wav": WAV}, (WAV,)),
    ],
)
def test_both_formats_are_links_to_the_same_take_the_mp3_first(links: dict[str, Any], urls: tuple[str, ...]) -> None:
    assert take_of(hear(without(SEED, "audio_url", "audio_url_wav", **links))).urls == urls
    assert take_of(polled(flat("COMPLETED", **{"link": None, **links_of_a_record(links)}))).urls == urls


def links_of_a_record(links: dict[str, Any]) -> dict[str, Any]:
    """`flat` has a name of its own for the first."""
    return {"link" if name == "audio_url" else name: value for name, value in links.items()}


@pytest.mark.parametrize("body", [SEED, NEW, GENERIC], ids=["seed", "new", "generic"])
@pytest.mark.parametrize(
    "record",
    [flat("COMPLETED", MP3), flat("COMPLETED", MP3, conversion_id=None), numbered("COMPLETED", MP3)],
    ids=["flat", "flat without an id", "numbered"],
)
def test_the_take_has_one_name_in_every_form(body: dict[str, Any], record: dict[str, Any]) -> None:
    """The generic webhook keeps the conversion's id back; a take under another name would be a second track."""
    assert take_of(hear(body)).id == take_of(polled(record)).id == TASK


def test_a_webhook_that_does_not_name_its_task_is_known_by_the_conversion() -> None:
    fact = hear(without(SEED, "task_id"))
    assert isinstance(fact, Progress)
    assert (fact.task_id, take_of(fact).id) == (None, CONVERSION)
    assert take_of(hear(without(SEED, "task_id", "conversion_id"))).id == ""


def test_a_take_has_what_the_vendor_tells_of_it() -> None:
    fact = polled(flat("COMPLETED", MP3, title="Fog", lyrics="[Verse] fog", conversion_duration=231.08))
    assert fact == Progress(1, Via.POLL, Stage.COMPLETE, TASK, (Take(TASK, (MP3,), "Fog", 231.08),), "[Verse] fog")
    assert take_of(polled(numbered("COMPLETED", MP3))).seconds == 231.08
    assert polled(flat("COMPLETED", MP3)) == Progress(1, Via.POLL, Stage.COMPLETE, TASK, (Take(TASK, (MP3,)),))


@pytest.mark.parametrize("length", [None, "", "long", 0, -1, True, [], 10**40, float("nan"), float("inf"), 86400])
def test_a_length_that_is_none_is_left_away(length: Any) -> None:
    assert take_of(hear({**SEED, "conversion_duration": length})).seconds is None


# Failures


def test_a_failure_says_the_vendors_words_and_word() -> None:
    fact = polled(flat("error", status_msg="voice model unavailable"))
    assert isinstance(fact, Broke)
    assert (fact.error.code, fact.error.message) == ("ERROR", "voice model unavailable")
    wordless = polled(flat("FAILED"))
    assert isinstance(wordless, Broke)
    assert wordless.error.message == "the conversion failed"


@pytest.mark.parametrize("body", [{**HEAD, "success": False, "error": "conversion failed"}, FAILED_GENERIC])
def test_a_failure_webhook_names_the_task_and_proves_nothing(body: dict[str, Any]) -> None:
    assert hear(body) == Progress(1, Via.CALLBACK, Stage.NONE, TASK)


@pytest.mark.parametrize("body", [{**HEAD, "success": False, "error": "conversion failed"}, FAILED_GENERIC])
def test_a_failure_webhook_makes_a_job_be_asked_for_and_the_poll_decides(body: dict[str, Any]) -> None:
    """Even where submit was never answered: the webhook has the id to ask with."""
    heard = hear(body)
    assert heard
    job = observe(begin(a_job(), NOW).job, heard, SOON).job
    assert (job.state, job.task_id) == (State.RUNNING, TASK)
    assert job.due_at is not None
    failed, done = polled(flat("FAILED")), polled(flat("COMPLETED", MP3))
    assert observe(job, failed, SOON).job.state is State.FAILED
    assert observe(job, done, SOON).job.state is State.ARCHIVING


def test_a_failure_webhook_after_completion_takes_nothing_back() -> None:
    done, late = hear(SEED), hear({**HEAD, "success": False, "error": "conversion failed"})
    assert done
    assert late
    job = observe(begin(a_job(), NOW).job, done, SOON).job
    after = observe(job, late, SOON).job
    assert (after.state, after.stage, after.tracks) == (State.ARCHIVING, Stage.COMPLETE, job.tracks)


def test_an_echoed_callback_link_is_in_no_fact() -> None:
    token = CALLBACK.rpartition("/")[2]
    for word in ("COMPLETED", "FAILED", "IN_QUEUE"):
        assert token not in str(polled(numbered(word, MP3, message="done")))
    assert token not in str(hear({**SEED, "webhook_url": CALLBACK.format(provider="musicgpt")}))
    assert token not in str(polled(refusal(CALLBACK.format(provider="musicgpt"), "message"), 400))


# Voices

PAGE_OF_VOICES = {
    "success": True,
    "voices": [
        {"voice_id": "9c1d2e30", "voice_name": "Velvet Alto"},
        {"voice_id": "velvet-alto", "voice_name": ""},
        {"voice_id": 7, "voice_name": "Seven"},
        {"voice_id": "", "voice_name": "nobody"},
        {"voice_name": "nobody"},
        None,
        "x",
    ],
    "limit": 20,
    "page": 2,
    "total": 45,
}
VOICES = (Voice("9c1d2e30", "Velvet Alto"), Voice("velvet-alto", "velvet-alto"), Voice("7", "Seven"))


@pytest.mark.parametrize(
    ("query", "path", "asked"),
    [
        (None, "getAllVoices", {}),
        ("", "getAllVoices", {}),
        ("alto & co", "searchVoices", {"query": "alto & co"}),
    ],
)
def test_voices_are_listed_or_searched(query: str | None, path: str, asked: dict[str, str]) -> None:
    vendor, http = buying(says(PAGE_OF_VOICES))
    assert isinstance(vendor, VoiceCatalog)
    assert vendor.voices(query, 20, 2) == Voices(VOICES, 45)
    url = f"https://api.musicgpt.com/api/public/v1/{path}"
    params = {**asked, "limit": "20", "page": "2"}
    assert http.calls == [("GET", url, {"Authorization": "mgpt-key"}, None, params)]


@pytest.mark.parametrize("total", [None, "many", True, [], 4.5])
def test_a_total_that_is_not_told_is_what_was_seen(total: Any) -> None:
    found = buying(says({**PAGE_OF_VOICES, "total": total}))[0].voices(None, 20, 2)
    assert found == Voices(VOICES, 43)


@pytest.mark.parametrize(
    "answer",
    [
        NotSentError("no connection"),
        NoAnswerError("no answer"),
        says(PAGE_OF_VOICES, 500),
        says({**PAGE_OF_VOICES, "success": False}),
        says({"success": True}),
        says({"success": True, "voices": {"voice_id": "a"}}),
        says(refusal("key not accepted"), 401),
        says(PAGE),
        says([]),
    ],
)
def test_voices_that_nobody_tells_are_none(answer: Answer | Exception) -> None:
    assert buying(answer)[0].voices("alto", 20, 0) is None


def test_a_provider_without_http_has_no_voices() -> None:
    assert MusicGpt(VendorSettings("mgpt-key"), None).voices(None, 20, 0) is None


# Capabilities


def test_the_limits_are_those_of_the_vendors_page() -> None:
    assert set(LIMITS) == {"seed", "docs"}
    assert CAPABILITIES.required == ("voice",)
    assert CAPABILITIES.fields == {"voice", "pitch"}
    assert (CAPABILITIES.modes, CAPABILITIES.models, CAPABILITIES.tracks) == (False, {}, 1)
    assert CAPABILITIES.usd == pytest.approx(0.063 + 4 * 0.01)
    assert CAPABILITIES.credits is None
    assert (CAPABILITIES.parallel, CAPABILITIES.rhythm) == (1, Rhythm(first=60, every=15))
    assert CAPABILITIES.source == SourceLimits(pages=True, file_bytes=10_000_000)


def test_the_owners_plan_and_price_stand_above_the_data() -> None:
    capabilities = MusicGpt(VendorSettings(parallel=10, usd=0.04), None).capabilities
    assert (capabilities.parallel, capabilities.usd) == (10, 0.04)


def test_a_song_of_our_own_goes_inside_the_call_and_needs_no_link() -> None:
    song = b"ID3" + bytes(100)
    http = ScriptedHttp(says({"success": True, "task_id": "t", "conversion_id": "c", "eta": 40}))
    order = replace(an_order(a_request(voice="velvet-alto"), "musicgpt"), song=song)
    assert isinstance(MusicGpt(VendorSettings("key"), http).submit(order), Accepted)
    ((_, _, _, form, _),) = http.calls
    assert http.files == {"audio_file": ("song.mp3", song, "audio/mpeg")}
    assert form is not None
    assert "audio_url" not in form


def test_a_file_travels_as_multipart_beside_the_form() -> None:
    seen: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(200, json={})

    http = HttpxVendor(httpx.Client(transport=httpx.MockTransport(answer)))
    files = {"audio_file": ("song.mp3", b"ID3 song", "audio/mpeg")}
    http.send("POST", "https://vendor.example/Cover", {"Authorization": "key"}, form={"voice_id": "v"}, files=files)
    assert seen[0].headers["content-type"].startswith("multipart/form-data; boundary=")
    assert b'name="voice_id"\r\n\r\nv\r\n' in seen[0].content
    assert b'filename="song.mp3"\r\nContent-Type: audio/mpeg\r\n\r\nID3 song\r\n' in seen[0].content
