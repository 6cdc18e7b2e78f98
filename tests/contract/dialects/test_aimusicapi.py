"""aimusicapi.org's clients: what they may send, and the request that we make of it."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reprise.dialects import DIALECTS
from reprise.dialects.dialect import Wish
from reprise.domain.assess import violations
from reprise.domain.request import CoverRequest, Mode, Source, Visit
from reprise.errors import InvalidError, MalformedError, TooLargeError
from reprise.providers.aimusicapi import CAPABILITIES

from tests.contract.dialects.stages import knock, posted

DIALECT = DIALECTS["aimusicapi"]
PATH = "/api/v2/upload-cover/generate"
SONG = "https://files.example.net/in/77.mp3"

SIMPLE = {"model": "chirp-v4-5", "upload_url": SONG, "prompt": "a slow piano"}
CUSTOM = SIMPLE | {"custom_mode": True, "style": "waltz", "title": "Swing Set"}
MODELS = tuple(CAPABILITIES.models)


def parsed(body: Any) -> Wish:
    return DIALECT.parse(posted(PATH, body), "owner")


def asked(body: Any) -> CoverRequest:
    return parsed(body).request


def faults(body: Any) -> list[tuple[str, str]]:
    with pytest.raises(InvalidError) as caught:
        parsed(body)
    return [(one.field, one.rule) for one in caught.value.violations]


GOLDEN = {
    "submit": CoverRequest(
        source=Source(url="https://files.example.net/in/77.mp3?sig=ef"),
        model="chirp-v4-5-plus",
        lyrics="[Verse] rust on the swing set",
        style="slow country waltz",
        title="Swing Set",
        negative_style="autotune",
        vocal_gender="male",
        style_weight=0.6,
        weirdness=0.3,
        audio_weight=0.9,
        visit=Visit(
            "aimusicapi",
            "https://gw.example.net/cb/t0k3n",
            '{"model": "chirp-v4-5-plus", "upload_url": "https://files.example.net/in/77.mp3?sig=[redacted]", '
            '"custom_mode": true, "make_instrumental": false, "prompt": "[Verse] rust on the swing set", '
            '"style": "slow country waltz", "title": "Swing Set", "tags": "autotune", "gender": "male", '
            '"style_weight": 0.6, "weirdness_constraint": 0.3, "audio_weight": 0.9, '
            '"callback_url": "https://gw.example.net/cb/t0k3n"}',
        ),
    ),
    "submit-simple": CoverRequest(
        source=Source(url="https://files.example.net/in/my-song.mp3"),
        model="chirp-v4-5",
        prompt="A slow piano cover for a rainy evening",
        visit=Visit(
            "aimusicapi",
            None,
            '{"model": "chirp-v4-5", "upload_url": "https://files.example.net/in/my-song.mp3", "custom_mode": false, '
            '"make_instrumental": false, "prompt": "A slow piano cover for a rainy evening"}',
        ),
    ),
    "submit-instrumental": CoverRequest(
        source=Source(url="https://files.example.net/in/78.wav"),
        model="chirp-v5",
        style="dub techno",
        title="Harbour Fog",
        instrumental=True,
        visit=Visit(
            "aimusicapi",
            None,
            '{"model": "chirp-v5", "upload_url": "https://files.example.net/in/78.wav", "custom_mode": true, '
            '"make_instrumental": true, "prompt": "", "style": "dub techno", "title": "Harbour Fog"}',
        ),
    ),
}


@pytest.mark.parametrize("name", GOLDEN)
def test_a_golden_submit_becomes_this_request(name: str) -> None:
    event = knock("aimusicapi", name)
    assert event.path in DIALECT.submits
    assert DIALECT.parse(event, "owner") == Wish(GOLDEN[name])


@pytest.mark.parametrize("name", GOLDEN)
def test_the_provider_of_this_name_can_carry_it_out(name: str) -> None:
    assert violations(DIALECT.parse(knock("aimusicapi", name), "owner").request, CAPABILITIES) == []


def test_the_pages_own_sample_is_taken() -> None:
    sample = {
        "model": "chirp-v4-5",
        "upload_url": "https://storage.example.com/my-song.mp3",
        "custom_mode": False,
        "make_instrumental": False,
        "prompt": "A calm and relaxing piano cover with soft melodies",
    }
    request = asked(sample)
    assert (request.mode, request.prompt) == (Mode.SIMPLE, sample["prompt"])
    assert request.visit
    assert json.loads(request.visit.echo) == sample


REQUIRED: list[tuple[dict[str, Any], list[tuple[str, str]]]] = [
    ({}, [("prompt", "required"), ("model", "required"), ("upload_url", "required")]),
    (SIMPLE | {"prompt": ""}, [("prompt", "required")]),
    (SIMPLE | {"prompt": "  "}, [("prompt", "required")]),
    (SIMPLE | {"prompt": None}, [("prompt", "required")]),
    (SIMPLE | {"model": ""}, [("model", "required")]),
    (SIMPLE | {"upload_url": ""}, [("upload_url", "required")]),
    (CUSTOM | {"prompt": ""}, [("prompt", "required")]),
    (CUSTOM | {"style": "", "title": None}, [("style", "required"), ("title", "required")]),
    (CUSTOM | {"make_instrumental": True, "style": ""}, [("style", "required")]),
    (CUSTOM | {"make_instrumental": True, "title": ""}, [("title", "required")]),
]


@pytest.mark.parametrize(("body", "expected"), REQUIRED)
def test_what_is_missing_is_named(body: dict[str, Any], expected: list[tuple[str, str]]) -> None:
    assert faults(body) == expected


def test_an_instrumental_needs_no_prompt_in_either_mode() -> None:
    simple = asked({"model": "chirp-v5", "upload_url": SONG, "make_instrumental": True})
    assert (simple.instrumental, simple.prompt, simple.mode) == (True, "instrumental cover", Mode.SIMPLE)
    custom = asked(CUSTOM | {"make_instrumental": True, "prompt": ""})
    assert (custom.instrumental, custom.prompt, custom.lyrics, custom.mode) == (True, None, None, Mode.CUSTOM)


def test_an_instrumental_sings_no_lyrics() -> None:
    assert asked(CUSTOM | {"make_instrumental": True}).lyrics is None


def test_an_instrumentals_own_idea_is_kept() -> None:
    assert asked(SIMPLE | {"make_instrumental": True}).prompt == "a slow piano"


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize(("field", "limit"), [("prompt", "lyrics"), ("style", "style"), ("title", "title")])
def test_custom_texts_reach_the_models_limit_and_no_further(model: str, field: str, limit: str) -> None:
    most = getattr(CAPABILITIES.models[model], limit)
    full = CUSTOM | {"model": model, field: "ü" * most}
    assert getattr(asked(full), limit) == "ü" * most
    assert faults(full | {field: "ü" * (most + 1)}) == [(field, "too-long")]


@pytest.mark.parametrize("model", MODELS)
def test_an_idea_reaches_its_limit_and_no_further(model: str) -> None:
    assert CAPABILITIES.idea
    most = CAPABILITIES.idea.most
    assert asked(SIMPLE | {"model": model, "prompt": "é" * most}).prompt == "é" * most
    assert faults(SIMPLE | {"model": model, "prompt": "é" * (most + 1)}) == [("prompt", "too-long")]


def test_a_model_that_we_do_not_know_is_kept_and_has_the_usual_limits() -> None:
    most = CAPABILITIES.models[CAPABILITIES.default_model or ""].title
    assert asked(CUSTOM | {"model": "chirp-v9", "title": "t" * most}).model == "chirp-v9"
    assert faults(CUSTOM | {"model": "chirp-v9", "title": "t" * (most + 1)}) == [("title", "too-long")]


def test_simple_mode_leaves_out_what_belongs_to_custom_mode() -> None:
    more = {"style": "s" * 6000, "title": 5, "tags": ["x"], "gender": "robot", "negative_tags": 1e300}
    request = asked(SIMPLE | more)
    assert request.mode is Mode.SIMPLE
    assert (request.style, request.title, request.negative_style, request.vocal_gender) == (None, None, None, None)


NEGATIVES = [
    ({"tags": "autotune", "negative_tags": "banjo"}, "autotune"),
    ({"tags": "", "negative_tags": "banjo"}, "banjo"),
    ({"negative_tags": "banjo"}, "banjo"),
    ({"tags": ""}, None),
]


@pytest.mark.parametrize(("more", "expected"), NEGATIVES)
def test_tags_are_to_be_avoided_and_have_an_alias(more: dict[str, str], expected: str | None) -> None:
    assert asked(CUSTOM | more).negative_style == expected


WEIGHTS = {"style_weight": "style_weight", "weirdness_constraint": "weirdness", "audio_weight": "audio_weight"}


@pytest.mark.parametrize(("field", "name"), WEIGHTS.items())
@pytest.mark.parametrize("value", [0, 0.29, 0.65, 1, "0.65"])
@pytest.mark.parametrize("mode", [SIMPLE, CUSTOM])
def test_weights_have_two_decimals_from_0_to_1(field: str, name: str, value: Any, mode: dict[str, Any]) -> None:
    assert getattr(asked(mode | {field: value}), name) == float(value)


@pytest.mark.parametrize("field", WEIGHTS)
@pytest.mark.parametrize(
    ("value", "rule"),
    [(1.01, "out-of-range"), (-0.01, "out-of-range"), (0.655, "step"), ("much", "type"), (True, "type")],
)
def test_other_weights_are_refused(field: str, value: Any, rule: str) -> None:
    assert faults(SIMPLE | {field: value}) == [(field, rule)]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (SIMPLE | {"custom_mode": "perhaps"}, ("custom_mode", "type")),
        (SIMPLE | {"make_instrumental": 1}, ("make_instrumental", "type")),
        (SIMPLE | {"prompt": 5}, ("prompt", "type")),
        (SIMPLE | {"model": ["chirp-v5"]}, ("model", "type")),
        (SIMPLE | {"model": "m" * 257}, ("model", "too-long")),
        (CUSTOM | {"gender": "robot"}, ("gender", "not-one-of")),
        (SIMPLE | {"upload_url": "my-song.mp3"}, ("upload_url", "malformed")),
        (SIMPLE | {"upload_url": "ftp://files.example.net/77.mp3"}, ("upload_url", "malformed")),
        (SIMPLE | {"upload_url": "upload:4711"}, ("upload_url", "malformed")),
        (SIMPLE | {"upload_url": SONG + "?" + "q" * 4000}, ("upload_url", "too-long")),
    ],
)
def test_a_field_of_the_wrong_kind_is_named(body: dict[str, Any], expected: tuple[str, str]) -> None:
    assert faults(body) == [expected]


@pytest.mark.parametrize("hook", ["nowhere", "-", "example.com/cb", 7, ["x"], "https://a.example/" + "x" * 4000])
def test_a_callback_url_that_is_none_is_no_reason_to_refuse(hook: Any) -> None:
    visit = asked(SIMPLE | {"callback_url": hook}).visit
    assert visit
    assert visit.callback_url is None


@pytest.mark.parametrize("gender", ["male", "female"])
def test_a_gender_is_one_of_two(gender: str) -> None:
    assert asked(CUSTOM | {"gender": gender}).vocal_gender == gender


def test_empty_texts_count_as_absent() -> None:
    request = asked(CUSTOM | {"gender": "", "tags": "", "callback_url": "", "style_weight": "", "custom_mode": True})
    assert request.visit
    absent = (request.vocal_gender, request.negative_style, request.visit.callback_url, request.style_weight)
    assert absent == (None, None, None, None)


def test_fields_that_we_do_not_know_are_ignored_and_not_kept() -> None:
    request = asked(SIMPLE | {"disable_callback": True, "token": "hush", "metadata": {"deep": []}})
    assert request.visit
    assert "hush" not in request.visit.echo


def test_a_song_may_have_come_through_an_upload() -> None:
    assert asked(SIMPLE | {"upload_url": f"upload:{'b' * 32}"}).source == Source(key=f"uploads/owner/{'b' * 32}")


def test_http_and_links_as_long_as_4000_characters_are_taken() -> None:
    long = "http://files.example.net/".ljust(4000, "q")
    assert asked(SIMPLE | {"upload_url": long}).source == Source(url=long)


@pytest.mark.parametrize(
    "raw", [b"", b"[]", b"null", b"{", b'"text"', b"\xff", b'{"style_weight": NaN}', b"[" * 100_000]
)
def test_what_is_no_json_object_cannot_be_read(raw: bytes) -> None:
    with pytest.raises(MalformedError):
        parsed(raw)


def test_a_body_beyond_the_gateways_size_is_too_large() -> None:
    with pytest.raises(TooLargeError, match="/v1/uploads"):
        parsed(b" " * 1_000_001)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=10,
)
KNOWN = ("model", "upload_url", "custom_mode", "make_instrumental", "prompt", "style", "title", "tags", *WEIGHTS)
BODIES = st.fixed_dictionaries({}, optional={name: JSON | st.just(SONG) | st.just(True) for name in KNOWN})


@given(body=JSON | BODIES)
def test_any_json_is_a_wish_or_a_fault_of_the_callers(body: Any) -> None:
    try:
        wish = parsed(body)
    except (MalformedError, InvalidError, TooLargeError):
        return
    assert wish.request.visit
    json.loads(wish.request.visit.echo, parse_constant=pytest.fail)
