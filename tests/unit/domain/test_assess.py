"""A request against what a provider can express: every rule, and what is silently left out and said so."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reprise.dialects.native import parse_cover
from reprise.domain.assess import (
    HEART,
    Assessment,
    SourceFacts,
    assess,
    clipped,
    dropped,
    joined,
    resolve_model,
    violations,
)
from reprise.domain.capabilities import (
    ENGINES,
    OPTIONAL_FIELDS,
    TEXTS,
    Capabilities,
    Length,
    Model,
    OutputChoices,
    SourceLimits,
)
from reprise.domain.job import Rhythm
from reprise.domain.request import CoverRequest, Output, Visit
from reprise.domain.violation import Violation
from reprise.providers import capabilities

from tests.factories import a_request

PROVIDERS = capabilities()

SMALL = Capabilities(
    provider="small",
    fields=frozenset({"pitch"}),
    custom_fields=frozenset({"negative_style", "style_weight"}),
    models={"one": Model(lyrics=10, style=5, title=3), "two": Model(20, 10, 6, source_seconds=30, credits=3)},
    default_model="one",
    idea=Length(8),
    source=SourceLimits(
        most_seconds=60, least_seconds=6, warn_seconds=20, most_bytes=1000, formats=frozenset({"mp3", "wav"})
    ),
    tracks=1,
    usd=0.25,
    credits=1,
    rhythm=Rhythm(),
)
"""It tells an idea from a song of the caller's own words."""

PLAIN = Capabilities(
    provider="plain",
    modes=False,
    fields=frozenset({"prompt", "style", "title", "lyrics", "output"}),
    joined=("prompt", "style", "title"),
    idea=Length(40, least=10, soft=30),
    lyrics=Length(20, least=5, soft=15),
    models={"only": Model()},
    default_model="only",
    output=OutputChoices(frozenset({"mp3", "wav"}), frozenset({16_000, 44_100}), frozenset({128_000})),
    tracks=1,
    usd=0.2,
    rhythm=Rhythm(),
)
"""It has no modes: its texts become one."""

SINGER = Capabilities(
    provider="singer",
    modes=False,
    fields=frozenset({"voice", "pitch"}),
    required=("voice",),
    models={},
    source=SourceLimits(pages=True),
    tracks=1,
    usd=0.1,
    rhythm=Rhythm(),
)
"""It changes the voice and knows no words for anything else."""

VISIT = Visit("small")
SONG: dict[str, Any] = {"prompt": None, "lyrics": "la la", "style": "jazz", "title": "Fog"}
EVERYTHING: dict[str, Any] = {
    "negative_style": "banjo",
    "vocal_gender": "female",
    "style_weight": 0.5,
    "weirdness": 0.0,
    "audio_weight": 1.0,
    "voice": "someone",
    "pitch": 0,
    "output": Output(),
}


def rules(found: Iterable[Violation]) -> list[tuple[str, str]]:
    return [(one.field, one.rule) for one in found]


def broken(**wishes: Any) -> list[tuple[str, str]]:
    return rules(violations(a_request(**wishes), SMALL))


@pytest.mark.parametrize(
    ("wishes", "told"),
    [
        ({"prompt": "short"}, []),
        ({"prompt": None, "style": "jazz"}, []),
        ({"prompt": "short", "title": "Fog"}, []),
        (SONG, []),
        ({**SONG, "lyrics": None, "instrumental": True}, []),
        ({**SONG, "instrumental": True}, []),
        ({"prompt": None}, [("prompt", "required")]),
        ({"prompt": None, "instrumental": True}, [("prompt", "required")]),
        ({"prompt": None, "title": "Fog"}, [("prompt", "required")]),
        ({**SONG, "lyrics": None}, [("lyrics", "required")]),
        ({**SONG, "style": None}, [("style", "required")]),
        ({**SONG, "title": None}, [("title", "required")]),
        ({**SONG, "style": None, "title": None}, [("style", "required"), ("title", "required")]),
        ({**SONG, "style": None, "instrumental": True}, [("style", "required")]),
    ],
)
def test_each_mode_has_its_required_set(wishes: dict[str, Any], told: list[tuple[str, str]]) -> None:
    assert broken(**wishes) == told


