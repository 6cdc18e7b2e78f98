"""aimusicapi.org's own ways: clips decide, streams are no audio, a bare array has no task."""

from typing import Any

import pytest
from reprise.domain.assess import SourceFacts, assess
from reprise.domain.capabilities import Length, SourceLimits
from reprise.domain.facts import Broke, Progress, Refused
from reprise.domain.job import Stage, Take
from reprise.ports import CallbackMessage
from reprise.providers.aimusicapi import CAPABILITIES, LIMITS, AiMusicApi
from reprise.providers.client import NoAnswerError, NotSentError, VendorSettings

from tests.contract.vendors.aimusicapi import BOTH, GUESS, PAGE, WORDS, clip, done, status
from tests.contract.vendors.samples import TASK, ScriptedHttp, an_order, says
from tests.factories import NOW, a_request


def hear(body: Any) -> object:
    return AiMusicApi(VendorSettings(), None).hear(CallbackMessage(1, says(body).body), NOW)


def heard(body: Any) -> Progress:
    fact = hear(body)
    assert isinstance(fact, Progress)
    return fact


def heard_take(**more: Any) -> Take:
    return heard([done("3f7d", **more), WORDS[1]]).takes[0]


def test_calls_go_where_the_vendor_is_with_a_name_that_its_edge_lets_in() -> None:
    http = ScriptedHttp(says({}))
    vendor = AiMusicApi(VendorSettings("key"), http)
    vendor.submit(an_order(a_request(), "aimusicapi"))
    vendor.poll(TASK, 1)
    assert [call[:2] for call in http.calls] == [
        ("POST", "https://aimusicapi.org/api/v2/upload-cover/generate"),
        ("GET", "https://aimusicapi.org/api/v2/upload-cover/status"),
    ]
    assert http.calls[1][4] == {"task_id": TASK}
    assert all(headers["User-Agent"].startswith("reprise/") for _, _, headers, _, _ in http.calls)


@pytest.mark.parametrize("key", ["message", "msg"])
def test_the_words_of_an_error_stand_under_either_name(key: str) -> None:
    http = ScriptedHttp(says({"code": 400, key: "upload_url is required"}, 400))
    fact = AiMusicApi(VendorSettings("key"), http).submit(an_order(a_request(), "aimusicapi"))
    assert isinstance(fact, Refused)
    assert (fact.error.code, fact.error.message) == ("400", "upload_url is required")


def test_the_edges_page_does_not_become_our_message() -> None:
    fact = AiMusicApi(VendorSettings("key"), ScriptedHttp(says(PAGE, 403))).submit(an_order(a_request(), "aimusicapi"))
    assert isinstance(fact, Refused)
    assert fact.error.message == "HTTP 403"


# The task


@pytest.mark.parametrize(
    ("body", "task"),
    [
        (WORDS, None),
        ([{**row, "task_id": TASK} for row in WORDS], TASK),
        ({**status("TEXT", WORDS), "workId": TASK}, TASK),
        ({"data": {"task_id": TASK, "type": "text"}}, TASK),
        ({"data": WORDS, "id": "a clip's, or an event's"}, None),
    ],
)
def test_a_callback_names_its_task_or_does_not(body: Any, task: str | None) -> None:
    assert heard(body).task_id == task


# Clips


@pytest.mark.parametrize(
    ("duration", "seconds"),
    [
        (191.4, 191.4),
        (187, 187.0),
        ("191.4", 191.4),
        ("3:11", 191.0),
        ("03:11.5", 191.5),
        ("1:00:01", 3601.0),
        ("0:00", None),
        ("", None),
        (None, None),
        (True, None),
        (-1, None),
        (0, None),
        ("abc", None),
        ("١٢", None),
        ([], None),
        (float("nan"), None),
        (float("inf"), None),
        (10**40, None),
        ("9" * 5000, None),
        ("1e3", None),
    ],
)
def test_a_length_is_taken_in_each_of_its_forms(duration: Any, seconds: float | None) -> None:
    assert heard_take(duration=duration).seconds == seconds


@pytest.mark.parametrize(
    ("link", "taken"),
    [
        ("https://media.example.net/3f7d.mp3", True),
        ("http://tempfile.aiquickdraw.com/3f7d.mp3", True),
        ("https://audiopipe.suno.ai/?item_id=3f7d", False),
        ("https://audiopipe.suno.ai/3f7d.mp3", False),
        ("https://AudioPipe.suno.ai/3f7d.mp3", False),
        ("https://stream.example.net/?item_id=3f7d", False),
        ("https://stream.example.net/?a=1&item_id=3f7d", False),
        ("file:///etc/passwd", False),
        ("", False),
        (None, False),
        (["https://media.example.net/3f7d.mp3"], False),
        ("https://" + "a" * 5000, False),
    ],
)
def test_finished_audio_is_a_link_and_never_a_stream(link: Any, taken: bool) -> None:
    fact = heard([done("3f7d", audio_url=link), done("c80e", audio_url=link)])
    assert (fact.stage is Stage.COMPLETE) == taken
    assert [take.urls for take in fact.takes] == ([(link,)] * 2 if taken else [])


@pytest.mark.parametrize("word", ["text", "pending", "", None, "streaming", 1])
def test_a_link_of_a_clip_that_is_not_so_far_is_left(word: Any) -> None:
    early = clip("c80e", word, "https://media.example.net/c80e.mp3")
    assert [take.urls for take in heard([done("3f7d"), early]).takes] == [("https://media.example.net/3f7d.mp3",), ()]


