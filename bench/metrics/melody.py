"""How much of a melody was heard: notes (mir_eval.transcription) and pitch over time (mir_eval.melody)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from mir_eval import melody, transcription

from bench.score import STEP, Curve, Note, hertz, track

ONSET_SECONDS = 0.1
CENTS = 50.0


class Heard(Protocol):
    """Any note of any program: the engine's, or our own."""

    @property
    def start(self) -> float: ...
    @property
    def end(self) -> float: ...
    @property
    def pitch(self) -> float: ...


@dataclass(frozen=True, slots=True)
class Kept:
    precision: float
    recall: float
    f1: float


@dataclass(frozen=True, slots=True)
class Accuracy:
    pitch: float
    """share of the voiced time in which the pitch is right within 50 cents"""
    chroma: float
    """the same with octaves forgiven"""


def notes_kept(truth: Sequence[Heard], heard: Sequence[Heard]) -> Kept:
    """A note is found if one begins within 100 ms of it at its pitch; ends do not matter; none is found twice."""
    if not truth:
        raise ValueError("a song without notes measures nothing")
    if not heard:
        return Kept(0.0, 0.0, 0.0)
    origin = min(0.0, *(one.start for one in (*truth, *heard)))
    precision, recall, f1, _ = transcription.precision_recall_f1_overlap(
        *_arrays(truth, origin),
        *_arrays(heard, origin),
        onset_tolerance=ONSET_SECONDS,
        pitch_tolerance=CENTS,
        offset_ratio=None,
    )
    return Kept(float(precision), float(recall), float(f1))


def _arrays(notes: Sequence[Heard], origin: float) -> tuple[Curve, Curve]:
    """mir_eval takes no time before zero and no note without length."""
    spans = np.array([(note.start, max(note.end, note.start + 1e-3)) for note in notes]) - origin
    return spans, np.array([hertz(note.pitch) for note in notes])


def pitch_accuracy(f0: Curve, heard: Sequence[Heard] | Curve) -> Accuracy:
    """Of what was heard, notes or a pitch track, against the true track; both have a value every STEP seconds."""
    if not np.any(f0 > 0):
        raise ValueError("a track without pitch measures nothing")
    found = _fitted(heard if isinstance(heard, np.ndarray) else _track(heard, f0.size * STEP), f0.size)
    if not np.any(found > 0):
        return Accuracy(0.0, 0.0)
    times = np.arange(f0.size) * STEP
    voiced, cents, found_voiced, found_cents = melody.to_cent_voicing(times, f0, times, found)
    return Accuracy(
        float(melody.raw_pitch_accuracy(voiced, cents, found_voiced, found_cents, cent_tolerance=CENTS)),
        float(melody.raw_chroma_accuracy(voiced, cents, found_voiced, found_cents, cent_tolerance=CENTS)),
    )


def _track(heard: Sequence[Heard], seconds: float) -> Curve:
    return track(tuple(Note(one.start, one.end, one.pitch) for one in heard), seconds)


def _fitted(values: Curve, size: int) -> Curve:
    return np.pad(values, (0, max(size - values.size, 0)))[:size]
