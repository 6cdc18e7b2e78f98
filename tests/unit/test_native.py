"""Our own words: each field's rules, and errors that name field, rule and length."""

import json
from collections.abc import Callable
from ipaddress import ip_network
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reprise.codec import encode
from reprise.dialects.body import fingerprint, parse_body
from reprise.dialects.fields import upload_key
from reprise.dialects.native import (
    LONGEST_TEXT,
    LONGEST_VALUE,
    parse_cover,
    parse_wishes,
)
from reprise.domain.create import create
from reprise.domain.job import Leg
from reprise.domain.request import CoverRequest, Mode, Output, Source, WhenUnknown
from reprise.domain.violation import Violation
from reprise.errors import InvalidError, MalformedError

from tests.factories import NOW

URL = "https://songs.example/a.mp3"
LOCAL = (ip_network("127.0.0.0/8"),)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


def cover(**wishes: Any) -> CoverRequest:
    return parse_cover({"source": {"url": URL}, **wishes}, "owner", ())


def faults(**wishes: Any) -> list[tuple[str, str, int | None]]:
    with pytest.raises(InvalidError) as caught:
        cover(**wishes)
    return [(one.field, one.rule, one.length) for one in caught.value.violations]


def rules(field: str, value: Any) -> set[str]:
    found = faults(**{field: value})
    assert {name.partition(".")[0] for name, _, _ in found} == {field}
    return {rule for _, rule, _ in found}


def violations_in(parse: Callable[[], CoverRequest]) -> tuple[Violation, ...]:
    try:
        parse()
    except InvalidError as error:
        return error.violations
    return ()


# Values


def test_a_source_is_enough_to_be_read() -> None:
    assert cover() == CoverRequest(source=Source(url=URL))


def test_every_field_arrives() -> None:
    wishes: dict[str, Any] = {
        "model": "V5",
        "max_usd": 0.25,
        "prompt": "p",
        "lyrics": "l",
        "style": "s",
        "title": "t",
        "instrumental": True,
        "negative_style": "n",
        "vocal_gender": "female",
        "style_weight": 0.29,
        "weirdness": 0,
        "audio_weight": 1,
        "voice": "v",
        "pitch": -12,
        "deadline": 60,
        "strict": True,
        "metadata": {"order": "7"},
    }
    output = {"format": "wav", "sample_rate": 48_000, "bitrate": 320_000}
    request = cover(**wishes, provider=["kie", "aimlapi"], output=output, when_unknown="resubmit")
    for name, value in wishes.items():
        assert getattr(request, name) == value, name
    assert request.output == Output("wav", 48_000, 320_000)
    assert request.when_unknown is WhenUnknown.RESUBMIT
    assert request.providers == ("kie", "aimlapi")


@pytest.mark.parametrize(
    ("asked", "named"),
    [
        ("auto", ()),
        ("kie", ("kie",)),
        (" kie ", ("kie",)),
        (["kie"], ("kie",)),
        (["kie", "musicgpt"], ("kie", "musicgpt")),
        ("kie, musicgpt", ("kie", "musicgpt")),
    ],
)
def test_a_provider_is_ours_to_choose_or_one_or_several_in_order(asked: Any, named: tuple[str, ...]) -> None:
    assert cover(provider=asked).providers == named


@pytest.mark.parametrize(
    "field", ["model", "prompt", "lyrics", "style", "title", "negative_style", "voice", "vocal_gender", "style_weight"]
)
def test_null_is_as_if_it_were_not_there(field: str) -> None:
    assert cover(**{field: None}) == cover()


@pytest.mark.parametrize("field", ["model", "prompt", "lyrics", "style", "title", "negative_style", "voice"])
@pytest.mark.parametrize("blank", ["", " ", "\n\t "])
def test_a_blank_text_is_no_text(field: str, blank: str) -> None:
    assert cover(**{field: blank}) == cover()


