"""Where the beat is: a curve of novelty, its period, and the chain of beats that fits both best.

The chain is Ellis's (2007): dynamic programming over frames, rewarding novelty, punishing intervals off the period.
"""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from studio.model import Curve
from studio.posterior import FRAME, Posterior

SLOWEST, FASTEST = 50.0, 210.0
USUAL, SPREAD = 108.0, 0.75
"""Tempo people tap to, beats a minute, and its spread in octaves."""
TIGHT = 300.0


def novelty(heard: Posterior, flux: Curve) -> Curve:
    """(frames,): how much begins here, of tones (the net's onsets) and of noise (the spectrum's flux)."""
    size = min(flux.size, heard.onsets.shape[0])
    tones = heard.onsets[:size].sum(axis=1)
    total = _scaled(tones) + _scaled(flux[:size])
    smooth = np.convolve(total, np.hanning(7) / np.hanning(7).sum(), "same")
    wide = round(0.8 / FRAME)
    local = np.convolve(smooth, np.ones(wide) / wide, "same")
    return np.asarray(np.maximum(smooth - local, 0))


def _scaled(curve: Curve) -> Curve:
    return curve / (curve.std() + 1e-9)


def period(curve: Curve) -> float:
    """The beat's length in frames: the best repeating lag, with what people tap to as the prior."""
    size = 1 << (2 * curve.size - 1).bit_length()
    spectrum = np.fft.rfft(curve - curve.mean(), size)
    repeats = np.fft.irfft(np.abs(spectrum) ** 2, size)[: curve.size]
    repeats = repeats / (repeats[0] + 1e-9) / (1 - np.arange(curve.size) / (curve.size + 1))
    lags = np.arange(60 / FASTEST / FRAME, 60 / SLOWEST / FRAME, 0.25)
    reach = np.arange(repeats.size)
    score = sum(
        weight * np.interp(lags * turn, reach, repeats, right=0)
        for turn, weight in ((1, 1.0), (2, 0.6), (3, 0.3), (4, 0.5))
    )
    octaves = np.log2(60 / (lags * FRAME) / USUAL)
    best = int(np.argmax(score * np.exp(-0.5 * (octaves / SPREAD) ** 2)))
    return float(lags[best])


def beats(curve: Curve, lag: float) -> Curve:
    """Times of beats in seconds, strictly rising, reaching over the whole curve."""
    chain = _chain(_scaled(curve), lag)
    exact = _refined(chain, curve)
    return _reaching(exact, curve.size * FRAME)


def _chain(curve: Curve, lag: float) -> list[int]:
    back = np.arange(-round(2 * lag), -round(lag / 2) + 1)
    cost = -TIGHT * np.log(-back / lag) ** 2
    pad = -int(back[0])
    total = np.zeros(curve.size + pad)
    link = np.full(curve.size, -1)
    for at in range(curve.size):
        reached = total[at + pad + back[0] : at + pad + back[-1] + 1] + cost
        best = int(np.argmax(reached))
        if reached[best] > 0 and at + back[best] >= 0:
            link[at] = at + int(back[best])
            total[at + pad] = curve[at] + reached[best]
        else:
            total[at + pad] = curve[at]
    last = curve.size - round(lag) + int(np.argmax(total[pad + curve.size - round(lag) :]))
    chain = [last]
    while link[chain[-1]] >= 0:
        chain.append(int(link[chain[-1]]))
    return chain[::-1]


def _refined(chain: list[int], curve: Curve) -> Curve:
    """Beats between frames: the vertex of the parabola through the novelty's three nearest values."""
    times = []
    for at in chain:
        offset = 0.0
        if 0 < at < curve.size - 1:
            before, here, after = curve[at - 1 : at + 2]
            bend = before - 2 * here + after
            offset = float(np.clip((before - after) / (2 * bend), -0.5, 0.5)) if bend < 0 else 0.0
        times.append((at + offset) * FRAME)
    return np.array(times)


def _reaching(times: Curve, seconds: float) -> Curve:
    """The chain continued evenly to both ends of the song."""
    if times.size < 2:
        return times
    step = float(np.median(np.diff(times)))
    before = np.arange(times[0] - step, -step / 2, -step)[::-1]
    after = np.arange(times[-1] + step, seconds + step, step)
    return np.concatenate([np.maximum(before, 0.0), times, after])


def tempo(times: Curve) -> float:
    return float(60 / np.median(np.diff(times)))


def at_beats(curve: Curve, times: Curve) -> Curve:
    """The curve's highest value within 50 ms of each beat."""
    near = round(0.05 / FRAME)
    padded = np.pad(curve, near, mode="edge")
    highest = sliding_window_view(padded, 2 * near + 1).max(axis=1)
    return np.asarray(highest[np.clip(np.round(times / FRAME).astype(int), 0, curve.size - 1)])