@pytest.mark.parametrize(
    ("wishes", "field", "length", "limit"),
    [
        ({"prompt": "x" * 9}, "prompt", 9, 8),
        ({"prompt": None, "style": "x" * 9}, "style", 9, 8),
        ({"prompt": "x" * 4, "style": "y" * 4}, "prompt", 10, 8),
        ({**SONG, "lyrics": "x" * 11}, "lyrics", 11, 10),
        ({**SONG, "style": "x" * 6}, "style", 6, 5),
        ({**SONG, "title": "x" * 4}, "title", 4, 3),
        ({**SONG, "model": "two", "title": "𝄞" * 7}, "title", 7, 6),
    ],
)
def test_a_text_that_is_too_long_is_named_with_its_length(
    wishes: dict[str, Any], field: str, length: int, limit: int
) -> None:
    (one,) = violations(a_request(**wishes), SMALL)
    assert one == Violation(field, "too-long", f"{length} characters, at most {limit}", length, limit)


def test_every_broken_rule_is_told_at_once() -> None:
    wishes = {"prompt": None, "lyrics": "x" * 11, "style": "y" * 6, "title": "z" * 4}
    assert broken(**wishes) == [("lyrics", "too-long"), ("style", "too-long"), ("title", "too-long")]


@pytest.mark.parametrize("wishes", [{}, SONG])
def test_a_model_that_is_not_known_is_named_with_those_that_are(wishes: dict[str, Any]) -> None:
    (one,) = violations(a_request(**{"prompt": "x", **wishes}, model="three"), SMALL)
    assert (one.field, one.rule, one.message) == ("model", "unknown", "small knows one, two")


def test_an_idea_does_not_answer_to_the_limits_of_custom_texts() -> None:
    assert broken(prompt="x" * 8, title="much too long") == []


def test_what_a_provider_cannot_express_is_dropped_and_said_so() -> None:
    assert dropped(a_request(**EVERYTHING), SMALL) == tuple(name for name in OPTIONAL_FIELDS if name != "pitch")
    taken = {"pitch", "negative_style", "style_weight"}
    assert dropped(a_request(**EVERYTHING, **SONG), SMALL) == tuple(n for n in OPTIONAL_FIELDS if n not in taken)
    assert dropped(a_request(), SMALL) == ()


def test_zero_and_empty_are_wishes_too() -> None:
    assert dropped(a_request(weirdness=0.0, output=Output()), SMALL) == ("weirdness", "output")


def test_strict_refuses_what_would_be_dropped() -> None:
    request = a_request(prompt="x", voice="someone", pitch=2, style_weight=0.5, strict=True)
    assert rules(violations(request, SMALL)) == [("style_weight", "unsupported"), ("voice", "unsupported")]
    assert violations(a_request(**SONG, style_weight=0.5, pitch=2, strict=True), SMALL) == []


def test_strict_refuses_what_would_be_clipped() -> None:
    wishes = {"prompt": "x" * 30, "style": "jazz"}
    assert rules(violations(a_request(**wishes), PLAIN)) == []
    assert rules(violations(a_request(**wishes, strict=True), PLAIN)) == [("style", "unsupported")]


TEXT = st.none() | st.text(max_size=12)


@given(TEXT, TEXT, TEXT, TEXT, st.booleans())
def test_what_passes_has_all_that_its_mode_requires_within_its_limits(
    prompt: str | None, lyrics: str | None, style: str | None, title: str | None, instrumental: bool
) -> None:
    request = a_request(prompt=prompt, lyrics=lyrics, style=style, title=title, instrumental=instrumental)
    if violations(request, SMALL):
        return
    if request.mode == "simple":
        assert 0 < len(request.idea) <= 8
    else:
        assert request.style
        assert request.title
        assert request.lyrics or instrumental
        assert len(request.style) <= 5
        assert len(request.title) <= 3
        assert len(request.lyrics or "") <= 10


# Modes: what a mode has no words for