def test_texts_lose_the_space_around_them_and_keep_that_within() -> None:
    assert cover(lyrics="  [Verse]\n\nslow lights \n").lyrics == "[Verse]\n\nslow lights"


@pytest.mark.parametrize(
    ("wishes", "mode"),
    [
        ({"prompt": "p"}, Mode.SIMPLE),
        ({"style": "s"}, Mode.SIMPLE),
        ({"title": "t", "prompt": "p"}, Mode.SIMPLE),
        ({"style": "s", "title": "t"}, Mode.CUSTOM),
        ({"lyrics": "l"}, Mode.CUSTOM),
        ({"style": "s", "title": "  "}, Mode.SIMPLE),
    ],
)
def test_the_mode_follows_from_what_is_given(wishes: dict[str, str], mode: Mode) -> None:
    assert cover(**wishes).mode is mode


@given(st.integers(0, 100))
def test_every_hundredth_is_a_weight(hundredths: int) -> None:
    assert cover(style_weight=hundredths / 100).style_weight == hundredths / 100


# Rules


@pytest.mark.parametrize("field", ["style_weight", "weirdness", "audio_weight"])
@pytest.mark.parametrize(
    ("value", "rule"),
    [
        (-0.01, "too-small"),
        (1.01, "too-large"),
        pytest.param(10**400, "type", id="huge"),
        (0.005, "step"),
        (0.123, "step"),
        ("0.5", "type"),
        (True, "type"),
        ([0.5], "type"),
        (float("inf"), "type"),
        (float("nan"), "type"),
    ],
)
def test_a_weight_is_a_hundredth_from_0_to_1(field: str, value: Any, rule: str) -> None:
    assert rules(field, value) == {rule}


@pytest.mark.parametrize(("sum_of", "weight"), [((0.1, 0.2), 0.3), ((0.7, 0.1), 0.8), ((0.57,), 0.57)])
def test_a_clients_arithmetic_is_forgiven(sum_of: tuple[float, ...], weight: float) -> None:
    assert cover(weirdness=sum(sum_of)).weirdness == weight


@pytest.mark.parametrize("value", [5e-324, 1e-9, 0.3000001])
def test_what_is_almost_a_hundredth_is_none(value: float) -> None:
    assert rules("weirdness", value) == {"step"}


def test_a_whole_number_may_be_written_with_a_point() -> None:
    request = cover(pitch=-3.0, deadline=60.0, output={"sample_rate": 44100.0})
    assert (request.pitch, request.deadline, request.output) == (-3, 60, Output(sample_rate=44100))
    assert type(request.pitch) is int
    assert rules("pitch", 1.5) == {"type"}


@pytest.mark.parametrize(("field", "most"), [("prompt", LONGEST_TEXT), ("voice", 256)])
def test_the_space_around_a_text_counts(field: str, most: int) -> None:
    """So that JSON Schema can say how long a text may be."""
    assert rules(field, " " + "x" * most) == {"too-long"}
    assert getattr(cover(**{field: " " + "x" * (most - 1)}), field) == "x" * (most - 1)


@pytest.mark.parametrize("field", ["prompt", "lyrics", "style", "title", "negative_style"])
def test_a_text_has_a_length_in_code_points_that_the_error_names(field: str) -> None:
    assert getattr(cover(**{field: "𝄞" * LONGEST_TEXT}), field)
    assert faults(**{field: "𝄞" * (LONGEST_TEXT + 1)}) == [(field, "too-long", LONGEST_TEXT + 1)]


@pytest.mark.parametrize("field", ["model", "voice"])
def test_a_label_has_at_most_256_characters(field: str) -> None:
    assert faults(**{field: "x" * 257}) == [(field, "too-long", 257)]


