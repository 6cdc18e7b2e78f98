"""The catalogue of voices: pages count from zero, ids are UUIDs or slugs."""

import uuid
from dataclasses import dataclass
from typing import Any

_FIRST = ("Velvet", "Copper", "Paper", "Winter", "Neon", "Salt", "Amber")
_SECOND = ("Alto", "Tenor", "Baritone", "Soprano", "Crooner")
_SPACE = uuid.UUID("9c1d2e30-5a4b-4c6d-8e7f-0a1b2c3d4e5f")
LIMIT = 20


class PageError(ValueError):
    """limit or page is not a number that makes a page."""


@dataclass(frozen=True, slots=True)
class Voice:
    voice_id: str
    voice_name: str


def catalogue(count: int) -> list[Voice]:
    """So many voices, always the same; every second one has a slug for its id."""
    voices = []
    for number in range(count):
        name = f"{_FIRST[number % len(_FIRST)]} {_SECOND[number % len(_SECOND)]}"
        if number >= len(_FIRST) * len(_SECOND):
            name += f" {number // (len(_FIRST) * len(_SECOND)) + 1}"
        slug = name.lower().replace(" ", "-")
        voices.append(Voice(slug if number % 2 else str(uuid.uuid5(_SPACE, slug)), name))
    return voices


def page(voices: list[Voice], query: dict[str, str]) -> dict[str, Any]:
    limit, number = _count(query, "limit", LIMIT), _count(query, "page", 0)
    if not limit:
        raise PageError("limit must be above 0")
    shown = voices[number * limit : (number + 1) * limit]
    rows = [{"voice_id": voice.voice_id, "voice_name": voice.voice_name} for voice in shown]
    return {"success": True, "voices": rows, "limit": limit, "page": number, "total": len(voices)}


def found(voices: list[Voice], wanted: str) -> list[Voice]:
    wanted = wanted.lower()
    return [voice for voice in voices if wanted in voice.voice_name.lower() or wanted in voice.voice_id.lower()]


def _count(query: dict[str, str], name: str, usual: int) -> int:
    given = query.get(name) or str(usual)
    if not (given.isascii() and given.isdigit()):
        raise PageError(f"{name} must be a whole number")
    return int(given)
