"""Talks with the throat of `voice`: syllables that glide and never settle, sentences that fall, pauses for breath.

How much of it is voiced, and how seldom it rests on one pitch, was set beside the output of eSpeak NG.
"""

from dataclasses import dataclass

import numpy as np

from bench.score import Curve, Wave
from bench.voice import FRAME, Utterance, smooth, utter, vowel


@dataclass(frozen=True, slots=True)
class Speaker:
    hertz: float
    """its usual pitch"""
    size: float
    rate: float
    """syllables a second"""
    liveliness: float
    """how far the pitch moves, in semitones"""


SPEAKERS = (
    Speaker(105, 1.0, 4.6, 2.5), Speaker(125, 1.02, 5.6, 3.5), Speaker(92, 0.97, 3.8, 2.0),
    Speaker(205, 1.15, 5.2, 4.0), Speaker(230, 1.18, 6.2, 5.0), Speaker(180, 1.12, 4.2, 3.0),
    Speaker(270, 1.32, 5.0, 4.5), Speaker(115, 1.0, 6.8, 3.0),
)  # fmt: skip


def talk(speaker: Speaker, seconds: float, random: np.random.Generator) -> Wave:
    """(samples,) at the voice's rate."""
    count = round(seconds / FRAME)
    voiced, breath, hiss, pitch = (np.zeros(count) for _ in range(4))
    formants = np.tile(vowel("@", speaker.size), (count, 1))
    now = round(0.2 / FRAME)
    while now < count - round(0.5 / FRAME):
        now = _sentence(speaker, now, count, (voiced, breath, hiss, pitch, formants), random)
        now += round(random.uniform(0.25, 0.8) / FRAME)
    jitter = smooth(random.normal(0, 1, count), 0.02) * 0.35
    f0 = speaker.hertz * 2 ** ((smooth(pitch, 0.05) + jitter) / 12)
    sounding = smooth(voiced, 0.02)
    said = Utterance(f0, sounding, breath + 0.03 * sounding, smooth(hiss, 0.01), smooth(formants, 0.06))
    return utter(said, random)


def _sentence(speaker: Speaker, first: int, count: int, parts: tuple[Curve, ...], random: np.random.Generator) -> int:
    """Declines over its length; some syllables are stressed: longer, louder, and with a bend of the pitch."""
    voiced, breath, hiss, pitch, formants = parts
    syllables = int(random.integers(5, 16))
    now = first
    for place in range(syllables):
        stressed = bool(random.random() < 0.35)
        length = round((1.5 if stressed else 0.85) * random.uniform(0.6, 1.3) / speaker.rate / FRAME)
        end = min(now + length, count)
        if end - now < 6:
            return count
        declined = speaker.liveliness * (0.6 - 1.2 * place / syllables)
        bend = speaker.liveliness * random.uniform(0.4, 1.0) * (1 if stressed else 0.6)
        moment = np.linspace(0, 1, end - now)
        pitch[now:end] = (
            declined + bend * np.sin(np.pi * moment ** random.uniform(0.5, 1.8)) - random.uniform(0.5, 2.5) * moment
        )
        formants[now:end] = vowel(str(random.choice(list("aeiou@@"))), speaker.size)
        voiced[now:end] = (1.0 if stressed else 0.65) * (1 - 0.3 * place / syllables)
        _consonant(str(random.choice(["t", "s", "m", "", "k", "t", "s"])), now, voiced, hiss, formants, speaker.size)
        now = end
    breath[now : now + round(0.15 / FRAME)] = 0.02
    return now


def _consonant(kind: str, at: int, voiced: Curve, hiss: Curve, formants: Curve, size: float) -> None:
    if kind in ("t", "k"):
        voiced[at : at + 14] = 0
        hiss[at + 9 : at + 14] = 0.12 if kind == "t" else 0.06
    elif kind == "s":
        voiced[at : at + 20] = 0
        hiss[at : at + 20] = 0.1
    elif kind == "m":
        voiced[at : at + 10] = 0.3
        formants[at : at + 10] = vowel("m", size)
