"""The vendor's validation, row by row."""

import base64
import io
import wave
from contextlib import nullcontext
from typing import Any

import pytest

from simulators.aimlapi.rules import Setting, complaints, setting, too_long_upstream
from simulators.aimlapi.source import kind, mark, measured
from simulators.sources import SourceError

SONG = base64.b64encode(b"RIFF....").decode()
BODY: dict[str, Any] = {
    "model": "minimax/music-cover",
    "prompt": "Quiet jazz",
    "reference_audio_url": "https://files.example.net/in/310.flac?sig=09",
}


def fields(**changes: Any) -> list[str]:
    body = {name: value for name, value in (BODY | changes).items() if value is not ...}
    return [path for path, _ in complaints(body)]


def test_the_three_required_fields_are_enough() -> None:
    assert fields() == []
    assert setting(BODY) == Setting(44_100, 256_000, "mp3")


@pytest.mark.parametrize("name", ["model", "prompt", "reference_audio_url"])
def test_each_required_field_is_missed_by_name(name: str) -> None:
    assert fields(**{name: ...}) == fields(**{name: None}) == fields(**{name: 7}) == [name]
    assert "received undefined" in complaints({k: v for k, v in BODY.items() if k != name})[0][1]


def test_only_the_one_model_is_known() -> None:
    assert fields(model="minimax/music-2.0") == fields(model="music-cover") == ["model"]


@pytest.mark.parametrize(("name", "least", "most"), [("prompt", 10, 2000), ("lyrics", 10, 3000)])
def test_texts_are_limited_at_both_ends_in_code_points(name: str, least: int, most: int) -> None:
    for length in (least, most):
        assert fields(**{name: "🎵" * length}) == []
    for length in (0, least - 1, most + 1):
        assert fields(**{name: "é" * length}) == [name]


def test_lyrics_may_be_absent_but_not_null() -> None:
    assert fields(lyrics=...) == []
    assert fields(lyrics=None) == fields(lyrics=["la"]) == ["lyrics"]


@pytest.mark.parametrize(("name", "allowed"), [("sample_rate", (16_000, 24_000, 32_000, 44_100)),
                                               ("bitrate", (32_000, 64_000, 128_000, 256_000))])  # fmt: skip
def test_numbers_of_the_setting_come_from_a_list_and_may_be_strings(name: str, allowed: tuple[int, ...]) -> None:
    for value in allowed:
        for spelt in (value, str(value)):
            assert fields(audio_setting={name: spelt}) == []
            assert getattr(setting(BODY | {"audio_setting": {name: spelt}}), name) == value
    for wrong in (48_000, True, None, "", "-16000", 16_000.5, [allowed[0]]):
        assert fields(audio_setting={name: wrong}) == [f"audio_setting.{name}"]


def test_the_format_is_one_of_three_and_unknown_keys_are_ignored() -> None:
    for form in ("mp3", "wav", "pcm"):
        assert fields(audio_setting={"format": form}) == []
    assert fields(audio_setting={"format": "flac"}) == ["audio_setting.format"]
    assert fields(audio_setting={"channels": 9}, webhook_url="x", callBackUrl=7) == []
    assert fields(audio_setting=[]) == fields(audio_setting=None) == fields(audio_setting="mp3") == ["audio_setting"]


@pytest.mark.parametrize(
    ("given", "form"),
    [
        ("https://h.example/a.mp3", "url"), ("HTTP://h.example/a", "url"), (SONG, "base64"),
        (f"{SONG[:4]}\n{SONG[4:]}", "base64"), (f"data:audio/wav;base64,{SONG}", "data"), ("data:,%52IFF", "data"),
    ],
)  # fmt: skip
def test_a_reference_is_a_link_a_data_uri_or_base64(given: str, form: str) -> None:
    assert fields(reference_audio_url=given) == []
    assert kind(given) == form


@pytest.mark.parametrize("given", ["", "https://", "http://[bad", "ftp://h.example/a", "not a song!", "data:audio/wav"])
def test_anything_else_is_no_reference(given: str) -> None:
    assert fields(reference_audio_url=given) == ["reference_audio_url"]


@pytest.mark.parametrize("body", [None, [], "text", 7])
def test_only_an_object_is_a_request(body: Any) -> None:
    assert complaints(body) == [("", "expected object")]


def test_all_complaints_are_made_at_once() -> None:
    assert fields(model="x", prompt="short", lyrics="la", audio_setting={"format": "ogg", "bitrate": 1}) == [
        "model", "prompt", "lyrics", "audio_setting.bitrate", "audio_setting.format",
    ]  # fmt: skip


def test_what_the_model_behind_the_vendor_finds_too_long_is_known() -> None:
    assert too_long_upstream(BODY | {"prompt": "x" * 300, "lyrics": "y" * 1000}) is None
    assert too_long_upstream(BODY | {"prompt": "x" * 301}) == "prompt"
    assert too_long_upstream(BODY | {"lyrics": "y" * 1001}) == "lyrics"


def test_a_song_has_six_seconds_to_six_minutes() -> None:
    for seconds, right in ((5.9, False), (6.1, True), (359.9, True), (360.5, False)):
        with nullcontext() if right else pytest.raises(SourceError):
            assert measured(silence(seconds)) == pytest.approx(seconds, abs=0.01)


def silence(seconds: float) -> bytes:
    target = io.BytesIO()
    with wave.open(target, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(1)
        file.setframerate(8000)
        file.writeframes(b"\x80" * int(seconds * 8000))
    return target.getvalue()


def test_a_link_that_was_signed_anew_is_the_same_song() -> None:
    assert mark("https://h.example/a.mp3?sig=1") == mark("https://h.example/a.mp3?sig=2")
    assert mark(SONG) != mark(base64.b64encode(b"RIFF,,,,").decode())
