"""A drum machine from numbers: sines that fall, and noise. For styles without samples; the keys are General MIDI's."""

from collections.abc import Sequence
from functools import lru_cache
from math import ceil, pi

import numpy as np

from studio.model import Note, Wave

NAMES = ("machine", "chipkit")


def render(notes: Sequence[Note], name: str, rate: int, *, seconds: float | None = None) -> Wave:
    """Drums as stereo (2, samples). `machine` is soft and round, `chipkit` crushed as an old console's."""
    last = max((note.start for note in notes), default=0.0) + 1.0
    out = np.zeros((2, ceil((last if seconds is None else seconds) * rate)), np.float32)
    for note in notes:
        start = round(note.start * rate)
        if not 0 <= start < out.shape[1]:
            continue
        wave = _drum(round(note.pitch), name, rate)[: out.shape[1] - start]
        out[:, start : start + wave.size] += wave * np.float32(note.strength**1.5)
    return out


@lru_cache(maxsize=64)
def _drum(key: int, name: str, rate: int) -> Wave:
    """One hit of a key, at full strength."""
    wave: Wave
    if key in (35, 36):
        wave = _tone(rate, 0.32, 150, 46, 0.035, 0.11)
    elif key in (38, 40):
        wave = 0.5 * _tone(rate, 0.2, 240, 180, 0.02, 0.06) + 0.6 * _noise(rate, 0.2, 0.07, 0.35, key)
    elif key in (37, 75, 76, 56):
        wave = 0.6 * _tone(rate, 0.06, 1800, 1650, 0.01, 0.015)
    elif key == 39:
        wave = 0.7 * _noise(rate, 0.18, 0.06, 0.5, key)
    elif key in (41, 43, 45, 47, 48, 50, 60, 61, 62, 63, 64):
        wave = 0.8 * _tone(rate, 0.3, 80 + 3.5 * key, 40 + 2.2 * key, 0.05, 0.1)
    elif key in (49, 51, 57, 81):
        wave = 0.35 * _noise(rate, 0.8, 0.3 if key == 49 else 0.12, 0.95, key)
    else:
        wave = 0.4 * _noise(rate, 0.3 if key == 46 else 0.07, 0.1 if key == 46 else 0.02, 0.95, key)
    if name == "chipkit":
        step = max(rate // 11025, 1)
        wave = np.repeat(np.round(wave[::step] * 8) / np.float32(8), step)[: wave.size] * np.float32(0.9)
    edge = min(wave.size, rate // 200)
    wave[-edge:] *= np.linspace(1, 0, edge, dtype=np.float32)
    return wave.astype(np.float32)


def _tone(rate: int, seconds: float, high: float, low: float, drop: float, fall: float) -> Wave:
    """A sine that falls from `high` to `low` Hz in some `drop` seconds and dies away in some `fall` seconds."""
    moment = np.arange(round(seconds * rate)) / rate
    hertz = low + (high - low) * np.exp(-moment / drop)
    tone: Wave = (np.sin(2 * pi * np.cumsum(hertz) / rate) * np.exp(-moment / fall)).astype(np.float32)
    return tone


def _noise(rate: int, seconds: float, fall: float, edge: float, seed: int) -> Wave:
    """Noise that dies away, its lows taken off: `edge` 0 keeps them, 1 leaves little but hiss."""
    count = round(seconds * rate)
    noise = np.random.default_rng(seed).normal(0, 0.4, count + 1)
    thin = noise[1:] - edge * noise[:-1]
    hiss: Wave = (thin * np.exp(-np.arange(count) / rate / fall)).astype(np.float32)
    return hiss
