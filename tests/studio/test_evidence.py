import numpy as np

from bench.fit import Moments, fitted, placed, true_states
from studio import evidence, melody
from studio.model import Curve
from studio.posterior import FRAME, LOWEST, Posterior
from studio.spectrum import LOW_MIDI

FRAMES = 172
PITCHES = evidence.SILENT


def nothing() -> Posterior:
    return Posterior(np.zeros((FRAMES, 88)), np.zeros((FRAMES, 88)), np.zeros((FRAMES, 264), np.float32))


def strike(heard: Posterior, pitch: int, at: int, sounding: Curve) -> None:
    heard.notes[at : at + sounding.size, pitch - LOWEST] = sounding
    heard.onsets[at : at + 2, pitch - LOWEST] = 0.95


def tune(heard: Posterior) -> list[int]:
    """MIDI pitches by frame, 0 where it rests; every pitch that sounds is as loud as any other."""
    loud = np.where(heard.notes[:, evidence.FIRST : evidence.FIRST + PITCHES] > 0.1, 0.0, -30.0)
    path = melody.follow(evidence.evidence(heard, loud))
    return [0 if state == evidence.SILENT else int(state) + LOW_MIDI for state in path]


def test_a_struck_note_is_the_tune_until_it_has_died_away() -> None:
    heard = nothing()
    strike(heard, 72, 10, 0.9 * np.exp(-np.arange(100) / 40))
    found = tune(heard)
    assert found[12:50] == [72] * 38
    assert found[-20:] == [0] * 20


def test_of_two_pitches_the_one_that_glides_is_the_tune() -> None:
    heard = nothing()
    for pitch in (60, 64):
        strike(heard, pitch, 5, np.full(150, 0.7))
    heard.contour[:, 3 * (64 - LOWEST) + 1] = 0.8
    sway = np.sin(2 * np.pi * 5.5 * FRAME * np.arange(FRAMES))
    for third in (-1, 1):
        heard.contour[:, 3 * (60 - LOWEST) + 1 + third] = 0.4 * (1 + third * sway)
    assert set(tune(heard)[20:80]) == {60}
    heard.contour[:] = 0
    assert set(tune(heard)[20:80]) == {64}


def test_the_register_is_where_most_moments_of_the_tune_lie() -> None:
    found = np.zeros((100, PITCHES + 1))
    found[:60, 70 - LOW_MIDI] = found[60:90, 74 - LOW_MIDI] = found[90:, evidence.SILENT] = 1.0
    middle, width = evidence.register(found)
    assert middle == 70
    assert 2 < width < 5


def test_a_breath_is_no_rest_for_the_fit_and_a_long_silence_is() -> None:
    f0 = np.full(400, 440.0)
    f0[100:110] = f0[200:300] = 0
    states = true_states(f0, round(4 / FRAME))
    at = [int(states[round(second / FRAME)]) for second in (0.5, 1.05, 2.5, 3.5)]
    assert at == [69 - LOW_MIDI, -1, evidence.SILENT, 69 - LOW_MIDI]


def test_the_fit_finds_the_weights_that_the_truth_was_drawn_with() -> None:
    random = np.random.default_rng(5)
    clues = random.normal(0, 1, (4000, PITCHES, 2)).astype(np.float32)
    rest = np.ones((4000, 1), np.float32)
    chances = np.concatenate([clues @ np.array([2.0, -1.0]), 3.0 * rest], axis=1)
    truth = (chances + random.gumbel(0, 1, chances.shape)).argmax(axis=1)
    one = Moments(clues, rest, truth)
    pitches, silence = fitted([one])
    assert np.allclose(pitches, [2.0, -1.0], atol=0.1)
    assert np.allclose(silence, [3.0], atol=0.2)
    assert placed(one, pitches, silence).pitches.shape == (4000, PITCHES, 4)
