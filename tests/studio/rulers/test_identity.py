import numpy as np
import pytest

from bench.metrics.identity import chroma, likeness, longest, rank
from bench.score import Wave, hertz

RATE = 22_050


def song(seed: int, *, semitones: int = 0, pace: float = 1.0, notes: int = 48, partials: int = 4) -> Wave:
    """A walk over a scale, from a seed."""
    steps = np.random.default_rng(seed).integers(-3, 4, notes).cumsum()
    scale = (0, 2, 4, 5, 7, 9, 11)
    moment = np.arange(round(0.5 * pace * RATE)) / RATE
    parts = []
    for step in map(int, steps):
        pitch = 64 + semitones + scale[step % 7] + 12 * max(min(step // 7, 1), -1)
        wave = sum(np.sin(2 * np.pi * hertz(pitch) * k * moment) / k**2 for k in range(1, partials + 1))
        parts.append(wave * np.exp(-2 * moment))
    return np.asarray(np.concatenate(parts), np.float32)


SONGS = [chroma(song(seed), RATE) for seed in range(8)]


def test_a_tone_has_its_own_pitch_class() -> None:
    moment = np.arange(2 * RATE) / RATE
    for pitch in range(57, 69):
        frames = chroma(np.asarray(np.sin(2 * np.pi * hertz(pitch) * moment), np.float32), RATE)
        assert set(frames.argmax(axis=1)) == {pitch % 12}


def test_a_diagonal_is_as_long_as_it_is() -> None:
    assert longest(np.eye(30, dtype=bool)) == 30
    assert longest(np.zeros((30, 30), dtype=bool)) == 0
    assert longest(np.fliplr(np.eye(30, dtype=bool))) == 1


def test_half_tempo_is_followed() -> None:
    slow = np.zeros((20, 40), dtype=bool)
    slow[np.arange(20), 2 * np.arange(20)] = True
    assert longest(slow) == 20


def test_an_interruption_costs_what_it_says() -> None:
    gap = np.eye(40, dtype=bool)
    gap[20, 20] = False
    assert longest(gap) == 20 - 0.5 + 19 or longest(gap) == 20 - 5 + 19


def test_a_song_is_most_like_itself() -> None:
    for own, frames in enumerate(SONGS):
        assert rank(frames, SONGS, own) == 1


def test_another_key_is_found_and_named() -> None:
    moved = chroma(song(3, semitones=5), RATE)
    found = likeness(moved, SONGS[3])
    assert found.semitones == 5
    assert rank(moved, SONGS, 3) == 1


def test_another_tempo_and_another_tone_are_forgiven() -> None:
    assert rank(chroma(song(5, pace=0.93, partials=8), RATE), SONGS, 5) == 1


def test_a_stranger_ranks_no_song_first_by_a_margin() -> None:
    stranger = chroma(song(99), RATE)
    best = max(likeness(one, stranger).score for one in SONGS)
    assert likeness(SONGS[0], SONGS[0]).score > 1.5 * best


def test_a_draw_is_lost() -> None:
    assert rank(SONGS[0], [SONGS[0], SONGS[0]], 0) == 2


def test_too_short_is_an_error() -> None:
    with pytest.raises(ValueError, match="one window"):
        chroma(np.zeros(100, np.float32), RATE)
    with pytest.raises(ValueError, match="shorter than"):
        likeness(SONGS[0][:5], SONGS[1])
