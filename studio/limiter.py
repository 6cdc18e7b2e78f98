"""Every take equally loud, and none too high: -16 LUFS, with peaks held down before they come."""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from studio import cores, loudness
from studio.model import Wave

TARGET = -16.0
CEILING = 10 ** (-2.0 / 20)
"""A decibel under what is promised: an mp3 overshoots what it was made from."""
BLOCK = 64
AHEAD = 4
"""blocks, 6 ms"""


def mastered(mix: Wave, rate: int) -> Wave:
    """(2, samples) brought to TARGET under CEILING, in place. Silence stays silence."""
    for _ in range(3):
        now = loudness.lufs(mix, rate)
        if now <= loudness.SILENT or abs(now - TARGET) < 0.2:
            break
        mix *= np.float32(10 ** ((TARGET - now) / 20))
        if not limited(mix):
            return mix  # nothing was turned down, so it is as loud as it was meant to be
    limited(mix)
    return mix


def limited(mix: Wave) -> bool:
    """Turns down ahead of each peak over CEILING and back up after it, smoothly, in place. False where none is."""
    highest = loudness.peaks(mix, BLOCK, CEILING)
    wanted = np.minimum(1.0, CEILING * 0.995 / np.maximum(highest, 1e-9))
    if wanted.min() >= 1:
        return False
    # One block further than the window reaches, since between two blocks the gain is already on its way.
    reach = AHEAD + 1
    lowest = sliding_window_view(np.pad(wanted, reach, mode="edge"), 2 * reach + 1).min(axis=1)
    window = np.hanning(2 * AHEAD + 3)[1:-1]
    smooth = np.convolve(np.pad(lowest, AHEAD, mode="edge"), window / window.sum(), "valid")
    middles = np.arange(smooth.size) * BLOCK + BLOCK / 2
    for start, stop in cores.blocks(mix.shape[1]):
        mix[:, start:stop] *= np.interp(np.arange(start, stop), middles, smooth).astype(np.float32)
    return True
