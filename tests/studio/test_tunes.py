from collections import Counter
from fractions import Fraction

import pytest

from bench.tunes import everything, held_out, held_out_titles, tuning
from bench.tunes.abc import AbcError, Tone, Tune, tunes
from bench.tunes.split import group

HEAD = "T:Test\nC:x\nO:x\nN:x\nM:{metre}\nL:1/4\nQ:100\nK:{key}\n"
SCALES = {
    "": (0, 2, 4, 5, 7, 9, 11),
    "m": (0, 2, 3, 5, 7, 8, 10, 11),
    "Dor": (0, 2, 3, 5, 7, 9, 10, 11),
    "Mix": (0, 2, 4, 5, 7, 9, 10),
}
CHROMATIC = {"In the Hall of the Mountain King": 0.75}


def read(body: str, metre: str = "4/4", key: str = "C") -> Tune:
    return tunes(HEAD.format(metre=metre, key=key) + body)[0]


def pitches(body: str, key: str = "C") -> list[int]:
    return [tone.pitch for tone in read('"C"' + body, key=key).tones]


def lengths(body: str) -> list[Fraction]:
    return [tone.length for tone in read('"C"' + body).tones]


def test_letters_are_pitches_and_marks_are_octaves() -> None:
    assert pitches("CcC,c'|") == [60, 72, 48, 84]


@pytest.mark.parametrize(
    ("key", "heard"),
    [("C", [65, 71]), ("G", [66, 71]), ("F", [65, 70]), ("Em", [66, 71]), ("DDor", [65, 71]), ("DMix", [66, 71])],
)
def test_a_key_has_its_signature(key: str, heard: list[int]) -> None:
    assert pitches("F2B2|", key) == heard


def test_an_accidental_lasts_for_its_bar_and_its_octave() -> None:
    assert pitches("^CCc=C|C4|") == [61, 61, 72, 60, 60]


def test_lengths_broken_rhythm_and_triplets() -> None:
    assert lengths("C2D/E3/|") == [2, Fraction(1, 2), Fraction(3, 2)]
    assert lengths("C>DE<F|") == [Fraction(3, 2), Fraction(1, 2), Fraction(1, 2), Fraction(3, 2)]
    assert lengths("(3CDEF2|") == [Fraction(2, 3)] * 3 + [2]


def test_a_tie_makes_one_note_and_a_rest_makes_none() -> None:
    assert read('"C"C4-|C2z2|').tones == (Tone(Fraction(0), Fraction(6), 60),)


def test_a_pick_up_is_what_the_last_bar_lacks() -> None:
    assert read('"C"C|CDEF|CDE|').pick_up == 1
    with pytest.raises(AbcError, match="pick-up"):
        read('"C"C|CDEF|CDEF|')


@pytest.mark.parametrize(
    "body", ['"C"CDE|CDEF|CDEF|CDEF|', '"C"CDEF|CDE|CDEF|', '"C"CD?F|', '"C"C4-|D4|', '"H"C4|', "C4|"]
)
def test_what_is_wrong_is_an_error(body: str) -> None:
    with pytest.raises(AbcError):
        read(body)


def test_six_eighths_are_counted_in_two() -> None:
    assert read('"C"C3|', metre="6/8").beat == Fraction(3, 2)
    assert read('"C"C3|', metre="3/4").beat == 1


def test_there_are_enough_of_every_kind() -> None:
    assert len(everything()) >= 44
    kinds = Counter(group(tune)[0] for tune in everything())
    modes = Counter(tune.mode for tune in everything())
    assert min(kinds["three"], kinds["compound"]) >= 12
    assert modes["m"] >= 10
    assert modes["Dor"] >= 3
    assert modes["Mix"] >= 2
    assert sum(tune.pick_up > 0 for tune in everything()) >= 16
    assert sum(any(tone.length.denominator % 3 == 0 for tone in tune.tones) for tune in everything()) >= 2


def test_titles_are_unique_and_every_tune_says_why_it_is_free() -> None:
    assert len({tune.title for tune in everything()}) == len(everything())
    assert all(tune.maker and tune.origin and tune.why_free for tune in everything())


def test_the_halves_are_equal_in_every_kind() -> None:
    assert held_out_titles() <= {tune.title for tune in everything()}
    assert abs(len(tuning()) - len(held_out())) <= 1
    ours, theirs = Counter(map(group, tuning())), Counter(map(group, held_out()))
    assert all(abs(ours[kind] - theirs[kind]) <= 1 for kind in ours | theirs)


@pytest.mark.parametrize("tune", everything(), ids=lambda tune: tune.title)
def test_a_tune_stays_in_its_key_and_in_reach(tune: Tune) -> None:
    total = sum(tone.length for tone in tune.tones)
    inside = sum(tone.length for tone in tune.tones if (tone.pitch - tune.tonic) % 12 in SCALES[tune.mode])
    assert inside / total >= CHROMATIC.get(tune.title, 0.9)
    heard = [tone.pitch for tone in tune.tones]
    assert min(heard) >= 55
    assert max(heard) <= 88
    assert max(heard) - min(heard) <= 26
    assert 8 <= float(tune.length) * 60 / tune.tempo <= 90


@pytest.mark.parametrize("tune", everything(), ids=lambda tune: tune.title)
def test_the_chords_carry_the_tune(tune: Tune) -> None:
    """Half of its time at least is a note of the chord below it."""
    inside = Fraction(0)
    for tone in tune.tones:
        chord = [change for change in tune.changes if change.start <= tone.start][-1]
        triad = {chord.root, (chord.root + (3 if chord.minor else 4)) % 12, (chord.root + 7) % 12}
        inside += tone.length * (tone.pitch % 12 in triad)
    assert inside / sum(tone.length for tone in tune.tones) >= 0.5
