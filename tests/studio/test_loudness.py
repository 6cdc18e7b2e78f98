"""The meter against the standard's own filters run over samples, and the limiter against the meter."""

import numpy as np
import pytest
from scipy.signal import lfilter

from studio import limiter, loudness
from studio.model import Wave

RATE = 48000


def standard(mix: Wave) -> float:
    """BS.1770 as written: two recursive filters, blocks of 0.4 s every 0.1 s, two gates."""
    shelved = lfilter(
        [1.53512485958697, -2.69169618940638, 1.19839281085285], [1, -1.69065929318241, 0.73248077421585], mix
    )
    weighted = lfilter([1, -2, 1], [1, -1.99004745483398, 0.99007225036621], shelved)
    size, step = round(0.4 * RATE), round(0.1 * RATE)
    power = np.array(
        [(weighted[:, at : at + size] ** 2).mean(axis=1).sum() for at in range(0, mix.shape[1] - size + 1, step)]
    )
    level = -0.691 + 10 * np.log10(power + 1e-12)
    power, level = power[level > -70], level[level > -70]
    return float(-0.691 + 10 * np.log10(power[level > -0.691 + 10 * np.log10(power.mean()) - 10].mean()))


def music(seconds: float = 6.0) -> Wave:
    moment = np.arange(round(seconds * RATE)) / RATE
    random = np.random.default_rng(3)
    tones = sum(np.sin(2 * np.pi * hertz * moment) for hertz in (55, 220, 880, 3520))
    swell = 0.1 + 0.3 * (np.sin(2 * np.pi * moment / 3) > 0)
    return np.stack([tones * swell * 0.2, random.normal(0, 0.05, moment.size)]).astype(np.float32)


def test_a_sine_reads_as_the_standard_says() -> None:
    sine = np.sin(2 * np.pi * 997 * np.arange(5 * RATE) / RATE).astype(np.float32)
    assert loudness.lufs(sine[None], RATE) == pytest.approx(-3.01, abs=0.1)


def test_the_short_cut_agrees_with_the_filters() -> None:
    assert loudness.lufs(music(), RATE) == pytest.approx(standard(music()), abs=0.2)


def test_silence_has_a_floor() -> None:
    assert loudness.lufs(np.zeros((2, RATE), np.float32), RATE) == loudness.SILENT


def test_a_peak_between_samples_is_seen() -> None:
    sine = np.sin(2 * np.pi * RATE / 4 * np.arange(RATE) / RATE + np.pi / 4).astype(np.float32)
    assert np.abs(sine).max() == pytest.approx(0.7071, abs=1e-3)
    assert loudness.true_peak(sine[None]) == pytest.approx(0.0, abs=0.2)


@pytest.mark.parametrize("gain", [0.01, 0.3, 3.0])
def test_any_mix_is_brought_to_the_target_under_the_ceiling(gain: float) -> None:
    loud = limiter.mastered(music() * np.float32(gain), RATE)
    assert loudness.lufs(loud, RATE) == pytest.approx(limiter.TARGET, abs=0.7)
    assert loudness.true_peak(loud) <= -1.5


def test_a_lone_peak_is_held_down_and_the_rest_left_alone() -> None:
    mix = np.full((2, RATE), 0.1, np.float32)
    mix[:, RATE // 2] = 2.0
    limited = mix.copy()
    assert limiter.limited(limited)
    assert np.abs(limited).max() <= limiter.CEILING
    assert np.array_equal(limited[:, : RATE // 4], mix[:, : RATE // 4])


def test_silence_stays_silence() -> None:
    assert not limiter.mastered(np.zeros((2, RATE), np.float32), RATE).any()


def test_a_mix_whose_peaks_are_low_is_measured_once(monkeypatch: pytest.MonkeyPatch) -> None:
    measured: list[float] = []
    lufs = loudness.lufs

    def counted(mix: Wave, rate: int) -> float:
        measured.append(lufs(mix, rate))
        return measured[-1]

    monkeypatch.setattr(loudness, "lufs", counted)
    level = np.sin(2 * np.pi * 500 * np.arange(6 * RATE) / RATE).astype(np.float32) * np.float32(0.02)
    mastered = limiter.mastered(np.stack([level, level]), RATE)
    assert len(measured) == 1
    assert lufs(mastered, RATE) == pytest.approx(limiter.TARGET, abs=0.01)
