"""What speaks for each pitch being the tune, moment by moment, and for the tune being at rest.

Ten clues, each a number a musician could argue about, are weighed and added. The weights are those under which the
true tunes of the tuning half are likeliest: a conditional logit model, fitted by `python -m bench.fit`.
"""

from collections.abc import Iterable, Iterator

import numpy as np

from studio.model import Curve
from studio.posterior import FRAME, LOWEST, Posterior
from studio.spectrum import HIGH_MIDI, LOW_MIDI

SILENT = HIGH_MIDI - LOW_MIDI + 1
"""The state after the last pitch."""
FIRST = LOW_MIDI - LOWEST
"""column of LOW_MIDI in the posterior"""

FLOOR = 0.03
"""under what the net says of a pitch lies doubt"""
FADING = 0.985
"""a frame: a struck string is half forgotten after half a second"""
STRIKING = 0.97
STEADY, WOBBLE, LONG = round(0.25 / FRAME), round(0.17 / FRAME), round(10 / FRAME)
"""frames that loudness, glides and wear are averaged over"""
SOUNDS = 0.3
"""posterior from which a note counts as sounding"""
QUIETEST = -40.0
"""decibels under a frame's loudest pitch; what is softer is as good as silent"""

AT_FIRST = {
    "heard": 0.041, "loud": 0.129, "steady": 0.092, "held": 9.374, "begins": 1.723, "glides": 10.387, "worn": -1.683,
    "high": 0.214,
}  # fmt: skip
"""Weights as long as it is not known where this song's tune lies."""
WEIGHTS = {
    "heard": 0.48, "loud": 0.142, "steady": 0.05, "held": 6.556, "begins": 1.887, "glides": 7.081, "worn": -2.734,
    "high": 0.232, "away": -0.511, "over": -1.085,
}  # fmt: skip
REST = {"always": 8.739, "sounding": -1.449, "held": -5.895, "struck": -7.757}


def evidence(heard: Posterior, levels: Curve) -> Curve:
    """(frames, 62): log-likelihood of each pitch from LOW_MIDI up, and of a rest last, but for a sum a frame."""
    found = list(clues(heard, levels))
    rest = weighed(silence(heard, levels), REST)[:, None]
    where = register(np.concatenate([weighed(found, AT_FIRST), rest], axis=1))
    return np.concatenate([weighed(found, WEIGHTS) + weighed(place(*where), WEIGHTS), rest], axis=1)


def weighed(found: Iterable[tuple[str, Curve]], weights: dict[str, float]) -> Curve:
    total: Curve = sum((weights[name] * curve for name, curve in found), np.zeros(1))
    return total


def clues(heard: Posterior, levels: Curve) -> Iterator[tuple[str, Curve]]:
    """Each (frames, 61). `levels` are decibels under the frame's loudest pitch (`spectrum.salience`)."""
    notes, onsets, loud = _grids(heard, levels)
    yield "heard", np.log(notes + FLOOR)
    yield "loud", loud
    yield "steady", _mean(loud, STEADY)
    yield "held", _fading(notes, FADING)
    yield "begins", onsets
    yield "glides", _glides(heard.contour[: notes.shape[0]])
    yield "worn", _mean((notes > SOUNDS).astype(np.float64), LONG)
    yield "high", np.broadcast_to(np.arange(SILENT) + LOW_MIDI - 67.0, notes.shape)


def silence(heard: Posterior, levels: Curve) -> Iterator[tuple[str, Curve]]:
    """Each (frames,): whatever sounds, was struck or still rings speaks against a rest."""
    notes, onsets, _ = _grids(heard, levels)
    yield "always", np.ones(notes.shape[0])
    yield "sounding", notes.max(axis=1)
    yield "held", _fading(notes, FADING).max(axis=1)
    yield "struck", _fading(onsets, STRIKING).max(axis=1)


def register(found: Curve) -> tuple[float, float]:
    """Where this song's tune lies, by the winners of (frames, 62): the MIDI pitch in its middle, and its half width."""
    winners = found.argmax(axis=1)
    sung = winners[winners < SILENT] + LOW_MIDI
    if not sung.size:
        return 67.0, 12.0
    low, middle, high = np.percentile(sung, (16, 50, 84))
    return float(middle), float(high - low) / 2 + 1.5


def place(middle: float, width: float) -> Iterator[tuple[str, Curve]]:
    """Each (61,): how far a pitch is from where the tune lies, in its widths; far above is worse than below."""
    away = (np.arange(SILENT) + LOW_MIDI - middle) / width
    yield "away", np.minimum(away**2, 9)
    yield "over", np.maximum(away, 0)


def _grids(heard: Posterior, levels: Curve) -> tuple[Curve, Curve, Curve]:
    size = min(heard.notes.shape[0], levels.shape[0])
    span = slice(FIRST, FIRST + SILENT)
    return heard.notes[:size, span], heard.onsets[:size, span], np.maximum(levels[:size], QUIETEST)


def _fading(grid: Curve, share: float) -> Curve:
    """The highest value so far, where what has been fades by `share` a frame."""
    out = np.empty_like(grid)
    last = grid[0]
    for at, row in enumerate(grid):
        last = np.maximum(row, share * last)
        out[at] = last
    return out


def _mean(grid: Curve, width: int) -> Curve:
    """Over `width` frames around each; beyond the ends lies nothing."""
    sums = np.cumsum(np.pad(grid, ((width // 2 + 1, width - width // 2 - 1), (0, 0))), axis=0)
    return (sums[width:] - sums[:-width])[: grid.shape[0]] / width


def _glides(contour: np.ndarray[tuple[int, int], np.dtype[np.float32]]) -> Curve:
    """How the pitch moves within its semitone: voices, winds and bows do, keys and plucked strings stand still."""
    thirds = contour[:, 3 * FIRST : 3 * (FIRST + SILENT)].reshape(contour.shape[0], SILENT, 3)
    middle = (thirds[:, :, 2] - thirds[:, :, 0]) / (thirds.sum(axis=2) + 0.05)
    return 10 * _mean(np.abs(np.diff(middle, axis=0, prepend=middle[:1])).astype(np.float64), WOBBLE)
