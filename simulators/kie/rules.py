"""kie's validation of a submit: types and required fields first, then the rules of the mode, then the limits."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

Body = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Limits:
    prompt: int
    style: int
    title: int


MODELS: dict[str, Limits] = {
    "V3_5": Limits(3000, 200, 80),
    "V4": Limits(3000, 200, 80),
    "V4_5": Limits(5000, 1000, 100),
    "V4_5PLUS": Limits(5000, 1000, 100),
    "V4_5ALL": Limits(5000, 1000, 80),
    "V5": Limits(5000, 1000, 100),
    "V5_5": Limits(5000, 1000, 100),
}
IDEA_LIMIT = {"seed": 400, "docs": 500}
MAX_SOURCE_SECONDS = 480

_TEXTS = ("prompt", "style", "title", "negativeTags", "vocalGender", "personaId", "personaModel", "callBackUrl")
_WEIGHTS = ("styleWeight", "weirdnessConstraint", "audioWeight")


def complaint(body: Any, *, profile: str = "seed", callback_required: bool = True) -> str | None:
    """What is wrong with this submit, as the vendor would put it; None when it may be bought."""
    if not isinstance(body, dict):
        return "Request body must be a JSON object"
    checks: tuple[Callable[[], str | None], ...] = (
        lambda: _required(body, callback_required),
        lambda: _types(body),
        lambda: _mode(body),
        lambda: _lengths(body, profile),
        lambda: _weights(body),
    )
    return next((wrong for check in checks if (wrong := check())), None)


def _required(body: Body, callback_required: bool) -> str | None:
    names = ["uploadUrl", "customMode", "instrumental", "model"] + ["callBackUrl"] * callback_required
    return next((_missing(name) for name in names if _blank(body.get(name))), None)


def _types(body: Body) -> str | None:
    for name in ("customMode", "instrumental"):
        if not isinstance(body[name], bool):
            return f"{name} must be a boolean"
    for name in ("uploadUrl", "model", *_TEXTS):
        if body.get(name) is not None and not isinstance(body[name], str):
            return f"{name} must be a string"
    for name in _WEIGHTS:
        value = body.get(name)
        if value is not None and (isinstance(value, bool) or not isinstance(value, int | float)):
            return f"{name} must be a number"
    if body["model"] not in MODELS:
        return f"model must be one of {', '.join(MODELS)}"
    if body.get("vocalGender") not in (None, "", "m", "f"):
        return "vocalGender must be m or f"
    return None


def _mode(body: Body) -> str | None:
    needed = ["prompt"]
    if body["customMode"]:
        needed = ["style", "title"] + ["prompt"] * (not body["instrumental"])
    return next((_missing(name) for name in needed if _blank(body.get(name))), None)


def _lengths(body: Body, profile: str) -> str | None:
    """Code points, not bytes. Style and title are ignored outside custom mode, however long."""
    model = MODELS[body["model"]]
    limits = {"prompt": IDEA_LIMIT[profile]}
    if body["customMode"]:
        limits = {"prompt": model.prompt, "style": model.style, "title": model.title}
    for name, limit in limits.items():
        if len(body.get(name) or "") > limit:
            return f"{name} cannot exceed {limit} characters"
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


def _blank(value: Any) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


def _missing(name: str) -> str:
    return f"Please enter {name}"
