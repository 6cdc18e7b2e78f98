"""The words of the studio: what is heard in a song, and what is played in a cover. All frozen; times in seconds."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

NAMES = ("C", "C#", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B")

Wave = NDArray[np.float32]
"""Sound: (samples,) for one channel, (channels, samples) for more; full scale is 1."""
Curve = NDArray[np.float64]
"""Numbers over time, not sound: one per frame or per beat."""


@dataclass(frozen=True, slots=True)
class Note:
    start: float
    """seconds"""
    end: float
    pitch: float
    """MIDI number; 60 is middle C, 60.5 a quarter tone above"""
    strength: float = 0.8
    """0 to 1: how sure, or how loud"""


@dataclass(frozen=True, slots=True)
class Chord:
    root: int
    """pitch class, 0 is C"""
    kind: str = "maj"
    """maj, min, dim or 7 (heard); styles add their own colours"""

    @property
    def name(self) -> str:
        return NAMES[self.root] + {"maj": "", "min": "m", "dim": "dim", "7": "7"}[self.kind]


@dataclass(frozen=True, slots=True)
class Key:
    tonic: int
    minor: bool

    @property
    def name(self) -> str:
        return f"{NAMES[self.tonic]} {'minor' if self.minor else 'major'}"


@dataclass(frozen=True)
class Analysis:
    seconds: float
    beats: tuple[float, ...]
    """strictly rising, from the first beat to the last"""
    tempo: float
    """beats a minute"""
    metre: int
    """beats in a bar: 3 or 4"""
    downbeat: int
    """index of the first beat that begins a bar"""
    key: Key
    chords: tuple[Chord | None, ...]
    """one per beat; None where nothing sounds"""
    melody: tuple[Note, ...]
    confidence: float
    """0 to 1: how much of a melody there is; under .5 a listener should be told"""
