"""Chords (mir_eval.chord, major and minor triads) and key (mir_eval.key)."""

from collections.abc import Sequence

import numpy as np
from mir_eval import chord, key, util

from bench.score import PITCH_CLASSES, Harmony

Span = tuple[float, float, str]
"""start and end in seconds, and a label: C:maj, F#:min, or N for none"""


def spans(chords: Sequence[Harmony]) -> list[Span]:
    return [(one.start, one.end, one.label) for one in chords]


def chords_right(truth: Sequence[Span], heard: Sequence[Span]) -> float:
    """The share of the truth's time that has the right triad. Time without any chord heard counts as wrong."""
    if not truth:
        raise ValueError("a song without chords measures nothing")
    if not heard:
        return 0.0
    reference, labels = _intervals(truth)
    found, found_labels = util.adjust_intervals(
        *_intervals(heard),
        t_min=np.min(reference),
        t_max=np.max(reference),
        start_label=chord.NO_CHORD,
        end_label=chord.NO_CHORD,
    )
    cut, cut_labels, cut_found = util.merge_labeled_intervals(reference, labels, found, found_labels)
    return float(chord.weighted_accuracy(chord.majmin(cut_labels, cut_found), util.intervals_to_durations(cut)))


def _intervals(chords: Sequence[Span]) -> tuple["np.ndarray[tuple[int, int], np.dtype[np.float64]]", list[str]]:
    """Sorted and without holes: mir_eval wants every moment labelled."""
    whole: list[Span] = []
    for start, end, label in sorted(chords):
        if whole and start - whole[-1][1] > 1e-6:
            whole.append((whole[-1][1], start, chord.NO_CHORD))
        begin = whole[-1][1] if whole else start
        if end - begin > 1e-6:
            whole.append((begin, end, label))
    return np.array([(start, end) for start, end, _ in whole]), [label for _, _, label in whole]


def key_score(tonic: int, minor: bool, heard_tonic: int, heard_minor: bool) -> float:
    """MIREX's: 1 right, .5 a fifth off, .3 the relative, .2 the parallel key."""
    return float(key.weighted_score(_named(tonic, minor), _named(heard_tonic, heard_minor)))


def _named(tonic: int, minor: bool) -> str:
    return f"{PITCH_CLASSES[tonic % 12]} {'minor' if minor else 'major'}"
