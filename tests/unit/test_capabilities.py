"""A request against what a provider can express: every rule, and what is silently left out and said so."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reprise.domain.capabilities import OPTIONAL_FIELDS, Capabilities, ModelLimits, Violation, dropped, violations
from reprise.domain.request import Output

from tests.factories import a_request

SMALL = Capabilities(
    provider="small",
    fields=frozenset({"pitch"}),
    custom_fields=frozenset({"negative_style", "style_weight"}),
    models={"one": ModelLimits(lyrics=10, style=5, title=3), "two": ModelLimits(20, 10, 6)},
    default_model="one",
    simple_prompt=8,
    source_seconds=60,
    tracks=1,
    credits=1,
)
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


def broken(**wishes: Any) -> list[tuple[str, str]]:
    return [(one.field, one.rule) for one in violations(a_request(**wishes), SMALL)]


@pytest.mark.parametrize(
    ("wishes", "rules"),
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
def test_each_mode_has_its_required_set(wishes: dict[str, Any], rules: list[tuple[str, str]]) -> None:
    assert broken(**wishes) == rules


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
    assert [(one.field, one.rule) for one in violations(request, SMALL)] == [
        ("style_weight", "unsupported"),
        ("voice", "unsupported"),
    ]
    assert violations(a_request(**SONG, style_weight=0.5, pitch=2, strict=True), SMALL) == []


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
