"""aimusicapi's validation, row by row."""

from typing import Any

import pytest

from simulators.aimusicapi.rules import MODELS, complaint

IDEA = {"upload_url": "https://files.example.net/in/77.mp3", "model": "chirp-v4-5", "prompt": "rust on the swing set"}
BARE = {"upload_url": IDEA["upload_url"], "model": "chirp-v4-5", "make_instrumental": True}
SUNG = IDEA | {"custom_mode": True, "make_instrumental": False, "style": "slow country waltz", "title": "Swing Set"}
CUSTOM = {name: value for name, value in SUNG.items() if name != "prompt"} | {"make_instrumental": True}


def without(body: dict[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in body.items() if key != name}


@pytest.mark.parametrize("body", [IDEA, BARE, SUNG, CUSTOM, IDEA | {"custom_mode": None, "make_instrumental": None}])
def test_every_mode_is_accepted_with_exactly_its_required_fields(body: dict[str, Any]) -> None:
    assert complaint(body) is None


@pytest.mark.parametrize(
    ("body", "names"),
    [
        (IDEA, ["upload_url", "model", "prompt"]),
        (BARE, ["upload_url", "model"]),
        (SUNG, ["upload_url", "model", "prompt", "style", "title"]),
        (CUSTOM, ["upload_url", "model", "style", "title"]),
    ],
)
def test_each_required_field_is_asked_for_by_name(body: dict[str, Any], names: list[str]) -> None:
    for name in names:
        for bad in (without(body, name), body | {name: None}, body | {name: " "}):
            assert complaint(bad) == f"{name} is required"


def test_the_tips_want_a_prompt_where_the_table_does_not() -> None:
    assert complaint(BARE, prompt_rule="tips") == "prompt is required"
    assert complaint(CUSTOM, prompt_rule="tips") is None


def test_style_and_title_can_be_left_to_the_table_which_does_not_want_them() -> None:
    assert complaint(without(without(CUSTOM, "style"), "title"), style_title=False) is None


@pytest.mark.parametrize(
    ("change", "complains"),
    [
        ({"custom_mode": "true"}, "custom_mode must be a boolean"),
        ({"make_instrumental": 1}, "make_instrumental must be a boolean"),
        ({"upload_url": 7}, "upload_url must be a string"),
        ({"callback_url": ["x"]}, "callback_url must be a string"),
        ({"tags": ["banjo"]}, "tags must be a string"),
        ({"style_weight": "0.5"}, "style_weight must be a number"),
        ({"audio_weight": True}, "audio_weight must be a number"),
        ({"model": "V4_5"}, "model must be one of chirp-v4-0,"),
        ({"model": "chirp-v3-5"}, "model must be one of chirp-v4-0,"),
        ({"gender": "f"}, "gender must be male or female"),
    ],
)
def test_wrong_types_and_words_are_refused(change: dict[str, Any], complains: str) -> None:
    assert (complaint(CUSTOM | change) or "").startswith(complains)


@pytest.mark.parametrize("name", ["style_weight", "weirdness_constraint", "audio_weight"])
def test_weights_go_from_0_to_1_with_at_most_two_decimals(name: str) -> None:
    for value in (0, 1, 0.0, 0.29, 0.57, 0.65, 1.0, None):
        assert complaint(CUSTOM | {name: value}) is None, value
    for value in (-0.01, 1.01, 2):
        assert complaint(CUSTOM | {name: value}) == f"{name} must be between 0 and 1"
    for value in (0.005, 0.655, 0.123):
        assert complaint(CUSTOM | {name: value}) == f"{name} must have at most 2 decimals"


LIMITS = {
    "chirp-v4-0": (3000, 200, 80, 8),
    "chirp-v4-5": (5000, 1000, 100, 10),
    "chirp-v4-5-plus": (5000, 1000, 100, 10),
    "chirp-v4-5-all": (5000, 1000, 80, 10),
    "chirp-v5": (5000, 1000, 100, 12),
    "chirp-v5-5": (5000, 1000, 100, 12),
}


@pytest.mark.parametrize("model", LIMITS)
def test_limits_and_prices_are_the_models_and_count_code_points(model: str) -> None:
    *limits, credits = LIMITS[model]
    for name, limit in zip(("prompt", "style", "title"), limits, strict=True):
        assert complaint(SUNG | {"model": model, name: "🎵" * limit}) is None
        complains = f"{name} must not exceed {limit} characters"
        assert complaint(SUNG | {"model": model, name: "🎵" * (limit + 1)}) == complains
    assert MODELS[model].credits == credits
    assert MODELS[model].seconds == (60 if model == "chirp-v4-5-all" else 480)
    assert set(MODELS) == set(LIMITS)


def test_an_idea_may_have_500_characters() -> None:
    assert complaint(IDEA | {"prompt": "é" * 500}) is None
    assert complaint(IDEA | {"prompt": "é" * 501}) == "prompt must not exceed 500 characters"


def test_what_belongs_to_custom_mode_is_dropped_in_silence_outside_it() -> None:
    dropped = {"style": "x" * 5000, "title": 7, "tags": ["x"], "gender": "x", "token": "t", "disable_callback": True}
    assert complaint(IDEA | dropped) is None


@pytest.mark.parametrize("body", [None, [], "text", 7])
def test_only_an_object_is_a_request(body: Any) -> None:
    assert complaint(body) == "request body must be a JSON object"


def test_required_comes_before_limits() -> None:
    bad = SUNG | {"title": "", "style": "x" * 2000, "style_weight": 3}
    assert complaint(without(bad, "model")) == "model is required"
    assert complaint(bad) == "title is required"
    assert complaint(bad | {"title": "T"}) == "style must not exceed 1000 characters"