def test_custom_mode_has_no_word_for_an_idea_nor_an_instrumental_for_lyrics() -> None:
    assert dropped(a_request(**{**SONG, "prompt": "slow"}), SMALL) == ("prompt",)
    assert dropped(a_request(**SONG, instrumental=True), SMALL) == ("lyrics",)


def test_simple_mode_has_no_word_for_a_title_and_takes_a_style_as_the_idea() -> None:
    assert dropped(a_request(prompt="slow", title="Fog"), SMALL) == ("title",)
    assert dropped(a_request(prompt="a", style="jazz", instrumental=True), SMALL) == ()


def test_an_idea_may_have_a_least_length() -> None:
    (one,) = violations(a_request(prompt="slow"), replace(SMALL, idea=Length(8, least=5)))
    assert one == Violation("prompt", "too-short", "4 characters, at least 5", 4, 5)


# Without modes: several texts become one


@pytest.mark.parametrize(
    ("wishes", "text"),
    [
        ({"prompt": "lo-fi jazz"}, "lo-fi jazz"),
        ({"prompt": None, "style": "lo-fi jazz"}, "lo-fi jazz"),
        ({"prompt": None, "title": "Harbour Fog"}, "Harbour Fog"),
        ({"prompt": "slow", "style": "jazz"}, "Prompt: slow. Style: jazz"),
        ({"prompt": "slow", "style": "jazz", "title": "Fog"}, "Prompt: slow. Style: jazz. Title: Fog"),
        ({"prompt": None, "style": "jazz", "title": "Fog"}, "Style: jazz. Title: Fog"),
        ({"prompt": "", "style": "jazz and fog"}, "jazz and fog"),
        ({"prompt": None}, ""),
        ({"prompt": None, "lyrics": "la la"}, ""),
        ({"prompt": "jazz"}, "A cover song: jazz"),
        ({"prompt": "x" * 9}, "A cover song: " + "x" * 9),
        ({"prompt": "x" * 10}, "x" * 10),
        ({"prompt": "x" * 41}, "x" * 40),
        ({"prompt": "x" * 30, "style": "jazz"}, "Prompt: " + "x" * 30 + ". "),
    ],
)
def test_texts_are_joined_with_labels_where_there_are_several_and_padded_where_short(
    wishes: dict[str, Any], text: str
) -> None:
    assert joined(a_request(**wishes), PLAIN) == text


def test_a_provider_that_joins_nothing_has_no_text_to_send() -> None:
    assert joined(a_request(**SONG), SINGER) == joined(a_request(), SMALL) == ""


@pytest.mark.parametrize(
    ("wishes", "lost"),
    [
        ({"prompt": "x" * 99}, ()),
        ({"prompt": None, "title": "x" * 99}, ()),
        ({"prompt": "x" * 19, "style": "jazz"}, ()),
        ({"prompt": "x" * 20, "style": "jazz"}, ("style",)),
        ({"prompt": "x" * 33, "style": "jazz"}, ("prompt", "style")),
        ({"prompt": "x", "style": "y" * 20, "title": "z"}, ("title",)),
        ({"prompt": "x", "style": "y" * 25, "title": "z"}, ("style", "title")),
        ({"prompt": "x" * 30, "lyrics": "la " * 30}, ()),
    ],
)
def test_several_texts_are_clipped_and_one_alone_never_is(wishes: dict[str, Any], lost: tuple[str, ...]) -> None:
    assert clipped(a_request(**wishes), PLAIN) == lost


def test_nothing_is_clipped_where_no_length_is_named_or_nothing_is_joined() -> None:
    request = a_request(prompt="x" * 99, style="jazz")
    assert clipped(request, replace(PLAIN, idea=None)) == clipped(request, SMALL) == clipped(request, SINGER) == ()
    assert joined(request, replace(PLAIN, idea=None)) == f"Prompt: {'x' * 99}. Style: jazz"


