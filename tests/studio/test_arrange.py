"""The score: what a seed, a take, a style and the numbers of a wish change in it, and what they must not."""

from dataclasses import replace

import numpy as np
import pytest

from studio import grid, lead
from studio.arrange import arrange
from studio.model import Analysis, Chord, Key, Note
from studio.score import Score
from studio.style import styles
from studio.wish import Wish

BEATS = tuple(0.5 + 0.5 * number for number in range(64))
CHORDS = (
    tuple(Chord(root, kind) for root, kind in ((0, "maj"), (9, "min"), (5, "maj"), (7, "maj")) for _ in range(4)) * 4
)
SCALE = (60, 62, 64, 65, 67, 69, 71, 72)
MELODY = tuple(Note(beat, beat + 0.45, SCALE[number % 8], 0.8) for number, beat in enumerate(BEATS))
HEARD = Analysis(33.0, BEATS, 120.0, 4, 0, Key(0, False), CHORDS, MELODY, 0.9)
IN_THREE = replace(HEARD, metre=3)

each = pytest.mark.parametrize("name", styles())


def score(
    name: str = "lo-fi", wish: Wish | None = None, seed: str = "s", take: int = 0, heard: Analysis = HEARD
) -> Score:
    return arrange(heard, styles()[name], wish or Wish(), seed, take)


def pitches(one: Score) -> list[int]:
    return [round(note.pitch) for note in one.lead]


@each
def test_the_same_seed_gives_the_same_score(name: str) -> None:
    assert score(name) == score(name)


@each
def test_two_takes_differ_in_lead_tempo_and_band(name: str) -> None:
    one, two = score(name), score(name, take=1)
    assert one.tempo > two.tempo
    assert one.tracks[0].program != two.tracks[0].program
    assert [track.notes for track in one.tracks[1:]] != [track.notes for track in two.tracks[1:]]


@each
@pytest.mark.parametrize("heard", [HEARD, IN_THREE], ids=["four", "three"])
def test_a_singer_has_a_band_and_two_takes_of_it_whatever_the_metre(name: str, heard: Analysis) -> None:
    """What follows a singer keeps the song's own metre: a waltz, too, has to play in four."""
    takes = [score(name, Wish(instrumental=False), heard=heard, take=take) for take in (0, 1)]
    bands = [[(track.program, track.notes) for track in take.tracks if track.part.play != "lead"] for take in takes]
    assert all(sum(len(notes) for _, notes in band) >= len(BEATS) for band in bands)
    assert bands[0] != bands[1]


def test_another_seed_plays_otherwise_but_the_same_tune() -> None:
    assert score(seed="a") != score(seed="b")
    assert pitches(score(wish=Wish(weirdness=0), seed="a")) == pitches(score(wish=Wish(weirdness=0), seed="b"))


@each
@pytest.mark.parametrize("heard", [HEARD, IN_THREE], ids=["four", "three"])
def test_the_tune_is_kept_note_for_note(name: str, heard: Analysis) -> None:
    played = np.array(pitches(score(name, Wish(weirdness=0), heard=heard)))
    assert played.size == len(MELODY)
    moved = played - np.array([note.pitch for note in MELODY])
    assert np.ptp(moved) == 0
    assert moved[0] % 12 == 0


@each
@pytest.mark.parametrize("heard", [HEARD, IN_THREE], ids=["four", "three"])
def test_all_notes_are_playable(name: str, heard: Analysis) -> None:
    one = score(name, heard=heard)
    for track in one.tracks:
        for note in track.notes:
            assert 0 <= note.start < note.end <= one.seconds + 1, track.part.name
            assert 20 <= note.pitch <= 110
            assert 0 < note.strength <= 1


@each
def test_chords_and_basses_belong_to_what_was_heard(name: str) -> None:
    one = score(name, Wish(weirdness=0))
    for track in one.tracks:
        if track.part.play == "bass":
            roots = {note.pitch % 12 for note in track.notes}
            assert {0, 9, 5, 7} <= roots


def test_pitch_moves_everything() -> None:
    up = score("8-bit", Wish(pitch=3, weirdness=0))
    assert {p % 12 for p in pitches(up)} == {(p + 3) % 12 for p in pitches(score("8-bit", Wish(weirdness=0)))}
    roots = {round(note.pitch) % 12 for track in up.tracks if track.part.play == "bass" for note in track.notes}
    assert {3, 0, 8, 10} <= roots


def test_style_weight_draws_the_tempo_to_the_style() -> None:
    heavy, light = score("reggae", Wish(style_weight=1)), score("reggae", Wish(style_weight=0))
    low, high = styles()["reggae"].tempo
    assert low <= heavy.tempo <= high
    assert light.tempo in (pytest.approx(120), pytest.approx(60))


def test_weirdness_ornaments_and_tameness_does_not() -> None:
    assert len(score(wish=Wish(weirdness=1)).lead) > len(score(wish=Wish(weirdness=0)).lead) == len(MELODY)


def test_a_kept_voice_has_the_source_s_beat_and_no_lead() -> None:
    one = score(wish=Wish(instrumental=False))
    assert one.grid.times[: len(BEATS)] == BEATS
    assert one.lead == ()


def test_audio_that_stays_keeps_the_source_s_beat() -> None:
    assert score(wish=Wish(audio_weight=0.5)).grid.times[: len(BEATS)] == BEATS


def test_a_waltz_bends_four_into_three() -> None:
    one = score("waltz", Wish(weirdness=0))
    gaps = np.diff([note.start for note in one.lead])
    assert gaps[0] == pytest.approx(2 * gaps[1], rel=0.1)
    assert one.grid.metre == 3


def test_swing_delays_the_off_beat_and_not_the_beat() -> None:
    swung, straight = (grid.steady(HEARD, 120, swing, False) for swing in (0.66, 0.5))
    assert swung.seconds(3) == straight.seconds(3)
    assert swung.seconds(3.5) - straight.seconds(3.5) == pytest.approx(0.08)


def test_half_time_makes_bars_of_eight() -> None:
    bars = grid.steady(HEARD, 120, 0.5, False, beat=2).bars()
    assert np.diff(bars).tolist() == [8] * (len(bars) - 1)


def test_an_upbeat_lies_before_the_first_bar() -> None:
    place = grid.steady(replace(HEARD, downbeat=1), 120, 0.5, False)
    assert place.bars()[:2] == [-3, 1]


def test_positions_go_on_evenly_outside_the_beats() -> None:
    assert grid.positions(HEARD, np.array([0.0, 0.5, 0.75, 33.0])).tolist() == pytest.approx([-1, 0, 0.5, 65])


def test_notes_are_pulled_to_the_grid_by_as_much_as_is_asked() -> None:
    late = replace(HEARD, melody=(Note(2.06, 2.4, 60), Note(3.0, 3.4, 62)))
    place = grid.steady(HEARD, 120, 0.5, False, lead_in=0)
    starts = [lead.placed(late, place, snap, 0)[0].start for snap in (0.0, 1.0)]
    assert starts == pytest.approx([1.56, 1.5], abs=0.001)


def test_a_low_tune_is_lifted_by_octaves() -> None:
    assert {note.pitch for note in lead.in_range([Note(0, 1, 40)], 0)} == {64}
