"""What a provider can express, as data, and the check of a request against it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from reprise.domain.request import CoverRequest, Mode

OPTIONAL_FIELDS = (
    "negative_style",
    "vocal_gender",
    "style_weight",
    "weirdness",
    "audio_weight",
    "voice",
    "pitch",
    "output",
)


@dataclass(frozen=True, slots=True)
class Violation:
    """One broken rule: `field` in dotted form, `rule` as a stable word, `length` of the value where it counts."""

    field: str
    rule: str
    message: str
    length: int | None = None
    limit: float | None = None


@dataclass(frozen=True, slots=True)
class ModelLimits:
    """Most characters (Unicode code points) of each text in custom mode; `output_seconds` where it is known."""

    lyrics: int
    style: int
    title: int
    output_seconds: int | None = None


@dataclass(frozen=True, slots=True)
class Capabilities:
    """One provider. `simple_prompt` is the most characters of an idea; `tracks` what one job yields.

    `fields` are the optional ones it can express, `custom_fields` those that it takes in custom mode alone.
    """

    provider: str
    fields: frozenset[str]
    custom_fields: frozenset[str]
    models: Mapping[str, ModelLimits]
    default_model: str
    simple_prompt: int
    source_seconds: int
    tracks: int
    credits: float


def dropped(request: CoverRequest, capabilities: Capabilities) -> tuple[str, ...]:
    """Fields that were asked for and that this provider cannot express in this mode."""
    custom = request.mode is Mode.CUSTOM
    takes = capabilities.fields | (capabilities.custom_fields if custom else frozenset())
    unheard = [name for name in OPTIONAL_FIELDS if getattr(request, name) is not None and name not in takes]
    if custom:
        unheard += ["prompt"] if request.prompt else []
        unheard += ["lyrics"] if request.lyrics and request.instrumental else []
    elif request.title:
        unheard.append("title")
    return tuple(unheard)


def violations(request: CoverRequest, capabilities: Capabilities) -> list[Violation]:
    """Every rule of the provider that the request breaks; empty when it may be paid for."""
    found = list(_modes(request))
    limits = capabilities.models.get(request.model or capabilities.default_model)
    if limits is None:
        known = ", ".join(capabilities.models)
        found.append(Violation("model", "unknown", f"{capabilities.provider} knows {known}"))
    elif request.mode is Mode.CUSTOM:
        found += _lengths(request, {"lyrics": limits.lyrics, "style": limits.style, "title": limits.title})
    else:
        found += _too_long("prompt" if request.prompt else "style", request.idea, capabilities.simple_prompt)
    if request.strict:
        found += [
            Violation(name, "unsupported", f"{capabilities.provider} cannot express it, and strict was asked for")
            for name in dropped(request, capabilities)
        ]
    return found


def _modes(request: CoverRequest) -> Iterator[Violation]:
    if request.mode is Mode.SIMPLE:
        if not (request.prompt or request.style):
            yield Violation("prompt", "required", "say what the cover should be: a prompt, or style and title")
        return
    for name in ("style", "title"):
        if not getattr(request, name):
            yield Violation(name, "required", "required when lyrics, or style and title, are given")
    if not request.instrumental and not request.lyrics:
        yield Violation("lyrics", "required", "required with style and title unless instrumental is true")


def _lengths(request: CoverRequest, most: Mapping[str, int]) -> Iterator[Violation]:
    for name, limit in most.items():
        yield from _too_long(name, getattr(request, name) or "", limit)


def _too_long(name: str, text: str, limit: int) -> Iterator[Violation]:
    if len(text) > limit:
        yield Violation(name, "too-long", f"{len(text)} characters, at most {limit}", length=len(text), limit=limit)