@pytest.mark.parametrize(
    ("wishes", "told"),
    [
        ({"prompt": "slow"}, []),
        ({"prompt": None}, [("prompt", "required")]),
        ({"prompt": None, "lyrics": "la la"}, [("prompt", "required")]),
        ({"prompt": None, "title": "Fog"}, []),
        ({"prompt": "x" * 40}, []),
        ({"prompt": "x" * 41}, [("prompt", "too-long")]),
        ({"prompt": None, "style": "x" * 41}, [("style", "too-long")]),
        ({"prompt": "x" * 41, "style": "jazz"}, []),
        ({"lyrics": "la l"}, [("lyrics", "too-short")]),
        ({"lyrics": "la la"}, []),
        ({"lyrics": "x" * 20}, []),
        ({"lyrics": "x" * 21}, [("lyrics", "too-long")]),
        ({"prompt": None, "style": "jazz", "title": "Fog"}, []),
    ],
)
def test_without_modes_each_text_has_its_own_length(wishes: dict[str, Any], told: list[tuple[str, str]]) -> None:
    assert rules(violations(a_request(**wishes), PLAIN)) == told


def test_lyrics_that_would_be_dropped_have_no_length() -> None:
    mute = replace(PLAIN, fields=PLAIN.fields - {"lyrics"})
    request = a_request(lyrics="x" * 99)
    assert rules(violations(request, mute)) == []
    assert dropped(request, mute) == ("lyrics",)


def test_without_modes_an_instrumental_is_a_wish_like_any_other() -> None:
    assert dropped(a_request(instrumental=True, voice="v"), PLAIN) == ("voice", "instrumental")
    assert dropped(a_request(instrumental=True), replace(PLAIN, fields=PLAIN.fields | {"instrumental"})) == ()
    assert dropped(a_request(**SONG, voice="v", pitch=0), SINGER) == ("lyrics", "style", "title")


@pytest.mark.parametrize("voice", [None, ""])
def test_who_only_changes_the_voice_must_be_told_which(voice: str | None) -> None:
    (one,) = violations(a_request(prompt=None, voice=voice), SINGER)
    assert one == Violation("voice", "required", "singer takes no job without it")
    assert violations(a_request(prompt=None, voice="someone"), SINGER) == []


# Output


@pytest.mark.parametrize(
    ("output", "told"),
    [
        (Output(), []),
        (Output("mp3", 44_100, 128_000), []),
        (Output("flac"), [("output.format", "not-one-of", "plain offers mp3, wav")]),
        (Output(sample_rate=8000), [("output.sample_rate", "not-one-of", "plain offers 16000, 44100")]),
        (Output("wav", bitrate=1), [("output.bitrate", "not-one-of", "plain offers 128000")]),
    ],
)
def test_an_encoding_must_be_on_offer(output: Output, told: list[tuple[str, str, str]]) -> None:
    found = violations(a_request(output=output), PLAIN)
    assert [(one.field, one.rule, one.message) for one in found] == told


def test_an_encoding_nobody_is_asked_for_is_dropped_rather_than_checked() -> None:
    request = a_request(prompt="slow", output=Output("flac"))
    assert (violations(request, SMALL), dropped(request, SMALL)) == ([], ("output",))


# Models


@pytest.mark.parametrize(
    ("asked", "provider", "used"),
    [
        (None, "kie", "V4_5"),
        ("", "kie", "V4_5"),
        (None, "aimusicapi", "chirp-v4-5"),
        (None, "musicgpt", None),
        ("V5", "kie", "V5"),
        ("V5", "sunoapi", "V5"),
        ("V4_5", "aimusicapi", "chirp-v4-5"),
        ("V4_5ALL", "aimusicapi", "chirp-v4-5-all"),
        ("chirp-v4-0", "kie", "V4"),
        ("chirp-v5-5", "sunoapi", "V5_5"),
        ("V3_5", "aimusicapi", None),
        ("V5", "aimlapi", None),
        ("V5", "musicgpt", None),
        ("minimax/music-cover", "aimlapi", "minimax/music-cover"),
        ("minimax/music-cover", "kie", None),
        ("v5", "kie", None),
    ],
)
def test_a_model_is_found_by_its_name_or_by_its_engines_name_elsewhere(
    asked: str | None, provider: str, used: str | None
) -> None:
    assert resolve_model(a_request(model=asked), PROVIDERS[provider]) == used


