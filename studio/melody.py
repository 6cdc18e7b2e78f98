"""The melody: the one line a listener would hum, followed through the evidence by Viterbi, then cut into notes.

Every frame offers 61 pitches and silence, as likely as `evidence.py` says. Leaving a pitch costs; a leap costs more.
"""

from dataclasses import dataclass

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
    leap: float = 0.4
    begin: float = 0.3
    split: float = 0.71
    shortest: float = 0.1


TUNED = Weights()


def follow(likely: Curve, weights: Weights = TUNED) -> NDArray[np.int64]:
    """(frames, 62) evidence -> the best state of each frame (Viterbi)."""
    pitches = np.arange(SILENT)
    moves = np.zeros((SILENT + 1, SILENT + 1))
    distance = np.abs(pitches[:, None] - pitches[None, :])
    moves[:SILENT, :SILENT] = np.where(distance == 0, 0, weights.change + weights.leap * np.minimum(distance, 14))
    moves[SILENT, :SILENT] = moves[:SILENT, SILENT] = weights.change
    likely = weights.trust * likely
    best = likely[0]
    links = np.zeros(likely.shape, np.int16)
    columns = np.arange(SILENT + 1)
    for at in range(1, likely.shape[0]):
        reached = best[:, None] - moves
        link = reached.argmax(axis=0)
        links[at] = link
        best = reached[link, columns] + likely[at]
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
    return notes


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
