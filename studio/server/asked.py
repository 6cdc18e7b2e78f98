"""What a caller may ask for, and what is wrong with it: every rule, named."""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from reprise.net.urls import url_fault

from studio.server.settings import Network

FORMATS = ("mp3", "wav")
MOST_TEXT = 5000
MOST_NAME = 200
MOST_PITCH = 12
"""Semitones, up and down."""


class InvalidError(Exception):
    """`fields` maps each field that breaks a rule to the rule in words."""

    def __init__(self, fields: Mapping[str, str]) -> None:
        super().__init__("; ".join(f"{name} {words}" for name, words in fields.items()))
        self.fields = dict(fields)


@dataclass(frozen=True, slots=True)
class Asked:
    """One wish. `pitch` in semitones, weights 0..1. The same `seed` makes the same takes of the same song."""

    source_url: str
    callback_url: str | None = None
    prompt: str | None = None
    style: str | None = None
    title: str | None = None
    negative_style: str | None = None
    instrumental: bool = False
    voice: str | None = None
    pitch: int = 0
    style_weight: float | None = None
    weirdness: float | None = None
    audio_weight: float | None = None
    format: str = "mp3"
    seed: str | None = None

    @property
    def fingerprint(self) -> str:
        return hashlib.sha256(json.dumps(asdict(self), sort_keys=True).encode()).hexdigest()


Rule = Callable[[Any], str | None]


def _text(most: int) -> Rule:
    def check(value: Any) -> str | None:
        if not isinstance(value, str):
            return "must be text"
        if not value.isascii() and value.encode(errors="replace").decode() != value:
            return "has half a character in it"
        return f"has {len(value)} characters, at most {most}" if len(value) > most else None

    return check


def _flag(value: Any) -> str | None:
    return None if isinstance(value, bool) else "must be true or false"


def _weight(value: Any) -> str | None:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return None if number and 0 <= value <= 1 else "must be a number from 0 to 1"


def _pitch(value: Any) -> str | None:
    whole = isinstance(value, int) and not isinstance(value, bool)
    return None if whole and abs(value) <= MOST_PITCH else f"must be a whole number from -{MOST_PITCH} to {MOST_PITCH}"


def _format(value: Any) -> str | None:
    return None if value in FORMATS else f"must be one of {', '.join(FORMATS)}"


def _rules(networks: tuple[Network, ...]) -> dict[str, Rule]:
    def link(value: Any) -> str | None:
        return url_fault(value, networks) if isinstance(value, str) else "must be a URL"

    return {
        "source_url": link,
        "callback_url": link,
        "prompt": _text(MOST_TEXT),
        "style": _text(MOST_TEXT),
        "title": _text(MOST_TEXT),
        "negative_style": _text(MOST_TEXT),
        "instrumental": _flag,
        "voice": _text(MOST_NAME),
        "pitch": _pitch,
        "style_weight": _weight,
        "weirdness": _weight,
        "audio_weight": _weight,
        "format": _format,
        "seed": _text(MOST_NAME),
    }


def parse(body: Mapping[str, Any], networks: tuple[Network, ...], voices: frozenset[str]) -> Asked:
    """Raises InvalidError with all that is wrong at once. A field that is null is as if it were not there."""
    rules = _rules(networks)
    given = {name: value for name, value in body.items() if value is not None}
    faults = {name: "is not a field of ours" for name in given if name not in rules}
    faults |= {name: fault for name, value in given.items() if name in rules and (fault := rules[name](value))}
    if "source_url" not in given:
        faults["source_url"] = "is required"
    if "voice" in given and "voice" not in faults and given["voice"] not in voices:
        faults["voice"] = f"must be one of {', '.join(sorted(voices)) or 'none: there are no voices'}"
    if faults:
        raise InvalidError(faults)
    return Asked(**given)
