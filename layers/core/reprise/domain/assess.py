"""A request against a provider: what it breaks, what would be left out, what it would cost. From data alone."""

from collections.abc import Iterator
from dataclasses import dataclass

from reprise.domain.capabilities import ENGINES, OPTIONAL_FIELDS, TEXTS, Capabilities, Length, Model
from reprise.domain.request import CoverRequest, Mode, Output
from reprise.domain.violation import Violation

HEART = ("prompt", "lyrics", "style", "instrumental", "voice")
"""Wishes that make the cover what it is: a provider that cannot hear one is not chosen unless it is named."""


@dataclass(frozen=True, slots=True)
class SourceFacts:
    """What a look at the song told: its length in seconds and bytes and its format, each None where nobody knows.

    `fault` says why it is no song that anybody could take; `page` that the link leads to something else than a file.
    """

    seconds: float | None = None
    size: int | None = None
    format: str | None = None
    fault: Violation | None = None
    page: bool = False


@dataclass(frozen=True, slots=True)
class Assessment:
    """One provider's answer to one request. `model` is the one it would use, by its own name: its default one for a
    vendor's client that asked for one it does not know.

    `dropped` wishes it cannot express; `clipped` ones are cut where several become one text; `warnings` are for people.
    """

    provider: str
    model: str | None
    usd: float
    credits: float | None
    violations: tuple[Violation, ...] = ()
    dropped: tuple[str, ...] = ()
    clipped: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()

    @property
    def able(self) -> bool:
        return not self.violations


def assess(
    request: CoverRequest, capabilities: Capabilities, source: SourceFacts | None = None, named: bool = True
) -> Assessment:
    """`named` providers may leave out what they cannot express; one that we choose must hear the wish's heart."""
    name = resolve_model(request, capabilities) or (capabilities.default_model if request.visit else None)
    limits = capabilities.models.get(name) if name else None
    left_out = dropped(request, capabilities)
    found = [*violations(request, capabilities)]
    if not named:
        found += _unheard(request, capabilities, (*left_out, *clipped(request, capabilities)))
    if source:
        found += _source(source, request, capabilities, limits)
    if request.max_usd is not None and capabilities.usd > request.max_usd:
        words = f"{capabilities.provider} costs about {capabilities.usd} USD"
        found.append(Violation("max_usd", "over-budget", words, limit=request.max_usd))
    credits = limits.credits if limits and limits.credits is not None else capabilities.credits
    return Assessment(
        provider=capabilities.provider,
        model=name,
        usd=capabilities.usd,
        credits=credits,
        violations=tuple(dict.fromkeys(found)),
        dropped=left_out,
        clipped=clipped(request, capabilities),
        warnings=tuple(_warnings(request, capabilities, source)),
    )


def resolve_model(request: CoverRequest, capabilities: Capabilities) -> str | None:
    """The provider's own name for the model asked for: the same, or that of the same engine at another shop."""
    asked = request.model
    if not asked:
        return capabilities.default_model
    if asked in capabilities.models:
        return asked
    engine = ENGINES.get(asked)
    return next((name for name in capabilities.models if engine and ENGINES.get(name) == engine), None)


def dropped(request: CoverRequest, capabilities: Capabilities) -> tuple[str, ...]:
    """Fields that were asked for and that this provider cannot express in this mode."""
    custom = request.mode is Mode.CUSTOM
    takes = capabilities.fields | (capabilities.custom_fields if custom else frozenset())
    unheard = ["model"] if request.visit and request.model and resolve_model(request, capabilities) is None else []
    unheard += [name for name in OPTIONAL_FIELDS if getattr(request, name) is not None and name not in takes]
    if not capabilities.modes:
        unheard += [name for name in (*TEXTS, "instrumental") if getattr(request, name) and name not in takes]
    elif custom:
        unheard += ["prompt"] if request.prompt else []
        unheard += ["lyrics"] if request.lyrics and request.instrumental else []
    elif request.title:
        unheard.append("title")
    return tuple(unheard)


def joined(request: CoverRequest, capabilities: Capabilities) -> str:
    """The one text that a provider without modes gets for prompt, style and title; cut where it takes no more."""
    texts = {name: str(getattr(request, name)) for name in capabilities.joined if getattr(request, name)}
    text = ". ".join(f"{name.capitalize()}: {value}" for name, value in texts.items())
    if len(texts) == 1:
        text = next(iter(texts.values()))
    length = capabilities.idea or Length(most=len(text))
    if text and len(text) < length.least:
        text = f"A cover song: {text}"
    return text[: length.most]


def clipped(request: CoverRequest, capabilities: Capabilities) -> tuple[str, ...]:
    """Fields that lose words where several are joined into one text. One alone is never cut: it is refused."""
    texts = [name for name in capabilities.joined if getattr(request, name)]
    if len(texts) < 2 or capabilities.idea is None:
        return ()
    lost, end = [], 0
    for name in texts:
        end += len(f"{name}: {getattr(request, name)}") + (2 if end else 0)
        lost += [name] if end > capabilities.idea.most else []
    return tuple(lost)


