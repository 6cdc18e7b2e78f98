"""How loud a mix is to a listener (ITU-R BS.1770-4) and how high its waves truly reach between the samples."""

from math import log10, pi

import numpy as np

from studio import cores
from studio.model import Curve, Wave

BLOCK, STEP = 0.4, 0.1
"""seconds"""
SILENT, RELATIVE = -70.0, -10.0
"""gates in LUFS and LU"""


def _weight(hertz: Curve) -> Curve:
    """The power response of the standard's two filters: a shelf of 4 dB above 1.7 kHz, a high-pass at 38 Hz."""
    z = np.exp(-2j * pi * hertz / 48000)
    shelf = (1.53512485958697 - 2.69169618940638 * z + 1.19839281085285 * z**2) / (
        1 - 1.69065929318241 * z + 0.73248077421585 * z**2
    )
    high = (1 - 2 * z + z**2) / (1 - 1.99004745483398 * z + 0.99007225036621 * z**2)
    return np.asarray(np.abs(shelf * high) ** 2)


def powers(mix: Wave, rate: int) -> Curve:
    """(channels, samples) -> weighted power of every tenth of a second, (tenths,), both sides added (by Parseval)."""
    step = round(STEP * rate)
    count = max(mix.shape[1] // step, 1)
    weight = _weight(np.minimum(np.fft.rfftfreq(step, 1 / rate), 23900)) / step**2
    weight[1:] *= 2
    out = np.zeros(count)

    def weigh(first: int) -> None:
        part = mix[:, first * step : (first + 64) * step]
        whole = part[:, : part.shape[1] // step * step].reshape(mix.shape[0], -1, step)
        spectra = np.fft.rfft(whole, axis=2)
        out[first : first + whole.shape[1]] = ((spectra.real**2 + spectra.imag**2) @ weight).sum(axis=0)

    cores.each(weigh, range(0, count, 64))
    return out


def lufs(mix: Wave, rate: int) -> float:
    """Integrated loudness; -70 for silence."""
    tenths = powers(mix, rate)
    turns = round(BLOCK / STEP)
    blocks = np.convolve(tenths, np.ones(turns) / turns, "valid") if tenths.size >= turns else tenths
    blocks = blocks[_lufs(blocks) > SILENT]
    if not blocks.size:
        return SILENT
    blocks = blocks[_lufs(blocks) > float(_lufs(np.mean(blocks, keepdims=True))[0]) + RELATIVE]
    return float(_lufs(np.mean(blocks, keepdims=True))[0])


def _lufs(power: Curve) -> Curve:
    return -0.691 + 10 * np.log10(np.maximum(power, 1e-12))


PHASES, TAPS = 4, 16
SEGMENT = 1 << 19
"""samples at a time"""
_place = np.arange(-TAPS * PHASES // 2, TAPS * PHASES // 2 + 1) / PHASES
_KERNEL = (np.sinc(_place) * np.hanning(_place.size)).astype(np.float32)


def peaks(mix: Wave, block: int, floor: float) -> Curve:
    """(channels, samples) -> the true peak of every `block` samples, both sides together.

    Blocks that stay under `floor` by their samples keep that peak: no wave rises by half between samples of music.
    """
    reach = TAPS // 2
    length = SEGMENT // block * block
    parts = []
    for start in range(0, mix.shape[1], length):
        stop = min(start + length, mix.shape[1])
        missing = -(stop - start) % block
        wide = mix[:, max(start - reach, 0) : stop + reach]
        before = reach - (start - max(start - reach, 0))
        after = reach + missing - (min(stop + reach, mix.shape[1]) - stop)
        parts.append(_segment_peaks(np.pad(wide, ((0, 0), (before, after))), block, floor))
    return np.concatenate(parts)


def _segment_peaks(wide: Wave, block: int, floor: float) -> Curve:
    """(channels, TAPS / 2 before + whole blocks + TAPS / 2 after) -> (blocks,)."""
    reach = TAPS // 2
    inner = np.abs(wide[:, reach:-reach]).reshape(wide.shape[0], -1, block)
    highest: Curve = inner.max(axis=(0, 2)).astype(np.float64)
    loud = np.flatnonzero(highest > floor / 1.5)
    for first in range(0, loud.size, 1024):
        some = loud[first : first + 1024]
        index = some[:, None] * block + np.arange(block + 2 * reach)[None, :]
        for plane in wide:
            highest[some] = np.maximum(highest[some], _between(plane[index], block))
    return highest


def _between(blocks: Wave, size: int) -> Curve:
    """(n, size + TAPS) -> the highest of three points between each two samples, (n,)."""
    views = np.lib.stride_tricks.sliding_window_view(blocks, TAPS + 1, axis=1)[:, :size]
    kernels = np.stack(
        [np.interp(np.arange(TAPS + 1) - TAPS / 2 - part / PHASES, _place, _KERNEL) for part in (1, 2, 3)]
    )
    high: Curve = np.abs(views @ kernels.T.astype(np.float32)).max(axis=(1, 2)).astype(np.float64)
    return high


def true_peak(mix: Wave) -> float:
    """dBTP."""
    return 20 * log10(float(np.max(peaks(mix, 64, 0.0))) + 1e-9)
