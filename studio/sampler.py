"""Plays notes with the samples of a soundfont.

Notes that share a zone and a key share one resampled wave, so a song costs one resampling per key, not per note.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import ceil, cos, log2, pi, sin
from pathlib import Path

import numpy as np

from studio.fonts import opened
from studio.model import Curve, Note, Wave
from studio.sample import Sample
from studio.soundfont import DRUMS, SoundFont, Zone

LONGEST_RELEASE = 1.6
SHORTEST_RELEASE, BEND = 0.025, 0.006
"""seconds; a note that stops at once clicks"""
SAMPLE_END = 0.05
"""seconds over which a sample without a loop goes out"""
LONGEST_NOTE = 20.0
MOST_CYCLES = 1.25
"""of a loop that is too short to be in tune by itself"""


@dataclass(frozen=True)
class Vibrato:
    cents: float = 0.0
    hertz: float = 5.2
    delay: float = 0.25
    """seconds until it begins; it takes as long again to grow"""


STILL = Vibrato()


def render(
    notes: Sequence[Note],
    program: int,
    rate: int,
    font: Path | SoundFont,
    *,
    seconds: float | None = None,
    vibrato: Vibrato = STILL,
) -> Wave:
    """The notes played by a General MIDI program (0 to 127, or 128 for the drum kit, whose keys are drums).

    Returns stereo, (2, samples) at `rate` Hz; as long as `seconds`, or else until the last note has died away.
    """
    source = opened(font) if isinstance(font, Path) else font
    last = max((note.end for note in notes), default=0.0) + LONGEST_RELEASE
    out = np.zeros((2, ceil((last if seconds is None else seconds) * rate)), np.float32)
    for (zone_program, key), group in _groups(notes, program):
        for zone, same in _by_zone(group, source, zone_program, key):
            _play(out, same, zone, source.sample(zone), key, rate, vibrato, program == DRUMS)
    return out


def _groups(notes: Iterable[Note], program: int) -> list[tuple[tuple[int, float], list[Note]]]:
    groups: dict[tuple[int, float], list[Note]] = defaultdict(list)
    for note in notes:
        groups[program, note.pitch].append(note)
    return sorted(groups.items())


def _by_zone(notes: list[Note], font: SoundFont, program: int, key: float) -> list[tuple[Zone, list[Note]]]:
    zones: dict[int, tuple[Zone, list[Note]]] = {}
    for note in notes:
        for zone in font.zones(program, min(max(round(key), 0), 127), velocity(note)):
            zones.setdefault(id(zone), (zone, []))[1].append(note)
    return list(zones.values())


def velocity(note: Note) -> int:
    return min(max(round(note.strength * 127), 1), 127)


def _play(
    out: Wave, notes: list[Note], zone: Zone, sample: Sample, key: float, rate: int, vibrato: Vibrato, drum: bool
) -> None:
    release = min(max(zone.seconds(38), SHORTEST_RELEASE), LONGEST_RELEASE)
    natural = sample.wave.size / sample.rate * 2 if drum else 0.0
    held = [min(max(note.end - note.start, natural, 0.03), LONGEST_NOTE) for note in notes]
    wave = _pitched(sample, zone, key, rate, max(held) + release, vibrato)
    wave = _coloured(wave, zone, key, rate)
    envelope = _envelope(zone, key, wave.size, rate)
    sounding = wave * envelope
    fall = _release(zone.seconds(38), rate)
    sides = _sides(zone)
    for note, length in zip(notes, held, strict=True):
        start = round(note.start * rate)
        stop = min(start + round(length * rate), out.shape[1])
        if start < 0 or stop <= start or stop - start > wave.size:
            stop = min(start + wave.size, out.shape[1])
        if start < 0 or stop <= start:
            continue
        gain = (velocity(note) / 127) ** 2 * 10 ** (-max(zone[48], 0) * 0.4 / 200)
        out[:, start:stop] += sounding[: stop - start] * (sides * np.float32(gain))
        tail = wave[stop - start : stop - start + fall.size]
        end = min(stop + tail.size, out.shape[1])
        tail = tail[: end - stop] * fall[: end - stop]
        out[:, stop:end] += tail * (sides * np.float32(gain * envelope[stop - start - 1]))


def _sides(zone: Zone) -> Wave:
    """(2, 1): left and right gain of the zone's pan, -500 to 500, at equal power; 1 and 1 in the middle."""
    angle = (min(max(zone[17], -500), 500) / 1000 + 0.5) * pi / 2
    return np.array([[cos(angle) * 2**0.5], [sin(angle) * 2**0.5]], np.float32)


