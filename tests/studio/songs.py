"""A tune everybody knows and one way to play it, as sound: enough for unit tests; bench/ has the measuring."""

import numpy as np

from studio import fonts, sampler
from studio.model import Note, Wave

RATE = 22050
BEAT = 0.5
ODE = [64, 64, 65, 67, 67, 65, 64, 62, 60, 60, 62, 64, 64, 62, 62, 60] * 2
ROOTS = [48, 48, 48, 43, 48, 48, 48, 43] * 2
"""Chords of two beats, C and G."""


def tune(shift: int = 0) -> list[Note]:
    return [Note(0.3 + BEAT * at, 0.3 + BEAT * at + 0.46, pitch + shift, 0.8) for at, pitch in enumerate(ODE)]


def backing(shift: int = 0) -> list[Note]:
    notes = []
    for at, root in enumerate(ROOTS):
        start = 0.3 + 2 * BEAT * at
        notes += [Note(start, start + 0.95, root + shift + step, 0.5) for step in (-12, 0, 4, 7)]
    return notes


def played(shift: int = 0, lead: int = 73, rate: int = RATE) -> Wave:
    """Flute over piano, (2, samples)."""
    font = fonts.find()
    assert font is not None
    seconds = len(ODE) * BEAT + 1.5
    over = sampler.render(tune(shift), lead, rate, font, seconds=seconds)
    return np.asarray(over + sampler.render(backing(shift), 0, rate, font, seconds=seconds), np.float32)


def drums(rate: int = RATE) -> Wave:
    font = fonts.find()
    assert font is not None
    hits = [Note(0.25 * at, 0.25 * at + 0.1, (36, 42, 38, 42)[at % 4], 0.8) for at in range(48)]
    return sampler.render(hits, 128, rate, font)


def matched(truth: list[Note], heard: tuple[Note, ...]) -> float:
    """F1 of notes within 100 ms and half a semitone, each found once."""
    left = list(heard)
    hits = 0
    for note in truth:
        near = [one for one in left if abs(one.start - note.start) < 0.1 and abs(one.pitch - note.pitch) < 0.5]
        if near:
            left.remove(min(near, key=lambda one: abs(one.start - note.start)))
            hits += 1
    return 2 * hits / (len(truth) + len(heard))


def hertz(wave: Wave, rate: int) -> float:
    """The strongest partial of (samples,), between bins."""
    spectrum = np.abs(np.fft.rfft(wave * np.hanning(wave.size), 1 << 18))
    return float(np.argmax(spectrum) * rate / (1 << 18))
