"""Short-time spectra, on the same even grid of frames as the note posterior."""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from studio import centre
from studio.model import Curve, Wave
from studio.posterior import HOP, RATE

SIZE = 2048
BLOCK = 512
"""frames at a time, to bound the memory"""
LOW_MIDI, HIGH_MIDI = 36, 96
"""The range of a melody: C2 to C7."""
HARMONICS = 8


def magnitudes(planes: Wave, size: int = SIZE) -> Wave:
    """(channels, samples) at RATE -> (frames, size // 2 + 1), frame t centred on sample t * HOP.

    Of a wide stereo mix only the middle is kept, where a singer stands.
    """
    frames = -(-planes.shape[1] // HOP)
    padded = np.zeros((planes.shape[0], frames * HOP + size), np.float32)
    padded[:, size // 2 : size // 2 + planes.shape[1]] = planes
    window = np.hanning(size).astype(np.float32)
    views = sliding_window_view(padded, size, axis=1)[:, ::HOP][:, :frames]
    wide = centre.is_wide(planes)
    out = np.empty((frames, size // 2 + 1), np.float32)
    for first in range(0, frames, BLOCK):
        block = views[:, first : first + BLOCK]
        if wide:
            left, right = np.fft.rfft(block * window, axis=2).astype(np.complex64)
            out[first : first + BLOCK] = np.abs(left + right) / 2 * centre.share(left, right)
        else:
            out[first : first + BLOCK] = np.abs(np.fft.rfft(block.mean(axis=0) * window, axis=1))
    return out


def flux(spectra: Wave) -> Curve:
    """How much louder the spectrum became since the frame before, (frames,): a beat's first trace."""
    loud = np.log1p(spectra / (np.median(spectra) + 1e-6))
    rise = np.maximum(loud[1:] - loud[:-1], 0).sum(axis=1)
    return np.concatenate([[0.0], rise]).astype(np.float64)


def salience(spectra: Wave) -> Curve:
    """How loud each pitch sounds as a tone with harmonics: (frames, pitches), in dB under the frame's loudest."""
    bins = spectra.shape[1]
    size = (bins - 1) * 2
    hertz = 440 * 2 ** ((np.arange(LOW_MIDI, HIGH_MIDI + 1) - 69) / 12)
    comb = np.zeros((bins, hertz.size), np.float32)
    for harmonic in range(1, HARMONICS + 1):
        place = hertz * harmonic * size / RATE
        whole = place.astype(int)
        inside = np.flatnonzero(whole + 1 < bins)
        share = (place - whole)[inside]
        comb[whole[inside], inside] += 0.84 ** (harmonic - 1) * (1 - share)
        comb[whole[inside] + 1, inside] += 0.84 ** (harmonic - 1) * share
    sums = np.sqrt(spectra) @ comb
    top = sums.max(axis=1, keepdims=True) + 1e-9
    levels: Curve = 40 * np.log10(np.maximum(sums / top, 1e-3)).astype(np.float64)
    return levels
