"""Chords as notes: which tones a style adds, and the inversion that moves the hand least."""

from itertools import combinations

from studio.harmony import KINDS
from studio.model import Chord, Key

SEVENTHS = {"maj": 11, "min": 10, "7": 10, "dim": 9}


def tones(chord: Chord, colour: str, home: Key) -> tuple[int, ...]:
    """Steps above the root. A major chord on the fifth degree has a minor seventh, others a major one."""
    steps = KINDS[chord.kind]
    dominant = chord.kind == "maj" and (chord.root - home.tonic) % 12 == 7
    seventh = 10 if dominant else SEVENTHS[chord.kind]
    if colour == "power":
        return (0, 7)
    if colour == "open":
        return (0, 7, 14 if chord.kind == "maj" else 15)
    if colour == "seventh":
        return (*steps[:3], seventh)
    if colour == "ninth":
        return (steps[1], steps[2], seventh, 14) if chord.kind != "dim" else (*steps, 9)
    return steps


def voiced(chord: Chord, colour: str, home: Key, low: int, most: int, before: tuple[int, ...]) -> tuple[int, ...]:
    """MIDI pitches from `low` up, at most `most` of them, close to those of the chord before."""
    wanted = [(chord.root + step) % 12 for step in tones(chord, colour, home)][-most:]
    middle = sum(before) / len(before) if before else low + 8
    ladder = [pitch for pitch in range(low, low + 19) if pitch % 12 in wanted]
    closed = [
        one
        for one in combinations(ladder, len(set(wanted)))
        if len({pitch % 12 for pitch in one}) == len(set(wanted)) and one[-1] - one[0] <= 14
    ]
    return min(closed, key=lambda one: (_moved(one, before) + abs(sum(one) / len(one) - middle) * 0.5, one))


def _moved(one: tuple[int, ...], before: tuple[int, ...]) -> float:
    return float(sum(min(abs(pitch - other) for other in before) for pitch in one)) if before else 0.0
