"""Secrets, wherever they stand in a text, do not stay in it."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reprise.bootstrap import new_id, new_key
from reprise.redact import HIDDEN, PATTERNS, redact

TOKEN = "1795200000.AbC_d-9x"
CALLBACK = f"https://gateway.example/callbacks/kie/{'a' * 32}/1/{TOKEN}"
JOB = "0c4f" * 8
AUDIO_KEY = "-kE_y9" * 5 + "zz"
AUDIO = f"https://gateway.example/audio/{JOB}/{AUDIO_KEY}/1.mp3"
PRESIGNED = (
    "https://b.s3.amazonaws.com/k?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIA123%2F20261120%2Fs3"
    "&X-Amz-Security-Token=IQoJ%2Fb3&X-Amz-Signature=5ec4e7&X-Amz-Expires=60"
)


@pytest.mark.parametrize(
    "text",
    [
        CALLBACK,
        f"callback {CALLBACK} was not reachable",
        f'"{CALLBACK}"',
        f"<{CALLBACK}>",
        f"{CALLBACK}?x=1",
        f"{CALLBACK}/",
        json.dumps({"callBackUrl": CALLBACK}),
        json.dumps(json.dumps({"callBackUrl": CALLBACK})),
        CALLBACK.replace("/", "\\/"),
        CALLBACK.replace("/", "%2F"),
        CALLBACK.replace("/", "%2f"),
    ],
)
def test_the_token_of_a_callback_link_is_hidden(text: str) -> None:
    assert TOKEN not in redact(text)
    assert HIDDEN in redact(text)


@pytest.mark.parametrize(
    "text",
    [
        AUDIO,
        f"{AUDIO} could not be played",
        f'"{AUDIO}"',
        f"<{AUDIO}>",
        f"{AUDIO}?x=1",
        AUDIO.removesuffix("/1.mp3"),
        AUDIO.removesuffix("1.mp3"),
        AUDIO.removeprefix("https://gateway.example"),
        AUDIO.replace(JOB, JOB.upper()),
        json.dumps({"audio_url": AUDIO}),
        json.dumps(json.dumps({"audio_url": AUDIO})),
        AUDIO.replace("/", "\\/"),
        json.dumps(AUDIO.replace("/", "\\/")),
        AUDIO.replace("/", "%2F"),
        AUDIO.replace("/", "%2f"),
        f"https://other.example/play?song={AUDIO.replace('/', '%2F').replace(':', '%3A')}&x=1",
    ],
)
def test_the_key_of_a_public_audio_link_is_hidden(text: str) -> None:
    clean = redact(text)
    assert AUDIO_KEY not in clean
    assert clean == text.replace(AUDIO_KEY, HIDDEN)


def test_both_links_of_a_text_are_hidden() -> None:
    other = AUDIO.replace("1.mp3", "2.mp3")
    assert redact(f"{AUDIO},{other} {CALLBACK}").count(HIDDEN) == 3


def test_keys_are_hidden_as_they_are_made() -> None:
    for _ in range(50):
        link = f"https://g.example/audio/{new_id()}/{new_key()}/1.mp3"
        assert redact(link).split("/")[5:] == [HIDDEN, "1.mp3"]


@pytest.mark.parametrize(
    "text",
    [
        PRESIGNED,
        f"could not fetch {PRESIGNED}, sorry",
        json.dumps({"uploadUrl": PRESIGNED}),
        json.dumps({"param": json.dumps({"uploadUrl": PRESIGNED})}),
        PRESIGNED.replace("&", "\\u0026"),
        PRESIGNED.replace("&", "&amp;"),
        PRESIGNED.replace("&", "%26").replace("=", "%3D"),
        PRESIGNED.lower(),
    ],
)
def test_the_parts_of_a_presigned_link_that_open_it_are_hidden(text: str) -> None:
    clean = redact(text).lower()
    for secret in ("5ec4e7", "akia123", "iqoj"):
        assert secret not in clean
    assert "b.s3.amazonaws.com" in clean


@pytest.mark.parametrize("joint", ["?", "&", "&amp;", "\\u0026", "%26", "%3F"])
@pytest.mark.parametrize(
    "name", ["sig", "signature", "Signature", "token", "access_token", "key", "api_key", "apikey", "secret", "password"]
)
def test_parameters_that_open_things_are_hidden(joint: str, name: str) -> None:
    assert redact(f"https://a.example/x{joint}{name}=hush-1.2~3") == f"https://a.example/x{joint}{name}={HIDDEN}"


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("Authorization: Bearer abcdefgh12345", f"Authorization: Bearer {HIDDEN}"),
        ("authorization: bearer  abc.def-ghi_jkl=", f"authorization: bearer  {HIDDEN}"),
        ("x-goog-signature=abc", f"x-goog-signature={HIDDEN}"),
        ("the key rk_abcdefghijklmnopqrst is ours", f"the key {HIDDEN} is ours"),
        ("https://a.example/x?a=1&sig=s&b=2", f"https://a.example/x?a=1&sig={HIDDEN}&b=2"),
    ],
)
def test_what_is_around_a_secret_stays(text: str, clean: str) -> None:
    assert redact(text) == clean


@pytest.mark.parametrize(
    "text",
    [
        "",
        "the prompt must not exceed 400 characters",
        "https://songs.example/a.mp3?version=2&monkey=1",
        "/callbacks/kie",
        f"/audio/{JOB}",
        f"/v1/covers/{JOB}/tracks/1/audio",
        f"https://media.example.net/audio/{JOB}/1.mp3",
        f"https://media.example.net/audio/2026/11/{AUDIO_KEY}.mp3",
        "audio/mpeg",
        "a bearer of news",
        "the token is missing",
        "signature does not match",
        "rk_short",
        "turkey_rk",
    ],
)
def test_ordinary_words_stay(text: str) -> None:
    assert redact(text) == text


def test_named_secrets_are_hidden_wherever_they_stand() -> None:
    assert redact("a-s3cret-b s3cret", secrets=("s3cret", "")) == f"a-{HIDDEN}-b {HIDDEN}"


@given(st.text(), st.text(), st.sampled_from([" ", '"', "\n", " <"]))
def test_a_token_is_hidden_in_any_text(before: str, after: str, end: str) -> None:
    token = "1795200000." + "t0k3n" * 8
    assert token not in redact(f"{before}https://g.example/callbacks/kie/{'b' * 32}/1/{token}{end}{after}")
    assert AUDIO_KEY not in redact(f"{before}{AUDIO}{end}{after}")


@given(st.text())
def test_redacting_twice_is_redacting_once(text: str) -> None:
    once = redact(text)
    assert redact(once) == once


LOOKALIKES = {"i": "iI\u0131\u0130", "s": "sS\u017f", "k": "kK\u212a"}
"""What passes for a letter where a pattern takes both cases."""

SECRETS = (
    CALLBACK,
    AUDIO,
    PRESIGNED,
    "x-amz-signature=hush",
    "x-goog-security-token=hush",
    "?api_key=hush&policy=x",
    "bearer abcdefgh1234",
    f"rk_{AUDIO_KEY}",
    f"whsec_{AUDIO_KEY}",
)
WRITTEN = ("/", "\\/", "\\\\/", "%2F", "%2f"), ("=", "%3D", "%3d"), ("&", "\\u0026", "&amp;", "%26")


@st.composite
def hostile(draw: st.DrawFn) -> str:
    """A secret in a writing that its pattern may or may not know."""
    text = draw(st.sampled_from(SECRETS))
    for plain, *others in WRITTEN:
        text = text.replace(plain, draw(st.sampled_from([plain, *others])))
    letters = draw(st.lists(st.integers(0, 3), min_size=len(text), max_size=len(text)))
    kinds = (LOOKALIKES.get(one.lower(), one.lower() + one.upper()) for one in text)
    return "".join(kind[number % len(kind)] for kind, number in zip(kinds, letters, strict=True))


@given(st.lists(hostile() | st.text(max_size=5) | st.sampled_from(["bearer", "%2F", "/audio/", "&sig"]), max_size=4))
def test_the_words_that_a_pattern_is_looked_for_by_miss_nothing(parts: list[str]) -> None:
    text = clean = "".join(parts)
    for pattern in dict.fromkeys(pattern for _, pattern in PATTERNS):
        clean = pattern.sub(rf"\g<1>{HIDDEN}", clean)
    assert redact(text) == clean


def test_long_texts_are_quick() -> None:
    audio = f"/audio/{JOB}/"
    for text in (
        "/callbacks/" * 20_000,
        audio * 10_000,
        audio + "k" * 100_000,
        "&sig=" * 40_000,
        "%2F" * 60_000,
        "\\" * 50_000,
        "bearer " * 30_000,
    ):
        redact(text)
