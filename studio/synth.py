"""The studio's own synth: chip sounds, saws, pads and bells from numbers alone (`patches.toml`), no samples needed."""

import tomllib
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import ceil, pi
from pathlib import Path

import numpy as np

from studio.model import Curve, Note, Wave
from studio.sampler import low_passed

CYCLE = 2048
"""samples of one stored cycle"""
LONGEST_NOTE = 20.0


@dataclass(frozen=True)
class Patch:
    wave: str
    width: float = 0.5
    voices: int = 1
    detune: float = 0.0
    rise: float = 0.005
    fall: float = 0.2
    level: float = 0.7
    release: float = 0.05
    cut: float = 0.0
    open: float = 0.0
    close: float = 0.2
    ratio: float = 0.0
    bite: float = 0.0
    tremble: float = 0.0


@lru_cache(maxsize=1)
def patches() -> dict[str, Patch]:
    return {
        name: Patch(**one) for name, one in tomllib.loads(Path(__file__).with_name("patches.toml").read_text()).items()
    }


def render(notes: Sequence[Note], patch: str, rate: int, *, seconds: float | None = None) -> Wave:
    """The notes in a patch of `patches.toml`, as stereo (2, samples) at `rate` Hz."""
    one = patches()[patch]
    last = max((note.end for note in notes), default=0.0) + one.release
    out = np.zeros((2, ceil((last if seconds is None else seconds) * rate)), np.float32)
    same: dict[float, list[Note]] = defaultdict(list)
    for note in notes:
        same[note.pitch].append(note)
    for pitch, group in sorted(same.items()):
        held = min(max(note.end - note.start for note in group), LONGEST_NOTE)
        sides = _tone(one, pitch, rate, held + one.release)
        for note in group:
            _add(out, sides, note, one, rate)
    return out


def _add(out: Wave, sides: Wave, note: Note, patch: Patch, rate: int) -> None:
    start = round(note.start * rate)
    held = min(round((note.end - note.start) * rate), sides.shape[1])
    fall = max(round(patch.release * rate), 2)
    size = min(held + fall, sides.shape[1], out.shape[1] - start)
    if start < 0 or size <= 0:
        return
    gain = np.full(size, note.strength**1.5, np.float32)
    tail = gain[held:]
    if tail.size:
        tail *= np.linspace(1, 0, fall, dtype=np.float32)[: tail.size] ** 2
    out[:, start : start + size] += sides[:, :size] * gain


def _tone(patch: Patch, pitch: float, rate: int, seconds: float) -> Wave:
    """(2, samples): the pitch held, its rise, fall and filter done; copies are spread from left to right."""
    moment = np.arange(ceil(seconds * rate)) / rate
    hertz = 440 * 2 ** ((pitch - 69) / 12)
    grown = np.clip((moment - 0.25) / 0.3, 0, 1)
    bend = patch.tremble / 1200 * grown * np.sin(2 * pi * 5.4 * moment)
    turns = hertz * (moment + np.cumsum(2**bend - 1) / rate)
    sides = np.zeros((2, moment.size), np.float32)
    for voice in range(patch.voices):
        spread = (voice / (patch.voices - 1) - 0.5) if patch.voices > 1 else 0.0
        wave = _wave(patch, turns * 2 ** (patch.detune * spread / 1200) + voice * 0.37, hertz, rate, moment)
        sides[0] += wave * np.float32(0.7 - 0.5 * spread)
        sides[1] += wave * np.float32(0.7 + 0.5 * spread)
    sides *= _shape(patch, moment) / np.float32(patch.voices**0.5)
    return _filtered(sides, patch, hertz, rate, moment)


def _wave(patch: Patch, turns: Curve, hertz: float, rate: int, moment: Curve) -> Wave:
    if patch.ratio:
        bite = patch.bite * np.exp(-moment / max(patch.fall * 0.4, 0.05)) * min(1.0, 500 / hertz)
        bell: Wave = np.sin(2 * pi * turns + bite * np.sin(2 * pi * patch.ratio * turns)).astype(np.float32)
        return bell
    table = _cycle(patch.wave, patch.width, max(int(rate * 0.45 / hertz), 1))
    return table[(turns % 1 * CYCLE).astype(np.int64)]


@lru_cache(maxsize=512)
def _cycle(wave: str, width: float, harmonics: int) -> Wave:
    """One cycle of CYCLE samples with no harmonic above the given one, so that nothing folds back."""
    number = np.arange(1, min(harmonics, CYCLE // 2 - 1) + 1)
    if wave == "saw":
        strength = 1 / number
    elif wave == "pulse":
        strength = np.sin(pi * number * width) / number * 1.4
    elif wave == "triangle":
        strength = np.where(number % 2, 1.6 / number**2, 0)
    elif wave == "organ":
        strength = np.where(np.isin(number, (1, 2, 3, 4, 6, 8)), 0.9 / number**0.8, 0)
    elif wave == "sine":
        strength = (number == 1) * 1.0
    else:
        raise ValueError(f"no such wave: {wave}")
    spectrum = np.zeros(CYCLE // 2 + 1, np.complex128)
    spectrum[number] = strength * (-1j if wave in ("saw", "sine", "organ") else 1) * CYCLE / 2
    cycle: Wave = np.fft.irfft(spectrum, CYCLE).astype(np.float32) * np.float32(0.6)
    return cycle


def _shape(patch: Patch, moment: Curve) -> Wave:
    rise = np.clip(moment / patch.rise, 0, 1)
    fall = patch.level + (1 - patch.level) * np.exp(-np.maximum(moment - patch.rise, 0) / max(patch.fall / 3, 0.01))
    return (rise * fall).astype(np.float32)


def _filtered(sides: Wave, patch: Patch, hertz: float, rate: int, moment: Curve) -> Wave:
    if not patch.cut:
        return sides
    cut = max(patch.cut, hertz * 1.5)
    dark = np.stack([low_passed(side, cut, 0, rate) for side in sides])
    if not patch.open:
        return dark
    bright = np.stack([low_passed(side, cut * 2**patch.open, 0, rate) for side in sides])
    mix = np.exp(-moment / patch.close).astype(np.float32)
    both: Wave = bright * mix + dark * (1 - mix)
    return both
