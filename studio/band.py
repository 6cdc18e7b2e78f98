"""The parts behind the tune, played from rhythms: chords, broken chords, basses, drums.

The signs of a rhythm, one a sixteenth: `X` loud, `x` softer, `-` the note goes on, `.` nothing. A bass names what it
plays: `R` root, `3` `5` `8` the chord's tones, `a` a step towards the next chord. An arpeggio counts tones from `1`.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from studio.grid import Grid
from studio.harmony import KINDS
from studio.model import Analysis, Chord, Key, Note
from studio.style import Part
from studio.voicing import tones, voiced

DRUM_KEYS = {
    "kick": 36, "rim": 37, "snare": 38, "clap": 39, "hat": 42, "pedal": 44, "open": 46, "low": 45, "mid": 47,
    "high": 50, "crash": 49, "ride": 51, "tambourine": 54, "cowbell": 56, "bongo": 60, "conga": 63, "shaker": 70,
    "maracas": 70, "claves": 75, "block": 76, "triangle": 81, "brush": 40,
}  # fmt: skip
LOUD = {"X": 0.85, "x": 0.6, "o": 0.4}


@dataclass(frozen=True)
class Plan:
    """One take's choices, the same for all parts."""

    heard: Analysis
    grid: Grid
    take: int
    shift: int
    """semitones"""
    colour: str
    weirdness: float
    human: float
    """seconds"""
    random: np.random.Generator

    @property
    def home(self) -> Key:
        return Key((self.heard.key.tonic + self.shift) % 12, self.heard.key.minor)

    def chord(self, position: float) -> Chord | None:
        """The chord that sounds at a position, in the cover's key; before the song its first one."""
        chords = self.heard.chords
        one = chords[min(max(int(position + 1e-6), 0), len(chords) - 1)]
        return None if one is None else Chord((one.root + self.shift) % 12, one.kind)


@dataclass(frozen=True)
class Stroke:
    sign: str
    start: float
    """position"""
    end: float
    bar: int


def play(part: Part, plan: Plan) -> list[Note]:
    players: dict[str, Callable[[Part, Plan], list[Note]]] = {"comp": comp, "arp": arp, "bass": bass, "drums": drums}
    return _humanised(players[part.play](part, plan), plan, steady=part.play == "drums")


def comp(part: Part, plan: Plan) -> list[Note]:
    notes: list[Note] = []
    before: tuple[int, ...] = ()
    for stroke in _strokes(part, plan):
        chord = plan.chord(stroke.start)
        if chord is None:
            continue
        before = voiced(chord, plan.colour, plan.home, part.low, part.tones, before)
        notes += [_note(plan, part, stroke, pitch) for pitch in before]
    return notes


def arp(part: Part, plan: Plan) -> list[Note]:
    notes = []
    for stroke in _strokes(part, plan):
        chord = plan.chord(stroke.start)
        if chord is None:
            continue
        colour = plan.colour if plan.colour != "power" else "triad"
        ladder = sorted({(chord.root + step) % 12 for step in tones(chord, colour, plan.home)})
        rungs = [pitch for pitch in range(part.low, part.low + 36) if pitch % 12 in ladder]
        root = next(number for number, pitch in enumerate(rungs) if pitch % 12 == chord.root)
        notes.append(_note(plan, part, stroke, rungs[(root if root < 3 else 0) + int(stroke.sign) - 1]))
    return notes


def bass(part: Part, plan: Plan) -> list[Note]:
    notes = []
    for stroke in _strokes(part, plan):
        chord = plan.chord(stroke.start)
        if chord is None:
            continue
        root = part.low + (chord.root - part.low) % 12
        third, fifth = KINDS[chord.kind][1], KINDS[chord.kind][2]
        step = {"R": 0, "3": third, "5": fifth - (12 if root + fifth > part.low + 14 else 0), "8": 12}.get(
            stroke.sign, 0
        )
        if stroke.sign == "a":
            then = plan.chord(stroke.start + plan.grid.bar / 4) or chord
            target = part.low + (then.root - part.low) % 12
            step = target - root + (1 if plan.random.random() < 0.5 else -1) if then != chord else fifth
        notes.append(_note(plan, part, stroke, root + step))
    return notes