def test_the_same_engine_has_the_same_lengths_in_every_shop() -> None:
    lengths: dict[str, set[tuple[int, int, int]]] = {}
    for name in ("kie", "sunoapi", "aimusicapi"):
        for model, limits in PROVIDERS[name].models.items():
            lengths.setdefault(ENGINES[model], set()).add((limits.lyrics, limits.style, limits.title))
    assert set(lengths) == set(ENGINES.values())
    assert {engine: len(known) for engine, known in lengths.items() if len(known) > 1} == {}


def test_the_lengths_are_those_of_the_model_behind_the_name() -> None:
    shop = replace(SMALL, models={"V5": Model(10, 5, 3), "V4": Model(20, 10, 6)}, default_model="V5")
    assert rules(violations(a_request(**SONG, model="chirp-v5"), shop)) == []
    assert rules(violations(a_request(**{**SONG, "style": "x" * 6}, model="chirp-v5"), shop)) == [("style", "too-long")]
    assert rules(violations(a_request(**{**SONG, "style": "x" * 6}, model="chirp-v4-0"), shop)) == []


def test_a_provider_without_models_says_so() -> None:
    (one,) = violations(a_request(voice="v", model="V5"), SINGER)
    assert (one.field, one.rule, one.message) == ("model", "unknown", "singer knows no models")


def test_a_vendors_client_gets_the_default_model_for_one_that_is_not_known() -> None:
    request = a_request(prompt="slow", model="three", visit=VISIT)
    told = assess(request, SMALL)
    assert (told.able, told.dropped, told.model) == (True, ("model",), "one")
    assert dropped(a_request(prompt="slow", visit=VISIT), SMALL) == ()
    assert dropped(a_request(prompt="slow", model="two", visit=VISIT), SMALL) == ()


def test_the_default_model_that_takes_an_unknown_ones_place_brings_its_own_limits_and_price() -> None:
    shop = replace(SMALL, default_model="two")
    told = assess(a_request(**SONG, model="three", visit=VISIT), shop, SourceFacts(seconds=31))
    assert (told.model, told.credits, rules(told.violations)) == ("two", 3, [("source", "too-long")])
    long = {**SONG, "style": "x" * 11}
    assert rules(violations(a_request(**long, model="three", visit=VISIT), shop)) == [("style", "too-long")]


# Named or chosen


@pytest.mark.parametrize(
    ("capabilities", "wishes", "unheard"),
    [
        (SMALL, {"prompt": "slow"}, []),
        (SMALL, {"prompt": "slow", "voice": "v"}, ["voice"]),
        (SMALL, {"prompt": "slow", "title": "Fog", "weirdness": 0.5, "output": Output()}, []),
        (SMALL, {**SONG, "prompt": "slow"}, []),
        (SMALL, {**SONG, "instrumental": True}, []),
        (SMALL, {"prompt": "slow", "model": "three", "visit": VISIT}, []),
        (PLAIN, {"instrumental": True}, ["instrumental"]),
        (PLAIN, {"voice": "v", "pitch": 2, "negative_style": "banjo"}, ["voice"]),
        (SINGER, {"prompt": None, "voice": "v"}, []),
        (SINGER, {"prompt": None, "voice": "v", "title": "Fog"}, []),
        (SINGER, {"prompt": "x", "voice": "v"}, ["prompt"]),
        (SINGER, {**SONG, "voice": "v", "instrumental": True}, ["lyrics", "style", "instrumental"]),
    ],
)
def test_who_cannot_hear_the_heart_of_a_wish_is_not_chosen_unless_it_is_named(
    capabilities: Capabilities, wishes: dict[str, Any], unheard: list[str]
) -> None:
    request = a_request(**wishes)
    assert assess(request, capabilities, named=True).able
    chosen = assess(request, capabilities, named=False)
    assert rules(chosen.violations) == [(name, "unsupported") for name in unheard]
    assert set(unheard) <= set(HEART) & set(chosen.dropped)


# The song that comes in


def told_of(source: SourceFacts, capabilities: Capabilities = SMALL, **wishes: Any) -> list[tuple[str, str]]:
    return rules(assess(a_request(**{"prompt": "slow", **wishes}), capabilities, source).violations)