@pytest.mark.parametrize(
    ("field", "value", "rule"),
    [
        ("prompt", 1, "type"),
        ("prompt", ["x"], "type"),
        ("provider", None, "type"),
        ("provider", " ", "malformed"),
        ("provider", [], "malformed"),
        ("provider", ["kie"] * 11, "malformed"),
        ("provider", [1], "type"),
        ("instrumental", "true", "type"),
        ("instrumental", 1, "type"),
        ("instrumental", None, "type"),
        ("strict", "yes", "type"),
        ("vocal_gender", "m", "not-one-of"),
        ("vocal_gender", "Male", "not-one-of"),
        ("when_unknown", "retry", "not-one-of"),
        ("pitch", 13, "too-large"),
        ("pitch", -13, "too-small"),
        ("pitch", 1.5, "type"),
        ("pitch", "1", "type"),
        ("deadline", 59, "too-small"),
        ("deadline", 86_401, "too-large"),
        ("deadline", True, "type"),
        ("output", "mp3", "type"),
        ("metadata", [], "type"),
        ("metadata", None, "type"),
        ("metadata", {"a": 1}, "type"),
        ("metadata", {"a" * 257: "x"}, "too-long"),
        ("metadata", {"a": "x" * (LONGEST_VALUE + 1)}, "too-long"),
        ("metadata", {str(number): "x" for number in range(21)}, "too-many"),
        ("titel", "x", "unknown"),
    ],
)
def test_each_rule_has_a_stable_word(field: str, value: Any, rule: str) -> None:
    assert rule in rules(field, value)


@pytest.mark.parametrize(
    ("output", "field", "rule"),
    [
        ({"format": "ogg"}, "output.format", "not-one-of"),
        ({"sample_rate": 7999}, "output.sample_rate", "too-small"),
        ({"sample_rate": 192_001}, "output.sample_rate", "too-large"),
        ({"bitrate": 128}, "output.bitrate", "too-small"),
        ({"bitrate": 512_001}, "output.bitrate", "too-large"),
        ({"codec": "mp3"}, "output.codec", "unknown"),
    ],
)
def test_the_encoding_has_its_rules(output: dict[str, Any], field: str, rule: str) -> None:
    assert [(name, word) for name, word, _ in faults(output=output)] == [(field, rule)]


def test_every_fault_is_told_at_once_by_its_place() -> None:
    found = faults(titel="x", pitch=99, output={"format": "ogg"}, source={"url": 1})
    assert {field for field, _, _ in found} == {"titel", "pitch", "output.format", "source.url"}


@pytest.mark.parametrize(
    ("field", "value", "rule", "message"),
    [
        ("max_usd", 0, "too-small", "must be above 0"),
        ("max_usd", float("inf"), "type", "must be a finite number"),
        ("weirdness", 0.333, "step", "must be a multiple of 0.01"),
        ("webhook", {"url": URL, "events": "all"}, "type", "must be a list"),
        ("source", {}, "required", "give either url or upload"),
    ],
)
def test_a_fault_says_in_our_own_words_what_the_value_must_be(field: str, value: Any, rule: str, message: str) -> None:
    body = {"source": {"url": URL}, field: value}
    told = violations_in(lambda: parse_cover(body, "owner", ()))
    assert [(one.rule, one.message) for one in told] == [(rule, message)]


@pytest.mark.parametrize(
    ("metadata", "words"),
    [
        ({"deadline": "abc"}, "deadline: must be a whole number"),
        ({"deadline": "9" * 5000}, "deadline: must be a whole number"),
        ({"max_usd": "much"}, "max_usd: must be a number"),
        ({"strict": "maybe"}, "strict: must be true or false"),
    ],
)
def test_metadata_is_told_what_it_must_be(metadata: dict[str, str], words: str) -> None:
    with pytest.raises(InvalidError, match=f"^{words}$"):
        parse_wishes({}, metadata, Source(key="inbox/a.mp3"))


# Source


