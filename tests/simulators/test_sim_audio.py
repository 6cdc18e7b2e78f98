"""Takes are made from the song that was sent, differ audibly, and are as long as they should be."""

import itertools
import time
from typing import Any

import numpy as np
import pytest

from simulators import audio
from tests.simulators.kit import samples, song

STYLES = ["lo-fi", "8-bit", "jazz", "rock", "ambient", "techno", "piano", ""]
RATE = 22_050


def spectrum(made: bytes) -> np.ndarray[Any, Any]:
    """Mean power in third-octave bands, in dB, level taken out."""
    wave = samples(made, RATE)
    frames = np.lib.stride_tricks.sliding_window_view(wave, 2048)[::1024] * np.hanning(2048)
    power = (np.abs(np.fft.rfft(frames)) ** 2).mean(axis=0)
    frequencies = np.fft.rfftfreq(2048, 1 / RATE)
    edges = 100 * 2 ** (np.arange(20) / 3)
    bands = [power[(frequencies >= low) & (frequencies < high)].sum() for low, high in itertools.pairwise(edges)]
    levels = 10 * np.log10(np.array(bands) + 1e-9)
    return np.asarray(levels - levels.mean())


def pitch(made: bytes) -> float:
    """The strongest frequency of the opening note."""
    wave = samples(made, RATE)[1000:5000]
    power = np.abs(np.fft.rfft(wave * np.hanning(len(wave)), 1 << 16))
    return float(np.fft.rfftfreq(1 << 16, 1 / RATE)[int(np.argmax(power))])


@pytest.fixture(scope="module")
def source() -> bytes:
    return song(3.0)


@pytest.mark.parametrize("style", STYLES)
def test_the_two_takes_differ_audibly_from_each_other_and_from_the_source(source: bytes, style: str) -> None:
    takes = [audio.cover(source, style, take) for take in (0, 1)]
    for one, other in itertools.combinations([source, *takes], 2):
        distance = float(np.abs(spectrum(one) - spectrum(other)).mean())
        assert distance > 2, f"only {distance:.1f} dB apart"


@pytest.mark.parametrize("take", [0, 1])
def test_a_take_is_the_song_that_was_sent_in_another_key(source: bytes, take: int) -> None:
    semitones, _ = audio.shift("", take)
    assert pitch(source) == pytest.approx(440, rel=0.01)
    assert pitch(audio.cover(source, "", take)) == pytest.approx(440 * 2 ** (semitones / 12), rel=0.02)


@pytest.mark.parametrize("style", ["lo-fi", "ambient", "piano"])
def test_a_take_is_as_long_as_the_song_by_its_tempo(source: bytes, style: str) -> None:
    for take in (0, 1):
        wanted = 3.0 / audio.shift(style, take)[1]
        assert wanted - 0.1 < audio.seconds(audio.cover(source, style, take)) < wanted + 0.7  # echoes may ring


def test_other_style_words_make_another_colour(source: bytes) -> None:
    made = [spectrum(audio.cover(source, style, 0)) for style in ("lo-fi", "8-bit", "rock", "techno")]
    for one, other in itertools.combinations(made, 2):
        assert float(np.abs(one - other).mean()) > 1


@pytest.mark.parametrize("style", STYLES)
def test_the_same_song_and_style_make_the_same_take(style: str) -> None:
    short = song(0.5)
    for take in (0, 1):
        assert len({audio.cover(short, style, take) for _ in range(4)}) == 1


def test_a_take_is_loud_enough_and_not_clipped(source: bytes) -> None:
    for style in STYLES:
        wave = samples(audio.cover(source, style, 1))
        assert float(np.sqrt((wave**2).mean())) > 0.02
        assert float(np.abs(wave).max()) <= 1.05


def test_a_minute_of_song_takes_a_moment() -> None:
    long = song(60)
    begun = time.process_time()
    made = audio.cover(long, "lo-fi jazz", 1)
    assert time.process_time() - begun < 4
    assert audio.seconds(made) == pytest.approx(60 / audio.shift("lo-fi jazz", 1)[1], abs=0.7)


@pytest.mark.parametrize("junk", [b"", b"<html></html>", b"\x00" * 5000, song(1.0)[:40]])
def test_what_is_not_audio_is_said_to_be_none(junk: bytes) -> None:
    with pytest.raises(audio.NotAudioError):
        audio.seconds(junk)