def _pitched(sample: Sample, zone: Zone, key: float, rate: int, seconds: float, vibrato: Vibrato) -> Wave:
    """The sample at the key's pitch, looped for as long as it is needed."""
    root = sample.key if zone[58] < 0 else zone[58] + (sample.key - round(sample.key))
    semitones = (key - root) * zone[56] / 100 + zone[51] + zone[52] / 100
    step = 2 ** (semitones / 12) * sample.rate / rate
    if zone[54] & 1:
        step *= _tuned(sample, root - zone[51] - zone[52] / 100)
    count = ceil(seconds * rate)
    looped = zone[54] & 1 and sample.loop[1] - sample.loop[0] > 8
    if not looped:
        count = min(count, int((sample.wave.size - 4) / step))
    where: Curve = np.arange(max(count, 1), dtype=np.float64) * np.float64(step)
    if vibrato.cents:
        moment = np.arange(where.size) / rate
        grown = np.clip((moment - vibrato.delay) / max(vibrato.delay, 0.05), 0, 1)
        where = where + np.cumsum(
            step * (2 ** (vibrato.cents / 1200 * grown * np.sin(2 * pi * vibrato.hertz * moment)) - 1)
        )
    source = sample.wave
    if looped:
        start, end = sample.loop
        turns = max(ceil((where[-1] + 4 - end) / (end - start)), 0) + 1
        source = np.concatenate([source[:end], np.tile(source[start:end], turns)])
    wave = _cubic(source, where)
    if not looped:
        edge = min(wave.size, round(SAMPLE_END * rate))
        wave[-edge:] *= np.cos(np.linspace(0, pi / 2, edge, dtype=np.float32)) ** 2
    return wave


def _tuned(sample: Sample, pitch: float) -> float:
    """What a loop of a single cycle is to be sped up by, to have the `pitch` (a MIDI number) its font says it has.

    A small font's highest tones loop over ten samples or fewer, and whole samples miss a pitch by up to a semitone and
    a half. The cycle of a reed that doubles another an octave lower counts for half a one.
    """
    cycles = 440 * 2 ** ((pitch - 69) / 12) * (sample.loop[1] - sample.loop[0]) / sample.rate
    off = cycles / (max(round(2 * cycles), 1) / 2)
    return off if cycles < MOST_CYCLES and abs(log2(off)) * 12 < 1.6 else 1.0


def _cubic(source: Wave, where: Curve) -> Wave:
    """Four-point Hermite interpolation at fractional positions."""
    whole = np.clip(where.astype(np.int64), 0, max(source.size - 3, 0))
    part = (where - whole).astype(np.float32)
    before, here = source.take(whole - 1, mode="clip"), source.take(whole, mode="clip")
    there, after = source.take(whole + 1, mode="clip"), source.take(whole + 2, mode="clip")
    slope = (there - before) * np.float32(0.5)
    bend = before - np.float32(2.5) * here + 2 * there - np.float32(0.5) * after
    twist = np.float32(0.5) * (after - before) + np.float32(1.5) * (here - there)
    wave: Wave = ((twist * part + bend) * part + slope) * part + here
    return wave


