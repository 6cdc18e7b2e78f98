"""What it sounds like, whatever is played: cepstra of mel bands, and whose nearest neighbour is whose."""

from collections.abc import Sequence

import numpy as np

from bench.score import Curve, Wave

FRAME_SECONDS = 0.046
BANDS = 30
COEFFICIENTS = 8
"""so few that they draw the outline of the spectrum and not the partials of a note"""
LOWEST, HIGHEST = 50.0, 10_000.0
AUDIBLE = 1e-4
"""of the loudest band: what is under it, the gaps between partials above all, says more of the tune than of the tone"""


def timbre(samples: Wave, rate: int) -> Curve:
    """Means and spreads over time of the cepstra and of their change; loudness, the first of them, is left out."""
    mono = np.atleast_2d(samples).mean(axis=0)
    size = round(FRAME_SECONDS * rate)
    if mono.size < 4 * size:
        raise ValueError("shorter than four frames")
    frames = np.lib.stride_tricks.sliding_window_view(mono, size)[:: size // 2]
    shape = np.hanning(size).astype(np.float32)
    mel = _mel(size, rate)
    energy = np.stack([np.abs(np.fft.rfft(frame * shape)) ** 2 @ mel for frame in frames])
    loud = energy.sum(axis=1)
    energy = energy[loud > 1e-6 * max(float(np.max(loud)), 1e-12)]
    bands = np.log(energy + AUDIBLE * np.max(energy))
    place = np.pi / BANDS * (np.arange(BANDS) + 0.5)
    cepstra = bands @ np.cos(place[:, None] * np.arange(1, COEFFICIENTS + 1))
    change = np.abs(np.diff(cepstra, axis=0))
    return np.concatenate([cepstra.mean(axis=0), cepstra.std(axis=0), change.mean(axis=0)])


def _mel(size: int, rate: int) -> Curve:
    """(bins, bands), triangles of equal width on the mel scale."""
    hertz = np.fft.rfftfreq(size, 1 / rate)
    top = min(HIGHEST, rate / 2)
    edges = np.linspace(_to_mel(LOWEST), _to_mel(top), BANDS + 2)
    mel = 2595 * np.log10(1 + hertz / 700)[:, None]
    rise = (mel - edges[None, :-2]) / np.diff(edges)[None, :-1]
    fall = (edges[None, 2:] - mel) / np.diff(edges)[None, 1:]
    return np.asarray(np.clip(np.minimum(rise, fall), 0, None))


def _to_mel(hertz: float) -> float:
    return float(2595 * np.log10(1 + hertz / 700))


def told_apart(timbres: Sequence[Curve], styles: Sequence[str], songs: Sequence[str]) -> float:
    """How often a cover sounds nearer to another song in its style than to its own song in another style.

    Nearest of all in either group counts; covers without one in each group do not take part.
    """
    features = np.stack(list(timbres))
    spread = features.std(axis=0)
    features = (features - features.mean(axis=0)) / np.where(spread > 1e-9, spread, 1)
    won = []
    for mine, (style, song) in enumerate(zip(styles, songs, strict=True)):
        far = np.linalg.norm(features - features[mine], axis=1)
        alike = [far[i] for i in range(len(songs)) if styles[i] == style and songs[i] != song]
        same = [far[i] for i in range(len(songs)) if styles[i] != style and songs[i] == song]
        if alike and same:
            won.append(min(alike) < min(same))
    if not won:
        raise ValueError("needs two songs in two styles")
    return float(np.mean(won))
