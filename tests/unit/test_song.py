"""Our own song is the tune it says, and sounds like something."""

import itertools
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

from local import song


@pytest.fixture(scope="module")
def rendered(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("song") / "song.mp3"
    song.render(path)
    return path


@pytest.fixture(scope="module")
def heard(rendered: Path) -> np.ndarray[Any, Any]:
    """Both channels as they come out of the mp3, with the encoder's delay taken off by the decoder."""
    with av.open(str(rendered), "r") as source:
        assert source.streams.audio[0].channels == 2
        return np.concatenate([frame.to_ndarray() for frame in source.decode(audio=0)], axis=1)


def spectrum(
    wave: np.ndarray[Any, Any], at: float, seconds: float
) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    piece = wave[int(at * song.RATE) : int((at + seconds) * song.RATE)]
    size = 1 << 17
    return np.fft.rfftfreq(size, 1 / song.RATE), np.abs(np.fft.rfft(piece * np.hanning(len(piece)), size))


def test_it_lasts_between_30_and_45_seconds_by_its_packets(rendered: Path) -> None:
    with av.open(str(rendered), "r") as source:
        stream = source.streams.audio[0]
        assert stream.time_base
        seconds = float(sum(packet.duration or 0 for packet in source.demux(stream)) * stream.time_base)
    assert 30 < seconds < 45


def test_it_is_neither_silent_nor_clipped_anywhere(heard: np.ndarray[Any, Any]) -> None:
    assert 0.5 < float(np.abs(heard).max()) < 0.99
    seconds = heard[:, : heard.shape[1] // song.RATE * song.RATE].reshape(2, -1, song.RATE)
    assert float(np.sqrt((seconds[:, :-1] ** 2).mean(axis=(0, 2))).min()) > 0.01


def test_it_is_a_little_stereo(heard: np.ndarray[Any, Any]) -> None:
    left, right = heard
    assert 0.5 < float(np.corrcoef(left, right)[0, 1]) < 0.995


def test_every_note_of_the_tune_is_there_at_its_time(heard: np.ndarray[Any, Any]) -> None:
    mono = heard.mean(axis=0)
    for name, at, length in song.melody():
        frequencies, power = spectrum(mono, at + 0.03, length - 0.06)
        above_the_bass = frequencies > 240
        strongest = float(frequencies[above_the_bass][int(np.argmax(power[above_the_bass]))])
        assert abs(12 * np.log2(strongest / song.frequency(name))) < 0.5, f"{name} at {at:.1f} s is {strongest:.0f} Hz"


def test_it_ends_in_silence_and_no_note_clicks(heard: np.ndarray[Any, Any]) -> None:
    assert float(np.abs(heard[:, -song.RATE // 10 :]).max()) < 0.02
    jumps = np.abs(np.diff(heard, axis=1))
    assert float(jumps.max()) < 0.25


def test_the_bars_are_full_and_the_chords_cover_them() -> None:
    notes, chords = list(song.melody()), list(song.chords())
    assert sum(length for _, _, length in notes) == pytest.approx(64 * song.BEAT)
    assert sum(length for _, _, length in chords) == pytest.approx(64 * song.BEAT)
    for one, other in itertools.pairwise(chords):
        assert one[1] + one[2] == pytest.approx(other[1])


def test_it_is_the_same_every_time(rendered: Path, tmp_path: Path) -> None:
    song.render(tmp_path / "again.mp3")
    assert (tmp_path / "again.mp3").read_bytes() == rendered.read_bytes()