FAULT = Violation("source.url", "not-audio", "not a song")


@pytest.mark.parametrize(
    ("source", "told"),
    [
        (SourceFacts(), []),
        (SourceFacts(seconds=60, size=1000, format="mp3"), []),
        (SourceFacts(seconds=60.01), [("source", "too-long")]),
        (SourceFacts(seconds=6), []),
        (SourceFacts(seconds=5.99), [("source", "too-short")]),
        (SourceFacts(seconds=0), [("source", "too-short")]),
        (SourceFacts(seconds=float("inf")), [("source", "too-long")]),
        (SourceFacts(size=1001), [("source", "too-large")]),
        (SourceFacts(format="wav"), []),
        (SourceFacts(format="flac"), [("source", "format")]),
        (SourceFacts(fault=FAULT), [("source.url", "not-audio")]),
        (SourceFacts(fault=FAULT, page=True), [("source.url", "not-audio")]),
        (SourceFacts(61, 1001, "flac"), [("source", "too-long"), ("source", "too-large"), ("source", "format")]),
    ],
)
def test_the_song_is_held_against_what_the_provider_takes(source: SourceFacts, told: list[tuple[str, str]]) -> None:
    assert told_of(source) == told


def test_a_song_that_is_too_long_is_told_with_both_lengths() -> None:
    (one,) = assess(a_request(prompt="slow"), SMALL, SourceFacts(seconds=75.4)).violations
    assert (one.message, one.limit) == ("75 s of audio, at most 60", 60)


def test_a_model_may_take_shorter_songs_than_the_provider() -> None:
    assert told_of(SourceFacts(seconds=31)) == []
    assert told_of(SourceFacts(seconds=30), model="two") == []
    assert told_of(SourceFacts(seconds=31), model="two") == [("source", "too-long")]


def test_limits_that_a_vendor_does_not_name_are_not_held_against_a_song() -> None:
    source = SourceFacts(seconds=1e6, size=10**12, format="aac")
    assert told_of(source, replace(SMALL, source=SourceLimits())) == []


def test_a_page_is_a_song_only_to_who_takes_pages() -> None:
    assert told_of(SourceFacts(fault=FAULT, page=True), SINGER, voice="v") == []
    assert told_of(SourceFacts(fault=FAULT), SINGER, voice="v") == [("source.url", "not-audio")]


# Money


@pytest.mark.parametrize(("most", "able"), [(None, True), (0.25, True), (1000, True), (0.2499, False), (0.0, False)])
def test_who_costs_more_than_allowed_is_not_able(most: float | None, able: bool) -> None:
    told = assess(a_request(prompt="slow", max_usd=most), SMALL)
    assert told.able == able
    words = "small costs about 0.25 USD"
    assert told.violations == (() if able else (Violation("max_usd", "over-budget", words, limit=most),))


def test_a_model_may_have_a_price_of_its_own() -> None:
    prices = [assess(a_request(prompt="slow", model=model), SMALL).credits for model in (None, "one", "two")]
    assert prices == [1, 1, 3]
    free = replace(SMALL, models={"two": Model(credits=0)})
    assert assess(a_request(prompt="slow", model="two"), free).credits == 0
    assert assess(a_request(), PLAIN).credits is None


# Warnings


def warned(capabilities: Capabilities, source: SourceFacts | None = None, **wishes: Any) -> list[str]:
    told = assess(a_request(**wishes), capabilities, source)
    assert told.able
    return list(told.warnings)


def test_a_song_beyond_the_vendors_second_figure_is_warned_of() -> None:
    assert warned(SMALL, SourceFacts(seconds=20), prompt="slow") == []
    assert warned(SMALL, SourceFacts(), prompt="slow") == warned(SMALL, None, prompt="slow") == []
    (words,) = warned(SMALL, SourceFacts(seconds=20.5), prompt="slow")
    assert "20 s" in words


def test_texts_beyond_a_soft_limit_are_warned_of() -> None:
    assert warned(PLAIN, prompt="x" * 30, lyrics="x" * 15) == []
    text, lyrics = warned(PLAIN, prompt="x" * 31, lyrics="x" * 16)
    assert "beyond 30" in text
    assert "lyrics beyond 15" in lyrics
    assert len(warned(PLAIN, prompt="x" * 15, style="jazz")) == 1, "labels count: the vendor counts them too"


