"""Fits the weights of `studio/evidence.py` on the tuning half: `python -m bench.fit` prints them anew.

A conditional logit model (McFadden, 1974): in every moment the tune chooses one of 61 pitches or a rest, each as likely
as its weighed clues say; the weights are those under which the true choices are likeliest. It is fitted twice, without
the clues of where the tune lies and, when that is known from the first fit, with them.
"""

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from bench.players import Player, Sampled
from bench.score import STEP, Curve
from bench.songs import Condition, Song, make, write
from bench.tunes import tuning
from studio import evidence, fonts, spectrum
from studio.audio import decode, resample
from studio.posterior import FRAME, RATE, posterior

CONDITIONS = (Condition.SOLO, Condition.PIANO, Condition.BAND, Condition.SUNG_BAND)
EVERY = 12
"""frames from one moment to the next, .14 s; nearer ones say the same again"""
BREATH = 0.25
"""seconds; in a shorter rest it is nobody's fault to hear the note on"""
UNSAID = -1
PENALTY = 1e-4
"""on the squares of the weights, so that none grows without need"""
Grid = NDArray[np.float32]


@dataclass(frozen=True)
class Moments:
    """Of one song."""

    pitches: Grid
    """(moments, 61, clues)"""
    rest: Grid
    """(moments, clues of silence)"""
    truth: NDArray[np.int64]
    """(moments,): the state the tune is in, a pitch above LOW_MIDI or SILENT"""


def true_states(f0: Curve, frames: int) -> NDArray[np.int64]:
    """The truth at each frame of the engine; UNSAID in breaths."""
    hertz = f0[np.minimum(np.round(np.arange(frames) * FRAME / STEP).astype(int), f0.size - 1)]
    pitch = np.round(69 + 12 * np.log2(np.maximum(hertz, 1) / 440)).astype(np.int64) - spectrum.LOW_MIDI
    states = np.where(hertz > 0, np.clip(pitch, 0, evidence.SILENT - 1), evidence.SILENT)
    edges = np.flatnonzero(np.diff(np.concatenate([[0], states == evidence.SILENT, [0]]).astype(int)))
    for first, last in zip(edges[::2], edges[1::2], strict=True):
        if first > 0 and last < frames and (last - first) * FRAME < BREATH:
            states[first:last] = UNSAID
    return states


def moments(song: Song, shift: int) -> Moments:
    """Every EVERY-th frame from `shift` on."""
    with TemporaryDirectory() as folder:
        low = resample(decode(write(song, Path(folder)), song.rate), song.rate, RATE)
    heard, levels = posterior(low.mean(axis=0)), spectrum.salience(low)
    found = np.stack([curve for _, curve in evidence.clues(heard, levels)], axis=2)
    rest = np.stack([curve for _, curve in evidence.silence(heard, levels)], axis=1)
    truth = true_states(song.truth.f0, found.shape[0])
    taken = np.arange(shift % EVERY, found.shape[0], EVERY)
    taken = taken[truth[taken] != UNSAID]
    return Moments(found[taken].astype(np.float32), rest[taken].astype(np.float32), truth[taken])


def fitted(songs: Sequence[Moments]) -> tuple[Curve, Curve]:
    """The weights of the pitches' clues and of silence's."""
    size = songs[0].pitches.shape[2]
    spread = [np.mean([one.pitches.std(axis=(0, 1)) for one in songs], axis=0)]
    spread += [np.mean([np.maximum(one.rest.std(axis=0), 0.1) for one in songs], axis=0)]
    scale = 1 / np.concatenate(spread)
    total = sum(one.truth.size for one in songs)

    def loss(scaled: Curve) -> tuple[float, Curve]:
        each = [_surprise(one, scaled * scale, size) for one in songs]
        value = sum(one[0] for one in each) / total + PENALTY * float(scaled @ scaled)
        return value, sum(one[1] for one in each) * scale / total + 2 * PENALTY * scaled

    found = minimize(loss, np.zeros(scale.size), jac=True, method="L-BFGS-B").x * scale
    return found[:size], found[size:]


def _surprise(one: Moments, weights: Curve, size: int) -> tuple[float, Curve]:
    """How unlikely the truth is under the weights, in nats, and the slope of that."""
    likely = logits(one, weights[:size], weights[size:])
    likely -= likely.max(axis=1, keepdims=True)
    share = np.exp(likely)
    sums = share.sum(axis=1, keepdims=True)
    row = np.arange(one.truth.size)
    surprise = float((np.log(sums[:, 0]) - likely[row, one.truth]).sum())
    share /= sums
    share[row, one.truth] -= 1
    return surprise, np.concatenate([np.tensordot(share[:, :-1], one.pitches, 2), share[:, -1] @ one.rest])


def logits(one: Moments, pitches: Curve, rest: Curve) -> Grid:
    return np.concatenate(
        [one.pitches @ pitches.astype(np.float32), (one.rest @ rest.astype(np.float32))[:, None]], axis=1
    )


def placed(one: Moments, pitches: Curve, rest: Curve) -> Moments:
    """With the clues of where the tune lies, as far as the first weights tell."""
    where = [curve for _, curve in evidence.place(*evidence.register(logits(one, pitches, rest).astype(np.float64)))]
    shape = one.pitches.shape[:2]
    more = np.stack([np.broadcast_to(curve, shape) for curve in where], axis=2).astype(np.float32)
    return replace(one, pitches=np.concatenate([one.pitches, more], axis=2))


def taught(player: Player, songs: int | None) -> Iterator[Moments]:
    for number, tune in enumerate(tuning()[:songs]):
        for condition in CONDITIONS:
            yield moments(make(tune, condition, player), number)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--songs", type=int, help="so many tunes only")
    asked = parser.parse_args()
    font = fonts.find()
    if font is None:
        raise SystemExit("the tuning half is played by a soundfont, and none was found")
    songs = list(taught(Sampled(font), asked.songs))
    first = fitted(songs)
    second = fitted([placed(one, *first) for one in songs])
    names = list(evidence.WEIGHTS), list(evidence.REST)
    for title, keys, values in (
        ("AT_FIRST", names[0], first[0]), ("WEIGHTS", names[0], second[0]), ("REST", names[1], second[1]),
    ):  # fmt: skip
        print(title, {key: round(float(value), 3) for key, value in zip(keys, values, strict=False)})


if __name__ == "__main__":
    main()
