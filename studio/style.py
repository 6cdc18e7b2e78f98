"""Styles are data: one TOML page each in `styles/`, read into these. docs/studio.md explains every number.

A part's rhythm is written as a line per bar, one sign per sixteenth (16 in four, 12 in three); bars are parted by `|`.
"""

import tomllib
from dataclasses import dataclass, field, fields
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

Program = int | str
"""A General MIDI program (128: its drum kit), or the name of a patch of the studio's own synth (`synth.py`)."""

Made = TypeVar("Made", "Part", "Sound", "Style")

FOLDER = Path(__file__).with_name("styles")
PLAYS = ("lead", "echo", "comp", "arp", "bass", "drums")


@dataclass(frozen=True)
class Part:
    name: str
    play: str
    """one of PLAYS"""
    program: tuple[Program, ...]
    """one per take, in turn"""
    level: float = 0.0
    """decibels, beside the lead's 0"""
    pan: float = 0.0
    """-1 left, 1 right"""
    wet: float = 0.2
    """share that is sent to the room"""
    low: int = 50
    """lowest MIDI pitch of its range: an octave and a half for chords, an octave for basses"""
    four: tuple[Any, ...] = ()
    """rhythms for bars of four: lines, or for drums tables of lines by drum; take two begins at the second"""
    three: tuple[Any, ...] = ()
    octave: int = 0
    vibrato: float = 0.0
    """cents"""
    enter: int = 0
    """bars it waits, in songs of 24 bars and more"""
    hold: float = 0.95
    """share of the written length that sounds"""
    tones: int = 4
    """most notes in a chord"""


@dataclass(frozen=True)
class Sound:
    """What is done to the mix; 0 is nothing everywhere."""

    room: float = 1.2
    """seconds until the room has died away by 60 dB"""
    bright: float = 6000.0
    """Hz above which the room is dull"""
    lowpass: float = 0.0
    """Hz"""
    highpass: float = 25.0
    wow: float = 0.0
    """cents by which a worn tape drifts"""
    crackle: float = 0.0
    """0 to 1: dust on the record"""
    drive: float = 0.0
    """0 to 1: how hard the tape is hit"""
    crush: float = 0.0
    """0 to 1: fewer bits, as old chips have"""
    pump: float = 0.0
    """0 to 1: the band ducks under the kick"""
    chorus: float = 0.0
    """0 to 1"""


@dataclass(frozen=True)
class Style:
    name: str
    title: str
    about: str
    words: tuple[str, ...]
    tempo: tuple[float, float]
    part: tuple[Part, ...]
    swing: float = 0.5
    """share of the beat that its first half takes; 0.5 is straight, 0.67 a triplet"""
    snap: float = 0.7
    """0 to 1: how far the tune is pulled to the grid of sixteenths"""
    human: float = 8.0
    """milliseconds of unsteadiness"""
    colour: tuple[str, ...] = ("triad",)
    """chords per take: triad, seventh, ninth, power, open"""
    metre: int = 0
    """3: songs in four are turned into three"""
    sound: Sound = field(default_factory=Sound)

    @property
    def synthetic(self) -> bool:
        """Whether it needs no soundfont."""
        return all(isinstance(program, str) for part in self.part for program in part.program)


@lru_cache(maxsize=1)
def styles() -> dict[str, Style]:
    return {path.stem: read(path) for path in sorted(FOLDER.glob("*.toml"))}


def read(path: Path) -> Style:
    page = tomllib.loads(path.read_text())
    parts = tuple(_made(Part, one, f"{path.name}, part {one.get('name')}") for one in page.pop("part"))
    sound = _made(Sound, page.pop("sound", {}), f"{path.name}, sound")
    for part in parts:
        if part.play not in PLAYS:
            raise ValueError(f"{path.name}, part {part.name}: play is one of {', '.join(PLAYS)}")
    return _made(Style, page | {"name": path.stem, "part": parts, "sound": sound}, path.name)


def _made(kind: type[Made], values: dict[str, Any], where: str) -> Made:
    unknown = values.keys() - {one.name for one in fields(kind)}
    if unknown:
        raise ValueError(f"{where}: no such number: {', '.join(sorted(unknown))}")
    made: Any = {name: tuple(value) if isinstance(value, list) else value for name, value in values.items()}
    return kind(**made)
