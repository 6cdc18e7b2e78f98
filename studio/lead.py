"""The tune on a new instrument: on the new grid, in the instrument's range, a little ornamented if the wish is odd."""

from collections.abc import Sequence

import numpy as np

from studio.grid import Grid, positions
from studio.model import Analysis, Curve, Note

COMFORT = {"low": 55, "high": 84}
SHORTEST = 0.06


def placed(heard: Analysis, grid: Grid, snap: float, shift: int) -> list[Note]:
    """The melody in the cover's seconds: starts pulled to sixteenths by `snap`, pitches moved by `shift` semitones."""
    starts = positions(heard, np.array([note.start for note in heard.melody]))
    ends = positions(heard, np.array([note.end for note in heard.melody]))
    starts = starts + snap * _pull(starts)
    notes = []
    for number, note in enumerate(heard.melody):
        start = float(starts[number])
        end = max(float(ends[number]), start + 0.1)
        if number + 1 < len(heard.melody):
            gap = starts[number + 1] - end
            end = float(starts[number + 1]) if gap < 0.12 else end
        begin, stop = grid.seconds(start), grid.seconds(end)
        if begin >= 0 and stop - begin >= SHORTEST:
            notes.append(Note(begin, stop, note.pitch + shift, note.strength))
    return notes


def _pull(places: Curve) -> Curve:
    """The way to the nearest fourth or third of a beat; thirds must be clearly nearer."""
    fourths = np.round(places * 4) / 4 - places
    thirds = np.round(places * 3) / 3 - places
    pull: Curve = np.where(np.abs(thirds) < 0.35 * np.abs(fourths), thirds, fourths)
    return pull


def in_range(notes: Sequence[Note], octave: int) -> list[Note]:
    """All notes by the same octaves, so that the tune's middle is comfortable, then by the style's own."""
    if not notes:
        return []
    middle = float(np.median([note.pitch for note in notes]))
    move = 0
    while middle + move < COMFORT["low"] + 5:
        move += 12
    while middle + move > COMFORT["high"] - 5:
        move -= 12
    return [Note(one.start, one.end, one.pitch + move + 12 * octave, one.strength) for one in notes]


def phrased(notes: Sequence[Note], random: np.random.Generator, weirdness: float) -> list[Note]:
    """Strengths that swell with the line, and for odd wishes grace notes, echoes and flights of an octave."""
    out: list[Note] = []
    pitches = np.array([note.pitch for note in notes])
    for number, note in enumerate(notes):
        near = pitches[max(number - 4, 0) : number + 5]
        swell = 0.05 * float(np.clip((note.pitch - near.mean()) / 5, -1, 1))
        loud = float(np.clip(0.78 + swell + random.normal(0, 0.03), 0.5, 1.0))
        length = note.end - note.start
        if random.random() < 0.5 * weirdness**2 and length > 0.25:
            grace = min(0.07, length / 4)
            out.append(Note(note.start, note.start + grace, note.pitch + float(random.choice([-1, 2])), loud * 0.7))
            note = Note(note.start + grace, note.end, note.pitch)
        if random.random() < 0.4 * weirdness**2 and length > 0.6:
            middle = (note.start + note.end) / 2
            out.append(Note(note.start, middle, note.pitch, loud))
            note = Note(middle, note.end, note.pitch + 12)
        out.append(Note(note.start, note.end, note.pitch, loud))
    return out
