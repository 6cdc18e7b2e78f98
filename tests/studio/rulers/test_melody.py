import numpy as np
import pytest

from bench.metrics.melody import Kept, notes_kept, pitch_accuracy
from bench.score import Note, hertz, track

SCALE = tuple(Note(0.5 * i, 0.5 * i + 0.4, pitch) for i, pitch in enumerate((60, 62, 64, 65, 67, 69, 71, 72)))
F0 = track(SCALE, 4.0)


def test_the_truth_itself_is_perfect() -> None:
    assert notes_kept(SCALE, SCALE) == Kept(1.0, 1.0, 1.0)


def test_half_the_notes_give_full_precision_and_half_recall() -> None:
    kept = notes_kept(SCALE, SCALE[::2])
    assert (kept.precision, kept.recall) == (1.0, 0.5)
    assert kept.f1 == pytest.approx(2 / 3)


@pytest.mark.parametrize(
    ("semitones", "seconds", "f1"),
    [(0, 0.09, 1), (0, -0.09, 1), (0, 0.11, 0), (0, -0.11, 0), (0.45, 0, 1), (-0.55, 0, 0), (12, 0, 0), (1, 0, 0)],
)
def test_a_note_counts_within_a_tenth_of_a_second_and_half_a_semitone(
    semitones: float, seconds: float, f1: float
) -> None:
    assert notes_kept(SCALE, [one.moved(semitones=semitones, seconds=seconds) for one in SCALE]).f1 == f1


def test_ends_do_not_matter() -> None:
    assert notes_kept(SCALE, [Note(one.start, one.start + 0.02, one.pitch) for one in SCALE]).f1 == 1


def test_a_note_played_twice_is_found_once() -> None:
    doubled = [*SCALE, *(one.moved(seconds=0.02) for one in SCALE)]
    assert notes_kept(SCALE, doubled).precision == 0.5


def test_nothing_heard_is_nothing_kept_and_nothing_to_hear_is_an_error() -> None:
    assert notes_kept(SCALE, []) == Kept(0, 0, 0)
    with pytest.raises(ValueError, match="without notes"):
        notes_kept([], SCALE)
    with pytest.raises(ValueError, match="without pitch"):
        pitch_accuracy(np.zeros(9), SCALE)


def test_a_track_has_the_pitch_of_its_notes_and_rests_between() -> None:
    assert F0[5] == hertz(60)
    assert F0[45] == 0
    assert np.count_nonzero(F0) == 8 * 40


def test_pitch_accuracy_counts_voiced_time_only() -> None:
    assert pitch_accuracy(F0, SCALE).pitch == 1
    half = [Note(one.start, one.start + 0.2, one.pitch) for one in SCALE]
    assert pitch_accuracy(F0, half).pitch == pytest.approx(0.5)
    assert pitch_accuracy(F0, []).pitch == 0


@pytest.mark.parametrize(
    ("semitones", "pitch", "chroma"), [(0.4, 1, 1), (0.6, 0, 0), (12, 0, 1), (-24, 0, 1), (5, 0, 0)]
)
def test_an_octave_is_forgiven_by_chroma_alone(semitones: float, pitch: float, chroma: float) -> None:
    heard = pitch_accuracy(F0, [one.moved(semitones=semitones) for one in SCALE])
    assert (heard.pitch, heard.chroma) == (pitch, chroma)


def test_a_track_too_short_is_silence_after_its_end() -> None:
    assert pitch_accuracy(F0, F0[: F0.size // 2]).pitch == 0.5
