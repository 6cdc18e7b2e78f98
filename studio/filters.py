"""Convolution in blocks, and filters made for it: linear, so they neither click nor drift."""

from functools import reduce

import numpy as np

from studio import cores
from studio.model import Wave

TAPS = 1023


def convolved(wave: Wave, response: Wave, late: int = 0) -> Wave:
    """(samples,) with (taps,) from its sample `late` on, as long as `wave`; block by block, so memory stays small."""
    size = max(1 << (4 * response.size - 1).bit_length(), 1 << 14)
    step = size - response.size + 1
    spectrum = np.fft.rfft(response, size)
    out = np.zeros(wave.size + size, np.float32)
    for start in range(0, wave.size, step):
        block = np.fft.rfft(wave[start : start + step], size)
        out[start : start + size] += np.fft.irfft(block * spectrum, size).astype(np.float32)
    return out[late : late + wave.size]


def lowpass(hertz: float, rate: int, taps: int = TAPS) -> Wave:
    """A windowed sinc with its middle at taps // 2."""
    place = np.arange(taps) - taps // 2
    cut = 2 * hertz / rate
    response = cut * np.sinc(cut * place) * np.blackman(taps)
    return np.asarray(response / response.sum(), np.float32)


def highpass(hertz: float, rate: int, taps: int = TAPS) -> Wave:
    response = -lowpass(hertz, rate, taps)
    response[taps // 2] += 1
    return response


def filtered(planes: Wave, response: Wave) -> Wave:
    """(channels, samples) through a response with its middle in its middle: nothing is delayed."""
    out = np.empty_like(planes)

    def fill(side: int) -> None:
        out[side] = convolved(planes[side], response, response.size // 2)

    cores.each(fill, range(planes.shape[0]))
    return out


def band_edges(planes: Wave, low: float, high: float, rate: int) -> Wave:
    """Only what lies between two frequencies; 0 leaves a side open."""
    edges = [lowpass(high, rate, 255)] if high and high < rate * 0.45 else []
    edges += [highpass(low, rate)] if low > 60 else []
    return filtered(planes, reduce(np.convolve, edges)) if edges else planes
