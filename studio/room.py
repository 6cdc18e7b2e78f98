"""A room: the echo of noise that dies away, the same for a seed, a little different on either side."""

import numpy as np

from studio import cores
from studio.filters import convolved
from studio.model import Wave

EARLY = ((0.011, 0.5, -1), (0.017, 0.45, 1), (0.023, 0.4, -1), (0.031, 0.3, 1), (0.041, 0.25, -1))
"""First reflections: seconds, strength, side."""
HALF = np.array([0.25, 0.5, 0.25], np.float32)


def response(seconds: float, bright: float, rate: int) -> Wave:
    """(2, samples): what a clap leaves; quieter by 60 dB after `seconds`, dull above `bright` Hz and ever duller."""
    random = np.random.default_rng(1969)
    count = round(seconds * 1.1 * rate)
    moment = np.arange(count) / rate
    spectra = np.fft.rfft(random.normal(0, 1, (2, count)), axis=1)
    hertz = np.fft.rfftfreq(count, 1 / rate)
    dull = np.fft.irfft(spectra / (1 + (hertz / bright) ** 2), count, axis=1)
    dark = np.fft.irfft(spectra / (1 + (hertz / (bright / 4)) ** 2), count, axis=1)
    late = np.clip(moment / (0.6 * seconds), 0, 1)
    tail = (dull * (1 - late) + 1.6 * dark * late) * 10 ** (-3 * moment / seconds)
    tail[:, : round(0.012 * rate)] = 0
    tail *= 1 / np.sqrt((tail**2).sum(axis=1, keepdims=True))
    for delay, strength, side in EARLY:
        at = round(delay * rate * min(seconds, 1.0))
        if at < count:
            tail[:, at] += 0.35 * strength * np.array([1.0 - 0.5 * side, 1.0 + 0.5 * side])
    return tail.astype(np.float32)


def sounded(send: Wave, seconds: float, bright: float, rate: int) -> Wave:
    """(samples,) sent into the room -> (2, samples) of its echo alone; made at half the rate, for echoes are dull."""
    half = np.convolve(send, HALF, "same")[::2]
    tail = response(seconds, bright, rate // 2)
    out = np.zeros((2, send.size), np.float32)

    def fill(side: int) -> None:
        echo = convolved(half, tail[side])
        out[side, ::2] = echo
        out[side, 1:-1:2] = (echo[: out[side, 1:-1:2].size] + echo[1 : out[side, 1:-1:2].size + 1]) / 2

    cores.each(fill, range(2))
    return out