@pytest.mark.parametrize(
    ("source", "field", "rule"),
    [
        (None, "source", "type"),
        ("https://songs.example/a.mp3", "source", "type"),
        ({}, "source", "required"),
        ({"url": None}, "source", "required"),
        ({"url": URL, "upload": "a" * 32}, "source", "too-many"),
        ({"url": 1}, "source.url", "type"),
        ({"upload": "a" * 31}, "source.upload", "malformed"),
        ({"upload": "a" * 32 + "\n"}, "source.upload", "malformed"),
        ({"upload": "A" * 32}, "source.upload", "malformed"),
        ({"upload": "../" + "a" * 29}, "source.upload", "malformed"),
        ({"key": "uploads/other/x"}, "source.key", "unknown"),
        ({"url": ""}, "source.url", "refused"),
        ({"url": "http://songs.example/a.mp3"}, "source.url", "refused"),
        ({"url": "https://127.0.0.1/a.mp3"}, "source.url", "refused"),
        ({"url": "https://localhost/a.mp3"}, "source.url", "refused"),
        ({"url": "file:///etc/passwd"}, "source.url", "refused"),
    ],
)
def test_a_source_is_one_public_link_or_one_upload(source: Any, field: str, rule: str) -> None:
    with pytest.raises(InvalidError) as caught:
        parse_cover({"source": source}, "owner", ())
    assert (field, rule) in [(one.field, one.rule) for one in caught.value.violations]


def test_a_refused_link_is_named_with_its_length_and_not_repeated() -> None:
    url = "http://songs.example/a.mp3?sig=hush"
    with pytest.raises(InvalidError) as caught:
        parse_cover({"source": {"url": url}}, "owner", ())
    (one,) = caught.value.violations
    assert (one.field, one.length) == ("source.url", len(url))
    assert "hush" not in str(caught.value)


def test_no_source_is_missing() -> None:
    with pytest.raises(InvalidError) as caught:
        parse_cover({}, "owner", ())
    assert [(one.field, one.rule) for one in caught.value.violations] == [("source", "required")]


def test_an_upload_is_looked_for_among_the_callers_own() -> None:
    request = parse_cover({"source": {"upload": "a" * 32}}, "alice", ())
    assert request.source == Source(key=upload_key("alice", "a" * 32)) == Source(key=f"uploads/alice/{'a' * 32}")


def test_an_allowed_network_may_be_a_source() -> None:
    request = parse_cover({"source": {"url": "http://127.0.0.1:9000/a.mp3"}}, "owner", LOCAL)
    assert request.source.url == "http://127.0.0.1:9000/a.mp3"


@given(st.dictionaries(st.sampled_from([*CoverRequest.__dataclass_fields__, "x"]), JSON, max_size=5))
def test_any_object_is_a_request_or_a_list_of_faults(body: dict[str, Any]) -> None:
    assert all(one.field and one.rule and one.message for one in violations_in(lambda: parse_cover(body, "owner", ())))


# Bodies


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"x",
        b"[]",
        b"null",
        b'"x"',
        b"1",
        b"{",
        b'{"a":NaN}',
        b'{"a":Infinity}',
        b'{"a":-Infinity}',
        b'{"a":"\\ud800"}',
        b'{"\\udfff":1}',
        b'{"a":"\xff"}',
        b"[" * 100_000,
        b'{"a":' * 100_000,
        b'{"a":' + b"9" * 5000 + b"}",
    ],
)
def test_what_is_no_json_object_in_utf8_is_malformed(raw: bytes) -> None:
    with pytest.raises(MalformedError):
        parse_body(raw)


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b'{\n "a": 1,\n "b" 2}', "Expecting ':' delimiter, at line 3, column 6"),
        (b"", "Expecting value, at line 1, column 1"),
    ],
)
def test_where_a_body_stops_being_json_is_told(raw: bytes, words: str) -> None:
    with pytest.raises(MalformedError, match=f"^the body must be a JSON object in UTF-8: {words}$"):
        parse_body(raw)


@given(st.binary(max_size=40))
def test_any_bytes_are_an_object_or_malformed(raw: bytes) -> None:
    try:
        assert isinstance(parse_body(raw), dict)
    except MalformedError:
        return


