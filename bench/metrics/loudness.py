"""Loudness and true peak by Recommendation ITU-R BS.1770-5, for one channel or two."""

from math import pi, tan

import numpy as np
from scipy.signal import lfilter, resample_poly

from bench.score import Curve, Wave

BLOCK, STEP = 0.4, 0.1
"""seconds"""
ABSOLUTE_GATE, RELATIVE_GATE = -70.0, -10.0
OFFSET = -0.691
OVERSAMPLED = 4
SILENT = float("-inf")


def loudness(samples: Wave, rate: int) -> float:
    """Integrated, gated loudness in LUFS; minus infinity where nothing passes the gate."""
    powers = _block_powers(np.atleast_2d(samples).astype(np.float64), rate)
    kept = powers[_lufs(powers) > ABSOLUTE_GATE]
    if not kept.size:
        return SILENT
    kept = kept[_lufs(kept) > _lufs(kept.mean()) + RELATIVE_GATE]
    return float(_lufs(kept.mean()))


def _lufs(power: Curve | np.float64) -> Curve:
    return np.asarray(OFFSET + 10 * np.log10(np.maximum(power, 1e-20)))


def _block_powers(channels: Curve, rate: int) -> Curve:
    """Summed over the channels, of blocks that overlap by three quarters."""
    weighted = _k_weighted(channels, rate)
    total = np.concatenate([[0.0], np.cumsum((weighted**2).sum(axis=0))])
    starts = np.round(np.arange(0, channels.shape[1] / rate - BLOCK + 1e-9, STEP) * rate).astype(int)
    size = round(BLOCK * rate)
    starts = starts[starts + size <= channels.shape[1]]
    return np.asarray((total[starts + size] - total[starts]) / size)


def _k_weighted(channels: Curve, rate: int) -> Curve:
    """The shelf that stands for a head, then the high-pass; the analogue prototypes behind the table for 48 kHz."""
    b, a = _shelf(rate)
    shelved = lfilter(b, a, channels, axis=1)
    b, a = _high_pass(rate)
    return np.asarray(lfilter(b, a, shelved, axis=1))


def _shelf(rate: int) -> tuple[Curve, Curve]:
    hertz, gain, quality = 1681.974450955533, 3.999843853973347, 0.7071752369554196
    k = tan(pi * hertz / rate)
    high = 10 ** (gain / 20)
    band = high**0.4996667741545416
    over = 1 + k / quality + k * k
    b = [high + band * k / quality + k * k, 2 * (k * k - high), high - band * k / quality + k * k]
    return np.array(b) / over, np.array([over, 2 * (k * k - 1), 1 - k / quality + k * k]) / over


def _high_pass(rate: int) -> tuple[Curve, Curve]:
    hertz, quality = 38.13547087602444, 0.5003270373238773
    k = tan(pi * hertz / rate)
    over = 1 + k / quality + k * k
    return np.array([1.0, -2.0, 1.0]), np.array([over, 2 * (k * k - 1), 1 - k / quality + k * k]) / over


def true_peak(samples: Wave, rate: int) -> float:
    """The highest peak between the samples, in dBTP: four times oversampled, up to 192 kHz at least."""
    channels = np.atleast_2d(samples).astype(np.float64)
    times = OVERSAMPLED if rate >= 44_100 else 2 * OVERSAMPLED
    peak = max((float(np.abs(resample_poly(one, times, 1)).max(initial=0)) for one in channels), default=0.0)
    return 20 * float(np.log10(peak)) if peak else SILENT
