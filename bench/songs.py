"""Test songs: a tune, played under some condition by somebody in some room, with everything that is true of it.

All of it follows from the title, the condition and the player's name: the same song comes out every time.
"""

from dataclasses import dataclass, replace
from enum import StrEnum
from hashlib import sha256
from pathlib import Path

import numpy as np
from scipy.signal import resample_poly

from bench.performance import Performance, Reach, perform
from bench.players import PIANO_REACH, RATE, REACH, USUAL_REACH, Player
from bench.room import in_room, level, placed
from bench.score import Truth, Wave
from bench.singer import sing
from bench.tunes.abc import Tune
from bench.voice import RATE as VOICE_RATE

LEAD_OVER_BAND = 2.0
"""decibels"""
LEFT_HAND = 12
"""semitones below a band's chords: on one instrument only what lies above them is a tune"""
VOICES = ((Reach(47, 72), 1.0), (Reach(55, 79), 1.16))
"""Reach and size of head: a low voice and a high one."""


class Condition(StrEnum):
    SOLO = "solo"
    PIANO = "piano"
    BAND = "band"
    SUNG = "sung"
    SUNG_BAND = "sung over band"


@dataclass(frozen=True)
class Song:
    title: str
    condition: Condition
    samples: Wave
    """(2, samples) at `rate`, or (1, samples) where it is mono"""
    rate: int
    truth: Truth
    coded: bool
    """to be written as mp3, not as wav"""
    wide: bool


def make(tune: Tune, condition: Condition, player: Player) -> Song:
    random = seeded(tune.title, condition, player.name)
    wide, coded = bool(random.random() < 0.5), bool(random.random() < 0.5)
    stereo = wide or condition is not Condition.SUNG_BAND
    lead, performance = _lead(tune, condition, player, random)
    lead_level = {Condition.BAND: LEAD_OVER_BAND}.get(condition, 0.0)
    both = placed(level(lead, lead_level), 0.0)
    if condition in (Condition.BAND, Condition.SUNG_BAND):
        both = both + _scaled(_backing(performance, player, 0.75 if wide else 0.2, random))
    elif condition is Condition.PIANO:
        left = tuple(note.moved(semitones=-LEFT_HAND) for note in performance.comp)
        both = both + placed(level(player.play(left, "piano", performance.seconds), -3), 0.1)
    both = in_room(both, RATE, random.uniform(0.5, 1.3), random.uniform(0.05, 0.25), random)
    both = np.asarray(both * (0.7 / max(float(np.abs(both).max()), 1e-9)), np.float32)
    samples = both if stereo else both.mean(axis=0, keepdims=True)
    return Song(tune.title, condition, samples, RATE, performance.truth, coded, wide and stereo)


def seeded(*words: str) -> np.random.Generator:
    return np.random.default_rng(int.from_bytes(sha256("/".join(words).encode()).digest()[:8], "big"))


def _lead(tune: Tune, condition: Condition, player: Player, random: np.random.Generator) -> tuple[Wave, Performance]:
    if condition in (Condition.SUNG, Condition.SUNG_BAND):
        reach, size = VOICES[int(random.integers(0, len(VOICES)))]
        performance = perform(tune, reach, random)
        voice, f0 = sing(performance.truth.melody, performance.seconds, random, size)
        wave = _fitted(resample_poly(voice, RATE, VOICE_RATE).astype(np.float32), round(performance.seconds * RATE))
        return wave, replace(performance, truth=replace(performance.truth, f0=f0))
    name = "piano" if condition is Condition.PIANO else str(random.choice(list(player.leads)))
    reach = PIANO_REACH if name == "piano" else REACH.get(name, USUAL_REACH)
    performance = perform(tune, reach, random)
    return player.play(performance.truth.melody, name, performance.seconds), performance


def _fitted(wave: Wave, size: int) -> Wave:
    return np.pad(wave, (0, max(size - wave.size, 0)))[:size]


def _backing(performance: Performance, player: Player, width: float, random: np.random.Generator) -> Wave:
    seconds = performance.seconds
    comp = level(player.play(performance.comp, str(random.choice(list(player.comps))), seconds))
    bass = level(player.play(performance.bass, str(random.choice(list(player.basses))), seconds))
    kit = level(player.drum(performance.drums, seconds), -3)
    return placed(comp, width) + placed(bass, 0.0) + placed(kit, -0.6 * width)


def _scaled(both: Wave) -> Wave:
    """At the level of a lead at 0 dB in the middle."""
    power = float(np.sqrt(np.mean(both.astype(np.float64) ** 2)))
    return np.asarray(both * (0.1 / max(power, 1e-9)), np.float32)


def write(song: Song, folder: Path) -> Path:
    """As mp3 at 128 kbit/s or as wav, by the engine's own codec."""
    from studio.audio import encode

    name = sha256(f"{song.title}/{song.condition}".encode()).hexdigest()[:12]
    path = folder / (name + (".mp3" if song.coded else ".wav"))
    encode(song.samples, song.rate, path)
    return path
