"""The melody: the one line a listener would hum, followed through the evidence by Viterbi, then cut into notes.

Every frame offers 61 pitches and silence, as likely as `evidence.py` says. Leaving a pitch costs; a leap costs more.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from studio.evidence import FIRST, SILENT
from studio.model import Curve, Note
from studio.posterior import FRAME, LOWEST, Posterior


@dataclass(frozen=True)
class Weights:
    """What was tuned, by search over songs that no target is measured on."""

    trust: float = 0.5
    """of a frame's evidence: its neighbours say nearly the same, and it must not count as if they did not"""
    change: float = 5.0
    leap: float = 0.26
    onset: float = 0.59
    begin: float = 0.4
    split: float = 0.71
    fall: float = 7.0
    ringing: float = 0.2
    shortest: float = 0.12


TUNED = Weights()


def follow(likely: Curve, onsets: Curve, weights: Weights = TUNED) -> NDArray[np.int64]:
    """(frames, 62) evidence and (frames, 88) onsets -> the best state of each frame (Viterbi)."""
    pitches = np.arange(SILENT)
    moves = np.zeros((SILENT + 1, SILENT + 1))
    distance = np.abs(pitches[:, None] - pitches[None, :])
    moves[:SILENT, :SILENT] = np.where(distance == 0, 0, weights.change + weights.leap * np.minimum(distance, 14))
    moves[SILENT, :SILENT] = moves[:SILENT, SILENT] = weights.change
    likely = weights.trust * likely
    entry = np.zeros((likely.shape[0], SILENT + 1))
    entry[:, :SILENT] = weights.onset * onsets[: likely.shape[0], FIRST : FIRST + SILENT]
    best = likely[0]
    links = np.zeros(likely.shape, np.int16)
    columns = np.arange(SILENT + 1)
    for at in range(1, likely.shape[0]):
        reached = best[:, None] - moves
        link = reached.argmax(axis=0)
        links[at] = link
        best = reached[link, columns] + np.where(link == columns, 0, entry[at]) + likely[at]
    path = np.zeros(likely.shape[0], np.int64)
    path[-1] = best.argmax()
    for at in range(likely.shape[0] - 1, 0, -1):
        path[at - 1] = links[at, path[at]]
    return path


def cut(path: NDArray[np.int64], heard: Posterior, weights: Weights = TUNED) -> list[Note]:
    """The path as notes: cut where the pitch changes and where the net hears it struck again."""
    notes: list[Note] = []
    edges = np.flatnonzero(np.diff(path)) + 1
    for start, end in zip([0, *edges.tolist()], [*edges.tolist(), path.size], strict=True):
        if path[start] == SILENT:
            continue
        column = int(path[start]) + FIRST
        sounding = heard.notes[:, column]
        for first, last in _struck(heard.onsets[:, column], start, end, weights):
            if (last - first) * FRAME >= weights.shortest and np.max(sounding[first:last]) >= weights.begin:
                notes.append(Note(first * FRAME, last * FRAME, column + LOWEST, float(sounding[first:last].mean())))
    return _upheld(notes, heard, weights)


def _upheld(notes: list[Note], heard: Posterior, weights: Weights) -> list[Note]:
    """Without falls into the band: a struck note dies away, a chord under it is struck again and is louder.

    A note well below the one before it is the band's if the one before still rings, which a singer's would not.
    """
    kept: list[Note] = []
    for note in notes:
        before = kept[-1] if kept else None
        if before is not None and before.pitch - note.pitch >= weights.fall:
            first, last = round(note.start / FRAME), round(note.end / FRAME)
            if heard.notes[first:last, round(before.pitch) - LOWEST].mean() > weights.ringing:
                kept[-1] = replace(before, end=note.end)
                continue
        kept.append(note)
    return kept


NEAR = 6
"""frames, 70 ms"""


def _struck(onsets: Curve, start: int, end: int, weights: Weights) -> list[tuple[int, int]]:
    """The spans of one pitch between its onsets; the first may begin a little before or after the path does.

    Drums make the net hear onsets in held notes, so it must be surer of a second one (`split`) than of the first.
    """
    early = max(start - NEAR, 0)
    window = onsets[early : min(start + NEAR + 1, end)]
    first = early + int(np.argmax(window)) if np.max(window) > weights.begin else start
    again = [
        at
        for at in range(first + NEAR, end - 2)
        if onsets[at] > weights.split and onsets[at] == np.max(onsets[at - NEAR : at + NEAR + 1])
    ]
    marks = [first, *again]
    return list(zip(marks, [*marks[1:], end], strict=True))