def test_a_take_has_its_clips_own_words() -> None:
    assert heard_take() == Take(
        id="3f7d-90ab-4d1e-8a11-5cc0b2f7e610",
        urls=("https://media.example.net/3f7d.mp3",),
        title="Swing Set",
        seconds=191.4,
        image_url="https://img.example.net/3f7d.jpeg",
    )


def test_lyrics_are_the_clips_prompt_and_nothing_when_instrumental() -> None:
    assert heard(WORDS).lyrics == "[Verse] rust on the swing set"
    assert heard([clip("3f7d", "text", prompt="[Instrumental]")]).lyrics is None


def test_a_clip_that_failed_fails_the_task_unless_another_is_finished() -> None:
    assert isinstance(hear([GUESS, WORDS[0]]), Broke)
    kept = heard([GUESS, done("3f7d")])
    assert (kept.stage, len(kept.takes)) == (Stage.FIRST, 1)


def test_a_failure_says_the_vendors_words_and_word() -> None:
    fact = hear(status("FAILED", [GUESS]))
    assert isinstance(fact, Broke)
    assert (fact.error.code, fact.error.message) == ("failed", "Does Not Meet Guidelines")


def test_a_callback_that_calls_itself_running_completes_nothing() -> None:
    assert heard(status("IN_PROGRESS", BOTH)).stage is Stage.FIRST


# Capabilities


@pytest.mark.parametrize(
    ("name", "limits", "credits", "seconds"),
    [
        ("chirp-v4-0", (3000, 200, 80), 8, 480),
        ("chirp-v4-5", (5000, 1000, 100), 10, 480),
        ("chirp-v4-5-plus", (5000, 1000, 100), 10, 480),
        ("chirp-v4-5-all", (5000, 1000, 80), 10, 60),
        ("chirp-v5", (5000, 1000, 100), 12, 480),
        ("chirp-v5-5", (5000, 1000, 100), 12, 480),
    ],
)
def test_the_models_are_those_of_the_vendors_page(
    name: str, limits: tuple[int, int, int], credits: float, seconds: int
) -> None:
    model = CAPABILITIES.models[name]
    assert (model.lyrics, model.style, model.title, model.output_seconds) == (*limits, None)
    longest, longer = (
        assess(a_request(model=name), CAPABILITIES, SourceFacts(seconds=length)) for length in (seconds, seconds + 1)
    )
    assert (longest.model, longest.credits, longest.usd, longest.violations) == (name, credits, 0.06, ())
    assert [(one.rule, one.limit) for one in longer.violations] == [("too-long", seconds)]


def test_the_limits_are_those_of_the_vendors_page() -> None:
    assert len(CAPABILITIES.models) == 6
    assert CAPABILITIES.source == SourceLimits(most_seconds=480)
    assert LIMITS == {"seed": CAPABILITIES, "docs": CAPABILITIES}
    assert (CAPABILITIES.idea, CAPABILITIES.tracks, CAPABILITIES.modes) == (Length(500), 2, True)
    assert CAPABILITIES.stages == (Stage.TEXT, Stage.FIRST, Stage.COMPLETE)


# Credit


@pytest.mark.parametrize(
    ("body", "status", "credits"),
    [
        ({"code": 200, "message": "success", "data": {"credits": 88, "used_credits": 12}}, 200, 88.0),
        ({"code": 200, "message": "success", "data": {"credits": 88.5}}, 200, 88.5),
        ({"code": 200, "message": "success", "data": {"credits": "88.5"}}, 200, 88.5),
        ({"code": 200, "message": "success", "data": {"credits": 0}}, 200, 0.0),
        ({"code": 200, "message": "success", "data": {"credits": "many"}}, 200, None),
        ({"code": 200, "message": "success", "data": {"credits": None}}, 200, None),
        ({"code": 200, "message": "success", "data": {"credits": False}}, 200, None),
        ({"code": 200, "message": "success", "data": {"credits": 10**400}}, 200, None),
        ({"code": 200, "message": "success", "data": {"used_credits": 12}}, 200, None),
        ({"code": 200, "message": "success", "data": 88}, 200, None),
        ({"code": 401, "message": "invalid or missing key"}, 401, None),
        ({"code": 500, "message": "internal error", "data": None}, 500, None),
        (b"<html>", 403, None),
        ([], 200, None),
        (b"", 200, None),
    ],
)
def test_a_balance_is_in_credits_or_not_known(body: Any, status: int, credits: float | None) -> None:
    http = ScriptedHttp(says(body, status))
    assert AiMusicApi(VendorSettings("key"), http).balance() == credits
    ((method, url, headers, *_),) = http.calls
    assert (method, url) == ("GET", "https://aimusicapi.org/api/v2/credits")
    assert headers["Authorization"] == "Bearer key"


@pytest.mark.parametrize("error", [NotSentError("no connection"), NoAnswerError("no answer")])
def test_a_balance_that_is_not_answered_is_not_known(error: Exception) -> None:
    assert AiMusicApi(VendorSettings("key"), ScriptedHttp(error)).balance() is None


def test_who_does_not_call_has_no_balance() -> None:
    assert AiMusicApi(VendorSettings("key"), None).balance() is None


@pytest.mark.parametrize("amount", [b"NaN", b"Infinity", b"-Infinity", b"1e999", b'"nan"', b'"inf"', b'"-Infinity"'])
def test_a_balance_that_is_no_finite_number_is_not_known(amount: bytes) -> None:
    answer = says(b'{"code": 200, "data": {"credits": %s}}' % amount)
    assert AiMusicApi(VendorSettings("key"), ScriptedHttp(answer)).balance() is None