def violations(request: CoverRequest, capabilities: Capabilities) -> list[Violation]:
    """Every rule of the provider that the request breaks; empty when it may be paid for."""
    found = [*_required(request, capabilities)]
    name = resolve_model(request, capabilities)
    if request.model and name is None and not request.visit:
        known = ", ".join(capabilities.models) or "no models"
        found.append(Violation("model", "unknown", f"{capabilities.provider} knows {known}"))
    if capabilities.modes:
        found += _modes(request)
        found += _lengths(request, capabilities, capabilities.models.get(name or capabilities.default_model or ""))
    else:
        found += _texts(request, capabilities)
    found += _output(request.output, capabilities) if request.output and "output" in capabilities.fields else []
    if request.strict:
        found += [
            Violation(name, "unsupported", f"{capabilities.provider} cannot express it, and strict was asked for")
            for name in (*dropped(request, capabilities), *clipped(request, capabilities))
        ]
    return found


def _required(request: CoverRequest, capabilities: Capabilities) -> Iterator[Violation]:
    for name in capabilities.required:
        if not getattr(request, name):
            yield Violation(name, "required", f"{capabilities.provider} takes no job without it")


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


def _lengths(request: CoverRequest, capabilities: Capabilities, model: Model | None) -> Iterator[Violation]:
    if request.mode is Mode.SIMPLE:
        if capabilities.idea:
            yield from _fits("prompt" if request.prompt else "style", request.idea, capabilities.idea)
    elif model:
        for name, most in {"lyrics": model.lyrics, "style": model.style, "title": model.title}.items():
            yield from _fits(name, getattr(request, name) or "", Length(most))


def _texts(request: CoverRequest, capabilities: Capabilities) -> Iterator[Violation]:
    """Of a provider without modes."""
    given = [name for name in capabilities.joined if getattr(request, name)]
    if capabilities.joined and not given:
        yield Violation("prompt", "required", f"{capabilities.provider} needs a prompt, or a style")
    if len(given) == 1 and capabilities.idea:
        yield from _fits(given[0], getattr(request, given[0]), Length(capabilities.idea.most))
    if request.lyrics and capabilities.lyrics and "lyrics" in capabilities.fields:
        yield from _fits("lyrics", request.lyrics, capabilities.lyrics)


def _fits(name: str, text: str, length: Length) -> Iterator[Violation]:
    if len(text) > length.most:
        words = f"{len(text)} characters, at most {length.most}"
        yield Violation(name, "too-long", words, length=len(text), limit=length.most)
    elif text and len(text) < length.least:
        words = f"{len(text)} characters, at least {length.least}"
        yield Violation(name, "too-short", words, length=len(text), limit=length.least)


def _output(output: Output, capabilities: Capabilities) -> Iterator[Violation]:
    choices = capabilities.output
    offered: dict[str, frozenset[str] | frozenset[int]] = {
        "format": choices.formats,
        "sample_rate": choices.sample_rates,
        "bitrate": choices.bitrates,
    }
    for name, known in offered.items():
        value = getattr(output, name)
        if value is not None and value not in known:
            listed = ", ".join(str(one) for one in sorted(known))
            yield Violation(f"output.{name}", "not-one-of", f"{capabilities.provider} offers {listed}")


def _unheard(request: CoverRequest, capabilities: Capabilities, left_out: tuple[str, ...]) -> Iterator[Violation]:
    for name in HEART:
        expressed = capabilities.modes and name in (*TEXTS, "instrumental")
        if name in left_out and not expressed:
            yield Violation(name, "unsupported", f"{capabilities.provider} cannot express all of it, and was not named")


def _source(
    source: SourceFacts, request: CoverRequest, capabilities: Capabilities, model: Model | None
) -> Iterator[Violation]:
    limits, field = capabilities.source, "source"
    if source.fault and not (limits.pages and source.page):
        yield source.fault
    most = model.source_seconds if model and model.source_seconds else limits.most_seconds
    if source.seconds is not None and most is not None and source.seconds > most:
        yield Violation(field, "too-long", f"{source.seconds:.0f} s of audio, at most {most}", limit=most)
    if source.seconds is not None and limits.least_seconds and source.seconds < limits.least_seconds:
        words = f"{source.seconds:.1f} s of audio, at least {limits.least_seconds}"
        yield Violation(field, "too-short", words, limit=limits.least_seconds)
    if source.size is not None and limits.most_bytes is not None and source.size > limits.most_bytes:
        yield Violation(field, "too-large", f"{source.size} bytes", source.size, limits.most_bytes)
    if source.format and limits.formats is not None and source.format not in limits.formats:
        yield Violation(field, "format", f"{capabilities.provider} takes {', '.join(sorted(limits.formats))}")


def _warnings(request: CoverRequest, capabilities: Capabilities, source: SourceFacts | None) -> Iterator[str]:
    warn = capabilities.source.warn_seconds
    if source and source.seconds and warn and source.seconds > warn:
        yield f"the vendor's page also names {warn} s as the longest source"
    soft = capabilities.idea.soft if capabilities.idea else None
    text = joined(request, capabilities) if capabilities.joined else request.idea
    if soft and len(text) > soft:
        yield f"texts beyond {soft} characters may fail further up"
    if request.lyrics and capabilities.lyrics and len(request.lyrics) > (capabilities.lyrics.soft or 10**9):
        yield f"lyrics beyond {capabilities.lyrics.soft} characters may fail further up"
