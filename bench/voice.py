"""A throat: harmonics of a glottal source and noise, both shaped by the formants of vowels. It sings and it speaks.

Everything it is told comes in frames of FRAME seconds.
"""

from dataclasses import dataclass

import numpy as np

from bench.score import Curve, Wave

FRAME = 0.005
RATE = 22_050
HARMONICS = 48
TILT = 1.15
"""of the source after its first harmonics: amplitudes fall by this power"""

VOWELS = {
    "a": (760, 1220, 2550, 3500),
    "e": (480, 1820, 2550, 3550),
    "i": (300, 2180, 2900, 3650),
    "o": (470, 880, 2500, 3450),
    "u": (330, 780, 2350, 3400),
    "@": (520, 1400, 2500, 3450),
    "m": (260, 1050, 2200, 3200),
}
BANDWIDTHS = (80.0, 100.0, 130.0, 190.0)
LOUDNESS = (1.0, 0.55, 0.28, 0.18)


@dataclass(frozen=True)
class Utterance:
    """Each (frames,), but `formants` (frames, 4)."""

    f0: Curve
    """Hz; what it is where there is no voice does not matter"""
    voiced: Curve
    """amplitude of the voice, 0 to 1"""
    breath: Curve
    """of noise through the same formants"""
    hiss: Curve
    """of noise of the teeth: s, sh, t"""
    formants: Curve


def vowel(name: str, size: float = 1.0) -> Curve:
    """Formants of a vowel; a smaller head has a `size` over 1."""
    return np.array(VOWELS[name], np.float64) * size


def smooth(values: Curve, seconds: float) -> Curve:
    """A moving average over frames, along the first axis."""
    width = max(round(seconds / FRAME), 1)
    padded = np.pad(values, [(width // 2, width - 1 - width // 2)] + [(0, 0)] * (values.ndim - 1), mode="edge")
    total = np.cumsum(np.concatenate([np.zeros_like(padded[:1]), padded]), axis=0)
    return np.asarray((total[width:] - total[:-width]) / width)


def utter(said: Utterance, random: np.random.Generator) -> Wave:
    """(samples,) at RATE, its loudest sample at .8; silence stays silence."""
    size = round(said.f0.size * FRAME * RATE)
    moment = np.arange(size) / RATE
    frame_moments = np.arange(said.f0.size) * FRAME
    phase = 2 * np.pi * np.cumsum(np.interp(moment, frame_moments, said.f0)) / RATE
    wave = np.zeros(size)
    for order in range(1, HARMONICS + 1):
        place = order * said.f0
        loud = said.voiced * _envelope(place, said.formants) / order**TILT * (place < 0.46 * RATE)
        wave += np.interp(moment, frame_moments, loud) * np.cos(order * phase)
    wave += _noise(said, size, random)
    peak = np.abs(wave).max(initial=0.0)
    return np.asarray(wave * (0.8 / peak if peak else 1.0), np.float32)


def _envelope(hertz: Curve, formants: Curve) -> Curve:
    """Amplitude at `hertz` (frames,) or (frames, bins) of resonances at `formants` (frames, 4)."""
    total = np.full_like(hertz, 0.012)
    for number, (width, loud) in enumerate(zip(BANDWIDTHS, LOUDNESS, strict=True)):
        centre = formants[:, number].reshape(-1, *[1] * (hertz.ndim - 1))
        total = total + loud / (1 + ((hertz - centre) / width) ** 2) ** 0.6
    return total


def _noise(said: Utterance, size: int, random: np.random.Generator) -> Curve:
    """Breath and hiss, shaped frame by frame."""
    hop = round(FRAME * RATE)
    width = 4 * hop
    bins = np.fft.rfftfreq(width, 1 / RATE)
    shape = said.breath[:, None] * _envelope(np.broadcast_to(bins, (said.f0.size, bins.size)), said.formants)
    shape = shape + said.hiss[:, None] * np.clip((bins - 2500) / 2500, 0, 1)[None]
    out = np.zeros(size + 2 * width)
    window = np.hanning(width)
    for number in np.flatnonzero((said.breath > 0) | (said.hiss > 0)):
        start = round(number * FRAME * RATE)
        spectrum = np.fft.rfft(random.normal(0, 1, width) * window) * shape[number]
        out[start : start + width] += np.fft.irfft(spectrum, width) * window
    return out[width // 2 : width // 2 + size]
