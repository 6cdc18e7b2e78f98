"""Sound as overlapping spectra and back: the ground on which voices are lifted, shifted and coloured."""

from collections.abc import Callable

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from studio.model import Wave

SIZE = 2048
HOP = 512
Spectra = NDArray[np.complex64]

_WINDOW = np.hanning(SIZE + 1)[:-1].astype(np.float32)


def frames(samples: int) -> int:
    return samples // HOP + 1


def forward(mono: Wave, first: int, count: int) -> Spectra:
    """Frames `first` to `first + count` of (samples,) as (count, SIZE // 2 + 1); frame t is centred on t * HOP."""
    start = first * HOP - SIZE // 2
    stop = start + (count - 1) * HOP + SIZE
    part = mono[max(start, 0) : stop]
    part = np.pad(part, (max(-start, 0), max(stop - max(start, 0) - part.size, 0)))
    views = sliding_window_view(part, SIZE)[::HOP][:count]
    return np.fft.rfft(views * _WINDOW, axis=1).astype(np.complex64)


def rebuilt(samples: int, spectra_of: Callable[[int, int], Spectra], block: int = 256) -> Wave:
    """(samples,) from a function that gives `count` frames from `first` on; asked in order, block by block."""
    total = frames(samples)
    out = np.zeros(total * HOP + SIZE, np.float32)
    for first in range(0, total, block):
        count = min(block, total - first)
        pieces = np.fft.irfft(spectra_of(first, count), SIZE, axis=1).astype(np.float32) * _WINDOW
        for number in range(count):
            start = (first + number) * HOP
            out[start : start + SIZE] += pieces[number]
    # Squared Hann windows a quarter apart add up to 1.5.
    return out[SIZE // 2 : SIZE // 2 + samples] / np.float32(1.5)
