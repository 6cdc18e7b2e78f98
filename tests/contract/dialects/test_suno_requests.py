"""What clients of kie.ai and sunoapi.org send, and what we understand."""

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reprise.dialects.fields import LONGEST_TEXT, LONGEST_URL, MOST_BODY
from reprise.domain.request import CoverRequest, Mode, Source, Visit
from reprise.errors import InvalidError, MalformedError, NotFoundError, TooLargeError
from reprise.ports import Order
from reprise.providers import capabilities
from reprise.providers.suno import submit_body

from tests.contract.dialects.suno import INSTRUMENTAL, SIMPLE, SUNG, dialect, each, knock, knocked, parsed
from tests.golden import JOB, KEY

CAPABILITIES = capabilities()

CUSTOM_ONLY = {
    "style": "dub",
    "title": "Fog",
    "negativeTags": "banjo",
    "vocalGender": "f",
    "styleWeight": 0.5,
    "weirdnessConstraint": 0.5,
    "audioWeight": 0.5,
}


def without(body: Any, *names: str) -> dict[str, Any]:
    return {name: value for name, value in body.items() if name not in names}


def faults(shop: str, body: Any) -> list[tuple[str, str]]:
    with pytest.raises(InvalidError) as caught:
        parsed(shop, body)
    return [(one.field, one.rule) for one in caught.value.violations]


def code_of(shop: str, body: Any) -> int:
    asked = knock(body)
    with pytest.raises(InvalidError) as caught:
        dialect(shop).parse(asked, "owner")
    reply = dialect(shop).refusal(caught.value, asked)
    assert reply.status == 200
    assert set(reply.body) == {"code", "msg", "data"}
    return int(reply.body["code"])


@each
def test_the_vendors_sample_is_a_song_without_words(shop: str) -> None:
    request = dialect(shop).parse(knocked(shop, "submit-instrumental"), "owner").request
    assert request.visit
    assert request == CoverRequest(
        source=Source(url="https://storage.example.com/upload"),
        model="V3_5",
        style="Classical",
        title="Peaceful Piano Meditation",
        instrumental=True,
        negative_style="Heavy Metal, Upbeat Drums",
        vocal_gender="male",
        style_weight=0.65,
        weirdness=0.65,
        audio_weight=0.65,
        visit=Visit(shop, "https://api.example.com/callback", request.visit.echo),
    )
    assert request.mode is Mode.CUSTOM


@each
def test_lyrics_of_custom_mode_are_sung_word_for_word(shop: str) -> None:
    request = dialect(shop).parse(knocked(shop, "submit"), "owner").request
    assert (request.lyrics, request.prompt) == ("[Verse] slow lights on the water", None)
    assert (request.style, request.title, request.vocal_gender) == ("dub techno", "Harbour Fog", "female")
    assert (request.style_weight, request.weirdness, request.audio_weight) == (0.7, 0.2, 0.85)
    assert (request.mode, request.instrumental, request.providers) == (Mode.CUSTOM, False, ())


@each
@pytest.mark.parametrize("instrumental", [True, False])
def test_an_idea_is_a_prompt_alone_and_all_that_is_for_custom_mode_is_passed_over(
    shop: str, instrumental: bool
) -> None:
    junk = {name: [value] for name, value in CUSTOM_ONLY.items()}
    plain = parsed(shop, {**SIMPLE, "instrumental": instrumental})
    assert (plain.prompt, plain.lyrics, plain.style, plain.title) == ("rainy tram ride", None, None, None)
    assert (plain.mode, plain.instrumental, plain.model) == (Mode.SIMPLE, instrumental, "V5")
    for extra in (CUSTOM_ONLY, junk, {"personaId": "p-1", "duration": 30, "anything": {"else": [1]}}):
        assert parsed(shop, {**SIMPLE, "instrumental": instrumental, **extra}) == plain


