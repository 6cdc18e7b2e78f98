"""AI/ML API's clients: what they may send, and the request that we make of it."""

import json
from base64 import b64encode
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reprise.dialects import DIALECTS, aimlapi
from reprise.dialects.dialect import MOST_BODY, Wish
from reprise.domain.assess import violations
from reprise.domain.capabilities import Model
from reprise.domain.request import CoverRequest, Output, Source, Visit
from reprise.errors import InvalidError, MalformedError, TooLargeError
from reprise.providers.aimlapi import CAPABILITIES

from tests.contract.dialects.stages import knock, posted

DIALECT = DIALECTS["aimlapi"]
PATH = "/v2/generate/audio"
SONG = "https://files.example.net/in/310.flac"
PLAIN = {"model": "minimax/music-cover", "prompt": "Quiet jazz", "reference_audio_url": SONG}
BYTES = b"ID3\x04\x00\x00\x00\x00\x00\x00"
BASE64 = b64encode(BYTES).decode()


def parsed(body: Any) -> Wish:
    return DIALECT.parse(posted(PATH, body), "owner")


def asked(body: Any) -> CoverRequest:
    return parsed(body).request


def faults(body: Any) -> list[tuple[str, str]]:
    with pytest.raises(InvalidError) as caught:
        parsed(body)
    return [(one.field, one.rule) for one in caught.value.violations]


GOLDEN = {
    "submit": Wish(
        CoverRequest(
            source=Source(url="https://files.example.net/in/310.flac?sig=09"),
            model="minimax/music-cover",
            prompt="warm lo-fi, muted trumpet, brushed snare",
            lyrics="[Verse]: leave the porch light burning low",
            output=Output("mp3", 44_100, 128_000),
            visit=Visit(
                "aimlapi",
                None,
                '{"model": "minimax/music-cover", "prompt": "warm lo-fi, muted trumpet, brushed snare", '
                '"lyrics": "[Verse]: leave the porch light burning low", '
                '"reference_audio_url": "https://files.example.net/in/310.flac?sig=[redacted]"}',
            ),
        )
    ),
    "submit-plain": Wish(
        CoverRequest(
            source=Source(url="https://files.example.net/in/311.mp3"),
            model="minimax/music-cover",
            prompt="Quiet jazz",
            visit=Visit(
                "aimlapi",
                None,
                '{"model": "minimax/music-cover", "prompt": "Quiet jazz", '
                '"reference_audio_url": "https://files.example.net/in/311.mp3"}',
            ),
        )
    ),
    "submit-base64": Wish(
        CoverRequest(
            source=Source(),
            model="minimax/music-cover",
            prompt="Quiet jazz",
            visit=Visit(
                "aimlapi",
                None,
                '{"model": "minimax/music-cover", "prompt": "Quiet jazz", "reference_audio_url": "[Base64, 10 bytes]"}',
            ),
        ),
        file=BYTES,
    ),
}


@pytest.mark.parametrize("name", GOLDEN)
def test_a_golden_submit_becomes_this_request(name: str) -> None:
    event = knock("aimlapi", name)
    assert event.path in DIALECT.submits
    assert DIALECT.parse(event, "owner") == GOLDEN[name]


@pytest.mark.parametrize("name", GOLDEN)
def test_the_provider_of_this_name_can_carry_it_out(name: str) -> None:
    assert violations(GOLDEN[name].request, CAPABILITIES) == []


WIND = "https://raw.githubusercontent.com/aimlapi/api-docs/main/reference-files/why-is-this-wind.mp3"
WORDS = "[Verse]: Why is this wind so gentle? Why is this wind so gentle? As if it knows where sorrow sleeps..."
PAGE = [
    PLAIN | {"prompt": "Oboe and clarinet intro and accompaniment, jazz", "reference_audio_url": WIND},
    PLAIN | {"reference_audio_url": WIND, "lyrics": WORDS},
]


@pytest.mark.parametrize("sample", PAGE)
def test_the_pages_own_samples_are_taken(sample: dict[str, str]) -> None:
    request = asked(sample)
    assert (request.model, request.prompt, request.lyrics) == (
        "minimax/music-cover",
        sample["prompt"],
        sample.get("lyrics"),
    )
    assert request.source == Source(url=WIND)


@pytest.mark.parametrize("field", PLAIN)
@pytest.mark.parametrize("nothing", ["", "  ", None])
def test_what_is_missing_is_named(field: str, nothing: str | None) -> None:
    assert faults(PLAIN | {field: nothing}) == [(field, "required")]
    assert faults({name: value for name, value in PLAIN.items() if name != field}) == [(field, "required")]


