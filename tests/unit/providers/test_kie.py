"""kie.ai's own ways: its signature, the parts of a take, what its capabilities say."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reprise.domain.capabilities import ModelLimits
from reprise.domain.facts import Progress
from reprise.domain.job import Take
from reprise.errors import ForgedCallbackError
from reprise.ports import CallbackMessage
from reprise.providers.client import VendorSettings
from reprise.providers.kie import CAPABILITIES, Kie
from reprise.providers.suno import check_signature

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


def test_the_models_and_limits_are_those_of_the_vendors_page() -> None:
    assert dict(CAPABILITIES.models) == {
        "V3_5": ModelLimits(3000, 200, 80, 240),
        "V4": ModelLimits(3000, 200, 80, 240),
        "V4_5": ModelLimits(5000, 1000, 100, 480),
        "V4_5PLUS": ModelLimits(5000, 1000, 100, 480),
        "V4_5ALL": ModelLimits(5000, 1000, 80, 480),
        "V5": ModelLimits(5000, 1000, 100),
        "V5_5": ModelLimits(5000, 1000, 100),
    }
    assert (CAPABILITIES.simple_prompt, CAPABILITIES.source_seconds, CAPABILITIES.tracks) == (400, 480, 2)
