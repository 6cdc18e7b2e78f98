"""aimusicapi's validation of a submit: types and required fields first, then the limits. All of it is a 400."""

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
    seconds: float = 480


MODELS: dict[str, Model] = {
    "chirp-v4-0": Model(3000, 200, 80, 8),
    "chirp-v4-5": Model(5000, 1000, 100, 10),
    "chirp-v4-5-plus": Model(5000, 1000, 100, 10),
    "chirp-v4-5-all": Model(5000, 1000, 80, 10, seconds=60),
    "chirp-v5": Model(5000, 1000, 100, 12),
    "chirp-v5-5": Model(5000, 1000, 100, 12),
}
IDEA_LIMIT = 500

_TEXTS = ("upload_url", "model", "prompt", "callback_url")
_CUSTOM_TEXTS = ("style", "title", "tags", "negative_tags", "gender")  # dropped in the other mode, whatever they hold
_WEIGHTS = ("style_weight", "weirdness_constraint", "audio_weight")


def complaint(body: Any, *, prompt_rule: str = "table", style_title: bool = True) -> str | None:
    """What is wrong with this submit; None when it may be bought.

    The page says two things of a prompt: its table wants none for an instrumental, its tips want one for every idea.
    """
    if not isinstance(body, dict):
        return "request body must be a JSON object"
    checks: tuple[Callable[[], str | None], ...] = (
        lambda: _required(body, ("upload_url", "model")),
        lambda: _types(body),
        lambda: _words(body),
        lambda: _required(body, _needed(body, prompt_rule, style_title)),
        lambda: _lengths(body),
        lambda: _weights(body),
    )
    return next((wrong for check in checks if (wrong := check())), None)


def _needed(body: Body, prompt_rule: str, style_title: bool) -> tuple[str, ...]:
    custom, instrumental = bool(body.get("custom_mode")), bool(body.get("make_instrumental"))
    prompt = not instrumental or (prompt_rule == "tips" and not custom)
    return ("prompt",) * prompt + ("style", "title") * (custom and style_title)


def _required(body: Body, names: tuple[str, ...]) -> str | None:
    return next((f"{name} is required" for name in names if _blank(body.get(name))), None)


def _types(body: Body) -> str | None:
    for name in ("custom_mode", "make_instrumental"):
        if not isinstance(body.get(name, False), bool | None):
            return f"{name} must be a boolean"
    for name in _TEXTS + _CUSTOM_TEXTS * bool(body.get("custom_mode")):
        if not isinstance(body.get(name), str | None):
            return f"{name} must be a string"
    for name in _WEIGHTS:
        value = body.get(name)
        if isinstance(value, bool) or not isinstance(value, int | float | None):
            return f"{name} must be a number"
    return None


def _words(body: Body) -> str | None:
    if body["model"] not in MODELS:
        return f"model must be one of {', '.join(MODELS)}"
    if body.get("custom_mode") and body.get("gender") not in (None, "", "male", "female"):
        return "gender must be male or female"
    return None


def _lengths(body: Body) -> str | None:
    """Code points, not bytes."""
    model = MODELS[body["model"]]
    limits = {"prompt": IDEA_LIMIT}
    if body.get("custom_mode"):
        limits = {"prompt": model.prompt, "style": model.style, "title": model.title}
    for name, limit in limits.items():
        if len(body.get(name) or "") > limit:
            return f"{name} must not exceed {limit} characters"
    return None


def _weights(body: Body) -> str | None:
    for name in _WEIGHTS:
        value = body.get(name)
        if value is None:
            continue
        if not 0 <= value <= 1:
            return f"{name} must be between 0 and 1"
        if abs(value * 100 - round(value * 100)) >= 1e-6:
            return f"{name} must have at most 2 decimals"
    return None


def _blank(value: Any) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())