@pytest.mark.parametrize("field", ["prompt", "lyrics"])
def test_texts_keep_within_their_limits(field: str) -> None:
    limits = CAPABILITIES.idea if field == "prompt" else CAPABILITIES.lyrics
    assert limits
    for length in (limits.least, limits.most):
        assert getattr(asked(PLAIN | {field: "é" * length}), field) == "é" * length
    assert faults(PLAIN | {field: "é" * (limits.least - 1)}) == [(field, "too-short")]
    assert faults(PLAIN | {field: "é" * (limits.most + 1)}) == [(field, "too-long")]


def test_no_lyrics_keep_those_of_the_song() -> None:
    assert asked(PLAIN | {"lyrics": ""}).lyrics is None


def test_a_model_is_the_vendors_own_or_one_that_the_owner_named() -> None:
    other = PLAIN | {"model": "minimax/music-cover-2"}
    assert faults(other) == [("model", "not-one-of")]
    owners = replace(CAPABILITIES, models={"minimax/music-cover-2": Model()})
    for body in (other, PLAIN):
        found = DIALECT.parse(replace(posted(PATH, body), limits=owners), "owner").request
        assert found.model == body["model"]


OUTPUTS: list[tuple[Any, Output | None]] = [
    (None, None),
    ("", None),
    ({}, None),
    ({"format": "", "bitrate": None}, None),
    ({"format": "wav"}, Output(format="wav")),
    ({"sample_rate": "44100", "bitrate": "256000"}, Output(sample_rate=44_100, bitrate=256_000)),
    ({"sample_rate": 16_000, "channels": 2}, Output(sample_rate=16_000)),
    ({"sample_rate": 16_000.0}, Output(sample_rate=16_000)),
]


@pytest.mark.parametrize(("setting", "expected"), OUTPUTS)
def test_an_output_may_be_chosen(setting: Any, expected: Output | None) -> None:
    assert asked(PLAIN | {"audio_setting": setting}).output == expected


def test_every_choice_of_the_vendor_can_be_made() -> None:
    choices = CAPABILITIES.output
    for format in choices.formats:
        assert asked(PLAIN | {"audio_setting": {"format": format}}).output == Output(format=format)
    for rate in choices.sample_rates:
        assert asked(PLAIN | {"audio_setting": {"sample_rate": rate}}).output == Output(sample_rate=rate)
    for bitrate in choices.bitrates:
        assert asked(PLAIN | {"audio_setting": {"bitrate": str(bitrate)}}).output == Output(bitrate=bitrate)


WRONG: list[tuple[dict[str, Any], tuple[str, str]]] = [
    ({"audio_setting": []}, ("audio_setting", "type")),
    ({"audio_setting": "mp3"}, ("audio_setting", "type")),
    ({"audio_setting": {"format": "ogg"}}, ("audio_setting.format", "not-one-of")),
    ({"audio_setting": {"sample_rate": 48_000}}, ("audio_setting.sample_rate", "not-one-of")),
    ({"audio_setting": {"sample_rate": 44_100.5}}, ("audio_setting.sample_rate", "step")),
    ({"audio_setting": {"bitrate": "fast"}}, ("audio_setting.bitrate", "type")),
    ({"audio_setting": {"bitrate": -1}}, ("audio_setting.bitrate", "out-of-range")),
    ({"prompt": ["Quiet jazz"]}, ("prompt", "type")),
    ({"lyrics": 5}, ("lyrics", "type")),
    ({"model": 5}, ("model", "type")),
    ({"reference_audio_url": 5}, ("reference_audio_url", "type")),
    ({"reference_audio_url": {"url": SONG}}, ("reference_audio_url", "type")),
    ({"reference_audio_url": "https://"}, ("reference_audio_url", "malformed")),
    ({"reference_audio_url": SONG + "?" + "q" * 4000}, ("reference_audio_url", "too-long")),
    ({"reference_audio_url": "ftp://files.example.net/310.flac"}, ("reference_audio_url", "malformed")),
    ({"reference_audio_url": "upload:4711"}, ("reference_audio_url", "malformed")),
    ({"reference_audio_url": "song.mp3"}, ("reference_audio_url", "malformed")),
    ({"reference_audio_url": BASE64[:-1]}, ("reference_audio_url", "malformed")),
    ({"reference_audio_url": "data:audio/mpeg;base64,"}, ("reference_audio_url", "malformed")),
    ({"reference_audio_url": "data:audio/mpeg;base64,%%%"}, ("reference_audio_url", "malformed")),
    ({"reference_audio_url": "data:audio/mpeg,ID3"}, ("reference_audio_url", "malformed")),
    ({"reference_audio_url": "SÜQz"}, ("reference_audio_url", "malformed")),
]


