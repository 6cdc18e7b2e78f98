"""sunoapi's validation of a submit: types and required fields, then the rules of the mode, then lengths.

Too long a prompt is a code of its own, 413; everything else that is wrong with a request is 400.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

Body = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Model:
    prompt: int
    style: int
    title: int
    credits: int


@dataclass(frozen=True, slots=True)
class Fault:
    code: int
    message: str


MODELS: dict[str, Model] = {
    "V3_5": Model(3000, 200, 80, 10),
    "V4": Model(3000, 200, 80, 10),
    "V4_5": Model(5000, 1000, 100, 12),
    "V4_5PLUS": Model(5000, 1000, 100, 12),
    "V4_5ALL": Model(5000, 1000, 80, 12),
    "V5": Model(5000, 1000, 100, 12),
    "V5_5": Model(5000, 1000, 100, 12),
}
CATALOGUES: dict[str, frozenset[str]] = {
    "union": frozenset(MODELS),
    "seed": frozenset(MODELS) - {"V4_5ALL", "V5_5"},
    "docs": frozenset(MODELS) - {"V3_5"},
}
IDEA_LIMIT = 500
DURATION = (10, 360)

_BOOLEANS = ("customMode", "instrumental")
_TEXTS = ("uploadUrl", "model", "callBackUrl", "prompt", "negativeTags", "vocalGender")
_CUSTOM_TEXTS = ("style", "title", "personaId", "personaModel")  # dropped in the other mode, whatever they hold
_WEIGHTS = ("styleWeight", "weirdnessConstraint", "audioWeight")
_WORDS = {"vocalGender": ("m", "f"), "personaModel": ("style_persona", "voice_persona")}


def complaint(body: Any, *, catalogue: str = "union", callback_required: bool = True) -> Fault | None:
    """What is wrong with this submit, as the vendor would put it; None when it may be bought."""
    if not isinstance(body, dict):
        return Fault(400, "request body must be a JSON object")
    checks: tuple[Callable[[], str | None], ...] = (
        lambda: _required(body, callback_required),
        lambda: _types(body),
        lambda: _words(body, catalogue),
        lambda: _weights(body),
        lambda: _mode(body),
        lambda: _extras(body),
    )
    wrong = next((wrong for check in checks if (wrong := check())), None)
    return Fault(400, wrong) if wrong else _lengths(body)


def _required(body: Body, callback_required: bool) -> str | None:
    names = ["uploadUrl", "customMode", "instrumental", "model"] + ["callBackUrl"] * callback_required
    return next((_missing(name) for name in names if _blank(body.get(name))), None)


def _types(body: Body) -> str | None:
    for name in _BOOLEANS:
        if not isinstance(body[name], bool):
            return f"{name} must be a boolean"
    for name in _TEXTS + _CUSTOM_TEXTS * body["customMode"]:
        if body.get(name) is not None and not isinstance(body[name], str):
            return f"{name} must be a string"
    for name in _WEIGHTS:
        value = body.get(name)
        if value is not None and (isinstance(value, bool) or not isinstance(value, int | float)):
            return f"{name} must be a number"
    return None


def _words(body: Body, catalogue: str) -> str | None:
    if body["model"] not in CATALOGUES[catalogue]:
        return f"model must be one of {', '.join(name for name in MODELS if name in CATALOGUES[catalogue])}"
    for name in ("vocalGender", *["personaModel"] * body["customMode"]):
        if not _blank(body.get(name)) and body[name] not in _WORDS[name]:
            return f"{name} must be {' or '.join(_WORDS[name])}"
    return None


def _weights(body: Body) -> str | None:
    for name in _WEIGHTS:
        value = body.get(name)
        if value is None:
            continue
        if not 0 <= value <= 1:
            return f"{name} must be between 0 and 1"
        if abs(value * 100 - round(value * 100)) >= 1e-6:
            return f"{name} must be a multiple of 0.01"
    return None


def _mode(body: Body) -> str | None:
    needed = ["prompt"]
    if body["customMode"]:
        needed = ["style", "title"] + ["prompt"] * (not body["instrumental"])
    return next((_missing(name) for name in needed if _blank(body.get(name))), None)


def _extras(body: Body) -> str | None:
    """Newer fields, which count in custom mode and with newer models only; elsewhere they are dropped in silence."""
    if not body["customMode"]:
        return None
    if body.get("personaModel") == "voice_persona" and body["model"] not in ("V5", "V5_5"):
        return "voice_persona needs model V5 or later"
    duration = body.get("duration")
    if duration is None or body["model"] != "V5_5":
        return None
    whole = isinstance(duration, int) and not isinstance(duration, bool)
    if not whole or not DURATION[0] <= duration <= DURATION[1]:
        return f"duration must be a whole number from {DURATION[0]} to {DURATION[1]}"
    return None


def _lengths(body: Body) -> Fault | None:
    """Code points, not bytes. Style and title are dropped outside custom mode, however long."""
    model, custom = MODELS[body["model"]], body["customMode"]
    if len(body.get("prompt") or "") > (model.prompt if custom else IDEA_LIMIT):
        return Fault(413, "prompt too long for this model" if custom else "prompt too long for an idea")
    for name, limit in (("style", model.style), ("title", model.title)):
        if custom and len(body.get(name) or "") > limit:
            return Fault(400, f"music {name} cannot exceed {limit} characters")
    return None


def _blank(value: Any) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


def _missing(name: str) -> str:
    """The vendor has two ways of saying it."""
    return f"{name} cannot be null" if name in ("customMode", "instrumental", "model") else f"Please enter {name}"
