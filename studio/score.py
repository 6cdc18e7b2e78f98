"""What is to be played: tracks of notes in seconds. The same score is rendered, written as MIDI and drawn."""

from dataclasses import dataclass

from studio.grid import Grid
from studio.model import Note
from studio.style import Part, Program, Sound


@dataclass(frozen=True)
class Track:
    part: Part
    program: Program
    notes: tuple[Note, ...]


@dataclass(frozen=True)
class Score:
    tracks: tuple[Track, ...]
    grid: Grid
    seconds: float
    """from the beginning until the last note has died away"""
    tempo: float
    sound: Sound

    @property
    def lead(self) -> tuple[Note, ...]:
        return next((track.notes for track in self.tracks if track.part.play == "lead"), ())