@each
@pytest.mark.parametrize("body", [SIMPLE, INSTRUMENTAL, SUNG, {**SUNG, **CUSTOM_ONLY}], ids=str)
def test_what_we_understand_is_what_we_would_ask_the_same_vendor_for(shop: str, body: dict[str, Any]) -> None:
    """Reprise before Reprise: our own client's request comes back as it was."""
    request = parsed(shop, body)
    assert request.source.url
    assert request.visit
    assert request.visit.callback_url
    order = Order(1, request, request.source.url, request.visit.callback_url, request.model)
    again = parsed(shop, submit_body(CAPABILITIES[shop], order))
    assert replace(again, visit=request.visit) == request
    assert again.visit == replace(request.visit, echo=again.visit.echo if again.visit else "")


NEEDED = ["uploadUrl", "customMode", "instrumental", "model", "callBackUrl", "prompt"]
ABSENT = [pytest.param(value, id=repr(value)) for value in (None, "", "  ")]


@each
@pytest.mark.parametrize("name", NEEDED)
@pytest.mark.parametrize("value", ABSENT)
def test_what_every_mode_needs_is_missed(shop: str, name: str, value: Any) -> None:
    assert faults(shop, without(SIMPLE, name)) == [(name, "required")]
    assert faults(shop, {**SIMPLE, name: value}) == [(name, "required")]
    assert code_of(shop, without(SIMPLE, name)) == {"kie": 422, "sunoapi": 400}[shop]


@each
@pytest.mark.parametrize(
    ("body", "needed"),
    [(INSTRUMENTAL, ["style", "title"]), (SUNG, ["style", "title", "prompt"]), (SIMPLE, ["prompt"])],
    ids=["instrumental", "sung", "simple"],
)
def test_each_mode_misses_its_own_texts(shop: str, body: dict[str, Any], needed: list[str]) -> None:
    bare = without(body, "style", "title", "prompt")
    assert faults(shop, bare) == [(name, "required") for name in needed]
    assert parsed(shop, {**bare, **{name: body[name] for name in needed}})


@each
def test_a_song_without_words_ignores_a_prompt(shop: str) -> None:
    assert parsed(shop, {**INSTRUMENTAL, "prompt": "x" * 9000}).lyrics is None


@each
@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("callBackUrl", "Please enter callBackUrl"),
        ("customMode", "customMode cannot be null"),
        ("model", "model cannot be null"),
    ],
)
def test_the_vendors_own_words_for_what_is_missing(shop: str, name: str, message: str) -> None:
    with pytest.raises(InvalidError) as caught:
        parsed(shop, without(SIMPLE, name))
    assert dialect(shop).refusal(caught.value, knock({})).body["msg"] == message


LIMITS = [
    (shop, model, name, most)
    for shop in ("kie", "sunoapi")
    for model, limits in CAPABILITIES[shop].models.items()
    for name, most in {"prompt": limits.lyrics, "style": limits.style, "title": limits.title}.items()
]


@pytest.mark.parametrize(("shop", "model", "name", "most"), LIMITS)
def test_custom_texts_are_as_long_as_the_model_takes_them(shop: str, model: str, name: str, most: int) -> None:
    body = {**SUNG, "model": model}
    assert parsed(shop, {**body, name: "é" * most})
    assert faults(shop, {**body, name: "é" * (most + 1)}) == [(name, "too-long")]
    long_prompt = shop == "sunoapi" and name == "prompt"
    assert code_of(shop, {**body, name: "é" * (most + 1)}) == (
        413 if long_prompt else {"kie": 422, "sunoapi": 400}[shop]
    )


@pytest.mark.parametrize(("shop", "most", "code"), [("kie", 400, 422), ("sunoapi", 500, 413)])
def test_an_idea_has_its_own_length(shop: str, most: int, code: int) -> None:
    assert parsed(shop, {**SIMPLE, "prompt": "🎷" * most})
    assert code_of(shop, {**SIMPLE, "prompt": "🎷" * (most + 1)}) == code


