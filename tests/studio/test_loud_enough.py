"""Every take equally loud and none too high, in every style and with every kind of voice: one short song for all."""

from pathlib import Path

import numpy as np
import pytest

from bench.metrics.loudness import loudness, true_peak
from studio import mix
from studio.audio import decode, encode
from studio.cover import cover
from studio.style import styles
from studio.voice import COLOURS
from studio.wish import Wish
from tests.studio.songs import played

TARGET, TOLERANCE, CEILING = -16.0, 1.5, -1.0
SILENT_SECONDS = 2.5
"""A style may breathe, but not stop, before the last chord."""
SUNG = [
    Wish(style="lo-fi", instrumental=False),
    *(Wish(style="lo-fi", instrumental=False, voice=colour) for colour in COLOURS),
    Wish(style="8-bit", instrumental=False, pitch=5),
    Wish(style="music box", instrumental=False, pitch=-7),
    Wish(style="synthwave", audio_weight=0.6, pitch=-3),
    Wish(style="ambient pads", instrumental=False, audio_weight=1.0),
]


@pytest.fixture(scope="module")
def song(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("song") / "ode.wav"
    encode(played(), 22050, path)
    return path


def check(song: Path, wish: Wish, out: Path) -> None:
    for take in cover(song, wish, "loud", out).takes:
        sound = decode(take.audio, mix.RATE)
        assert loudness(sound, mix.RATE) == pytest.approx(TARGET, abs=TOLERANCE)
        assert true_peak(sound, mix.RATE) <= CEILING
        assert longest_silence(sound[:, : round((take.seconds - 2.5) * mix.RATE)]) < SILENT_SECONDS


def longest_silence(sound: "np.ndarray[tuple[int, ...], np.dtype[np.float32]]") -> float:
    step = mix.RATE // 10
    tenths = np.abs(sound[:, : sound.shape[1] // step * step]).reshape(2, -1, step).max(axis=(0, 2))
    loud = np.flatnonzero(tenths > 0.01)
    return float(np.diff(np.concatenate([[-1], loud, [tenths.size]])).max() - 1) / 10


@pytest.mark.parametrize("style", sorted(styles()))
def test_every_style(song: Path, style: str, tmp_path: Path) -> None:
    check(song, Wish(style=style), tmp_path)


@pytest.mark.parametrize("wish", SUNG, ids=lambda one: f"{one.style} {one.voice} {one.pitch} {one.audio_weight}")
def test_every_voice(song: Path, wish: Wish, tmp_path: Path) -> None:
    check(song, wish, tmp_path)
