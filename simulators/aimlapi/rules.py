"""The vendor's validation of a submit, and the settings that a valid one asks for."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from simulators.aimlapi.source import is_reference

MODELS = ("minimax/music-cover",)
LENGTHS = {"prompt": (10, 2000), "lyrics": (10, 3000)}
UPSTREAM_LENGTHS = {"prompt": 300, "lyrics": 1000}  # longer texts are sold, and may fail later
SETTINGS: dict[str, tuple[int, ...]] = {
    "sample_rate": (16_000, 24_000, 32_000, 44_100),
    "bitrate": (32_000, 64_000, 128_000, 256_000),
}
FORMATS = ("mp3", "wav", "pcm")

Complaint = tuple[str, str]  # the dotted path of a field, and what is wrong with it


@dataclass(frozen=True, slots=True)
class Setting:
    sample_rate: int = 44_100
    bitrate: int = 256_000
    format: str = "mp3"


def complaints(body: Any) -> list[Complaint]:
    """All that is wrong with a submit; nothing when it may be bought. Unknown keys are ignored."""
    if not isinstance(body, dict):
        return [("", "expected object")]
    return [*_model(body), *_reference(body), *_texts(body), *_setting(body.get("audio_setting", {}))]


def setting(body: dict[str, Any]) -> Setting:
    """What a valid submit wants; the defaults are written as strings, so numbers may come as such."""
    given = body.get("audio_setting", {})
    numbers = {name: int(given[name]) for name in SETTINGS if name in given}
    return Setting(**numbers, format=given.get("format", "mp3"))


def too_long_upstream(body: dict[str, Any]) -> str | None:
    """The first text that the model behind the vendor refuses."""
    return next((name for name, most in UPSTREAM_LENGTHS.items() if len(body.get(name, "")) > most), None)


def _model(body: dict[str, Any]) -> Iterator[Complaint]:
    if body.get("model") not in MODELS:
        yield "model", f"expected {' | '.join(MODELS)}, received {_told(body, 'model')}"


def _reference(body: dict[str, Any]) -> Iterator[Complaint]:
    given = body.get("reference_audio_url")
    if not isinstance(given, str):
        yield "reference_audio_url", f"expected string, received {_told(body, 'reference_audio_url')}"
    elif not is_reference(given):
        yield "reference_audio_url", "expected a URL or Base64"


def _texts(body: dict[str, Any]) -> Iterator[Complaint]:
    for name, (least, most) in LENGTHS.items():
        if name not in body and name == "lyrics":
            continue
        if not isinstance(body.get(name), str):
            yield name, f"expected string, received {_told(body, name)}"
        elif not least <= len(body[name]) <= most:  # code points
            yield name, f"expected {least} to {most} characters, received {len(body[name])}"


def _setting(given: Any) -> Iterator[Complaint]:
    if not isinstance(given, dict):
        yield "audio_setting", f"expected object, received {type(given).__name__}"
        return
    for name, allowed in SETTINGS.items():
        if name in given and _whole(given[name]) not in allowed:
            yield f"audio_setting.{name}", f"expected {' | '.join(map(str, allowed))}, received {given[name]!r}"
    if "format" in given and given["format"] not in FORMATS:
        yield "audio_setting.format", f"expected {' | '.join(FORMATS)}, received {given['format']!r}"


def _whole(value: Any) -> int | None:
    if isinstance(value, str):
        return int(value) if value.isascii() and value.isdigit() else None
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _told(body: dict[str, Any], name: str) -> str:
    if name not in body:
        return "undefined"
    value = body[name]
    return repr(value) if isinstance(value, str) else type(value).__name__
