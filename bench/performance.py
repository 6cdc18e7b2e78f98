"""A tune as a musician plays it: in some key, at some pace, never quite in time, with a part for everybody."""

from dataclasses import dataclass
from fractions import Fraction
from math import ceil

import numpy as np

from bench.score import Curve, Harmony, Note, Truth, track
from bench.tunes.abc import Change, Tune

LEAST_SECONDS = 24.0
LEAD_IN = 0.4
"""seconds of silence before the first note"""
FADE = 1.2
"""seconds after the last"""
RUBATO = 0.025
"""by how much the pace wanders, of 1"""
LEAD_JITTER, BAND_JITTER = 0.012, 0.005
"""seconds, one standard deviation"""
KICK, SNARE, HAT = 36, 38, 42


@dataclass(frozen=True)
class Performance:
    truth: Truth
    seconds: float
    comp: tuple[Note, ...]
    bass: tuple[Note, ...]
    drums: tuple[Note, ...]


@dataclass(frozen=True, slots=True)
class Reach:
    """The notes an instrument or a voice is at home in."""

    lowest: int
    highest: int


def perform(tune: Tune, reach: Reach, random: np.random.Generator) -> Performance:
    times = ceil(LEAST_SECONDS / (float(tune.length) * 60 / tune.tempo))
    pace = tune.tempo * random.uniform(0.9, 1.1)
    clock = _Clock(float(tune.length) * times, pace, random)
    shift = _shift(tune, reach, random)
    melody = _melody(tune, times, shift, clock, random)
    chords = _chords(tune, times, shift, clock)
    beat = float(tune.beat)
    first = float(tune.pick_up) % beat
    counted = np.arange(first, float(tune.length) * times + 1e-6, beat)
    beats = tuple(clock.at(float(place)) for place in counted)
    seconds = max(melody[-1].end, chords[-1].end) + FADE
    truth = Truth(
        melody, track(melody, seconds), beats, _beats_in_bar(tune), 3 if tune.beat.denominator == 2 else 2,
        60 / float(np.median(np.diff(beats))), chords, (tune.tonic + shift) % 12, tune.minor,
    )  # fmt: skip
    comp, bass, drums = _band(tune, times, shift, clock, random)
    return Performance(truth, seconds, comp, bass, drums)


def _beats_in_bar(tune: Tune) -> int:
    return int(tune.bar / tune.beat)


class _Clock:
    """Quarter notes to seconds, at a pace that wanders a little."""

    def __init__(self, quarters: float, tempo: float, random: np.random.Generator) -> None:
        self.grid: Curve = np.arange(0, quarters + 8, 0.25)
        period, phase = random.uniform(12, 24, 2), random.uniform(0, 2 * np.pi, 2)
        wander = sum(np.sin(2 * np.pi * self.grid / one + at) for one, at in zip(period, phase, strict=True)) / 2
        pace = tempo / 60 * (1 + RUBATO * wander)
        self.seconds: Curve = LEAD_IN + np.concatenate([[0.0], np.cumsum(0.25 / pace)[:-1]])

    def at(self, quarter: float) -> float:
        return float(np.interp(quarter, self.grid, self.seconds))


def _shift(tune: Tune, reach: Reach, random: np.random.Generator) -> int:
    """Semitones to another key: the tune stays within reach, near its middle give or take a chance of five."""
    heard = [tone.pitch for tone in tune.tones]
    middle = round((reach.lowest + reach.highest) / 2 - (min(heard) + max(heard)) / 2)
    wanted = middle + int(random.integers(-5, 6))
    low, high = reach.lowest - min(heard), reach.highest - max(heard)
    return min(max(wanted, min(low, middle)), max(high, middle))