def drums(part: Part, plan: Plan) -> list[Note]:
    notes = []
    for bar, begin, rhythm in _bars(part, plan):
        for drum, line in rhythm.items():
            for sign, step, steps, _ in _signs(line):
                position = plan.grid.sixteenth(begin, step, steps)
                if sign not in LOUD or not 0 <= position < plan.grid.end:
                    continue
                start = plan.grid.seconds(position)
                notes.append(Note(start, start + 0.1, DRUM_KEYS[drum], LOUD[sign]))
        notes += _fill(part, plan, bar, begin)
    return notes


def _fill(part: Part, plan: Plan, bar: int, begin: float) -> list[Note]:
    """Every eighth bar may end with a run over the drums, the likelier the odder the wish."""
    if (
        bar % 8 != 7
        or plan.random.random() > 0.35 + plan.weirdness
        or plan.heard.metre == 3
        or part.name == "percussion"
    ):
        return []
    keys = plan.random.choice([38, 50, 47, 45], 4)
    places = [plan.grid.sixteenth(begin, step, 16) for step in (12, 13, 14, 15)]
    starts = [plan.grid.seconds(place) for place in places if 0 <= place < plan.grid.end]
    return [
        Note(at, at + 0.1, int(key), 0.5 + 0.08 * number)
        for number, (at, key) in enumerate(zip(starts, keys, strict=False))
    ]


def _bars(part: Part, plan: Plan) -> Iterator[tuple[int, float, Any]]:
    """Every bar with its rhythm: the take's own, and another one now and then."""
    rhythms = part.three if plan.grid.metre == 3 else part.four
    if not rhythms:
        return
    waits = part.enter if len(plan.grid.bars()) >= 24 else 0
    for number, begin in enumerate(plan.grid.bars()):
        choice = plan.take
        if number % 4 == 3 and plan.random.random() < 0.15 + 0.7 * plan.weirdness:
            choice += 1
        if number >= waits:
            yield number, begin, rhythms[choice % len(rhythms)]


def _signs(line: str) -> Iterator[tuple[str, int, int, int]]:
    """(sign, step, steps in the bar, length in steps) of every stroke of a line."""
    signs = line.replace("|", "").replace(" ", "")
    for step, sign in enumerate(signs):
        if sign in ".-":
            continue
        length = 1
        while step + length < len(signs) and signs[step + length] == "-":
            length += 1
        yield sign, step, len(signs), length


def _strokes(part: Part, plan: Plan) -> Iterator[Stroke]:
    """The strokes of all bars; one that is held over a change of chord is struck again there."""
    for bar, begin, line in _bars(part, plan):
        for sign, step, steps, length in _signs(line):
            if sign == "x" and plan.random.random() < 0.25 * plan.weirdness:
                continue
            start = plan.grid.sixteenth(begin, step, steps)
            end = min(plan.grid.sixteenth(begin, step + length, steps), float(plan.grid.end))
            yield from _split(Stroke(sign, max(start, 0.0), end, bar), plan)


def _split(stroke: Stroke, plan: Plan) -> Iterator[Stroke]:
    start = stroke.start
    for beat in range(int(stroke.start + 1), int(np.ceil(stroke.end - 1e-6))):
        if plan.chord(beat) != plan.chord(beat - 1):
            yield Stroke(stroke.sign, start, float(beat), stroke.bar)
            start = float(beat)
    if stroke.end - start > 1e-3:
        yield Stroke(stroke.sign, start, stroke.end, stroke.bar)


def _note(plan: Plan, part: Part, stroke: Stroke, pitch: int) -> Note:
    start, end = plan.grid.seconds(stroke.start), plan.grid.seconds(stroke.end)
    loud = LOUD.get(stroke.sign, 0.75)
    return Note(start, start + max((end - start) * part.hold, 0.05), pitch, loud)


def _humanised(notes: list[Note], plan: Plan, steady: bool) -> list[Note]:
    """Nobody plays like a clock; drummers nearly do."""
    sway = plan.human * (0.5 if steady else 1.0)
    moves = plan.random.normal(0, 1, (len(notes), 2))
    out = []
    for note, (late, loud) in zip(notes, moves, strict=True):
        start = max(note.start + float(np.clip(late, -2, 2)) * sway, 0.0)
        strength = float(np.clip(note.strength * (1 + 0.06 * loud), 0.15, 1.0))
        out.append(Note(start, start + note.end - note.start, note.pitch, strength))
    return out
