"""Beats and tempo (mir_eval.beat); a level of the metre other than the counted one is reported apart, not hidden."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from mir_eval import beat

from bench.score import Curve

TEMPO_TOLERANCE = 0.04
LEVELS = (1.0, 2.0, 0.5, 3.0, 1 / 3, 1.5, 2 / 3)
"""How many times as fast as the count a listener might tap: eighths, halves, the three parts of a beat in 6/8, ..."""


@dataclass(frozen=True, slots=True)
class Pulse:
    counted: float
    """beat F, 70 ms, against the beats as they are counted"""
    any_level: float
    """the best F against twice, half, three times ... as many"""


def beats_found(truth: Sequence[float], heard: Sequence[float]) -> Pulse:
    """Neither begins to count at five seconds, as mir_eval's trimming would: the songs are short."""
    if len(truth) < 2:
        raise ValueError("a song of one beat measures nothing")
    reference = np.asarray(truth, np.float64)
    found = np.asarray(heard, np.float64)
    scores = [_f(level, found) for level in _levels(reference)]
    return Pulse(_f(reference, found), max(scores))


def _f(reference: Curve, found: Curve) -> float:
    return float(beat.f_measure(reference, found)) if reference.size and found.size else 0.0


def _levels(beats: Curve) -> list[Curve]:
    """The beats, each of them halved and cut in three, and every second and third of them from any start."""
    where = np.arange(beats.size, dtype=np.float64)
    finer = [np.interp(np.arange(0, beats.size - 1 + 1e-9, 1 / parts), where, beats) for parts in (2, 3)]
    coarser = [beats[first::every] for every in (2, 3) for first in range(every)]
    return [beats, *finer, *coarser, *(finer[1][first::2] for first in (0, 1))]


def tempo_right(truth: float, heard: float) -> bool:
    return abs(heard / truth - 1) <= TEMPO_TOLERANCE


def tempo_related(truth: float, heard: float) -> bool:
    """Right at some level of the metre."""
    return any(tempo_right(truth * level, heard) for level in LEVELS)