def test_a_fingerprint_does_not_see_space_and_order() -> None:
    one, two = (
        parse_body(b'{"a":1,"b":{"c":"\\u00e9","d":2}}'),
        parse_body('{ "b": {"d": 2, "c": "é"}, "a": 1 }'.encode()),
    )
    assert fingerprint(one) == fingerprint(two)
    assert fingerprint(one) != fingerprint({**one, "a": 2})


@given(st.dictionaries(st.text(max_size=5), JSON, max_size=4), st.dictionaries(st.text(max_size=5), JSON, max_size=4))
def test_two_bodies_have_one_fingerprint_only_if_they_are_one(one: dict[str, Any], two: dict[str, Any]) -> None:
    same = json.dumps(one, sort_keys=True) == json.dumps(two, sort_keys=True)
    assert (fingerprint(one) == fingerprint(two)) == same


# Wishes of a dropped song


def test_metadata_may_all_be_text_and_names_that_no_wish_has_are_kept() -> None:
    told = {"prompt": "p", "instrumental": "true", "style_weight": "0.29", "pitch": "-2", "order": "7", "metadata": "x"}
    request = parse_wishes({}, told, Source(key="inbox/a.mp3"))
    assert (request.prompt, request.instrumental, request.style_weight, request.pitch) == ("p", True, 0.29, -2)
    assert request.metadata == {"order": "7"}
    assert request.source == Source(key="inbox/a.mp3")


def test_the_songs_own_wishes_outweigh_its_presets() -> None:
    preset = {"style": "folk", "instrumental": True, "metadata": {"album": "one", "order": "6"}}
    request = parse_wishes(preset, {"style": "jazz", "order": "7"}, Source(key="inbox/a.mp3"))
    assert (request.style, request.instrumental) == ("jazz", True)
    assert request.metadata == {"album": "one", "order": "7"}


def test_a_preset_with_a_misspelled_wish_is_refused() -> None:
    with pytest.raises(InvalidError) as caught:
        parse_wishes({"style": "folk", "instrumentl": True}, {}, Source(key="inbox/a.mp3"))
    assert [(one.field, one.rule) for one in caught.value.violations] == [("instrumentl", "unknown")]


@pytest.mark.parametrize(
    ("wishes", "field"),
    [
        ({"instrumental": "perhaps"}, "instrumental"),
        ({"style_weight": "0.295"}, "style_weight"),
        ({"pitch": "high"}, "pitch"),
        ({"vocal_gender": "f"}, "vocal_gender"),
        ({"title": "x" * (LONGEST_TEXT + 1)}, "title"),
        ({str(number): "x" for number in range(21)}, "metadata"),
    ],
)
def test_wishes_have_the_same_rules(wishes: dict[str, str], field: str) -> None:
    with pytest.raises(InvalidError) as caught:
        parse_wishes({}, wishes, Source(key="inbox/a.mp3"))
    assert [one.field for one in caught.value.violations] == [field]


@given(st.dictionaries(st.sampled_from([*CoverRequest.__dataclass_fields__, "x", "y"]), JSON, max_size=5))
def test_any_wishes_are_a_request_or_a_list_of_faults(wishes: dict[str, object]) -> None:
    source = Source(key="inbox/a.mp3")
    assert all(
        one.field and one.rule and one.message for one in violations_in(lambda: parse_wishes(wishes, {}, source))
    )


def test_the_longest_request_fits_into_an_item_with_room_to_grow() -> None:
    """DynamoDB takes 400 KB; what no longer fits after the paid call could not be recorded."""
    texts = ("prompt", "lyrics", "style", "title", "negative_style")
    request = cover(
        **dict.fromkeys(texts, "𝄞" * LONGEST_TEXT),
        metadata={f"{number:02}" + "𝄞" * 254: "𝄞" * LONGEST_VALUE for number in range(20)},
    )
    job = create("a" * 32, "owner", request, (Leg("kie"),), NOW)
    assert len(json.dumps(encode(job), ensure_ascii=False).encode()) < 320_000