def test_a_prompt_that_is_too_long_is_told_after_all_other_faults() -> None:
    body = {**SUNG, "prompt": "x" * 5001, "vocalGender": "x"}
    assert faults("sunoapi", body) == [("prompt", "too-long"), ("vocalGender", "not-one-of")]
    assert code_of("sunoapi", body) == 400


@each
@pytest.mark.parametrize("word", ["playground", "none", "-", "example.com/cb", "ftp://a.example/cb", "x" * 4000])
def test_a_callback_url_that_is_none_is_echoed_and_nobody_is_called(shop: str, word: str) -> None:
    visit = parsed(shop, {**SIMPLE, "callBackUrl": word}).visit
    assert visit
    assert visit.callback_url is None
    assert json.loads(visit.echo)["callBackUrl"] == word
    assert faults(shop, {**SIMPLE, "callBackUrl": "x" * 4001}) == [("callBackUrl", "too-long")]


@each
@pytest.mark.parametrize("name", ["styleWeight", "weirdnessConstraint", "audioWeight"])
def test_weights_go_from_0_to_1_in_hundredths(shop: str, name: str) -> None:
    for taken in (0, 1, 0.0, 0.29, 0.57, 1.0):
        assert parsed(shop, {**SUNG, name: taken})
    beyond: tuple[Any, ...] = (1.01, -0.01, 10**400)
    strange: tuple[Any, ...] = ("0.5", True, [1], {"of": 1})
    for rule, values in {"step": (0.005,), "out-of-range": beyond, "type": strange}.items():
        for value in values:
            assert faults(shop, {**SUNG, name: value}) == [(name, rule)]


@each
@pytest.mark.parametrize(
    ("name", "value", "rule"),
    [
        ("model", "V3.5", "not-one-of"),
        ("model", 5, "type"),
        ("customMode", "true", "type"),
        ("customMode", 1, "type"),
        ("instrumental", "false", "type"),
        ("uploadUrl", "in/91.mp3", "malformed"),
        ("uploadUrl", "ftp://files.example.net/91.mp3", "malformed"),
        ("uploadUrl", "https://", "malformed"),
        ("uploadUrl", "https://[::1/91.mp3", "malformed"),
        ("uploadUrl", "https://files.example.net/\n91.mp3", "malformed"),
        ("uploadUrl", f"upload:{'A' * 32}", "malformed"),
        ("uploadUrl", "upload:../other", "malformed"),
        ("uploadUrl", ["https://files.example.net/91.mp3"], "type"),
        ("callBackUrl", 7, "type"),
    ],
)
def test_what_is_of_the_wrong_kind_is_refused(shop: str, name: str, value: Any, rule: str) -> None:
    assert (name, rule) in faults(shop, {**SIMPLE, name: value})


@each
@pytest.mark.parametrize(
    ("name", "value", "rule"),
    [
        ("vocalGender", "male", "not-one-of"),
        ("vocalGender", 1, "type"),
        ("style", 5, "type"),
        ("title", True, "type"),
        ("prompt", ["la"], "type"),
        ("negativeTags", ["banjo"], "type"),
        ("negativeTags", "x" * (LONGEST_TEXT + 1), "too-long"),
    ],
)
def test_what_custom_mode_hears_must_be_of_its_kind(shop: str, name: str, value: Any, rule: str) -> None:
    assert faults(shop, {**SUNG, name: value}) == [(name, rule)]


@each
def test_the_provider_fetches_the_song_so_any_address_will_do(shop: str) -> None:
    start = "http://10.0.0.7/in/"
    longest = start + "a" * (LONGEST_URL - len(start))
    assert parsed(shop, {**SIMPLE, "uploadUrl": longest}).source == Source(url=longest)
    assert faults(shop, {**SIMPLE, "uploadUrl": longest + "a"}) == [("uploadUrl", "too-long")]
    for url in ("https://user:pw@files.example.net/ä b.mp3?x=1#t", "HTTPS://FILES.EXAMPLE.NET:8443"):
        assert parsed(shop, {**SIMPLE, "uploadUrl": f" {url}\n"}).source == Source(url=url)


