import numpy as np
import pytest

from bench.metrics.harmony import chords_right, key_score, spans
from bench.metrics.rhythm import beats_found, tempo_related, tempo_right
from bench.score import Harmony

BEATS = [0.3 + 0.5 * i for i in range(33)]
CHORDS = [(0.0, 2.0, "C:maj"), (2.0, 4.0, "A:min"), (4.0, 8.0, "G:maj")]


def test_the_beats_themselves_are_perfect() -> None:
    assert beats_found(BEATS, BEATS).counted == 1


def test_beats_a_tenth_late_are_all_wrong() -> None:
    assert beats_found(BEATS, [beat + 0.1 for beat in BEATS]).counted == 0


def test_every_second_beat_is_two_thirds_as_counted_and_perfect_as_half_time() -> None:
    heard = beats_found(BEATS, BEATS[1::2])
    assert heard.counted == pytest.approx(2 * 16 / (33 + 16))
    assert heard.any_level == 1


def test_three_taps_a_beat_are_perfect_as_a_finer_level() -> None:
    taps = np.arange(BEATS[0], BEATS[-1] + 1e-6, 0.5 / 3)
    assert beats_found(BEATS, list(taps)).any_level == pytest.approx(1)


def test_no_beats_find_nothing_and_no_truth_is_an_error() -> None:
    assert beats_found(BEATS, []).any_level == 0
    with pytest.raises(ValueError, match="one beat"):
        beats_found([1.0], BEATS)


def test_tempo_is_right_within_four_per_cent_and_related_at_another_level() -> None:
    assert tempo_right(100, 103.9)
    assert not tempo_right(100, 104.5)
    assert not tempo_right(100, 200)
    assert tempo_related(100, 200)
    assert tempo_related(60, 180)
    assert not tempo_related(100, 120)


def test_chords_are_right_by_their_share_of_time() -> None:
    assert chords_right(CHORDS, CHORDS) == 1
    assert chords_right(CHORDS, [(0.0, 8.0, "G:maj")]) == 0.5
    assert chords_right(CHORDS, [(0.0, 8.0, "G:min")]) == 0
    assert chords_right(CHORDS, []) == 0


def test_time_without_a_chord_heard_is_wrong() -> None:
    assert chords_right(CHORDS, [(4.0, 8.0, "G:maj")]) == 0.5
    assert chords_right(CHORDS, [(0.0, 2.0, "C:maj"), (6.0, 8.0, "G:maj")]) == 0.5


def test_a_seventh_is_its_triad() -> None:
    assert chords_right([(0.0, 1.0, "G:maj")], [(0.0, 1.0, "G:7")]) == 1


def test_harmony_is_labelled_in_sharps() -> None:
    assert spans([Harmony(0, 1, 6, True), Harmony(1, 2, 0, False)]) == [(0, 1, "F#:min"), (1, 2, "C:maj")]


@pytest.mark.parametrize(
    ("heard", "score"), [((0, False), 1), ((7, False), 0.5), ((9, True), 0.3), ((0, True), 0.2), ((1, False), 0)]
)
def test_a_key_near_by_counts_in_part(heard: tuple[int, bool], score: float) -> None:
    assert key_score(0, False, *heard) == score
