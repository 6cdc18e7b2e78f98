"""Pitch and formants moved apart: a voice can sing higher without shrinking its owner.

A phase vocoder. The spectrum is split into its fine structure (the pitch) and its envelope (the vowel); the first is
moved by one ratio, the second by another, and the two are put together again.
"""

from math import pi

import numpy as np
from numpy.typing import NDArray

from studio import stft
from studio.model import Curve, Wave
from studio.stft import HOP, SIZE, Spectra

LIFTER = 72
"""cepstral coefficients that make the envelope: fine enough for vowels, too coarse for harmonics up to 600 Hz"""


def shifted(planes: Wave, semitones: float, formants: float = 0.0) -> Wave:
    """(channels, samples) with the pitch moved by `semitones` and the vowels by `formants` semitones (0 keeps them)."""
    if not semitones and not formants:
        return planes
    return np.stack([_Shifter(plane, semitones, formants).run() for plane in planes])


def envelope(spectra: Spectra) -> Wave:
    """(frames, bins) of the smooth shape over each spectrum (cepstral smoothing)."""
    log = np.log(np.abs(spectra) + 1e-6)
    cepstra = np.fft.irfft(log, axis=1)
    cepstra[:, LIFTER : SIZE - LIFTER + 1] = 0
    return np.exp(np.fft.rfft(cepstra, axis=1).real).astype(np.float32)


class _Shifter:
    """Keeps the phases from block to block."""

    def __init__(self, mono: Wave, semitones: float, formants: float) -> None:
        self.mono = mono
        self.ratio = 2 ** (semitones / 12)
        self.stretch = 2 ** (formants / 12)
        self.bins = np.arange(SIZE // 2 + 1)
        self.before: Spectra | None = None
        self.phase = np.zeros(SIZE // 2 + 1)

    def run(self) -> Wave:
        return stft.rebuilt(self.mono.size, self._block)

    def _block(self, first: int, count: int) -> Spectra:
        spectra = stft.forward(self.mono, first, count)
        shape = envelope(spectra)
        moved = self._moved(spectra / shape) if self.ratio != 1 else spectra / shape
        places = np.clip(self.bins / self.stretch, 0, self.bins[-1])
        whole = np.minimum(places.astype(int), self.bins[-1] - 1)
        part = (places - whole).astype(np.float32)
        kept = shape[:, whole] * (1 - part) + shape[:, whole + 1] * part
        return np.asarray(moved * kept, np.complex64)

    def _moved(self, fine: Spectra) -> Spectra:
        """Peaks carried to `ratio` times their frequency, with phases that go on where they were."""
        out = np.empty_like(fine)
        expected = 2 * pi * HOP * self.bins / SIZE
        for number, frame in enumerate(fine):
            before = frame if self.before is None else self.before
            turned = np.angle(frame) - np.angle(before) - expected
            true = expected + turned - 2 * pi * np.round(turned / (2 * pi))
            source = self.bins / self.ratio
            near = np.clip(np.round(source).astype(int), 0, self.bins[-1])
            strength = np.where(source <= self.bins[-1], np.abs(frame)[near], 0)
            fresh = self.before is None
            self.phase = (
                np.angle(frame)[near]
                if fresh
                else self._locked(np.abs(frame)[near], true[near] * self.ratio, near, frame)
            )
            out[number] = strength * np.exp(1j * self.phase)
            self.before = frame
        return out

    def _locked(self, strength: Wave, advance: Wave, near: NDArray[np.intp], frame: Spectra) -> Curve:
        """Phases run on at the peaks; the bins around a peak keep their place beside it, or voices turn to fog."""
        free = self.phase + advance
        inner = strength[1:-1]
        peaks = np.flatnonzero((inner >= strength[:-2]) & (inner > strength[2:])) + 1
        if not peaks.size:
            return free
        edges = (peaks[1:] + peaks[:-1]) // 2
        owner = peaks[np.searchsorted(edges, self.bins, side="left").clip(0, peaks.size - 1)]
        angles = np.angle(frame)[near]
        return np.asarray(free[owner] + angles - angles[owner])
