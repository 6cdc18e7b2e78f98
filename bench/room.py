"""Where the players stand: a place from left to right, an echo of noise that dies, and how loud each is."""

import numpy as np
from scipy.signal import fftconvolve

from bench.score import Wave

LATE = 0.02
"""seconds until the echo begins"""


def level(wave: Wave, decibels: float = 0.0) -> Wave:
    """At `decibels` over an effective value of .1, measured where it sounds."""
    loud = np.abs(wave) > 1e-3 * np.abs(wave).max(initial=0.0)
    power = float(np.sqrt(np.mean(wave[loud].astype(np.float64) ** 2))) if loud.any() else 0.0
    return np.asarray(wave * (0.1 * 10 ** (decibels / 20) / power if power else 1.0), np.float32)


def placed(wave: Wave, side: float) -> Wave:
    """(2, samples) of (samples,); `side` from -1 to 1, at equal power."""
    angle = (side + 1) * np.pi / 4
    return np.stack([wave * np.float32(np.cos(angle)), wave * np.float32(np.sin(angle))]) * np.float32(2**0.5)


def in_room(both: Wave, rate: int, seconds: float, share: float, random: np.random.Generator) -> Wave:
    """(2, samples), with an echo of its own for each side that falls by 60 dB in `seconds`."""
    if share <= 0:
        return both
    moment = np.arange(round(seconds * rate)) / rate
    out = both.copy()
    for side in range(2):
        echo = random.normal(0, 1, moment.size) * 10 ** (-3 * moment / seconds) * (moment > LATE)
        echo = np.convolve(echo, np.ones(4) / 4, mode="same")
        echo /= np.sqrt(np.sum(echo**2))
        out[side] += (share * fftconvolve(both[side], echo)[: both.shape[1]]).astype(np.float32)
    return out
