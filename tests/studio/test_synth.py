"""The studio's own sounds: in tune, in time, silent when they should be."""

import numpy as np
import pytest

from studio import kit, synth
from studio.model import Note
from tests.studio.songs import hertz

RATE = 44100


@pytest.mark.parametrize("patch", sorted(synth.patches()))
@pytest.mark.parametrize("pitch", [48, 60, 72, 84])
def test_a_patch_is_in_tune(patch: str, pitch: int) -> None:
    sound = synth.render([Note(0, 1.0, pitch)], patch, RATE).mean(axis=0)
    wanted = 440 * 2 ** ((pitch - 69) / 12)
    partials = hertz(sound[2000:20000], RATE) / wanted
    nearest = max(round(partials * 2) / 2, 0.5)
    assert abs(1200 * np.log2(partials / nearest)) < 35


@pytest.mark.parametrize("patch", sorted(synth.patches()))
def test_a_patch_ends_in_silence_and_without_a_click(patch: str) -> None:
    sound = synth.render([Note(0.1, 0.8, 60)], patch, RATE, seconds=4.0)
    assert np.abs(sound[:, :4000]).max() == 0
    end = 0.8 + synth.patches()[patch].release + 0.01
    assert np.abs(sound[:, round(end * RATE) :]).max() == 0
    assert np.abs(np.diff(sound[:, round(0.79 * RATE) :])).max() <= 1.05 * np.abs(np.diff(sound)).max()


def test_nothing_folds_back_over_the_top() -> None:
    sound = synth.render([Note(0, 1.0, 100)], "pulse25", RATE)[0, 4000:20384]
    spectrum = np.abs(np.fft.rfft(sound * np.hanning(sound.size)))
    base = 440 * 2 ** ((100 - 69) / 12)
    places = np.arange(spectrum.size) * RATE / sound.size
    off = np.abs(places / base - np.round(places / base)) > 0.2
    assert spectrum[off].max() < 0.02 * spectrum.max()


@pytest.mark.parametrize("name", kit.NAMES)
@pytest.mark.parametrize("key", [36, 37, 38, 39, 42, 46, 47, 49])
def test_each_drum_sounds_and_dies_away(name: str, key: int) -> None:
    sound = kit.render([Note(0, 0.1, key)], name, RATE, seconds=2.0)
    assert np.abs(sound[:, :4000]).max() > 0.05
    assert np.abs(sound[:, RATE:]).max() == 0


def test_notes_outside_the_time_asked_for_are_left_out() -> None:
    assert not synth.render([Note(5, 6, 60)], "organ", RATE, seconds=1.0).any()
    assert not kit.render([Note(5, 6, 36)], "machine", RATE, seconds=1.0).any()
