import numpy as np
import pytest

from bench.metrics.clicks import clicks
from bench.score import Curve, Wave

RATE = 44_100
MOMENT = np.arange(2 * RATE) / RATE


def tone(hertz: float, partials: int = 6) -> Curve:
    return np.sum([np.sin(2 * np.pi * hertz * k * MOMENT) / k for k in range(1, partials + 1)], axis=0) * 0.3


def ended(wave: Curve, fade_seconds: float, at: float = 1.003) -> Wave:
    gain = np.clip((at - MOMENT) / fade_seconds + 1, 0, 1) if fade_seconds else (at > MOMENT).astype(float)
    return np.asarray(wave * np.where(at + 1 < MOMENT, 0, gain), np.float32)


@pytest.mark.parametrize("hertz", [55, 110, 220, 440, 880])
def test_a_tone_cut_off_clicks(hertz: float) -> None:
    assert clicks(ended(tone(hertz), 0), RATE, [1.003]) == [1.003]


@pytest.mark.parametrize("hertz", [55, 110, 220, 440, 880])
@pytest.mark.parametrize("fade", [0.012, 0.05, 0.3])
def test_a_tone_that_fades_does_not(hertz: float, fade: float) -> None:
    assert clicks(ended(tone(hertz), fade), RATE, [1.003, 1.003 - fade]) == []


@pytest.mark.parametrize("hertz", [65.4, 130.8, 261.6])
@pytest.mark.parametrize("width", [0.125, 0.5])
def test_a_buzzing_tone_does_not_click_while_it_goes_on_nor_when_it_fades(hertz: float, width: float) -> None:
    pulse = 0.3 * np.where((MOMENT * hertz) % 1 < width, 1.0, -1.0)
    assert clicks(np.asarray(pulse, np.float32), RATE, np.arange(0.2, 1.8, 0.05)) == []
    assert clicks(ended(pulse, 0.02), RATE, np.arange(0.95, 1.05, 0.01)) == []


def test_a_tone_cut_off_over_a_bass_that_goes_on_clicks() -> None:
    assert clicks(np.asarray(ended(tone(440), 0) + tone(82), np.float32), RATE, [1.003]) == [1.003]


def test_a_jump_in_one_channel_is_enough() -> None:
    good, bad = ended(tone(220), 0.02), ended(tone(220), 0)
    assert clicks(np.stack([good, bad]), RATE, [1.003]) == [1.003]
    assert clicks(np.stack([good, good]), RATE, [1.003]) == []


def test_steady_sound_noise_and_silence_have_no_clicks() -> None:
    noise = np.random.default_rng(3).normal(0, 0.1, MOMENT.size)
    for wave in (tone(330), noise, tone(330) + 0.1 * noise, np.zeros(MOMENT.size)):
        assert clicks(np.asarray(wave, np.float32), RATE, np.arange(0.1, 1.9, 0.05)) == []


def test_what_is_too_quiet_to_hear_is_no_click() -> None:
    assert clicks(ended(tone(220) * 1e-3, 0), RATE, [1.003]) == []


def test_only_the_times_asked_about_are_looked_at() -> None:
    assert clicks(ended(tone(220), 0), RATE, [0.5, 1.5]) == []
