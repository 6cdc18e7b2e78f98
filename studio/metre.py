"""Three beats in a bar or four, and which one is the first: where chords change, basses enter and accents fall."""

import numpy as np

from studio.harmony import BASS_TOP, Chroma
from studio.model import Curve
from studio.posterior import LOWEST, Posterior
from studio.rhythm import at_beats


def accents(heard: Posterior, sound: Chroma, novelty: Curve, times: Curve) -> Curve:
    """(beats, 4): change of harmony, of bass, entry of low notes, and weight of the attack; each about 1 wide."""
    low = at_beats(heard.onsets[:, : BASS_TOP + 1 - LOWEST].max(axis=1), times)
    attack = at_beats(novelty, times)
    features = (_changes(sound.whole), _changes(sound.bass), low, attack)
    return np.stack([(one - one.mean()) / (one.std() + 0.05) for one in features], axis=1)


def _changes(sound: Curve) -> Curve:
    """One minus the likeness of each beat to the one before it."""
    unit = sound / (np.linalg.norm(sound, axis=1, keepdims=True) + 1e-3)
    return np.concatenate([[0.0], 1 - (unit[1:] * unit[:-1]).sum(axis=1)])


WEIGHTS = np.array([1.0, 0.8, 0.7, 0.5])


def bar(weights: Curve) -> tuple[int, int]:
    """(beats, 4) of `accents` -> (metre, downbeat)."""
    accent = np.minimum(weights, 2.5) @ WEIGHTS
    scores = {}
    for metre in (3, 4):
        for first in range(metre):
            on = accent[first::metre]
            scores[metre, first] = (on.mean() - accent.mean()) * np.sqrt(on.size) if on.size > 1 else 0.0
    return max(scores, key=lambda one: scores[one])
