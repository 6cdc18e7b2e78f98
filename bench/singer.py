"""Sings a melody with the throat of `voice`: syllables, glides, vibrato, breaths. No words, only their sounds."""

import numpy as np

from bench.score import STEP, Curve, Note, Wave, hertz
from bench.voice import FRAME, Utterance, smooth, utter, vowel

ONSETS = ("", "", "m", "l", "t", "s")
"""What a syllable begins with; nothing means that it is bound to the one before."""
GLIDE = 0.07
VIBRATO_HERTZ = 5.5
VIBRATO_CENTS = 28.0
VIBRATO_DELAY = 0.22
DRIFT_CENTS = 9.0


def sing(notes: tuple[Note, ...], seconds: float, random: np.random.Generator, size: float = 1.0) -> tuple[Wave, Curve]:
    """(samples,) at the voice's RATE, and the pitch sung every STEP seconds, 0 where there is no voice."""
    count = round(seconds / FRAME)
    pitch = _pitch(notes, count, random)
    said, voiced = _syllables(notes, count, pitch, random, size)
    every = round(STEP / FRAME)
    track = np.where(voiced > 0.2, said.f0, 0.0)[::every]
    return utter(said, random), track


def _pitch(notes: tuple[Note, ...], count: int, random: np.random.Generator) -> Curve:
    """MIDI numbers by frame: steps that glide, a slow drift, vibrato on what is held."""
    steps = np.full(count, notes[0].pitch, np.float64)
    wobble = np.zeros(count)
    for note in notes:
        first, last = round(note.start / FRAME), round(note.end / FRAME)
        steps[max(first - round(GLIDE / 3 / FRAME), 0) :] = note.pitch
        moment = np.arange(max(last - first, 0)) * FRAME
        grown = np.clip((moment - VIBRATO_DELAY) / 0.25, 0, 1)
        pace = VIBRATO_HERTZ * random.uniform(0.92, 1.08)
        part = wobble[first:last]
        part += (VIBRATO_CENTS / 100 * grown * np.sin(2 * np.pi * pace * moment))[: part.size]
    drift = smooth(random.normal(0, 1, count), 0.6)
    drift *= DRIFT_CENTS / 100 / max(float(np.std(drift)), 1e-9)
    return smooth(steps, GLIDE) + wobble + drift


def _syllables(
    notes: tuple[Note, ...], count: int, pitch: Curve, random: np.random.Generator, size: float
) -> tuple[Utterance, Curve]:
    voiced, breath, hiss = np.zeros(count), np.zeros(count), np.zeros(count)
    formants = np.tile(vowel("@", size), (count, 1))
    before = 0.0
    for note in notes:
        first, last = round(note.start / FRAME), max(round(note.end / FRAME), round(note.start / FRAME) + 4)
        onset = str(random.choice(ONSETS))
        bound = onset == "" and note.start - before < 0.12
        formants[first:] = vowel(str(random.choice(list("aeiou"))), size)
        voiced[first:last] = 0.55 + 0.45 * note.strength
        if bound:
            voiced[round(before / FRAME) : first] = 0.6
        _begin(onset, first, voiced, hiss, formants, size)
        if note.start - before > 0.35:
            breath[max(first - 50, 0) : max(first - 12, 0)] = 0.06
        before = note.end
    sounding = smooth(voiced, 0.025)
    f0 = np.array([hertz(one) for one in pitch])
    said = Utterance(f0, sounding, breath + 0.02 * sounding, smooth(hiss, 0.015), smooth(formants, 0.04))
    return said, sounding


def _begin(onset: str, first: int, voiced: Curve, hiss: Curve, formants: Curve, size: float) -> None:
    """The consonant before frame `first`: the note begins with its vowel."""
    start = max(first - 14, 0)
    if onset in ("m", "l"):
        voiced[start:first] = 0.3
        formants[start:first] = vowel("m", size)
    elif onset == "t":
        voiced[start:first] = 0
        hiss[max(first - 4, 0) : first] = 0.12
    elif onset == "s":
        voiced[start:first] = 0
        hiss[start:first] = 0.1
