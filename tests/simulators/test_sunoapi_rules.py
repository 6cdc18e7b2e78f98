"""sunoapi's validation, row by row."""

from typing import Any

import pytest

from simulators.sunoapi.rules import MODELS, Fault, complaint

CUSTOM = {
    "uploadUrl": "https://files.example.net/in/204.wav?sig=cd",
    "customMode": True,
    "instrumental": True,
    "model": "V4_5",
    "style": "jazz trio",
    "title": "Tram Nine",
    "callBackUrl": "https://gw.example.net/cb/t0k3n",
}
SUNG = CUSTOM | {"instrumental": False, "prompt": "[Verse] wet glass and neon"}
IDEA = {name: value for name, value in CUSTOM.items() if name not in ("style", "title")}
IDEA |= {"customMode": False, "instrumental": False, "prompt": "rainy tram ride, brushed drums, upright bass"}
ALWAYS = ["uploadUrl", "customMode", "instrumental", "model", "callBackUrl"]
SAYS = {
    "uploadUrl": "Please enter uploadUrl",
    "customMode": "customMode cannot be null",
    "instrumental": "instrumental cannot be null",
    "model": "model cannot be null",
    "callBackUrl": "Please enter callBackUrl",
    "prompt": "Please enter prompt",
    "style": "Please enter style",
    "title": "Please enter title",
}


