import numpy as np
import pytest

from bench.metrics.tuning import yin
from bench.refusals import RATE, SECONDS, Clip, melodic, refused
from bench.tunes import held_out, tuning

REFUSED = refused("tuning")
MELODIC = melodic(tuning())


def test_there_are_thirty_of_each_and_no_two_alike() -> None:
    assert len(REFUSED) == len(MELODIC) == len(melodic(held_out())) == 30
    assert len({clip.name for clip in (*REFUSED, *MELODIC, *melodic(held_out()))}) == 90


@pytest.mark.parametrize("clip", [*REFUSED[:22:3], REFUSED[-1], *MELODIC[:5]], ids=lambda clip: clip.name)
def test_a_clip_is_whole_and_the_same_each_time(clip: Clip) -> None:
    wave = clip.make()
    assert wave.shape == (1, round(SECONDS * RATE))
    assert np.all(np.isfinite(wave))
    assert np.abs(wave).max() <= 1
    assert np.array_equal(wave, clip.make())


def test_the_halves_are_different_noises() -> None:
    ours, theirs = ({clip.name: clip for clip in refused(half)} for half in ("tuning", "held-out"))
    assert not np.array_equal(ours["white noise"].make(), theirs["white noise"].make())


def test_speech_has_a_voice_that_does_not_settle() -> None:
    """Voiced for a good part of the time, but seldom on one pitch for a fifth of a second."""
    speech = next(clip for clip in REFUSED if clip.name.startswith("speech 4")).make()[0]
    found, roughness = yin(speech, RATE)
    voiced = roughness < 0.25
    assert 0.3 < np.mean(voiced) < 0.8
    semitones = 12 * np.log2(found)
    settled = [np.ptp(semitones[i : i + 10]) < 0.6 and bool(voiced[i : i + 10].all()) for i in range(found.size - 10)]
    assert np.mean(settled) < 0.15