@each
def test_a_song_that_was_uploaded_to_us_is_named_by_its_id(shop: str) -> None:
    request = parsed(shop, {**SIMPLE, "uploadUrl": f"upload:{'ab' * 16}"})
    assert request.source == Source(key=f"uploads/owner/{'ab' * 16}")


@each
def test_the_echo_holds_what_was_heard_and_no_secret_of_a_link(shop: str) -> None:
    url = "https://files.example.net/91.mp3?X-Amz-Signature=5ec4e7&token=t0k3n-t0k3n&part=1"
    request = parsed(shop, {**SUNG, "uploadUrl": url, "personaId": "p-1", "styleWeight": 0.5})
    assert request.visit
    echo = json.loads(request.visit.echo)
    assert echo == {
        **SUNG,
        "uploadUrl": "https://files.example.net/91.mp3?X-Amz-Signature=[redacted]&token=[redacted]&part=1",
        "styleWeight": 0.5,
    }
    assert request.source.url == url


@each
@pytest.mark.parametrize(
    "raw",
    [b"", b"{", b"[]", b'"text"', b"\xff", b'{"prompt": NaN}', b'{"prompt": "\\ud800"}', b"[" * 100_000, b"9" * 5000],
    ids=lambda raw: repr(raw[:12]),
)
def test_what_is_no_json_object_cannot_be_read(shop: str, raw: bytes) -> None:
    with pytest.raises(MalformedError):
        parsed(shop, raw)


@each
def test_a_body_beyond_the_gateways_size_is_not_parsed(shop: str) -> None:
    with pytest.raises(TooLargeError):
        parsed(shop, b" " * (MOST_BODY + 1))


CODES = {"kie": (422,), "sunoapi": (400, 413)}

SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20)
ANY = st.recursive(SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3))
NAMES = sorted({*SIMPLE, *CUSTOM_ONLY})
BODIES = st.fixed_dictionaries({}, optional={name: ANY | st.just({**SUNG, **CUSTOM_ONLY}[name]) for name in NAMES})


@each
@settings(deadline=None, max_examples=200)
@given(body=ANY | BODIES)
def test_whatever_comes_is_a_wish_or_a_named_fault(shop: str, body: Any) -> None:
    asked = knock(body)
    try:
        visit = dialect(shop).parse(asked, "owner").request.visit
        code, echo = 200, visit.echo if visit else ""
    except (MalformedError, InvalidError) as error:
        code, echo = dialect(shop).refusal(error, asked).body["code"], "{}"
    assert code in (200, *CODES[shop])
    assert isinstance(json.loads(echo), dict)


@each
@pytest.mark.parametrize(
    ("header", "key"),
    [
        (f"Bearer {KEY}", KEY),
        (f"bearer {KEY}", KEY),
        (f"  BEARER   {KEY} ", KEY),
        (KEY, ""),
        ("Basic abc", ""),
        ("Bearer", ""),
        ("", ""),
    ],
)
def test_the_key_comes_as_a_bearer_token(shop: str, header: str, key: str) -> None:
    assert dialect(shop).api_key({"authorization": header}) == key
    assert dialect(shop).api_key({}) == ""


@each
def test_a_status_call_names_a_job(shop: str) -> None:
    assert dialect(shop).job_id(knocked(shop, "status").query) == JOB
    for query in ({}, {"taskId": ""}, {"taskId": " "}):
        with pytest.raises(InvalidError):
            dialect(shop).job_id(query)
    for text in ("5c79****be8e", JOB.upper(), JOB + "0", "../" + JOB, "٣" * 32):
        with pytest.raises(NotFoundError):
            dialect(shop).job_id({"taskId": text})


@each
def test_the_doors_are_the_vendors(shop: str) -> None:
    one = dialect(shop)
    assert one.name == shop
    assert knocked(shop, "submit").path in one.submits
    assert knocked(shop, "status").path in one.statuses
    assert knocked(shop, "balance").path in one.balances
    assert one.catalogs == ()
    with pytest.raises(NotFoundError):
        one.voice_query({})
