"""Who plays the test songs: instruments of our own, or a soundfont through the engine's sampler."""

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import numpy as np

from bench.instruments import COMPS, LEADS, drums, play
from bench.performance import Reach
from bench.score import Note, Wave

RATE = 44_100

REACH = {
    "flute": Reach(65, 92),
    "clarinet": Reach(52, 84),
    "trumpet": Reach(54, 84),
    "guitar": Reach(50, 81),
    "cello": Reach(43, 74),
}
USUAL_REACH = Reach(55, 86)
PIANO_REACH = Reach(60, 88)

PROGRAMS = {
    "flute": 73, "clarinet": 71, "oboe": 68, "violin": 40, "trumpet": 56, "guitar": 24, "e-piano": 4,
    "saxophone": 65, "vibraphone": 11, "cello": 42, "piano": 0, "steel guitar": 25, "strings": 48,
    "bass": 32, "electric bass": 33,
}  # fmt: skip
DRUM_KIT = 128


class Player(Protocol):
    name: str
    leads: Sequence[str]
    comps: Sequence[str]
    basses: Sequence[str]

    def play(self, notes: tuple[Note, ...], instrument: str, seconds: float) -> Wave:
        """(samples,) at RATE."""
        ...

    def drum(self, notes: tuple[Note, ...], seconds: float) -> Wave: ...


class Synthetic:
    name = "synthetic"
    leads: Sequence[str] = LEADS
    comps: Sequence[str] = COMPS
    basses: Sequence[str] = ("bass",)

    def play(self, notes: tuple[Note, ...], instrument: str, seconds: float) -> Wave:
        return play(notes, instrument, seconds, RATE)

    def drum(self, notes: tuple[Note, ...], seconds: float) -> Wave:
        return drums(notes, seconds, RATE)


class Sampled:
    """A soundfont; which one is part of the name, so another font makes other songs."""

    leads: Sequence[str] = (
        "flute", "clarinet", "oboe", "violin", "trumpet", "guitar", "saxophone", "vibraphone", "cello",
    )  # fmt: skip
    """No organ and no accordion: soundfonts put them an octave off, or double them with stops out of tune."""
    comps: Sequence[str] = ("piano", "steel guitar", "strings", "e-piano")
    basses: Sequence[str] = ("bass", "electric bass")

    def __init__(self, font: Path) -> None:
        self.font = font
        self.name = font.stem

    def play(self, notes: tuple[Note, ...], instrument: str, seconds: float) -> Wave:
        return self._render(notes, PROGRAMS[instrument], seconds)

    def drum(self, notes: tuple[Note, ...], seconds: float) -> Wave:
        return self._render(notes, DRUM_KIT, seconds)

    def _render(self, notes: tuple[Note, ...], program: int, seconds: float) -> Wave:
        from studio.model import Note as Played
        from studio.sampler import render

        played = [Played(max(one.start, 0.0), one.end, one.pitch, one.strength) for one in notes]
        both = render(played, program, RATE, self.font)
        out = np.zeros(round(seconds * RATE), np.float32)
        part = both.mean(axis=0)[: out.size]
        out[: part.size] = part
        return out