def _coloured(wave: Wave, zone: Zone, key: float, rate: int) -> Wave:
    """The zone's low-pass; where an envelope moves it, a bright copy fades into a dark one."""
    opening = zone[11]
    if zone[8] >= 13500 and opening >= 0:
        return wave
    dark = low_passed(wave, _hertz(zone[8] + opening * (1 - min(max(zone[29], 0), 1000) / 1000)), zone[9], rate)
    if not opening:
        return dark
    bright = low_passed(wave, _hertz(zone[8] + opening), zone[9], rate)
    mix = _opening(zone, key, wave.size, rate)
    return (bright * mix + dark * (1 - mix)).astype(np.float32)


def _hertz(cents: float) -> float:
    return float(8.176 * 2 ** (min(max(cents, 1500), 13500) / 1200))


def low_passed(wave: Wave, hertz: float, resonance: float, rate: int) -> Wave:
    """A two-pole low-pass, by its response on the spectrum."""
    if hertz > 0.45 * rate:
        return wave
    size = _transformable(wave.size + 1024)
    ratio = np.fft.rfftfreq(size, 1 / rate).astype(np.float32) / np.float32(hertz)
    quality = 10 ** (min(max(resonance, 0), 240) / 200) * 0.7071
    response = (1 - ratio**2) + np.complex64(1j / quality) * ratio
    filtered: Wave = np.fft.irfft(np.fft.rfft(wave, size) / response, size)[: wave.size].astype(np.float32)
    return filtered


def _transformable(least: int) -> int:
    """The next size that a Fourier transform is fast at: a power of two, or three or five times one."""
    return min(factor << max(-(-least // factor) - 1, 0).bit_length() for factor in (1, 3, 5))


def _envelope(zone: Zone, key: float, size: int, rate: int) -> Wave:
    """Volume while the key is held: delay, rise, hold, decay in decibels to the level it is held at."""
    delay, attack = zone.seconds(33), max(zone.seconds(34), 0.001)
    hold = zone.seconds(35) * 2 ** (zone[39] * (60 - key) / 1200)
    decay = max(zone.seconds(36) * 2 ** (zone[40] * (60 - key) / 1200), 0.001)
    moment = np.arange(size, dtype=np.float32) / np.float32(rate) - np.float32(delay)
    decibels = np.clip((moment - (attack + hold)) / decay * 100, 0, min(max(zone[37] / 10, 0), 100))
    envelope: Wave = np.clip(moment / attack, 0, 1) * 10 ** (-decibels / np.float32(20))
    return envelope.astype(np.float32)


def _opening(zone: Zone, key: float, size: int, rate: int) -> Wave:
    """The modulation envelope, 0 to 1, falling straight to nothing (the level it is held at is the dark copy's)."""
    delay, attack, hold, decay = (zone.seconds(kind) for kind in (25, 26, 27, 28))
    decay = max(decay * 2 ** (zone[32] * (60 - key) / 1200), 0.005)
    moment = np.arange(size, dtype=np.float32) / np.float32(rate) - np.float32(delay)
    rise = np.clip(moment / max(attack, 0.001), 0, 1)
    fall = 1 - np.clip((moment - (attack + hold)) / decay, 0, 1)
    return np.asarray(rise * fall, np.float32)


def _release(seconds: float, rate: int) -> Wave:
    """From 1 to nothing, 100 dB in the zone's time as synths have it, but to a true zero within LONGEST_RELEASE.

    The fall sets in smoothly: a bend of the envelope is a click, too, if it is sharp.
    """
    length = min(max(seconds, SHORTEST_RELEASE), LONGEST_RELEASE)
    moment = np.arange(max(round(length * rate), 2), dtype=np.float32) / np.float32(rate)
    bent = moment**2 / (moment + np.float32(BEND))
    falling: Wave = 10 ** (-5 * bent / max(seconds, SHORTEST_RELEASE)) * (1 - (moment / moment[-1]) ** 2)
    return falling.astype(np.float32)
