"""What the service needs of an engine. Tests bring one of their own; `arranger.py` is the real one.

Importing an engine's module must be cheap: the service does it for its lists, and only workers make covers.
"""

import importlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol, cast

from studio.server.asked import Asked


class RefusedError(Exception):
    """The song or the wish is at fault, so that another try would end the same way. `code` is for programs."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True, slots=True)
class MadeTake:
    """`name` of a finished file in the folder that the engine was given; `seconds` of audio."""

    name: str
    seconds: float


@dataclass(frozen=True, slots=True)
class MadeFile:
    """What comes beside the takes; `kind` is `midi`, `picture` and the like."""

    name: str
    kind: str


@dataclass(frozen=True, slots=True)
class Made:
    """What there is at a stage; a later stage's lists hold the earlier ones'.

    `report` says what was heard and understood: `key`, `tempo`, `metre`, `chart` (text, bars numbered), `melody` (ABC),
    `understood` and `ignored` (lists: what the wish was taken for, its words that meant nothing), `confidence`. JSON.
    """

    report: Mapping[str, Any] = field(default_factory=dict)
    takes: tuple[MadeTake, ...] = ()
    files: tuple[MadeFile, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        return (*(take.name for take in self.takes), *(file.name for file in self.files))


class Tell(Protocol):
    def __call__(self, stage: str, made: Made) -> None:
        """`text`, `first` or `complete`, each once and in this order. Files that it names are finished."""
        ...


class Engine(Protocol):
    def cover(self, song: Path, asked: Asked, seed: str, out: Path, tell: Tell) -> None:
        """Two takes, the same ones for the same seed. Raises RefusedError for a song that cannot be covered."""
        ...

    def styles(self) -> Sequence[Mapping[str, Any]]:
        """Each with `id` and `name`."""
        ...

    def voices(self) -> Sequence[Mapping[str, Any]]:
        """Each with `id` and `name`: colours of the voice in the song, nobody's own."""
        ...


def load(place: str) -> Engine:
    """`module:name`."""
    module, _, name = place.partition(":")
    return cast("Engine", getattr(importlib.import_module(module), name))
