"""kie.ai's own ways: its signature, the parts of a take, what its capabilities say."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reprise.domain.assess import SourceFacts, assess
from reprise.domain.capabilities import Length, Model, SourceLimits
from reprise.domain.facts import Progress
from reprise.domain.job import Stage, Take
from reprise.errors import ForgedCallbackError
from reprise.ports import CallbackMessage
from reprise.providers.client import NoAnswerError, NotSentError, VendorSettings
from reprise.providers.kie import CAPABILITIES, LIMITS, Kie
from reprise.providers.suno import check_signature

from tests.contract.vendors.samples import ScriptedHttp, says
from tests.factories import a_request

VECTORS = [
    (
        "gateway-demo-key-0001",
        "5c790000000000000000000000000001",
        1795200000,
        "IJpBC1l55447oHUIHfv6CWAL/8vuU05/CL/FktJvCso=",
    ),
    (
        "coverhook-test-key",
        "a41f00c2d7e84b6f9a13c5e2b7d40891",
        1795210005,
        "hNRUZfxIbiVprthxn3uFZcYe1OkZAkPVtYom/xEvUfQ=",
    ),
]
SIGNING_KEY, SIGNED_TASK, SIGNED_AT, SIGNATURE = VECTORS[1]
ROW = {"id": "7d0c", "audio_url": "https://media.example.net/7d0c.mp3"}


def at(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def headers(timestamp: object = SIGNED_AT, signature: str = SIGNATURE) -> dict[str, str]:
    return {"x-webhook-timestamp": str(timestamp), "x-webhook-signature": signature}


def signed(kind: str = "complete", given: dict[str, str] | None = None, **data: Any) -> CallbackMessage:
    known = {"callbackType": kind, "task_id": SIGNED_TASK, "data": [ROW]}
    body = json.dumps({"code": 200, "msg": "x", "data": known | data})
    return CallbackMessage(1, body.encode(), headers() if given is None else given)


def hear(message: CallbackMessage, key: str | None = SIGNING_KEY, seconds: float = SIGNED_AT) -> object:
    return Kie(VendorSettings(hmac_key=key), None).hear(message, at(seconds))


def heard_row(**row: Any) -> Take:
    message = signed(data=[{**ROW, **row}])
    fact = hear(message)
    assert isinstance(fact, Progress)
    (take,) = fact.takes
    return take


# Signature


@pytest.mark.parametrize(("key", "task", "timestamp", "signature"), VECTORS)
def test_signatures_of_the_vendors_kind_fit(key: str, task: str, timestamp: int, signature: str) -> None:
    check_signature(key, task, headers(timestamp, signature), at(timestamp))


@pytest.mark.parametrize("late", [-300, -1, 0, 1, 300])
def test_a_signature_of_the_last_five_minutes_is_taken(late: int) -> None:
    assert isinstance(hear(signed(), seconds=SIGNED_AT + late), Progress)


@pytest.mark.parametrize("late", [-10_000, -301, 301, 10_000])
def test_an_old_signature_or_one_from_the_future_is_refused(late: int) -> None:
    with pytest.raises(ForgedCallbackError):
        hear(signed(), seconds=SIGNED_AT + late)


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"x-webhook-signature": SIGNATURE},
        {"x-webhook-timestamp": str(SIGNED_AT)},
        headers(signature=""),
        headers(signature=SIGNATURE[:-1]),
        headers(signature=SIGNATURE.lower()),
        headers(signature="é" * 44),
        headers(signature="\ud800"),
        headers(timestamp=""),
        headers(timestamp=f" {SIGNED_AT}"),
        headers(timestamp=f"0{SIGNED_AT}"),
        headers(timestamp=f"{SIGNED_AT}.0"),
        headers(timestamp="-1"),
        headers(timestamp="١٧٩٥٢١٠٠٠٥"),
        headers(timestamp="9" * 6000),
        headers(timestamp="\ud800"),
        headers(timestamp=SIGNED_AT + 1),
    ],
)
def test_a_signature_that_does_not_fit_in_every_part_is_refused(given: dict[str, str]) -> None:
    with pytest.raises(ForgedCallbackError):
        hear(signed(given=given))


@pytest.mark.parametrize("task", ["another", None, "", {"id": SIGNED_TASK}, [SIGNED_TASK], 1, "\ud800"])
def test_a_signature_fits_its_own_task_alone(task: Any) -> None:
    with pytest.raises(ForgedCallbackError):
        hear(signed(task_id=task))


def test_a_signature_made_with_another_key_is_refused() -> None:
    with pytest.raises(ForgedCallbackError):
        hear(signed(), key="another")


def test_without_a_signing_key_no_signature_is_asked_for() -> None:
    assert isinstance(hear(signed(given={}), key=None), Progress)


def test_every_callback_needs_the_signature_once_there_is_a_key() -> None:
    for kind in ("text", "first", "complete", "error", "mastered"):
        with pytest.raises(ForgedCallbackError):
            hear(signed(kind, given={}))


@given(st.text(max_size=20), st.text(max_size=60))
def test_no_headers_but_the_right_ones_pass(timestamp: str, signature: str) -> None:
    with pytest.raises(ForgedCallbackError):
        hear(signed(given=headers(timestamp, signature)))


# Ids


@pytest.mark.parametrize(
    "body",
    [
        {"data": {"callbackType": "text", "task_id": "t"}},
        {"data": {"callbackType": "text", "taskId": "t"}},
        {"data": {"callbackType": "text"}, "taskId": "t"},
        {"data": {"callbackType": "text", "taskId": "", "task_id": "t"}},
        {"data": {"callbackType": "text", "taskId": {"x": 1}, "task_id": "t"}},
        {"data": {"callbackType": "text", "taskId": True, "task_id": "t"}},
        {"data": {"callbackType": "text", "taskId": "x" * 1000, "task_id": "t"}},
        {"callbackType": "text", "taskId": "t"},
    ],
)
def test_the_task_id_is_found_wherever_it_stands(body: dict[str, Any]) -> None:
    fact = hear(CallbackMessage(1, json.dumps({"code": 200, **body}).encode()), key=None)
    assert isinstance(fact, Progress)
    assert fact.task_id == "t"


# Takes


def test_a_take_has_its_links_best_first_and_never_a_stream() -> None:
    take = heard_row(
        source_audio_url="https://cdn.example.net/7d0c.mp3",
        stream_audio_url="https://media.example.net/7d0c",
        source_stream_audio_url="https://cdn.example.net/s/7d0c",
    )
    assert take.urls == ("https://media.example.net/7d0c.mp3", "https://cdn.example.net/7d0c.mp3")


def test_the_same_link_twice_is_one_link() -> None:
    assert heard_row(source_audio_url=ROW["audio_url"]).urls == (ROW["audio_url"],)


@pytest.mark.parametrize(
    "link", ["", None, 1, [], "file:///etc/passwd", "httpx://a/b", "javascript:1", "https://" + "a" * 5000]
)
def test_what_is_no_link_is_left_out(link: Any) -> None:
    assert heard_row(source_audio_url=link).urls == (ROW["audio_url"],)


@pytest.mark.parametrize(
    ("duration", "seconds"),
    [(187.52, 187.52), (187, 187.0), (0, None), (None, None), (-1, None), ("187", None), ([], None), (10**40, None)],
)
def test_a_length_is_taken_where_it_is_one(duration: Any, seconds: float | None) -> None:
    assert heard_row(duration=duration).seconds == seconds


@pytest.mark.parametrize(
    ("spelt", "kept"), [("7d0c", "7d0c"), (12, "12"), (None, ""), ({}, ""), (True, ""), ("x" * 999, "")]
)
def test_a_clip_id_is_text_or_nothing(spelt: Any, kept: str) -> None:
    assert heard_row(id=spelt).id == kept


def test_lyrics_are_the_first_prompt_and_nothing_when_instrumental() -> None:
    rows = [{**ROW, "prompt": None}, {**ROW, "prompt": ["x"]}, {**ROW, "prompt": "[Verse] slow"}]
    sung = hear(signed(data=rows))
    assert isinstance(sung, Progress)
    assert sung.lyrics == "[Verse] slow"
    instrumental = hear(signed(data=[{**ROW, "prompt": "[Instrumental]"}]))
    assert isinstance(instrumental, Progress)
    assert instrumental.lyrics is None


def test_endless_lyrics_and_titles_are_cut() -> None:
    fact = hear(signed(data=[{**ROW, "prompt": "x" * 100_000, "title": "x" * 100_000}]))
    assert isinstance(fact, Progress)
    assert len(fact.lyrics or "") == 20_000
    assert len(fact.takes[0].title or "") == 1000


# Capabilities


@pytest.mark.parametrize(
    ("name", "limits"),
    [
        ("V3_5", Model(3000, 200, 80, output_seconds=240)),
        ("V4", Model(3000, 200, 80, output_seconds=240)),
        ("V4_5", Model(5000, 1000, 100, output_seconds=480)),
        ("V4_5PLUS", Model(5000, 1000, 100, output_seconds=480)),
        ("V4_5ALL", Model(5000, 1000, 80, output_seconds=480)),
        ("V5", Model(5000, 1000, 100)),
        ("V5_5", Model(5000, 1000, 100)),
    ],
)
@pytest.mark.parametrize("profile", ["seed", "docs"])
def test_the_models_are_those_of_the_vendors_page(profile: str, name: str, limits: Model) -> None:
    assert LIMITS[profile].models[name] == limits
    told = assess(a_request(model=name), LIMITS[profile])
    assert (told.model, told.credits, told.usd) == (name, 12, 0.06)


def test_the_limits_are_those_of_the_vendors_page() -> None:
    assert list(CAPABILITIES.models) == ["V3_5", "V4", "V4_5", "V4_5PLUS", "V4_5ALL", "V5", "V5_5"]
    assert CAPABILITIES.source == SourceLimits(most_seconds=480, warn_seconds=120)
    assert {profile: known.idea for profile, known in LIMITS.items()} == {"seed": Length(400), "docs": Length(500)}
    assert (CAPABILITIES.tracks, CAPABILITIES.modes, CAPABILITIES.joined, CAPABILITIES.required) == (2, True, (), ())
    assert CAPABILITIES.stages == (Stage.TEXT, Stage.FIRST, Stage.COMPLETE)


@pytest.mark.parametrize("name", CAPABILITIES.models)
@pytest.mark.parametrize(("seconds", "rules"), [(480, []), (481, ["too-long"])])
def test_every_model_takes_songs_of_eight_minutes(name: str, seconds: int, rules: list[str]) -> None:
    told = assess(a_request(model=name), CAPABILITIES, SourceFacts(seconds=seconds))
    assert [one.rule for one in told.violations] == rules
    assert told.warnings == ("the vendor's page also names 120 s as the longest source",)


# Credit


@pytest.mark.parametrize(
    ("body", "status", "credits"),
    [
        ({"code": 200, "msg": "success", "data": 88}, 200, 88.0),
        ({"code": 200, "msg": "success", "data": 88.5}, 200, 88.5),
        ({"code": 200, "msg": "success", "data": "88.5"}, 200, 88.5),
        ({"code": 200, "msg": "success", "data": 0}, 200, 0.0),
        ({"code": 200, "msg": "success", "data": "many"}, 200, None),
        ({"code": 200, "msg": "success", "data": ""}, 200, None),
        ({"code": 200, "msg": "success", "data": None}, 200, None),
        ({"code": 200, "msg": "success", "data": True}, 200, None),
        ({"code": 200, "msg": "success", "data": {"credits": 88}}, 200, None),
        ({"code": 200, "msg": "success"}, 200, None),
        ({"code": 200, "msg": "success", "data": 10**400}, 200, None),
        ({"code": 401, "msg": "You do not have access permissions"}, 200, None),
        ({"code": 401, "msg": "no", "data": 88}, 401, None),
        ({"code": 500, "msg": "server error", "data": 88}, 200, None),
        ({"data": 88}, 200, None),
        (b"<html>", 502, None),
        ([], 200, None),
        (b"", 200, None),
    ],
)
def test_a_balance_is_in_credits_or_not_known(body: Any, status: int, credits: float | None) -> None:
    http = ScriptedHttp(says(body, status))
    assert Kie(VendorSettings("key"), http).balance() == credits
    ((method, url, headers, *_),) = http.calls
    assert (method, url) == ("GET", "https://api.kie.ai/api/v1/chat/credit")
    assert headers["Authorization"] == "Bearer key"


@pytest.mark.parametrize("error", [NotSentError("no connection"), NoAnswerError("no answer")])
def test_a_balance_that_is_not_answered_is_not_known(error: Exception) -> None:
    assert Kie(VendorSettings("key"), ScriptedHttp(error)).balance() is None


def test_who_does_not_call_has_no_balance() -> None:
    assert Kie(VendorSettings("key"), None).balance() is None


@pytest.mark.parametrize("amount", [b"NaN", b"Infinity", b"-Infinity", b"1e999", b'"nan"', b'"inf"', b'"-Infinity"'])
def test_a_balance_that_is_no_finite_number_is_not_known(amount: bytes) -> None:
    answer = says(b'{"code": 200, "data": %s}' % amount)
    assert Kie(VendorSettings("key"), ScriptedHttp(answer)).balance() is None
