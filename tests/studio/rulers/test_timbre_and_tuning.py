import numpy as np
import pytest

from bench.metrics.timbre import timbre, told_apart
from bench.metrics.tuning import cents_off, heard_pitch, partial_off
from bench.score import Wave, hertz

RATE = 44_100
MOMENT = np.arange(RATE) / RATE


def tone(pitch: float, slope: float = 1.0, partials: int = 12) -> Wave:
    order = np.arange(1, partials + 1)
    order = order[order * hertz(pitch) < RATE / 2]
    wave = np.sum([np.sin(2 * np.pi * hertz(pitch) * k * MOMENT + k) / k**slope for k in order], axis=0)
    return np.asarray(0.1 * wave, np.float32)


@pytest.mark.parametrize("pitch", [28, 33.2, 40, 52, 60, 69.4, 81, 93, 100])
@pytest.mark.parametrize("slope", [0.7, 2.0, 6.0])
def test_a_tone_is_heard_at_its_pitch_within_eight_cents(pitch: float, slope: float) -> None:
    assert cents_off(tone(pitch, slope), RATE, pitch) == pytest.approx(0, abs=8)


def test_a_tone_of_forty_cents_too_much_is_told() -> None:
    assert cents_off(tone(60.4), RATE, 60) == pytest.approx(40, abs=3)
    assert cents_off(tone(59.5), RATE, 60, octaves=True) == pytest.approx(-50, abs=3)


def test_an_octave_is_forgiven_only_on_request() -> None:
    assert cents_off(tone(72), RATE, 60) == pytest.approx(1200, abs=3)
    assert cents_off(tone(72), RATE, 60, octaves=True) == pytest.approx(0, abs=3)


def test_a_missing_fundamental_is_heard() -> None:
    wave = np.sum([np.sin(2 * np.pi * 110 * k * MOMENT) for k in range(2, 8)], axis=0)
    assert cents_off(np.asarray(wave, np.float32), RATE, 45) == pytest.approx(0, abs=5)


def test_noise_and_silence_have_no_pitch() -> None:
    noise = np.random.default_rng(1).normal(0, 0.1, RATE).astype(np.float32)
    assert heard_pitch(noise, RATE) is None
    assert heard_pitch(np.zeros(RATE, np.float32), RATE) is None
    assert cents_off(noise, RATE, 60, octaves=True) == float("inf")


def test_loudness_and_stereo_do_not_matter() -> None:
    wave = tone(64)
    assert heard_pitch(np.stack([wave, wave]) * np.float32(0.01), RATE) == pytest.approx(64, abs=0.05)


@pytest.mark.parametrize("pitch", [40, 64, 80])
def test_the_silence_after_a_short_note_is_no_part_of_it(pitch: float) -> None:
    muted = np.where(MOMENT < 0.3, tone(pitch), 0) * np.exp(-20 * MOMENT)
    rest = np.asarray(np.concatenate([muted, np.zeros(RATE)]), np.float32)
    assert cents_off(rest, RATE, pitch) == pytest.approx(0, abs=8)


def bell(pitch: float, partials: tuple[float, ...]) -> Wave:
    wave = np.sum([np.sin(2 * np.pi * hertz(pitch) * ratio * MOMENT) for ratio in partials], axis=0)
    return np.asarray(0.1 * wave * np.exp(-3 * MOMENT), np.float32)


def test_a_bell_is_judged_by_its_partials() -> None:
    assert partial_off(bell(72.1, (1, 2.756, 5.404)), RATE, 72) == pytest.approx(10, abs=3)
    assert partial_off(bell(72, (2, 2.94, 4)), RATE, 72) == pytest.approx(0, abs=3)
    assert abs(partial_off(bell(72.6, (1, 2.756, 5.404)), RATE, 72)) > 35
    assert partial_off(bell(77, (1, 2.756, 5.404)), RATE, 72) == float("inf")
    assert partial_off(np.zeros(RATE, np.float32), RATE, 72) == float("inf")


def melody(seed: int, slope: float) -> Wave:
    pitches = np.random.default_rng(seed).integers(55, 79, 20)
    return np.concatenate([tone(float(pitch), slope)[: RATE // 4] for pitch in pitches])


COVERS = [(f"{slope}", f"{seed}", timbre(melody(seed, slope), RATE)) for slope in (0.5, 1.5, 4.0) for seed in range(4)]


def test_timbre_follows_the_instrument_not_the_tune() -> None:
    styles, songs, timbres = zip(*COVERS, strict=True)
    assert told_apart(timbres, styles, songs) == 1


def test_where_all_styles_sound_alike_they_are_not_told_apart() -> None:
    """The tune alone decides then, and it says: the same song."""
    random = np.random.default_rng(7)
    centre = {song: random.normal(0, 1, 60) for _, song, _ in COVERS}
    styles, songs, _ = zip(*COVERS, strict=True)
    assert told_apart([centre[song] + random.normal(0, 0.1, 60) for song in songs], styles, songs) == 0


def test_one_style_alone_measures_nothing() -> None:
    with pytest.raises(ValueError, match="two songs in two styles"):
        told_apart([np.zeros(3), np.ones(3)], ["a", "a"], ["1", "2"])