@pytest.mark.parametrize(("more", "expected"), WRONG)
def test_a_field_of_the_wrong_kind_is_named(more: dict[str, Any], expected: tuple[str, str]) -> None:
    assert faults(PLAIN | more) == [expected]


@pytest.mark.parametrize(
    "text",
    [
        BASE64,
        f"  {BASE64[:8]}\r\n{BASE64[8:]}\n",
        f"data:audio/mpeg;base64,{BASE64}",
        f"data:;base64,{BASE64}",
        f" DATA:audio/mpeg;codecs=mp3;BASE64,{BASE64}",
    ],
)
def test_a_song_may_come_in_base64(text: str) -> None:
    wish = parsed(PLAIN | {"reference_audio_url": text})
    assert (wish.file, wish.request.source) == (BYTES, Source())


def test_a_song_in_the_body_is_not_kept_in_the_request() -> None:
    request = asked(PLAIN | {"reference_audio_url": b64encode(b"ID3" + b"\0" * 100_000).decode()})
    assert request.visit
    assert json.loads(request.visit.echo)["reference_audio_url"] == "[Base64, 100003 bytes]"


def test_a_song_may_have_come_through_an_upload() -> None:
    wish = parsed(PLAIN | {"reference_audio_url": f"upload:{'b' * 32}"})
    assert (wish.file, wish.request.source) == (None, Source(key=f"uploads/owner/{'b' * 32}"))


def _filled(length: int) -> bytes:
    """A good body of just this many bytes."""
    body = json.dumps(PLAIN | {"filler": ""}).encode()
    return body.replace(b'"filler": ""', b'"filler": "' + b"x" * (length - len(body)) + b'"')


def test_a_body_beyond_the_gateways_size_is_pointed_to_uploads() -> None:
    assert asked(_filled(MOST_BODY)).prompt == "Quiet jazz"
    with pytest.raises(TooLargeError, match=r"POST /v1/uploads .* upload:<id>"):
        parsed(_filled(MOST_BODY + 1))


def test_a_song_beyond_the_vendors_size_is_pointed_to_uploads(monkeypatch: pytest.MonkeyPatch) -> None:
    most = CAPABILITIES.source.most_bytes
    assert most
    monkeypatch.setattr(aimlapi, "MOST_BODY", 2 * most)
    with pytest.raises(TooLargeError, match=r"POST /v1/uploads .* upload:<id>"):
        parsed(PLAIN | {"reference_audio_url": b64encode(b"\0" * (most + 1)).decode()})


def test_nobody_is_called_back_whatever_is_sent() -> None:
    request = asked(PLAIN | {"webhook_url": "https://gw.example.net/cb", "callback_url": "https://gw.example.net/cb"})
    assert request.visit
    assert request.visit.callback_url is None


@pytest.mark.parametrize("raw", [b"", b"[]", b"null", b"{", b'"text"', b"\xff", b'{"a": Infinity}', b"[" * 100_000])
def test_what_is_no_json_object_cannot_be_read(raw: bytes) -> None:
    with pytest.raises(MalformedError):
        parsed(raw)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=10,
)
SETTINGS = st.fixed_dictionaries({}, optional=dict.fromkeys(("format", "sample_rate", "bitrate"), JSON))
FORMS = JSON | SETTINGS | st.sampled_from([SONG, BASE64, "a warm jazz trio", f"data:audio/wav;base64,{BASE64}"])
BODIES = st.fixed_dictionaries({}, optional=dict.fromkeys((*PLAIN, "lyrics", "audio_setting"), FORMS))


@given(body=JSON | BODIES)
def test_any_json_is_a_wish_or_a_fault_of_the_callers(body: Any) -> None:
    try:
        wish = parsed(body)
    except (MalformedError, InvalidError, TooLargeError):
        return
    assert wish.request.visit
    assert (wish.file is None) is bool(wish.request.source.url or wish.request.source.key)
    json.loads(wish.request.visit.echo, parse_constant=pytest.fail)