def test_who_has_no_soft_limits_warns_of_nothing() -> None:
    assert warned(replace(PLAIN, idea=Length(40), lyrics=Length(20)), prompt="x" * 40, lyrics="x" * 20) == []
    assert warned(SINGER, SourceFacts(seconds=9999), voice="v") == []


# Whatever is asked of whoever


WORDS = st.text(max_size=20) | st.integers(1, 5000).map(lambda length: "x" * length)
WEIGHTS = st.integers(0, 100).map(lambda hundredths: hundredths / 100)
BODIES = st.fixed_dictionaries(
    {"source": st.just({"url": "https://songs.example/a.mp3"})},
    optional={
        "provider": st.sampled_from(["auto", "kie", ["musicgpt", "aimlapi"]]),
        "model": st.sampled_from([*ENGINES, "minimax/music-cover", "V9", ""]),
        **dict.fromkeys((*TEXTS, "negative_style"), WORDS),
        "instrumental": st.booleans(),
        "vocal_gender": st.sampled_from(["male", "female"]),
        **dict.fromkeys(("style_weight", "weirdness", "audio_weight"), WEIGHTS),
        "voice": st.text(max_size=20),
        "pitch": st.integers(-12, 12),
        "output": st.fixed_dictionaries(
            {},
            optional={
                "format": st.sampled_from(["mp3", "wav", "flac", "pcm"]),
                "sample_rate": st.sampled_from([8000, 44_100, 192_000]),
                "bitrate": st.integers(32_000, 512_000),
            },
        ),
        "max_usd": st.floats(0.01, 1000),
        "strict": st.booleans(),
    },
)
SOURCES = st.none() | st.builds(
    SourceFacts,
    seconds=st.none() | st.floats(min_value=0) | st.just(float("nan")),
    size=st.none() | st.integers(0, 10**12),
    format=st.none() | st.sampled_from(["mp3", "wav", "flac", "ogg", "m4a", "aac"]),
    fault=st.none() | st.just(FAULT),
    page=st.booleans(),
)
EACH = pytest.mark.parametrize("provider", PROVIDERS)


def parsed(body: Mapping[str, Any], visit: Visit | None = None) -> CoverRequest:
    return replace(parse_cover(body, "owner", ()), visit=visit)


@EACH
@given(BODIES, SOURCES, st.booleans(), st.sampled_from([None, VISIT]))
def test_every_wish_has_an_answer_and_a_yes_keeps_its_word(
    provider: str, body: dict[str, Any], source: SourceFacts | None, named: bool, visit: Visit | None
) -> None:
    request, capabilities = parsed(body, visit), PROVIDERS[provider]
    told = assess(request, capabilities, source, named)
    assert (told.provider, told.able) == (provider, not told.violations)
    if told.able:
        keeps_its_word(told, request, capabilities, named=named)


def keeps_its_word(told: Assessment, request: CoverRequest, capabilities: Capabilities, *, named: bool) -> None:
    assert told.model in {*capabilities.models, capabilities.default_model}
    assert request.max_usd is None or told.usd <= request.max_usd
    assert not (request.strict and (told.dropped or told.clipped))
    assert named or "voice" not in told.dropped
    assert all(getattr(request, name) for name in capabilities.required)


@EACH
@given(BODIES)
def test_the_joined_text_fits_and_holds_every_text_that_is_not_told_to_be_clipped(
    provider: str, body: dict[str, Any]
) -> None:
    request, capabilities = parsed(body), PROVIDERS[provider]
    text = joined(request, capabilities)
    assert len(text) <= (capabilities.idea.most if capabilities.idea else 0)
    if assess(request, capabilities).able:
        lost = clipped(request, capabilities)
        given = {name: getattr(request, name) for name in capabilities.joined if getattr(request, name)}
        assert all(value in text for name, value in given.items() if name not in lost)
        assert not (text and capabilities.idea) or len(text) >= capabilities.idea.least
