"""kie's validation, row by row."""

from typing import Any

import pytest

from simulators.kie.rules import MODELS, complaint

CUSTOM = {
    "uploadUrl": "https://files.example.net/in/91.mp3",
    "customMode": True,
    "instrumental": True,
    "model": "V4_5",
    "style": "dub techno",
    "title": "Harbour Fog",
    "callBackUrl": "https://gw.example.net/cb/t0k3n",
}
SUNG = CUSTOM | {"instrumental": False, "prompt": "[Verse] slow lights on the water"}
SIMPLE = {name: value for name, value in CUSTOM.items() if name not in ("style", "title")}
SIMPLE |= {"customMode": False, "prompt": "a calm sea"}


def without(body: dict[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in body.items() if key != name}


@pytest.mark.parametrize("body", [CUSTOM, SUNG, SIMPLE, SIMPLE | {"instrumental": False}])
def test_every_mode_is_accepted_with_exactly_its_required_fields(body: dict[str, Any]) -> None:
    assert complaint(body) is None


@pytest.mark.parametrize(
    ("body", "names"),
    [
        (CUSTOM, ["uploadUrl", "customMode", "instrumental", "model", "callBackUrl", "style", "title"]),
        (SUNG, ["uploadUrl", "customMode", "instrumental", "model", "callBackUrl", "style", "title", "prompt"]),
        (SIMPLE, ["uploadUrl", "customMode", "instrumental", "model", "callBackUrl", "prompt"]),
    ],
)
def test_each_required_field_is_asked_for_by_name(body: dict[str, Any], names: list[str]) -> None:
    for name in names:
        assert complaint(without(body, name)) == f"Please enter {name}"
        assert complaint(body | {name: None}) == f"Please enter {name}"


def test_a_callback_url_is_only_asked_for_its_presence() -> None:
    assert complaint(CUSTOM | {"callBackUrl": "not a url"}) is None
    assert complaint(CUSTOM | {"callBackUrl": " "}) == "Please enter callBackUrl"
    assert complaint(without(CUSTOM, "callBackUrl"), callback_required=False) is None


@pytest.mark.parametrize(
    ("change", "complains"),
    [
        ({"customMode": "true"}, "customMode must be a boolean"),
        ({"instrumental": 1}, "instrumental must be a boolean"),
        ({"uploadUrl": 7}, "uploadUrl must be a string"),
        ({"negativeTags": ["banjo"]}, "negativeTags must be a string"),
        ({"styleWeight": "0.5"}, "styleWeight must be a number"),
        ({"audioWeight": True}, "audioWeight must be a number"),
        ({"model": "V6"}, "model must be one of"),
        ({"vocalGender": "male"}, "vocalGender must be m or f"),
    ],
)
def test_wrong_types_and_words_are_refused(change: dict[str, Any], complains: str) -> None:
    assert (complaint(CUSTOM | change) or "").startswith(complains)


@pytest.mark.parametrize("name", ["styleWeight", "weirdnessConstraint", "audioWeight"])
def test_weights_go_from_0_to_1_in_hundredths(name: str) -> None:
    for value in (0, 1, 0.0, 0.29, 0.57, 0.65, 1.0, None):
        assert complaint(CUSTOM | {name: value}) is None, value
    for value in (-0.01, 1.01, 2):
        assert complaint(CUSTOM | {name: value}) == f"{name} must be between 0 and 1"
    for value in (0.005, 0.655, 0.123):
        assert complaint(CUSTOM | {name: value}) == f"{name} must be a multiple of 0.01"


LIMITS = {
    "V3_5": (3000, 200, 80),
    "V4": (3000, 200, 80),
    "V4_5": (5000, 1000, 100),
    "V4_5PLUS": (5000, 1000, 100),
    "V4_5ALL": (5000, 1000, 80),
    "V5": (5000, 1000, 100),
    "V5_5": (5000, 1000, 100),
}


@pytest.mark.parametrize("model", LIMITS)
def test_custom_limits_are_the_models_and_count_code_points(model: str) -> None:
    for name, limit in zip(("prompt", "style", "title"), LIMITS[model], strict=True):
        assert complaint(SUNG | {"model": model, name: "🎵" * limit}) is None
        assert (
            complaint(SUNG | {"model": model, name: "🎵" * (limit + 1)}) == f"{name} cannot exceed {limit} characters"
        )


def test_the_table_of_limits_has_no_other_model() -> None:
    assert set(MODELS) == set(LIMITS)


@pytest.mark.parametrize(("profile", "limit"), [("seed", 400), ("docs", 500)])
def test_an_idea_is_limited_by_profile(profile: str, limit: int) -> None:
    assert complaint(SIMPLE | {"prompt": "é" * limit}, profile=profile) is None
    assert complaint(SIMPLE | {"prompt": "é" * (limit + 1)}, profile=profile)


def test_style_title_and_unknown_fields_are_ignored_outside_custom_mode() -> None:
    assert complaint(SIMPLE | {"style": "x" * 5000, "title": "y" * 5000, "personaId": "p", "mood": 7}) is None


@pytest.mark.parametrize("body", [None, [], "text", 7])
def test_only_an_object_is_a_request(body: Any) -> None:
    assert complaint(body) == "Request body must be a JSON object"


def test_required_comes_before_mode_and_mode_before_limits() -> None:
    bad = CUSTOM | {"title": "", "style": "x" * 2000, "styleWeight": 3}
    assert complaint(without(bad, "model")) == "Please enter model"
    assert complaint(bad) == "Please enter title"
    assert complaint(bad | {"title": "T"}) == "style cannot exceed 1000 characters"
