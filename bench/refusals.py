"""Thirty clips without a melody, which must be refused, and thirty with one, which must not."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
from scipy.signal import lfilter, resample_poly

from bench import espeak
from bench.instruments import drums, play
from bench.performance import Reach, perform
from bench.score import Curve, Note, Wave, hertz
from bench.singer import sing
from bench.songs import seeded
from bench.speech import SPEAKERS, Speaker, talk
from bench.tunes.abc import Tune
from bench.voice import RATE as VOICE_RATE

Way = Callable[[tuple[Note, ...], np.random.Generator], Curve]
"""Notes made into sound, as somebody sings, plays or records them."""

RATE = 44_100
SECONDS = 14.0
SAMPLES = round(SECONDS * RATE)
MOMENT = np.arange(SAMPLES) / RATE


@dataclass(frozen=True)
class Clip:
    name: str
    melodic: bool
    make: Callable[[], Wave]
    """(1, samples) at RATE"""


def refused(half: str) -> list[Clip]:
    """Of a half, which is the seed.

    Silence, noises, hums, ticks, rain, crowds, drums and talk: five, five, three, three, two, two, two, eight."""
    kinds: list[tuple[str, Callable[[np.random.Generator], Curve]]] = [
        ("silence", lambda _: np.zeros(SAMPLES)),
        ("silence of one bit", lambda random: random.integers(-1, 2, SAMPLES) / 32768),
        ("hiss of a quiet room", lambda random: 10 ** (-65 / 20) * _coloured(random, 1.0)),
        ("silence with a constant offset", lambda _: np.full(SAMPLES, 0.02)),
        ("a thud in silence", lambda random: np.exp(-30 * MOMENT) * random.normal(0, 0.5, SAMPLES)),
        ("white noise", lambda random: 0.2 * _coloured(random, 0.0)),
        ("white noise, loud", lambda random: 0.9 * _coloured(random, 0.0) / 4),
        ("pink noise", lambda random: 0.2 * _coloured(random, 1.0)),
        ("brown noise", lambda random: 0.2 * _coloured(random, 2.0)),
        ("noise that swells", lambda random: 0.2 * _coloured(random, 1.0) * (1 + np.sin(1.3 * MOMENT))),
        ("hum of 50 Hz", lambda _: _hum(50)),
        ("hum of 60 Hz under noise", lambda random: _hum(60) + 0.05 * _coloured(random, 1.0)),
        ("drone of a fan", lambda random: 0.3 * _hum(87) + 0.2 * _coloured(random, 1.5)),
        ("ticks of a clock", lambda random: _ticks(random, 1.0, 0.0)),
        ("keys of a typist", lambda random: _ticks(random, 7.0, 0.7)),
        ("crackle of a record", lambda random: _ticks(random, 25.0, 1.0) * 0.3 + 0.005 * _coloured(random, 1.0)),
        ("light rain", lambda random: _rain(random, 200)),
        ("heavy rain", lambda random: _rain(random, 2500)),
        ("a crowd", lambda random: _crowd(random, 8)),
        ("applause", lambda random: _ticks(random, 180.0, 1.0)),
        ("drums alone", lambda random: _drumming(random, 100, steady=True)),
        ("drums in a solo", lambda random: _drumming(random, 160, steady=False)),
    ]  # fmt: skip
    for number, speaker in enumerate(SPEAKERS):
        name = f"speech {number + 1}: {speaker.hertz:g} Hz, {speaker.rate:g} syllables a second"
        kinds.append((name, partial(_spoken, speaker)))
    return [_clip(half, name, False, make) for name, make in kinds]


def _spoken(speaker: Speaker, random: np.random.Generator) -> Curve:
    return _up(0.7 * talk(speaker, SECONDS, random))


def melodic(tunes: Sequence[Tune]) -> list[Clip]:
    """Six tunes of moderate pace, each hummed, whistled, quiet, under noise and on an old telephone."""
    ways: list[tuple[str, Way]] = [
        ("hummed", _hummed),
        ("whistled", _whistled),
        ("quiet piano", lambda notes, _: 0.012 * _played(notes, "piano")),
        ("flute under noise", lambda notes, random: _played(notes, "flute") + 0.05 * _coloured(random, 1.0)),
        ("guitar on a telephone", lambda notes, _: _telephone(_played(notes, "guitar"))),
    ]
    moderate = [tune for tune in tunes if 80 < tune.tempo / float(tune.beat) < 140][:6]
    return [
        _clip("melodic", f"{tune.title}, {name}", True, partial(_tune, tune, way))
        for tune in moderate
        for name, way in ways
    ]


def spoken_by_espeak() -> list[Clip]:
    """Eight more to refuse, by another synthesiser, where the package `espeakng-loader` is installed."""
    if not espeak.installed():
        return []
    return [
        _clip("espeak", f"eSpeak NG, {voice}, {words} words a minute", False, partial(_read_aloud, voice, words, pitch))
        for voice, words, pitch in espeak.VOICES
    ]


def _read_aloud(voice: str, words: int, pitch: int, _: np.random.Generator) -> Curve:
    wave, rate = espeak.say(voice, words, pitch)
    return np.asarray(resample_poly(wave, RATE, rate), np.float64)


def _tune(tune: Tune, way: Way, random: np.random.Generator) -> Curve:
    notes = perform(tune, Reach(57, 79), random).truth.melody
    return np.asarray(way(tuple(note for note in notes if note.end < SECONDS - 0.3), random))


def _clip(half: str, name: str, has_melody: bool, make: Callable[[np.random.Generator], Curve]) -> Clip:
    def made() -> Wave:
        wave = np.asarray(make(seeded(half, name)), np.float64)[:SAMPLES]
        return np.asarray(np.clip(np.pad(wave, (0, SAMPLES - wave.size)), -1, 1), np.float32)[None]

    return Clip(name, has_melody, made)


def _coloured(random: np.random.Generator, slope: float) -> Curve:
    """Noise whose power falls by the frequency to the `slope`; an effective value of 1."""
    spectrum = np.fft.rfft(random.normal(0, 1, SAMPLES))
    hertz_of = np.maximum(np.fft.rfftfreq(SAMPLES, 1 / RATE), 20)
    wave = np.fft.irfft(spectrum / hertz_of ** (slope / 2), SAMPLES)
    return np.asarray(wave / wave.std())


def _hum(base: float) -> Curve:
    return 0.1 * np.sum([np.sin(2 * np.pi * base * k * MOMENT + k) / k for k in (1, 2, 3, 4, 5, 7, 9)], axis=0)


def _ticks(random: np.random.Generator, per_second: float, chance: float) -> Curve:
    """Short bursts of noise; `chance` 0 keeps them in step, 1 scatters them."""
    out = np.zeros(SAMPLES)
    for at in np.arange(0.2, SECONDS - 0.1, 1 / per_second):
        start = round((at + chance * random.uniform(-0.5, 0.5) / per_second) * RATE)
        size = round(random.uniform(0.003, 0.012) * RATE)
        burst = random.normal(0, 0.25, size) * np.exp(-5 * np.arange(size) / size)
        part = out[max(start, 0) : max(start, 0) + size]
        part += burst[: part.size]
    return out


def _rain(random: np.random.Generator, drops: int) -> Curve:
    hits = np.zeros(SAMPLES)
    np.add.at(hits, random.integers(0, SAMPLES, round(drops * SECONDS)), random.exponential(1, round(drops * SECONDS)))
    wave = lfilter([1.0, -0.9], [1.0, -1.2, 0.6], hits) + 0.2 * _coloured(random, 1.0)
    return np.asarray(0.1 * wave / np.std(wave))


def _crowd(random: np.random.Generator, people: int) -> Curve:
    voices = [_up(talk(SPEAKERS[i % len(SPEAKERS)], SECONDS, random)) for i in range(people)]
    size = min(voice.size for voice in voices)
    return 0.15 * np.sum([voice[:size] for voice in voices], axis=0)


def _drumming(random: np.random.Generator, tempo: float, *, steady: bool) -> Curve:
    step = 30 / tempo
    places = np.arange(0.2, SECONDS - 0.5, step)
    keys = [36, 42, 38, 42] if steady else [int(one) for one in random.choice([36, 38, 42], 64)]
    notes = tuple(Note(float(at), float(at) + 0.1, keys[i % len(keys)]) for i, at in enumerate(places))
    return np.asarray(drums(notes, SECONDS, RATE), np.float64)


def _up(wave: Wave) -> Curve:
    return np.asarray(resample_poly(wave, RATE, VOICE_RATE), np.float64)


def _played(notes: tuple[Note, ...], name: str) -> Curve:
    wave = np.asarray(play(notes, name, SECONDS, RATE), np.float64)
    return np.asarray(0.5 * wave / np.abs(wave).max())


def _hummed(notes: tuple[Note, ...], random: np.random.Generator) -> Curve:
    """With a closed mouth: little above a kilohertz."""
    wave = _up(sing(tuple(one.moved(semitones=-7) for one in notes), SECONDS, random)[0])
    return 2 * np.asarray(lfilter([0.02], [1.0, -1.7, 0.72], wave))


def _whistled(notes: tuple[Note, ...], random: np.random.Generator) -> Curve:
    f0 = np.zeros(SAMPLES)
    loud = np.zeros(SAMPLES)
    for note in notes:
        start, stop = round(note.start * RATE), round(note.end * RATE)
        f0[start:] = hertz(note.pitch + 17)
        loud[start:stop] = 1
    width = round(0.03 * RATE)
    loud = np.convolve(loud, np.ones(width) / width, mode="same")
    f0 = np.convolve(np.where(f0 > 0, f0, hertz(notes[0].pitch + 17)), np.ones(width) / width, mode="same")
    wave = np.sin(2 * np.pi * np.cumsum(f0) / RATE) + 0.06 * random.normal(0, 1, SAMPLES)
    return np.asarray(0.3 * loud * wave)


def _telephone(wave: Curve) -> Curve:
    """300 to 3400 Hz, eight kilohertz, eight bits."""
    low = resample_poly(wave, 8000, RATE)
    spectrum = np.fft.rfft(low)
    heard = np.fft.rfftfreq(low.size, 1 / 8000)
    spectrum[(heard < 300) | (heard > 3400)] = 0
    return np.asarray(resample_poly(np.round(np.fft.irfft(spectrum, low.size) * 127) / 127, RATE, 8000))
