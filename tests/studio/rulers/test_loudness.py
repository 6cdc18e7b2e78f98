"""The signals of EBU Tech 3341 (loudness meters) and the tone of ITU-R BS.1770, whose answers are published."""

import numpy as np
import pytest

from bench.metrics.loudness import loudness, true_peak
from bench.score import Wave

RATES = (44_100, 48_000)


def sine(hertz: float, decibels: float, seconds: float, rate: int, phase: float = 0.0) -> Wave:
    moment = np.arange(round(seconds * rate)) / rate
    return np.asarray(10 ** (decibels / 20) * np.sin(2 * np.pi * hertz * moment + phase), np.float32)


def stereo(parts: list[tuple[float, float]], rate: int) -> Wave:
    """A tone of 1 kHz in both channels, part by part: decibels and seconds."""
    one = np.concatenate([sine(1000, decibels, seconds, rate) for decibels, seconds in parts])
    return np.stack([one, one])


@pytest.mark.parametrize("rate", RATES)
def test_a_full_tone_of_997_hertz_in_one_channel_is_three_decibels_down(rate: int) -> None:
    assert loudness(sine(997, 0, 20, rate), rate) == pytest.approx(-3.01, abs=0.02)


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize(
    ("parts", "lufs"),
    [
        ([(-23, 20)], -23),
        ([(-33, 20)], -33),
        ([(-36, 10), (-23, 60), (-36, 10)], -23),
        ([(-72, 10), (-36, 10), (-23, 60), (-36, 10), (-72, 10)], -23),
        ([(-26, 20), (-20, 20.1), (-26, 20)], -23),
    ],
)
def test_the_tones_of_tech_3341_read_as_published(parts: list[tuple[float, float]], lufs: float, rate: int) -> None:
    assert loudness(stereo(parts, rate), rate) == pytest.approx(lufs, abs=0.1)


def test_low_notes_weigh_less_and_high_ones_more() -> None:
    low, middle, high = (loudness(sine(hertz, -20, 3, 48_000), 48_000) for hertz in (40, 1000, 8000))
    assert low < middle - 4
    assert high == pytest.approx(middle + 3.3, abs=0.3)


def test_silence_has_no_loudness_and_no_peak() -> None:
    silence = np.zeros((2, 48_000), np.float32)
    assert loudness(silence, 48_000) == true_peak(silence, 48_000) == float("-inf")


def test_what_is_shorter_than_a_block_has_no_loudness() -> None:
    assert loudness(sine(1000, 0, 0.3, 48_000), 48_000) == float("-inf")


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize(
    ("share", "degrees", "amplitude", "dbtp"),
    [(4, 0, 0.5, -6), (4, 45, 0.5, -6), (6, 60, 0.5, -6), (8, 67.5, 0.5, -6), (4, 45, 1.41, 3)],
)
def test_peaks_between_the_samples_are_seen(
    share: int, degrees: float, amplitude: float, dbtp: float, rate: int
) -> None:
    tone = sine(rate / share, 20 * np.log10(amplitude), 1, rate, np.radians(degrees))
    fade = np.minimum(1, np.minimum(np.arange(tone.size), np.arange(tone.size)[::-1]) / (0.1 * rate))
    assert dbtp - 0.4 <= true_peak(np.asarray(tone * fade, np.float32), rate) <= dbtp + 0.2


def test_the_sample_peak_would_have_missed_it() -> None:
    tone = sine(12_000, 0, 1, 48_000, np.pi / 4)
    assert 20 * np.log10(np.abs(tone).max()) == pytest.approx(-3.01, abs=0.01)
    assert true_peak(tone, 48_000) > -0.4
