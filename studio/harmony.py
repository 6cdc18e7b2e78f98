"""Key and chords: what sounds on each beat, matched to chords that like to follow each other in one key."""

from dataclasses import dataclass

import numpy as np

from studio.model import Chord, Curve, Key
from studio.posterior import FRAME, LOWEST, Posterior

KINDS: dict[str, tuple[int, ...]] = {"maj": (0, 4, 7), "min": (0, 3, 7), "7": (0, 4, 7, 10), "dim": (0, 3, 6)}
RARITY = {"maj": 0.0, "min": 0.0, "7": 0.35, "dim": 0.5}
CHORDS = [Chord(root, kind) for kind in KINDS for root in range(12)]
BASS_TOP = 52
"""MIDI pitch up to which a note counts as bass"""

MAJOR = np.array([6.35, 2.23, 3.48, 2.33, 4.38, 4.09, 2.52, 5.19, 2.39, 3.66, 2.29, 2.88])
MINOR = np.array([6.33, 2.68, 3.52, 5.38, 2.60, 3.53, 2.54, 4.75, 3.98, 2.69, 3.34, 3.17])
"""How well each degree fits a key (Krumhansl and Kessler, 1982)."""


@dataclass(frozen=True)
class Chroma:
    """What sounds on each beat by pitch class; each (beats, 12)."""

    whole: Curve
    bass: Curve


def chroma(heard: Posterior, times: Curve) -> Chroma:
    sounding = np.where(heard.notes > 0.2, heard.notes, 0)
    edges = np.clip(np.round(np.append(times, 2 * times[-1] - times[-2]) / FRAME).astype(int), 0, sounding.shape[0])
    sums = np.concatenate([np.zeros((1, 88)), np.cumsum(sounding, axis=0)])
    beats = (sums[edges[1:]] - sums[edges[:-1]]) / np.maximum(edges[1:] - edges[:-1], 1)[:, None]
    low = beats.copy()
    low[:, BASS_TOP + 1 - LOWEST :] = 0
    return Chroma(_folded(beats), _folded(low))


def _folded(beats: Curve) -> Curve:
    """(beats, 88) -> (beats, 12), the octaves of a note added."""
    padded = np.pad(beats, ((0, 0), (LOWEST % 12, 96 - 88 - LOWEST % 12 + 12 * (LOWEST % 12 > 8))))
    return padded.reshape(beats.shape[0], -1, 12).sum(axis=1)


def key(heard: Chroma, last: slice = slice(-8, None)) -> Key:
    """The key whose profile fits the song best; the end counts a little more, songs come home there."""
    sums = np.sqrt(heard.whole).sum(axis=0) + 1.5 * heard.whole[last].sum(axis=0)
    scores = {}
    for tonic in range(12):
        rolled = np.roll(sums, -tonic)
        scores[Key(tonic, False)] = float(np.corrcoef(rolled, MAJOR)[0, 1])
        scores[Key(tonic, True)] = float(np.corrcoef(rolled, MINOR)[0, 1])
    return max(scores, key=lambda one: scores[one])


def chords(heard: Chroma, home: Key, bar: tuple[int, int] | None = None) -> tuple[Chord | None, ...]:
    """One chord a beat (Viterbi); `bar` is (metre, downbeat): changes prefer the first beat, and its half in four."""
    fit = _fit(heard) + _belongs(home)[None, :]
    change = np.full(fit.shape[0], 1.1)
    if bar is not None:
        place = (np.arange(fit.shape[0]) - bar[1]) % bar[0]
        change = np.where(place == 0, 0.7, np.where((bar[0] == 4) & (place == 2), 1.2, 2.0))
    moves = _moves()
    best = fit[0]
    links = np.zeros(fit.shape, int)
    for at in range(1, fit.shape[0]):
        reached = best[:, None] - change[at] * moves
        links[at] = reached.argmax(axis=0)
        best = reached.max(axis=0) + fit[at]
    path = [int(best.argmax())]
    for at in range(fit.shape[0] - 1, 0, -1):
        path.append(int(links[at, path[-1]]))
    loud = heard.whole.sum(axis=1)
    silent = loud < max(0.05, 0.2 * float(np.median(loud)))
    return _filled([None if quiet else CHORDS[one] for one, quiet in zip(path[::-1], silent, strict=True)])


def _fit(heard: Chroma) -> Curve:
    """(beats, chords): share of the sound inside the chord, and whether the bass plays its root."""
    whole = heard.whole / (heard.whole.sum(axis=1, keepdims=True) + 0.15)
    bass = heard.bass / (heard.bass.sum(axis=1, keepdims=True) + 0.15)
    inside = np.zeros((12, len(CHORDS)))
    root = np.zeros((12, len(CHORDS)))
    rare = np.zeros(len(CHORDS))
    for number, one in enumerate(CHORDS):
        for place, step in enumerate(KINDS[one.kind]):
            inside[(one.root + step) % 12, number] = (1.0, 0.9, 0.8, 0.7)[place]
        inside[:, number] -= 0.6 * (inside[:, number] == 0)
        root[one.root, number] = 1.0
        root[(one.root + KINDS[one.kind][2]) % 12, number] = 0.35
        rare[number] = RARITY[one.kind]
    scores: Curve = 3.2 * (whole @ inside) + 1.6 * (bass @ root) - rare
    return scores


def _belongs(home: Key) -> Curve:
    """(chords,): a bonus for chords of the key, most for those on its first, fourth and fifth degree."""
    degrees = (
        {
            (0, "min"): 0.5,
            (5, "min"): 0.35,
            (7, "maj"): 0.4,
            (7, "min"): 0.2,
            (3, "maj"): 0.35,
            (8, "maj"): 0.3,
            (10, "maj"): 0.35,
        }
        if home.minor
        else {(0, "maj"): 0.5, (5, "maj"): 0.4, (7, "maj"): 0.4, (9, "min"): 0.3, (2, "min"): 0.3, (4, "min"): 0.2}
    )
    degrees |= {(7, "7"): 0.35}
    return np.array([degrees.get(((one.root - home.tonic) % 12, one.kind), 0.0) for one in CHORDS])


def _moves() -> Curve:
    """(chords, chords): what a change costs; a fifth down is the easiest."""
    cost = np.ones((len(CHORDS), len(CHORDS)))
    for number, one in enumerate(CHORDS):
        for other, two in enumerate(CHORDS):
            if number == other:
                cost[number, other] = 0
            elif (two.root - one.root) % 12 in (5, 7):
                cost[number, other] = 0.85
    return cost


def _filled(path: list[Chord | None]) -> tuple[Chord | None, ...]:
    """A beat or two without sound keep the chord before them."""
    for at in range(1, len(path)):
        if path[at] is None and path[at - 1] is not None and any(path[at : at + 3]):
            path[at] = path[at - 1]
    return tuple(path)
