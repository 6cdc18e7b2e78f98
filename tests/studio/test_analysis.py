"""What is heard in a song that was made here, and what is refused."""

import numpy as np
import pytest

from studio.analysis import analyse
from studio.errors import NoMelodyError, NotAudioError, TooLongError, TooShortError
from studio.model import Analysis, Wave
from tests.studio.songs import BEAT, ODE, RATE, drums, matched, played, tune


@pytest.fixture(scope="module")
def heard() -> Analysis:
    return analyse(played(), RATE)


def test_the_tune_is_found(heard: Analysis) -> None:
    assert matched(tune(), heard.melody) > 0.85
    assert heard.confidence > 0.8


def test_notes_are_in_order_and_one_at_a_time(heard: Analysis) -> None:
    for note, then in zip(heard.melody, heard.melody[1:], strict=False):
        assert note.start < note.end <= then.start + 0.1


def test_the_beat_is_found(heard: Analysis) -> None:
    assert heard.tempo == pytest.approx(60 / BEAT, rel=0.04)
    near = [min(abs(beat - (0.3 + BEAT * at)) for beat in heard.beats) for at in range(len(ODE))]
    assert np.median(near) < 0.05
    assert all(np.diff(heard.beats) > 0)


def test_key_and_chords_are_found(heard: Analysis) -> None:
    assert heard.key.name == "C major"
    assert len(heard.chords) == len(heard.beats)
    names = {chord.name for chord in heard.chords if chord}
    assert names <= {"C", "G", "G7", "Am", "F", "Em"}
    assert {"C", "G"} <= {name.removesuffix("7") for name in names}
    assert heard.metre == 4


def test_another_key_is_heard_in_another_key() -> None:
    assert analyse(played(3), RATE).key.name == "Eb major"


def test_the_same_sound_is_heard_the_same(heard: Analysis) -> None:
    assert analyse(played(), RATE) == heard


def test_a_sung_middle_is_heard_through_a_wide_band() -> None:
    sound = played()
    noise = np.random.default_rng(1).normal(0, 0.1, (1, sound.shape[1])).astype(np.float32)
    wide = sound + np.concatenate([noise, -noise])
    assert matched(tune(), analyse(wide, RATE).melody) > 0.7


def noise(kind: str) -> Wave:
    random = np.random.default_rng(7)
    white = random.normal(0, 0.2, 12 * RATE)
    made = {
        "silence": np.zeros(12 * RATE),
        "nearly silence": white * 1e-4,
        "white": white,
        "brown": np.cumsum(white) / np.abs(np.cumsum(white)).max(),
        "bursts": white * ((np.arange(white.size) / RATE % 0.5) < 0.1),
        "hum": 0.4 * np.sin(2 * np.pi * 50 * np.arange(12 * RATE) / RATE),
        "one tone": 0.4 * np.sin(2 * np.pi * 440 * np.arange(12 * RATE) / RATE),
        "drums": drums().mean(axis=0),
    }
    return np.asarray(made[kind], np.float32)


@pytest.mark.parametrize("kind", ["silence", "nearly silence", "white", "brown", "bursts", "hum", "one tone", "drums"])
def test_what_has_no_tune_gets_none_invented(kind: str) -> None:
    with pytest.raises(NoMelodyError):
        analyse(noise(kind), RATE)


def test_lengths_have_limits() -> None:
    with pytest.raises(TooShortError):
        analyse(played()[:, : 4 * RATE], RATE)
    with pytest.raises(TooLongError):
        analyse(np.zeros((1, 8 * 60 * RATE + RATE), np.float32), RATE)


def test_samples_that_are_no_numbers_are_refused() -> None:
    with pytest.raises(NotAudioError):
        analyse(np.full((1, 6 * RATE), np.nan, np.float32), RATE)