def _melody(tune: Tune, times: int, shift: int, clock: _Clock, random: np.random.Generator) -> tuple[Note, ...]:
    held = random.uniform(0.86, 0.98)
    starts: list[tuple[float, float, int]] = []
    for turn in range(times):
        for tone in tune.tones:
            begin = clock.at(float(turn * tune.length + tone.start))
            finish = clock.at(float(turn * tune.length + tone.start + tone.length))
            starts.append((begin, finish, tone.pitch + shift))
    jitter = np.clip(random.normal(0, LEAD_JITTER, len(starts)), -0.03, 0.03)
    strength = np.clip(random.normal(0.8, 0.06, len(starts)), 0.6, 0.95)
    notes = []
    for (begin, finish, pitch), late, loud in zip(starts, jitter, strength, strict=True):
        moved = begin + float(min(max(late, -0.2 * (finish - begin)), 0.2 * (finish - begin)))
        notes.append(Note(moved, moved + (finish - begin) * float(held), pitch, float(loud)))
    return tuple(notes)


def _chords(tune: Tune, times: int, shift: int, clock: _Clock) -> tuple[Harmony, ...]:
    found = []
    for turn in range(times):
        ends = [change.start for change in tune.changes[1:]] + [tune.length]
        for change, end in zip(tune.changes, ends, strict=True):
            begin = clock.at(float(turn * tune.length + change.start))
            found.append(
                Harmony(begin, clock.at(float(turn * tune.length + end)), (change.root + shift) % 12, change.minor)
            )
    return tuple(found)


def _band(
    tune: Tune, times: int, shift: int, clock: _Clock, random: np.random.Generator
) -> tuple[tuple[Note, ...], tuple[Note, ...], tuple[Note, ...]]:
    """Chords off the beat or broken, roots and fifths in the bass, a plain beat."""
    comp: list[Note] = []
    bass: list[Note] = []
    drums: list[Note] = []
    broken = bool(random.integers(0, 2))
    in_bar = _beats_in_bar(tune)
    place, count = tune.pick_up, 0
    while place < tune.length * times:
        chord = _sounding(tune, place)
        begin, middle, end = (clock.at(float(place + tune.beat * part)) for part in (0, Fraction(1, 2), 1))
        late = random.normal(0, BAND_JITTER, 3)
        spot = _Spot(begin, middle, end, count % in_bar, in_bar)
        comp += [one.moved(seconds=float(late[0])) for one in _comp(spot, _voicing(chord, shift), broken)]
        bass += [one.moved(seconds=float(late[1])) for one in _bass(spot, 40 + (chord.root + shift - 4) % 12)]
        drums += [one.moved(seconds=float(late[2])) for one in _drums(spot, bool(random.random() < 0.8))]
        place += tune.beat
        count += 1
    return tuple(comp), tuple(bass), tuple(drums)


@dataclass(frozen=True, slots=True)
class _Spot:
    """A beat of the band: seconds, and its place among those of a bar."""

    begin: float
    middle: float
    end: float
    place: int
    beats: int


def _voicing(chord: Change, shift: int) -> list[int]:
    """Close, between G below middle C and F sharp above it."""
    return sorted(55 + (chord.root + shift + step - 55) % 12 for step in (0, 3 if chord.minor else 4, 7))


def _comp(spot: _Spot, voicing: list[int], broken: bool) -> list[Note]:
    length = spot.end - spot.begin
    if broken:
        third = length / 3
        return [Note(spot.begin + i * third, spot.begin + (i + 1.6) * third, p, 0.5) for i, p in enumerate(voicing)]
    at = spot.middle if spot.beats == 2 else spot.begin
    return [Note(at, at + (0.7 if spot.place else 0.9) * length, p, 0.55 if spot.place else 0.45) for p in voicing]


def _bass(spot: _Spot, root: int) -> list[Note]:
    if spot.place == 0:
        return [Note(spot.begin, spot.end, root, 0.75)]
    if spot.place == 2 and spot.beats == 4:
        return [Note(spot.begin, spot.end, root + (7 if root < 44 else -5), 0.7)]
    return []


def _drums(spot: _Spot, fill: bool) -> list[Note]:
    low = spot.place == 0 or (spot.place == 2 and spot.beats == 4)
    hit = Note(spot.begin, spot.begin + 0.1, KICK if low else SNARE, 0.7)
    hats = [Note(at, at + 0.05, HAT, 0.4) for at in (spot.begin, *((spot.middle,) if fill else ()))]
    return [hit, *hats]


def _sounding(tune: Tune, place: Fraction) -> Change:
    within = place % tune.length
    begun = [change for change in tune.changes if change.start <= within]
    return begun[-1] if begun else tune.changes[0]
