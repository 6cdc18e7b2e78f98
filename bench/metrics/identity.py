"""Which song is this a cover of? Chroma, transposed to fit, a cross recurrence plot, and its longest alignment.

After Serra, Serra and Andrzejak, "Cross recurrence quantification for cover song identification" (2009): Qmax. It
shares nothing with the engine: its chroma is a plain Fourier transform's.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bench.score import Curve, Wave

HOP_SECONDS = 0.25
WINDOW_SECONDS = 0.37
LOWEST, HIGHEST = 80.0, 2500.0
STACKED = 9
"""frames that are compared at a time"""
KAPPA = 0.1
"""share of nearest frames that count as recurrent, in each direction"""
ONSET, EXTENSION = 5.0, 0.5
"""what an interruption of an alignment costs, at first and for each frame more"""
KEYS_TRIED = 2


def chroma(samples: Wave, rate: int) -> Curve:
    """(frames, 12), each frame's loudest pitch class 1; of the mean of all channels."""
    mono = np.atleast_2d(samples).mean(axis=0)
    window, hop = round(WINDOW_SECONDS * rate), round(HOP_SECONDS * rate)
    if mono.size < window:
        raise ValueError("shorter than one window")
    frames = np.lib.stride_tricks.sliding_window_view(mono, window)[::hop]
    shape = np.hanning(window).astype(np.float32)
    hertz = np.fft.rfftfreq(window, 1 / rate)
    heard = (hertz > LOWEST) & (hertz < HIGHEST)
    pitch = 12 * np.log2(hertz[heard] / 440) + 69
    near = np.exp(-0.5 * (((pitch[:, None] - np.arange(12) + 6) % 12 - 6) / 0.35) ** 2)
    classes = np.stack([np.sqrt(np.abs(np.fft.rfft(frame * shape))[heard]) @ near for frame in frames])
    classes = np.maximum(classes - np.median(classes, axis=1, keepdims=True), 0)
    peak = classes.max(axis=1, keepdims=True)
    quiet = peak < 1e-3 * max(float(peak.max()), 1e-9)
    return np.where(quiet, 0.0, classes / np.maximum(peak, 1e-12))


@dataclass(frozen=True, slots=True)
class Likeness:
    score: float
    """length of the longest alignment over the root of the longer song's length"""
    semitones: int
    """by how much the second song was moved up to fit"""


def likeness(one: Curve, other: Curve) -> Likeness:
    """Of two songs' chroma."""
    overlap = [float(one.mean(axis=0) @ np.roll(other.mean(axis=0), shift)) for shift in range(12)]
    best = np.argsort(overlap)[::-1][:KEYS_TRIED]
    return max((Likeness(_qmax(one, other, int(key)), int(key)) for key in best), key=lambda found: found.score)


def _qmax(one: Curve, other: Curve, key: int) -> float:
    recurrent = _recurrence(_stacked(one), _stacked(np.roll(other, key, axis=1)))
    return longest(recurrent) / float(np.sqrt(max(one.shape[0], other.shape[0])))


def _stacked(frames: Curve) -> Curve:
    if frames.shape[0] < STACKED:
        raise ValueError(f"shorter than {STACKED * HOP_SECONDS:g} seconds")
    windows = np.lib.stride_tricks.sliding_window_view(frames, STACKED, axis=0)
    return windows.reshape(windows.shape[0], -1)


def _recurrence(one: Curve, other: Curve) -> NDArray[np.bool_]:
    """Where each is among the nearest of the other."""
    squares = (one**2).sum(axis=1)[:, None] + (other**2).sum(axis=1)[None] - 2 * one @ other.T
    rows = np.quantile(squares, KAPPA, axis=1, keepdims=True)
    columns = np.quantile(squares, KAPPA, axis=0, keepdims=True)
    return np.asarray((squares <= rows) & (squares <= columns))


def longest(recurrent: NDArray[np.bool_]) -> float:
    """The best local alignment along the diagonals, tempo within half and double, interruptions forgiven at a price."""
    height, width = recurrent.shape
    score = np.zeros((height + 2, width + 2))
    price = np.pad(np.where(recurrent, ONSET, EXTENSION), ((2, 0), (2, 0)), constant_values=EXTENSION)
    for row in range(2, height + 2):
        steps = ((row - 1, slice(1, -1)), (row - 2, slice(1, -1)), (row - 1, slice(0, -2)))
        grown = np.max([score[step] for step in steps], axis=0) + 1
        lost = np.max([score[step] - price[step] for step in steps], axis=0)
        score[row, 2:] = np.where(recurrent[row - 2], grown, np.maximum(lost, 0))
    return float(score.max())


def rank(cover: Curve, songs: list[Curve], own: int) -> int:
    """The place of the cover's own song among all of them, 1 being the first; a draw is lost."""
    scores = [likeness(song, cover).score for song in songs]
    return 1 + sum(score >= scores[own] for place, score in enumerate(scores) if place != own)
