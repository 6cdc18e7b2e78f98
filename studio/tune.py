"""Is it a tune at all? Speech and noise leave notes too: weak, rare, short, and gliding where a sung note stays."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp

import numpy as np

from studio.model import Note
from studio.posterior import FRAME, LOWEST, Posterior

LEAST_PITCHES = 3


@dataclass(frozen=True)
class Measures:
    strength: float
    """mean posterior of the notes, 0 to 1: .8 for a flute, .5 for speech, .3 for noise"""
    share: float
    """of the song's time that notes fill: .9 for a song, .5 for speech"""
    length: float
    """seconds of the median note: .4 for a song, .15 for speech"""
    glide: float
    """semitones a second that the contour wanders inside notes: .3 for a flute, 2 for speech"""
    pitches: int


def confidence(notes: Sequence[Note], heard: Posterior, seconds: float) -> float:
    """0 to 1; a fixed mix of the measures, set by songs and by noise, drums and speech that were made for it."""
    if not notes:
        return 0.0
    found = measure(notes, heard, seconds)
    if found.pitches < LEAST_PITCHES:
        return 0.0
    mix = 10 * (found.strength * found.share - 0.36) + 6 * (min(found.length, 0.4) - 0.2) + 0.9 * (1.85 - found.glide)
    return 1 / (1 + exp(-mix))


def measure(notes: Sequence[Note], heard: Posterior, seconds: float) -> Measures:
    lengths = np.array([note.end - note.start for note in notes])
    strengths = np.array([note.strength for note in notes])
    glides = [one for note in notes if (one := _glide(note, heard)) is not None]
    return Measures(
        strength=float((strengths * lengths).sum() / lengths.sum()),
        share=float(lengths.sum() / seconds),
        length=float(np.median(lengths)),
        glide=float(np.mean(glides)) if glides else 9.0,
        pitches=len({round(note.pitch) for note in notes}),
    )


def _glide(note: Note, heard: Posterior) -> float | None:
    first, last = round(note.start / FRAME), round(note.end / FRAME)
    middle = 3 * (round(note.pitch) - LOWEST) + 1
    contour = heard.contour[first:last, max(middle - 4, 0) : middle + 5]
    if contour.shape[0] < 5:
        return None
    place = (contour * np.arange(contour.shape[1])).sum(axis=1) / (contour.sum(axis=1) + 1e-6)
    return float(np.abs(np.diff(place)).mean() / 3 / FRAME)
