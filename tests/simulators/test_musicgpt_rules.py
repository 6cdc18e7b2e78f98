"""The vendor's forms, rules and voices, row by row."""

import json
from typing import Any

import httpx
import pytest

from simulators.musicgpt import voices
from simulators.musicgpt.forms import Form, FormError, read
from simulators.musicgpt.rules import NO_SOURCE, Order, complaint, order
from simulators.wire import Request

FIELDS = {"audio_url": "https://files.example.net/in/12.mp3", "voice_id": "velvet-alto"}


def sent(accepted: str = "forms", **how: Any) -> Form:
    """What is read of a request as a real client writes it."""
    made = httpx.Request("POST", "http://x/", **how)
    headers = {name.lower(): value for name, value in made.headers.items()}
    return read(Request("POST", "/", {}, headers, made.read()), accepted)


def form(**changes: Any) -> Form:
    return Form("urlencoded", {name: value for name, value in (FIELDS | changes).items() if value is not ...})


# --- forms ---


def test_a_form_may_be_urlencoded_or_multipart() -> None:
    fields = FIELDS | {"webhook_url": "", "title": "Größe & Co = 1+1"}
    assert sent(data=fields) == Form("urlencoded", fields)
    binary = b"\r\n--\r\n\x00\xff--x\r\n" * 9
    made = sent(data=fields, files={"audio_file": ("a b.wav", binary, "audio/wav")})
    assert made == Form("multipart", fields, {"audio_file": binary})


def test_a_part_with_an_empty_filename_is_nothing() -> None:
    body = b'--b\r\nContent-Disposition: form-data; name="audio_file"; filename=""\r\n\r\n\r\n--b--\r\n'
    made = sent(content=body, headers={"Content-Type": 'multipart/form-data; boundary="b"'})
    assert made == Form("multipart")


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("multipart/form-data", b"--b--"), ("multipart/form-data; boundary=b", b""),
        ("multipart/form-data; boundary=b", b'--b\r\nContent-Disposition: form-data; name="x"\r\n\r\n1\r\n'),
        ("multipart/form-data; boundary=b", b"--b\r\nX: y\r\n\r\n1\r\n--b--"),
        ("multipart/form-data; boundary=b", b'--b\r\nContent-Disposition: form-data; name="x"\r\n--b--'),
        ("application/x-www-form-urlencoded", b"\xff"), ("application/json", b"{"), ("application/json", b"[]"),
    ],
)  # fmt: skip
def test_a_broken_body_is_said_to_be_one(content_type: str, body: bytes) -> None:
    with pytest.raises(FormError):
        sent("all", content=body, headers={"Content-Type": content_type})


def test_json_has_fields_only_where_it_is_accepted() -> None:
    document = FIELDS | {"pitch": -3, "webhook_url": None, "x": True}
    assert sent(json=document) == Form("json")
    assert sent("all", json=document) == sent("json", json=document) == Form(
        "json", FIELDS | {"pitch": "-3", "x": "true"}
    )  # fmt: skip
    assert sent("multipart", data=FIELDS).fields == {}
    assert sent("all", content=json.dumps(document).encode()) == Form("none")


# --- rules ---


def test_a_source_and_a_voice_are_enough() -> None:
    assert complaint(form()) is None
    assert order(form()) == Order("velvet-alto", 0, FIELDS["audio_url"])
    assert complaint(Form("multipart", {"voice_id": "x"}, {"audio_file": b""})) is None


@pytest.mark.parametrize("url", [..., ""])
def test_both_sources_missing_is_the_first_complaint(url: Any) -> None:
    assert complaint(form(audio_url=url, voice_id=..., pitch="99")) == ("audio_url", NO_SOURCE)
    assert complaint(form(audio_url=url, audio_file="text and no file")) == ("audio_url", NO_SOURCE)


@pytest.mark.parametrize("voice", [..., "", "  "])
def test_a_voice_is_always_asked_for(voice: Any) -> None:
    assert (complaint(form(voice_id=voice, pitch="99")) or ("",))[0] == "voice_id"


@pytest.mark.parametrize("pitch", ["-12", "12", "0", "+3", "-0", "", ...])
def test_a_pitch_is_a_whole_number_of_semitones_up_to_an_octave(pitch: Any) -> None:
    assert complaint(form(pitch=pitch)) is None
    assert order(form(pitch=pitch)).pitch == int(0 if pitch is ... else pitch or 0)


@pytest.mark.parametrize("pitch", ["13", "-13", "1.5", "2.0", "high", " 1", "true", "1e1", "٣", "999999"])
def test_any_other_pitch_is_refused(pitch: str) -> None:
    assert (complaint(form(pitch=pitch)) or ("",))[0] == "pitch"


@pytest.mark.parametrize("voice", ["Drake", "9c1d2e30-5a4b-4c6d-8e7f-0a1b2c3d4e5f", "某歌手"])
def test_a_voice_may_have_any_id(voice: str) -> None:
    assert complaint(form(voice_id=voice)) is None


def test_a_file_is_there_beside_a_url_and_unknown_fields_are_ignored() -> None:
    both = Form("multipart", FIELDS | {"prompt": "x", "style": "y"}, {"audio_file": b"RIFF"})
    assert (order(both).file, order(both).audio_url) == (b"RIFF", FIELDS["audio_url"])


def test_audio_path_is_a_source_only_where_it_is_known() -> None:
    made = form(audio_url=..., audio_path="https://h.example/a")
    assert complaint(made) == ("audio_url", NO_SOURCE)
    assert complaint(made, audio_path=True) is None
    assert order(made, audio_path=True).audio_url == "https://h.example/a"


# --- voices ---


def test_pages_count_from_zero_and_have_all_five_keys() -> None:
    known = voices.catalogue(25)
    first, second, third = (voices.page(known, {"page": str(number)}) for number in range(3))
    assert first.keys() == {"success", "voices", "limit", "page", "total"}
    assert (len(first["voices"]), len(second["voices"]), third["voices"]) == (20, 5, [])
    assert first["voices"][0].keys() == {"voice_id", "voice_name"}
    assert voices.page(known, {}) == first
    assert len(voices.page(known, {"limit": "7", "page": "3"})["voices"]) == 4


def test_every_voice_is_another_one_and_always_the_same() -> None:
    assert voices.catalogue(200) == voices.catalogue(200)
    assert len({voice.voice_id for voice in voices.catalogue(200)}) == 200
    assert len({voice.voice_name for voice in voices.catalogue(200)}) == 200


def test_voices_are_found_by_name_and_by_slug() -> None:
    known = voices.catalogue(25)
    assert {voice.voice_name for voice in voices.found(known, "VELVET")} >= {"Velvet Alto"}
    slug = next(voice for voice in known if "-" in voice.voice_id and len(voice.voice_id) < 30)
    assert voices.found(known, slug.voice_id) == [slug]
    assert voices.found(known, "nobody") == []
    assert voices.found(known, "") == known


@pytest.mark.parametrize("query", [{"limit": "0"}, {"limit": "x"}, {"page": "-1"}, {"page": "1.5"}])
def test_what_makes_no_page_is_refused(query: dict[str, str]) -> None:
    with pytest.raises(voices.PageError):
        voices.page([], query)
