"""Where a note ends with a click: a jump of the wave or of its slope, too sudden for any tone in it."""

from collections.abc import Iterable

import numpy as np
from scipy.signal import lfilter

from bench.score import Curve, Wave

ORDER = 24
"""A click is what the twenty-four samples before it do not foretell."""
CONTEXT_SECONDS = 0.06
NEAR_SECONDS = 0.006
TIMES = 3.0
"""as large as the largest surprise before it: a buzzing tone clicks all the time, and one click more is none"""
FLOOR = 10 ** (-54 / 20)
"""under this share of full scale nobody hears it"""


def clicks(samples: Wave, rate: int, times: Iterable[float]) -> list[float]:
    """Those of `times`, in seconds, at which (samples,) or (channels, samples) clicks."""
    channels = np.atleast_2d(samples).astype(np.float64)
    return [time for time in times if any(_clicks(one, rate, time) for one in channels)]


def _clicks(wave: Curve, rate: int, time: float) -> bool:
    middle, context, near = (round(seconds * rate) for seconds in (time, CONTEXT_SECONDS, NEAR_SECONDS))
    start = max(middle - context, 0)
    part = wave[start : middle + context]
    if part.size < 8 * ORDER or not np.any(part):
        return False
    surprise = np.abs(_residual(part))
    surprise[:ORDER] = 0
    at = middle - start
    here = surprise[max(at - near, ORDER) : at + near]
    before = surprise[ORDER : max(at - near, ORDER)]
    if not here.size or not before.size:
        return False
    usual = max(float(before.max()), FLOOR / TIMES)
    return float(here.max()) > TIMES * usual and float(here.max()) > FLOOR


def _residual(part: Curve) -> Curve:
    """What linear prediction, learnt on the half before the middle, leaves unexplained."""
    past = part[: part.size // 2]
    size = 1 << (2 * past.size - 1).bit_length()
    spectrum = np.abs(np.fft.rfft(past * np.hanning(past.size), size)) ** 2
    correlation = np.fft.irfft(spectrum, size)[: ORDER + 1]
    lags = np.abs(np.subtract.outer(np.arange(ORDER), np.arange(ORDER)))
    matrix = correlation[lags] + 1e-9 * max(correlation[0], 1e-12) * np.eye(ORDER)
    weights = np.linalg.solve(matrix, correlation[1:])
    return np.asarray(lfilter(np.concatenate([[1.0], -weights]), [1.0], part))
