"""Every sound that a style may use, note by note: is it in tune, and does it end without a click?"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from bench.hearing import Progress
from bench.metrics.clicks import clicks
from bench.metrics.tuning import cents_off, partial_off
from studio import fonts, kit, mix
from studio.model import Note
from studio.score import Track
from studio.soundfont import DRUMS
from studio.style import Part, Program, styles

RATE = mix.RATE
REGISTERS = 4
HELD = 0.9
LOWEST = {"bass": 30}
SPAN = {"bass": 19, "comp": 26, "arp": 26, "lead": 31, "echo": 31}
"""Semitones above a part's lowest note in which it is tried; leads go where tunes go."""
LEAD_LOWEST = 52
BELLS = {*range(8, 16), 47}
"""Celesta to dulcimer, and timpani: struck bars, bells and skins, judged by their strongest partials."""
TOLERANCE = 35.0
"""cents"""


@dataclass(frozen=True)
class Sounded:
    program: Program
    pitch: int
    cents: float
    """from the note that was asked for; infinity where it has no pitch"""
    cents_in_class: float
    """with whole octaves forgiven"""
    clicks: int


def used() -> dict[Program, tuple[str, int]]:
    """Each program of any style, but drums: how it is played, and how low."""
    found: dict[Program, tuple[str, int]] = {}
    for style in styles().values():
        for part in style.part:
            for program in part.program:
                if part.play != "drums" and program != DRUMS and program not in kit.NAMES:
                    low = LEAD_LOWEST if part.play in ("lead", "echo") else part.low
                    found.setdefault(program, (part.play, low + 12 * part.octave))
    return found


def sounded(tell: Progress) -> Iterator[Sounded]:
    path = fonts.find()
    font = fonts.opened(path) if path else None
    for program, (play, low) in sorted(used().items(), key=str):
        if isinstance(program, int) and font is None:
            continue
        worst = 0.0
        for register in range(REGISTERS):
            pitch = low + round(SPAN[play] * register / (REGISTERS - 1))
            part = Part(name="bench", play=play, program=(program,))
            note = Note(0.1, 0.1 + HELD, pitch, 0.8)
            wave = mix.played(Track(part, program, (note,)), font, 0.1 + HELD + 2.5)
            body = wave[..., round(0.15 * RATE) : round((0.1 + HELD) * RATE)]
            bell = program in BELLS
            off = partial_off(body, RATE, pitch) if bell else cents_off(body, RATE, pitch)
            classed = off if bell else cents_off(body, RATE, pitch, octaves=True)
            worst = max(worst, abs(classed))
            places = np.arange(0.1 + HELD - 0.02, 0.1 + HELD + 2.4, 0.01)
            yield Sounded(program, pitch, off, classed, len(clicks(wave, RATE, places)))
        tell(f"program {program}: at most {worst:.0f} cents off")
