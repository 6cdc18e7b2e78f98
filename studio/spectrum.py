"""Short-time spectra, on the same even grid of frames as the note posterior."""

from collections.abc import Iterator
from functools import lru_cache

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from studio import centre
from studio.model import Curve, Wave
from studio.posterior import HOP, RATE

SIZE, FLUX_SIZE = 2048, 1024
BLOCK = 512
"""frames at a time, to bound the memory"""
LOW_MIDI, HIGH_MIDI = 36, 96
"""The range of a melody: C2 to C7."""
HARMONICS = 8


def magnitudes(planes: Wave, size: int = SIZE) -> Iterator[Wave]:
    """(channels, samples) at RATE -> blocks of (frames, size // 2 + 1), frame t centred on sample t * HOP.

    Of a wide stereo mix only the middle is kept, where a singer stands.
    """
    frames = -(-planes.shape[1] // HOP)
    padded = np.zeros((planes.shape[0], frames * HOP + size), np.float32)
    padded[:, size // 2 : size // 2 + planes.shape[1]] = planes
    window = np.hanning(size).astype(np.float32)
    views = sliding_window_view(padded, size, axis=1)[:, ::HOP][:, :frames]
    wide = centre.is_wide(planes)
    for first in range(0, frames, BLOCK):
        block = views[:, first : first + BLOCK]
        if wide:
            left, right = np.fft.rfft(block * window, axis=2).astype(np.complex64)
            yield (np.abs(left + right) / 2 * centre.share(left, right)).astype(np.float32)
        else:
            yield np.abs(np.fft.rfft(block.mean(axis=0) * window, axis=1)).astype(np.float32)


def flux(planes: Wave) -> Curve:
    """How much louder the spectrum became since the frame before, (frames,): a beat's first trace."""
    usual = float(np.abs(planes).mean()) * FLUX_SIZE / 64 + 1e-6
    parts = []
    last = np.zeros(FLUX_SIZE // 2 + 1, np.float32)
    for spectra in magnitudes(planes, FLUX_SIZE):
        loud = np.log1p(spectra / np.float32(usual))
        parts.append(np.maximum(np.diff(loud, axis=0, prepend=last[None]), 0).sum(axis=1))
        last = loud[-1]
    curve = np.concatenate(parts).astype(np.float64)
    curve[0] = 0
    return curve


def salience(planes: Wave) -> Curve:
    """How loud each pitch sounds as a tone with harmonics: (frames, pitches), in dB under the frame's loudest."""
    comb = _comb()
    parts = []
    for spectra in magnitudes(planes):
        sums = np.sqrt(spectra) @ comb
        top = sums.max(axis=1, keepdims=True) + 1e-9
        parts.append(40 * np.log10(np.maximum(sums / top, 1e-3)))
    return np.concatenate(parts).astype(np.float64)


@lru_cache(maxsize=1)
def _comb() -> Wave:
    """(bins, pitches): a pitch's harmonics, each a little weaker, shared between the two nearest bins."""
    bins = SIZE // 2 + 1
    hertz = 440 * 2 ** ((np.arange(LOW_MIDI, HIGH_MIDI + 1) - 69) / 12)
    comb = np.zeros((bins, hertz.size), np.float32)
    for harmonic in range(1, HARMONICS + 1):
        place = hertz * harmonic * SIZE / RATE
        whole = place.astype(int)
        inside = np.flatnonzero(whole + 1 < bins)
        share = (place - whole)[inside]
        comb[whole[inside], inside] += 0.84 ** (harmonic - 1) * (1 - share)
        comb[whole[inside] + 1, inside] += 0.84 ** (harmonic - 1) * share
    return comb
