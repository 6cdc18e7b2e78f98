"""What was heard, written down: key and tempo, the chords by bars, the melody in ABC notation."""

from collections.abc import Sequence
from itertools import groupby

import numpy as np

from studio.grid import positions
from studio.model import Analysis, Chord

LETTERS_SHARP = ("C", "^C", "D", "^D", "E", "F", "^F", "G", "^G", "A", "^A", "B")
LETTERS_FLAT = ("C", "_D", "D", "_E", "E", "F", "_G", "G", "_A", "A", "_B", "B")
FLAT_TONICS = {False: {5, 10, 3, 8, 1}, True: {2, 7, 0, 5, 10, 3}}
BARS_A_LINE = 4


def lines(heard: Analysis, title: str = "") -> str:
    """The whole sheet."""
    head = [
        f"Key: {heard.key.name}",
        f"Tempo: {heard.tempo:.0f} beats a minute, {heard.metre} in a bar",
        f"Confidence: {heard.confidence:.2f}",
    ]
    return "\n".join([*head, "", "Chords:", chart(heard), "", "Melody:", abc(heard, title)]) + "\n"


def bars(heard: Analysis) -> list[list[Chord | None]]:
    """The chords of each beat, by bars; the first is short if the song begins with an upbeat."""
    first = heard.downbeat
    starts = range(first, len(heard.chords), heard.metre)
    upbeat = [list(heard.chords[:first])] if first else []
    return upbeat + [list(heard.chords[start : start + heard.metre]) for start in starts]


def chart(heard: Analysis) -> str:
    """Four bars a line, each line with the number of its first: `  1 | C . . . | F . G . |`."""
    every = bars(heard)
    shift = 1 if heard.downbeat else 0
    out = []
    if shift:
        out.append(f"  0 | {_bar(every[0])} |")
    for start in range(shift, len(every), BARS_A_LINE):
        row = " | ".join(_bar(bar) for bar in every[start : start + BARS_A_LINE])
        out.append(f"{start + 1 - shift:3} | {row} |")
    return "\n".join(out)


def _bar(chords: Sequence[Chord | None]) -> str:
    """Each change by its name; a beat that keeps its chord is a dot."""
    said: list[str] = []
    for number, chord in enumerate(chords):
        name = "-" if chord is None else chord.name
        said.append("." if number and chord == chords[number - 1] else name)
    return " ".join(said)


def abc(heard: Analysis, title: str = "") -> str:
    """The melody in ABC notation, to the nearest sixteenth."""
    flats = heard.key.tonic in FLAT_TONICS[heard.key.minor]
    sixteenths = _sixteenths(heard)
    bar = heard.metre * 4
    offset = (-heard.downbeat * 4) % bar
    tokens: list[tuple[int, str]] = []
    at = min((start for start, _, _ in sixteenths), default=0)
    at -= (at + offset) % bar
    for start, end, pitch in sixteenths:
        tokens += _spread(at, start, "z", bar, offset)
        tokens += _spread(start, end, _letter(pitch, flats), bar, offset)
        at = end
    body = [" ".join(token for _, token in group) for _, group in groupby(tokens, key=lambda one: one[0])]
    rows = [" | ".join(body[start : start + BARS_A_LINE]) + " |" for start in range(0, len(body), BARS_A_LINE)]
    # Every accidental is written out, so the key signature is left empty.
    head = ["X:1", f"T:{title or 'Melody'}", f"M:{heard.metre}/4", "L:1/16", f"Q:1/4={heard.tempo:.0f}", "K:C"]
    return "\n".join([*head, *rows])


def _sixteenths(heard: Analysis) -> list[tuple[int, int, int]]:
    """(start, end, pitch) of the melody's notes in sixteenths from the first beat, none over another."""
    starts = np.round(positions(heard, np.array([note.start for note in heard.melody])) * 4).astype(int)
    ends = np.round(positions(heard, np.array([note.end for note in heard.melody])) * 4).astype(int)
    out: list[tuple[int, int, int]] = []
    for number, note in enumerate(heard.melody):
        start = max(int(starts[number]), out[-1][1] if out else int(starts[number]))
        then = int(starts[number + 1]) if number + 1 < len(starts) else int(ends[number])
        end = min(max(int(ends[number]), start + 1), max(then, start + 1))
        out.append((start, end, round(note.pitch)))
    return out


def _spread(start: int, end: int, letter: str, bar: int, offset: int) -> list[tuple[int, str]]:
    """(bar, token) of a note or rest; one over a bar line is tied."""
    out = []
    while start < end:
        number = (start + offset) // bar
        stop = min(end, (number + 1) * bar - offset)
        length = stop - start
        tie = "-" if stop < end and letter != "z" else ""
        out.append((number, f"{letter}{length if length > 1 else ''}{tie}"))
        start = stop
    return out


def _letter(pitch: int, flats: bool) -> str:
    name = (LETTERS_FLAT if flats else LETTERS_SHARP)[pitch % 12]
    octave = pitch // 12 - 5
    letter = name[-1]
    accidental = name[:-1] or "="
    high = letter.lower() + "'" * (octave - 1) if octave >= 1 else letter + "," * -octave
    return accidental + high
