"""What is known of a test song, because it was made here. Times are in seconds from the first sample."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Wave = NDArray[np.float32]
"""Sound: (samples,) or (channels, samples); full scale is 1."""
Curve = NDArray[np.float64]
"""Numbers over time."""

STEP = 0.01
"""seconds between two values of a pitch track"""


@dataclass(frozen=True, slots=True)
class Note:
    start: float
    end: float
    pitch: float
    """MIDI number, 60 is middle C"""
    strength: float = 0.8
    """0 to 1: how loud it is played"""

    def moved(self, *, semitones: float = 0.0, seconds: float = 0.0) -> "Note":
        return Note(self.start + seconds, self.end + seconds, self.pitch + semitones, self.strength)


@dataclass(frozen=True, slots=True)
class Harmony:
    start: float
    end: float
    root: int
    """pitch class, 0 is C"""
    minor: bool

    @property
    def label(self) -> str:
        """In the words of the MIREX chord tasks: C:maj, F#:min."""
        return f"{PITCH_CLASSES[self.root % 12]}:{'min' if self.minor else 'maj'}"


PITCH_CLASSES = ("C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B")


@dataclass(frozen=True)
class Truth:
    melody: tuple[Note, ...]
    f0: Curve
    """the melody's pitch every STEP seconds, in Hz; 0 where it rests"""
    beats: tuple[float, ...]
    beats_in_bar: int
    """as they are counted: 2 in 6/8"""
    beat_parts: int
    """2, or 3 where a beat has three parts (6/8)"""
    tempo: float
    """beats a minute, on average"""
    chords: tuple[Harmony, ...]
    tonic: int
    minor: bool
    """whether the third above the tonic is minor: dorian counts as minor, mixolydian as major"""


def hertz(pitch: float) -> float:
    """Of a MIDI number, at A = 440 Hz."""
    return float(440.0 * 2 ** ((pitch - 69) / 12))


def track(notes: tuple[Note, ...], seconds: float) -> Curve:
    """The pitch track, in Hz, of notes played one after the other; of two at once the later one counts."""
    f0 = np.zeros(max(round(seconds / STEP), 0))
    for note in sorted(notes, key=lambda one: one.start):
        f0[max(round(note.start / STEP), 0) : max(round(note.end / STEP), 0)] = hertz(note.pitch)
    return f0
