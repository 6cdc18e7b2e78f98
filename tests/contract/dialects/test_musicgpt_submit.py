"""MusicGPT's clients submit: what they mean, and what is wrong with it."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reprise.dialects.dialect import MOST_BODY, Knock, Wish
from reprise.dialects.fields import upload_key
from reprise.domain.request import CoverRequest, Source
from reprise.errors import InvalidError, MalformedError, TooLargeError

from tests.contract.dialects.musicgpt import FORM, MUSICGPT, OWNER, SONG, SUBMIT, golden_knock, sent, wish

YOUTUBE = "https://www.youtube.com/watch?v=jGflUbPQfW8"
UPLOAD = "0c1d2e3f405162738495a6b7c8d9eaf0"


def parsed(knock: Knock) -> Wish:
    return MUSICGPT.parse(knock, OWNER)


def asked(**fields: Any) -> CoverRequest:
    """The canonical request of a form; None takes a field away."""
    return parsed(sent(data={name: value for name, value in {**FORM, **fields}.items() if value is not None})).request


def faults(knock: Knock) -> list[tuple[str, str]]:
    with pytest.raises(InvalidError) as caught:
        parsed(knock)
    return [(one.field, one.rule) for one in caught.value.violations]


def faults_of(**fields: Any) -> list[tuple[str, str]]:
    return faults(sent(data={name: value for name, value in {**FORM, **fields}.items() if value is not None}))


# --- samples -----------------------------------------------------------------------------------------------------


def test_the_form_of_the_python_sample_is_urlencoded() -> None:
    assert parsed(golden_knock("submit")) == Wish(wish(webhook_url="https://gw.example.net/cb/t0k3n"))


def test_the_form_of_the_curl_sample_is_multipart_and_names_a_video() -> None:
    found = wish(audio_url=YOUTUBE, pitch="0", webhook_url="http://hooks.example.net")
    assert parsed(golden_knock("submit-curl")) == Wish(found)


def test_the_python_sample_with_a_file_sends_an_empty_url_beside_it() -> None:
    hook = "http://hooks.example.net/test"
    found = parsed(golden_knock("submit-file"))
    assert found.file == SONG
    assert found.request.source == Source()
    assert (found.request.voice, found.request.pitch) == ("velvet-alto", 0)
    assert found.request.visit
    assert found.request.visit.callback_url == hook
    assert json.loads(found.request.visit.echo) == {
        "audio_url": "", "voice_id": "velvet-alto", "pitch": "0", "webhook_url": hook,
    }  # fmt: skip


def test_json_is_taken_too_and_names_a_song_uploaded_here() -> None:
    request = parsed(golden_knock("submit-json")).request
    assert request.source == Source(key=upload_key(OWNER, UPLOAD))
    assert (request.voice, request.pitch) == ("velvet-alto", 5)


def test_the_samples_of_the_vendors_page_are_taken_byte_for_byte() -> None:
    """Its own Python, with and without a file."""
    payload = {"audio_url": YOUTUBE, "voice_id": "Drake", "pitch": "0", "webhook_url": "http://webhook.musicgpt.com"}
    plain = sent(data=payload)
    assert plain.body == (
        b"audio_url=https%3A%2F%2Fwww.youtube.com%2Fwatch%3Fv%3DjGflUbPQfW8&voice_id=Drake&pitch=0"
        b"&webhook_url=http%3A%2F%2Fwebhook.musicgpt.com"
    )
    assert parsed(plain).request.source == Source(url=YOUTUBE)
    with_file = sent(data={**payload, "audio_url": ""}, files={"audio_file": ("file.wav", SONG)})
    assert parsed(with_file).file == SONG


def test_no_provider_is_named() -> None:
    assert asked().providers == ()


@pytest.mark.parametrize("path", MUSICGPT.submits)
def test_a_base_url_comes_with_the_version_the_whole_path_or_neither(path: str) -> None:
    assert path.removeprefix("/api/public").removeprefix("/v1") in ("/Cover", "/cover")
    assert len(set(MUSICGPT.submits)) == 6


def test_the_other_paths_follow_the_same_prefixes() -> None:
    assert MUSICGPT.statuses == ("/byId", "/api/public/v1/byId", "/v1/byId")
    assert {path.rpartition("/")[2] for path in MUSICGPT.catalogs} == {"getAllVoices", "searchVoices"}
    assert len(MUSICGPT.catalogs) == 6
    assert MUSICGPT.balances == ()


# --- the key -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("header", "key"),
    [("rk_example", "rk_example"), ("Bearer rk_example", "rk_example"), ("bearer  rk_example ", "rk_example"),
     ("", ""), ("Bearer", ""), (" rk_example", "rk_example")],
)  # fmt: skip
def test_the_key_goes_raw_and_a_scheme_is_tolerated(header: str, key: str) -> None:
    assert MUSICGPT.api_key({"authorization": header}) == key
    assert MUSICGPT.api_key({}) == ""


# --- sources -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "url",
    [YOUTUBE, "http://files.example.net/a.mp3", "https://10.0.0.7:8443/a b.mp3?x=%20",
     "https://files.example.net/" + "a" * 3974],
)  # fmt: skip
def test_any_link_is_a_source_since_the_provider_fetches_it(url: str) -> None:
    assert asked(audio_url=url).source == Source(url=url)


@pytest.mark.parametrize(
    "url", ["songs/a.mp3", "ftp://files.example/a.mp3", "https://", "https://files.example/" + "a" * 4000,
            "upload:12", f"upload:{UPLOAD.upper()}", f"upload:{UPLOAD}/../x", "https://a.example/\x00", "http://[::1"],
)  # fmt: skip
def test_what_is_no_link_is_no_source(url: str) -> None:
    assert [field for field, _ in faults_of(audio_url=url)] == ["audio_url"]


def test_a_file_wins_over_a_link_whatever_the_link_is() -> None:
    for url in (YOUTUBE, "nothing"):
        found = parsed(sent(data={**FORM, "audio_url": url}, files={"audio_file": ("a.wav", SONG)}))
        assert (found.file, found.request.source) == (SONG, Source())


def test_a_file_is_whatever_bytes_it_is() -> None:
    assert parsed(sent(data=FORM, files={"audio_file": ("a.txt", b"no song")})).file == b"no song"


def test_an_empty_file_is_none() -> None:
    found = parsed(sent(data=FORM, files={"audio_file": ("", b"")}))
    assert (found.file, found.request.source) == (None, Source(url=FORM["audio_url"]))


# --- rules -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("pitch", range(-12, 13))
def test_a_pitch_is_a_number_or_a_text_of_one(pitch: int) -> None:
    assert asked(pitch=str(pitch)).pitch == pitch
    assert parsed(sent(json={**FORM, "pitch": pitch})).request.pitch == pitch


@pytest.mark.parametrize("pitch", [None, "", " "])
def test_no_pitch_is_left_open(pitch: str | None) -> None:
    assert asked(pitch=pitch).pitch is None


@pytest.mark.parametrize("pitch", ["13", "-13", "1.5", "high", "0x1", "١", "1" * 400, "nan", "inf"])
def test_a_pitch_beyond_an_octave_is_refused(pitch: str) -> None:
    assert [field for field, _ in faults_of(pitch=pitch)] == ["pitch"]


@pytest.mark.parametrize("value", [True, [1], {"a": 1}, 10**30])
def test_json_of_the_wrong_type_is_refused(value: Any) -> None:
    assert [field for field, _ in faults(sent(json={**FORM, "pitch": value}))] == ["pitch"]
    assert [field for field, _ in faults(sent(json={**FORM, "voice_id": value}))] == ["voice_id"]


def test_a_voice_is_any_name() -> None:
    assert asked(voice_id="9c1d2e30-5a4b-4c6d-8e7f-0a1b2c3d4e5f").voice == "9c1d2e30-5a4b-4c6d-8e7f-0a1b2c3d4e5f"
    assert asked(voice_id="Zoë").voice == "Zoë"
    assert faults_of(voice_id="a" * 257) == [("voice_id", "too-long")]


def test_the_source_is_looked_at_before_the_voice_and_the_voice_before_the_pitch() -> None:
    assert [field for field, _ in faults(sent(data={"pitch": "13"}))] == ["audio_url", "voice_id", "pitch"]


def test_a_source_under_the_name_that_one_sdk_gives_it_by_mistake_is_none() -> None:
    assert faults_of(audio_url=None, audio_path=FORM["audio_url"]) == [("audio_url", "required")]


@pytest.mark.parametrize(
    "hook", ["http://hooks.example.net", "https://hooks.example.net/a?b=c", "http://10.0.0.7:8080/x"]
)
def test_a_webhook_may_be_plain_http(hook: str) -> None:
    visit = asked(webhook_url=hook).visit
    assert visit
    assert visit.callback_url == hook


@pytest.mark.parametrize("hook", [None, ""])
def test_an_empty_webhook_is_none(hook: str | None) -> None:
    visit = asked(webhook_url=hook).visit
    assert visit
    assert visit.callback_url is None


@pytest.mark.parametrize("hook", ["<WEBHOOK_URL>", "none", "-", "example.com/cb", "https://a.example/" + "x" * 4000])
def test_a_webhook_that_is_no_url_is_no_reason_to_refuse(hook: str) -> None:
    visit = asked(webhook_url=hook).visit
    assert visit
    assert visit.callback_url is None


def test_the_echo_has_the_clients_words_and_no_secrets_nor_anything_else() -> None:
    visit = asked(audio_url="https://s3.example/a.mp3?X-Amz-Signature=abcdef", other="x" * 10_000).visit
    assert visit
    assert json.loads(visit.echo) == {
        **FORM,
        "audio_url": "https://s3.example/a.mp3?X-Amz-Signature=[redacted]",
    }


def test_a_body_above_what_lambda_can_be_handed_says_where_songs_go() -> None:
    knock = sent(data=FORM, files={"audio_file": ("a.wav", b"\x00" * MOST_BODY)})
    with pytest.raises(TooLargeError, match=r"POST /v1/uploads .* audio_url=upload:<id>"):
        parsed(knock)


def test_a_body_of_just_that_size_is_taken_and_fits_into_an_event() -> None:
    around = len(sent(data=FORM, files={"audio_file": ("a.wav", b"")}).body)
    knock = sent(data=FORM, files={"audio_file": ("a.wav", b"\x00" * (MOST_BODY - around))})
    assert len(parsed(knock).file or b"") == MOST_BODY - around
    assert MOST_BODY * 4 / 3 + 100_000 < 6 * 1024 * 1024


KINDS = st.sampled_from(
    ["application/json", "application/x-www-form-urlencoded", "multipart/form-data; boundary=b", "multipart/form-data"]
)
FRAGMENTS = st.sampled_from(
    [
        *(b"--b", b"--b--", b"\r\n", b"\r\n\r\n", b"Drake", b"1e999", b"}", b'{"voice_id": "a", "pitch": '),
        b'Content-Disposition: form-data; name="voice_id"',
        b'Content-Disposition: form-data; name="audio_file"; filename="a"',
        *(b"voice_id=Drake&", b"pitch=%31&", b"audio_url=https://a.example&"),
    ]
)


@given(KINDS, st.binary() | st.lists(FRAGMENTS).map(b"".join))
def test_any_bytes_are_a_wish_or_an_error_that_names_them(kind: str, body: bytes) -> None:
    try:
        found = parsed(Knock("POST", SUBMIT, headers={"content-type": kind}, body=body))
    except (MalformedError, InvalidError, TooLargeError):
        return
    assert found.request.voice
    assert bool(found.file) != (found.request.source != Source())
