"""Is a rendered note the note that was asked for? A pitch tracker that is not told what to expect.

De Cheveigne and Kawahara, "YIN" (2002): difference function, its cumulative mean, first dip under a threshold.
"""

import numpy as np

from bench.score import Curve, Wave, hertz

LOWEST, HIGHEST = 25.0, 4500.0
DIP = 0.15
WINDOW_SECONDS = 0.09
HOP_SECONDS = 0.02
SILENT = 1e-3
"""of the loudest: the rest after a short note has no pitch, though it looks perfectly regular"""


def yin(samples: Wave, rate: int) -> tuple[Curve, Curve]:
    """Hz and aperiodicity (0 a perfect tone, 1 noise) every HOP_SECONDS of (samples,)."""
    longest = int(rate / LOWEST) + 2
    window = max(round(WINDOW_SECONDS * rate), longest)
    starts = range(0, samples.size - window - longest, round(HOP_SECONDS * rate))
    found = [_one(samples[start : start + window + longest].astype(np.float64), window, rate) for start in starts]
    table = np.array(found).reshape(-1, 2)
    return table[:, 0], table[:, 1]


def _one(part: Curve, window: int, rate: int) -> tuple[float, float]:
    mean = _cumulative_mean(part, window)
    first = max(int(rate / HIGHEST), 2)
    under = np.flatnonzero(mean[first:-1] < DIP)
    lag = first + int(under[0]) if under.size else first + int(np.argmin(mean[first:-1]))
    while lag + 1 < mean.size - 1 and mean[lag + 1] < mean[lag]:
        lag += 1
    return rate / (lag + _vertex(mean[lag - 1 : lag + 2])), float(mean[lag])


def _cumulative_mean(part: Curve, window: int) -> Curve:
    """The squared difference of the window and itself moved by each lag, over its mean up to that lag."""
    size = 1 << (part.size + window - 1).bit_length()
    head = np.fft.rfft(part[:window], size)
    product = np.fft.irfft(np.conj(head) * np.fft.rfft(part, size), size)[: part.size - window]
    power = np.concatenate([[0.0], np.cumsum(part**2)])
    moved = power[window : part.size] - power[: part.size - window]
    difference = np.maximum(moved[0] + moved - 2 * product, 0)
    running = np.cumsum(difference)
    return np.concatenate([[1.0], difference[1:] * np.arange(1, difference.size) / np.maximum(running[1:], 1e-12)])


def _vertex(three: Curve) -> float:
    """Where between the neighbours of the middle value the parabola through the three has its turning point."""
    left, middle, right = (float(value) for value in three)
    bend = left - 2 * middle + right
    return min(max(0.5 * (left - right) / bend, -1.0), 1.0) if abs(bend) > 1e-12 else 0.0


def heard_pitch(samples: Wave, rate: int) -> float | None:
    """The MIDI number of a single note, mono or stereo, from its clearest frames; None if it has no pitch."""
    mono = np.atleast_2d(samples).mean(axis=0)
    loud = np.abs(mono).max() if mono.size else 0.0
    if loud < 1e-5:
        return None
    mono = mono[: np.flatnonzero(np.abs(mono) > SILENT * loud)[-1]]
    found, roughness = yin(np.asarray(mono / loud, np.float32), rate)
    if not found.size or np.min(roughness) > 0.5:
        return None
    clear = roughness <= max(DIP, float(np.quantile(roughness, 0.25)))
    return float(np.median(12 * np.log2(found[clear] / hertz(69)) + 69))


def cents_off(samples: Wave, rate: int, pitch: float, *, octaves: bool = False) -> float:
    """How far the note is from the one asked for, infinity if it has no pitch; `octaves` forgives whole ones."""
    heard = heard_pitch(samples, rate)
    if heard is None:
        return float("inf")
    off = heard - pitch
    return 100 * ((off + 6) % 12 - 6 if octaves else off)


STRONG = 10 ** (-15 / 20)
OCTAVES = (0.5, 1.0, 2.0, 4.0)


def partial_off(samples: Wave, rate: int, pitch: float) -> float:
    """For bells and drums, whose partials no tracker makes one pitch of: how far, in cents, the nearest strong partial
    is from the note that was asked for or an octave of it. Infinity where none is within a semitone."""
    mono = np.atleast_2d(samples).mean(axis=0)
    if mono.size < 256 or np.abs(mono).max() < 1e-5:
        return float("inf")
    size = 1 << 18
    spectrum = np.abs(np.fft.rfft(mono * np.hanning(mono.size), size))
    cents = 1200 * np.log2(np.fft.rfftfreq(size, 1 / rate)[1:-1] / hertz(pitch))
    inner = spectrum[1:-1]
    peak = (inner > spectrum[:-2]) & (inner >= spectrum[2:]) & (inner > STRONG * spectrum.max())
    offs = [float(off) for octave in OCTAVES for off in cents[peak] - 1200 * np.log2(octave) if abs(off) < 100]
    return min(offs, key=abs, default=float("inf"))
