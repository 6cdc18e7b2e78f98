"""Instruments without samples: partials that rise, shake and die each in their way, and a drum kit of noise.

They share nothing with any soundfont, so an engine that only knows the sound of one is found out.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from bench.score import Curve, Note, Wave, hertz


@dataclass(frozen=True)
class Instrument:
    partials: tuple[float, ...]
    """amplitudes from the fundamental on"""
    attack: float
    """seconds"""
    decay: float = 0.0
    """seconds until the fundamental has fallen by 60 dB; higher partials fall sooner; 0: it holds"""
    release: float = 0.06
    vibrato: float = 0.0
    """cents"""
    breath: float = 0.0
    """noise, of the tone's amplitude"""
    stretch: float = 0.0
    """inharmonicity of a stiff string"""
    modulation: float = 0.0
    """index of a frequency modulation at the same pitch, dying with the tone: electric pianos"""


def _falling(count: int, slope: float, odd: float = 1.0) -> tuple[float, ...]:
    return tuple((odd if k % 2 == 0 else 1.0) / k**slope for k in range(1, count + 1))


# An organ of one eight-foot stop: with a four-foot one beside it nobody could say in which octave it plays.
INSTRUMENTS = {
    "flute": Instrument((1, 0.32, 0.14, 0.05, 0.02), 0.06, vibrato=14, breath=0.05),
    "clarinet": Instrument(_falling(12, 1.1, 0.12), 0.03, vibrato=4, breath=0.01),
    "oboe": Instrument((0.5, 0.9, 1, 0.7, 0.45, 0.3, 0.2, 0.12, 0.08, 0.05), 0.03, vibrato=10),
    "violin": Instrument(_falling(18, 0.95), 0.07, vibrato=18, breath=0.015, release=0.1),
    "trumpet": Instrument((0.7, 0.95, 1, 0.8, 0.6, 0.42, 0.3, 0.2, 0.14, 0.1, 0.07, 0.05), 0.03, vibrato=7),
    "organ": Instrument(_falling(10, 0.8), 0.012, release=0.03),
    "piano": Instrument(_falling(16, 1.25), 0.004, decay=5.0, release=0.15, stretch=4e-4),
    "guitar": Instrument(_falling(14, 1.0), 0.003, decay=3.2, release=0.12, stretch=1e-4),
    "e-piano": Instrument((1.0, 0.05), 0.004, decay=4.5, release=0.1, modulation=1.6),
    "bass": Instrument(_falling(9, 1.3), 0.006, decay=3.0, release=0.08),
    "pad": Instrument(_falling(8, 1.5), 0.15, vibrato=5, release=0.25),
}
LEADS = ("flute", "clarinet", "oboe", "violin", "trumpet", "organ", "guitar", "e-piano")
COMPS = ("piano", "guitar", "e-piano", "pad")


def play(notes: tuple[Note, ...], name: str, seconds: float, rate: int) -> Wave:
    """(samples,) of the instrument; every tone rings on for its release."""
    out = np.zeros(round(seconds * rate), np.float32)
    for note in notes:
        held = max(round((note.end - note.start) * 50), 2) / 50
        wave = tone(name, note.pitch, held, rate)
        start = max(round(note.start * rate), 0)
        part = wave[: max(out.size - start, 0)]
        out[start : start + part.size] += part * np.float32(0.25 * note.strength**1.5)
    return out


@lru_cache(maxsize=512)
def tone(name: str, pitch: float, seconds: float, rate: int) -> Wave:
    one = INSTRUMENTS[name]
    moment = np.arange(round((seconds + one.release) * rate)) / rate
    shake = one.vibrato / 1200 * np.sin(2 * np.pi * 5.4 * moment) * np.clip(moment / 0.3 - 0.5, 0, 1)
    phase = 2 * np.pi * np.cumsum(hertz(pitch) * 2**shake) / rate
    if one.modulation:
        fade = np.exp(-3 * moment)
        phase = phase + one.modulation * fade * np.sin(phase) + 0.3 * fade**4 * np.sin(14 * phase)
    wave = np.zeros(moment.size)
    for order, loud in enumerate(one.partials, 1):
        ratio = order * np.sqrt(1 + one.stretch * order**2)
        if hertz(pitch) * ratio > 0.45 * rate or not loud:
            continue
        fall = 10 ** (-3 * moment * (0.7 + 0.3 * order) / one.decay * (hertz(pitch) / 262) ** 0.3) if one.decay else 1.0
        wave += loud * fall * np.sin(ratio * phase + 0.7 * order)
    wave /= sum(one.partials) ** 0.7
    if one.breath:
        wave += one.breath * np.random.default_rng(round(pitch * 100)).normal(0, 1, moment.size)
    rise = np.clip(moment / one.attack, 0, 1)
    die = np.clip((seconds + one.release - moment) / one.release, 0, 1)
    return np.asarray(wave * rise * die**1.5, np.float32)


def drums(notes: tuple[Note, ...], seconds: float, rate: int) -> Wave:
    """(samples,); kick, snare and hi-hat by their General MIDI keys."""
    out = np.zeros(round(seconds * rate), np.float32)
    for note in notes:
        wave = _drum(round(note.pitch), rate)
        start = max(round(note.start * rate), 0)
        part = wave[: max(out.size - start, 0)]
        out[start : start + part.size] += part * np.float32(0.5 * note.strength)
    return out


@lru_cache(maxsize=8)
def _drum(key: int, rate: int) -> Wave:
    moment = np.arange(round(0.35 * rate)) / rate
    noise: Curve = np.random.default_rng(key).normal(0, 1, moment.size)
    if key == 36:
        wave = np.sin(2 * np.pi * np.cumsum(45 + 110 * np.exp(-30 * moment)) / rate) * np.exp(-11 * moment)
    elif key == 38:
        wave = 0.45 * noise * np.exp(-18 * moment) + 0.5 * np.sin(2 * np.pi * 185 * moment) * np.exp(-22 * moment)
    else:
        wave = 0.35 * np.diff(noise, prepend=0.0) * np.exp(-55 * moment)
    return np.asarray(wave * np.clip((0.35 - moment) / 0.02, 0, 1), np.float32)