def without(body: dict[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in body.items() if key != name}


def says(body: Any, **settings: Any) -> str:
    """The text of a 400."""
    fault = complaint(body, **settings)
    assert fault
    assert fault.code == 400
    return fault.message


@pytest.mark.parametrize("body", [CUSTOM, SUNG, IDEA, IDEA | {"instrumental": True}])
def test_every_mode_is_accepted_with_exactly_its_required_fields(body: dict[str, Any]) -> None:
    assert complaint(body) is None


@pytest.mark.parametrize(
    ("body", "names"),
    [
        (CUSTOM, [*ALWAYS, "style", "title"]),
        (SUNG, [*ALWAYS, "style", "title", "prompt"]),
        (IDEA, [*ALWAYS, "prompt"]),
        (IDEA | {"instrumental": True}, [*ALWAYS, "prompt"]),
    ],
)
def test_each_required_field_is_asked_for_in_the_vendors_two_ways(body: dict[str, Any], names: list[str]) -> None:
    for name in names:
        assert says(without(body, name)) == says(body | {name: None}) == says(body | {name: " "}) == SAYS[name]


def test_a_callback_url_is_only_asked_for_its_presence() -> None:
    assert complaint(CUSTOM | {"callBackUrl": "playground"}) is None
    assert complaint(without(CUSTOM, "callBackUrl"), callback_required=False) is None


@pytest.mark.parametrize(
    ("change", "complains"),
    [
        ({"customMode": "true"}, "customMode must be a boolean"),
        ({"instrumental": 1}, "instrumental must be a boolean"),
        ({"uploadUrl": 7}, "uploadUrl must be a string"),
        ({"style": ["jazz"]}, "style must be a string"),
        ({"negativeTags": ["banjo"]}, "negativeTags must be a string"),
        ({"styleWeight": "0.5"}, "styleWeight must be a number"),
        ({"audioWeight": True}, "audioWeight must be a number"),
        ({"model": "V3.5"}, "model must be one of V3_5, V4,"),
        ({"vocalGender": "male"}, "vocalGender must be m or f"),
        ({"personaModel": "x"}, "personaModel must be style_persona or voice_persona"),
        ({"personaModel": "voice_persona"}, "voice_persona needs model V5 or later"),
    ],
)
def test_wrong_types_and_words_are_refused(change: dict[str, Any], complains: str) -> None:
    assert says(CUSTOM | change).startswith(complains)


@pytest.mark.parametrize("name", ["styleWeight", "weirdnessConstraint", "audioWeight"])
def test_weights_go_from_0_to_1_in_hundredths(name: str) -> None:
    for value in (0, 1, 0.0, 0.29, 0.57, 0.65, 1.0, None):
        assert complaint(CUSTOM | {name: value}) is None, value
    for value in (-0.01, 1.01, 2):
        assert says(CUSTOM | {name: value}) == f"{name} must be between 0 and 1"
    for value in (0.005, 0.655, 0.123):
        assert says(CUSTOM | {name: value}) == f"{name} must be a multiple of 0.01"


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
def test_limits_are_the_models_count_code_points_and_a_long_prompt_has_a_code_of_its_own(model: str) -> None:
    body = SUNG | {"model": model}
    prompt, style, title = LIMITS[model]
    assert complaint(body | {"prompt": "🎵" * prompt, "style": "🎵" * style, "title": "🎵" * title}) is None
    assert complaint(body | {"prompt": "🎵" * (prompt + 1)}) == Fault(413, "prompt too long for this model")
    assert says(body | {"style": "🎵" * (style + 1)}) == f"music style cannot exceed {style} characters"
    assert says(body | {"title": "🎵" * (title + 1)}) == f"music title cannot exceed {title} characters"


def test_an_idea_may_have_500_characters() -> None:
    assert complaint(IDEA | {"prompt": "é" * 500}) is None
    fault = complaint(IDEA | {"prompt": "é" * 501})
    assert fault
    assert fault.code == 413


@pytest.mark.parametrize(("catalogue", "refused"), [("union", []), ("seed", ["V4_5ALL", "V5_5"]), ("docs", ["V3_5"])])
def test_old_and_new_models_are_known_unless_the_list_is_switched(catalogue: str, refused: list[str]) -> None:
    assert set(MODELS) == set(LIMITS)
    assert [model for model in MODELS if complaint(CUSTOM | {"model": model}, catalogue=catalogue)] == refused


@pytest.mark.parametrize(
    ("model", "duration", "good"),
    [
        ("V5_5", 10, True), ("V5_5", 360, True), ("V5_5", 9, False), ("V5_5", 361, False), ("V5_5", 60.5, False),
        ("V5_5", True, False), ("V5", 9, True),
    ],
)  # fmt: skip
def test_a_duration_counts_with_the_newest_model_only(model: str, duration: float, good: bool) -> None:
    assert (complaint(CUSTOM | {"model": model, "duration": duration}) is None) is good
    assert complaint(IDEA | {"model": model, "duration": duration}) is None


def test_a_voice_persona_needs_a_new_model() -> None:
    for model in ("V5", "V5_5"):
        assert complaint(CUSTOM | {"model": model, "personaId": "p", "personaModel": "voice_persona"}) is None
    assert complaint(CUSTOM | {"personaId": "p", "personaModel": "style_persona"}) is None


def test_what_belongs_to_custom_mode_is_dropped_in_silence_outside_it() -> None:
    dropped = {"style": "x" * 5000, "title": 7, "personaId": ["p"], "personaModel": "x", "mood": {}}
    assert complaint(IDEA | dropped | {"vocalGender": "f"}) is None


@pytest.mark.parametrize("body", [None, [], "text", 7])
def test_only_an_object_is_a_request(body: Any) -> None:
    assert says(body) == "request body must be a JSON object"


def test_required_comes_before_types_then_the_mode_then_the_prompt_then_the_rest() -> None:
    bad = SUNG | {"title": "", "style": "x" * 2000, "prompt": "x" * 6000, "styleWeight": 3}
    assert says(without(bad, "model")) == "model cannot be null"
    assert says(bad) == "styleWeight must be between 0 and 1"
    assert says(bad | {"styleWeight": 1}) == "Please enter title"
    fault = complaint(bad | {"styleWeight": 1, "title": "T"})
    assert fault
    assert fault.code == 413
    assert says(bad | {"styleWeight": 1, "title": "T", "prompt": "x"}) == "music style cannot exceed 1000 characters"
