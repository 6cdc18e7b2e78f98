"""What a wish in words does, and what is said about it."""

from typing import Any

import pytest

from studio.style import Style, styles
from studio.wish import Wish
from studio.words import Understood, understand


def asked(style: str, negative: str = "") -> Understood:
    return understand(Wish(style=style, negative=negative))


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("dreamy lo-fi with soft piano", "lo-fi"),
        ("LoFi beats to study to", "lo-fi"),
        ("smoky jazz, please", "jazz-trio"),
        ("a bossa nova version", "bossa-nova"),
        ("80s neon synthwave", "synthwave"),
        ("epic film soundtrack", "orchestral"),
        ("like an old video game", "8-bit"),
        ("a lullaby for the baby", "music-box"),
        ("viennese waltz", "waltz"),
        ("dub from jamaica", "reggae"),
        ("campfire song", "folk"),
        ("funky", "funk"),
        ("punk", "rock"),
        ("meditation music", "ambient-pads"),
        ("sentimental ballad", "piano-ballad"),
        ("soft piano", "piano-ballad"),
    ],
)
def test_words_find_their_style(words: str, name: str) -> None:
    assert asked(words).style.name == name


@pytest.mark.parametrize("style", styles().values(), ids=lambda one: one.name)
def test_each_style_is_found_by_each_of_its_words(style: Style) -> None:
    for word in (*style.words, style.title, style.name):
        assert asked(word).style.name == style.name, word


def test_an_unknown_wish_gets_the_studio_s_choice_and_is_told_so() -> None:
    found = asked("zydeco klezmer")
    assert found.style.name == "lo-fi"
    assert "studio's choice" in found.said[0]
    assert found.ignored == ("zydeco", "klezmer")


def test_part_of_a_word_is_not_the_word() -> None:
    assert asked("rocket popcorn").ignored == ("rocket", "popcorn")


def test_a_tempo_is_taken_by_number_and_by_word() -> None:
    usual = styles()["jazz-trio"].tempo
    assert asked("jazz at 132 bpm").style.tempo == (132, 132)
    assert asked("slow jazz").style.tempo[1] < usual[1]
    assert asked("very fast jazz").style.tempo[0] > usual[0]
    assert asked("jazz 999 bpm").style.tempo == usual


def test_moods_change_the_sound() -> None:
    usual = styles()["jazz-trio"].sound
    dreamy = asked("dreamy jazz").style
    assert dreamy.name == "jazz-trio"
    assert dreamy.sound.room > usual.room
    assert asked("vintage jazz").style.sound.crackle > 0
    assert asked("clean lo-fi").style.sound.crackle == 0


def test_a_named_instrument_leads() -> None:
    lead = asked("lo-fi with trumpet").style.part[0]
    assert lead.play == "lead"
    assert lead.program[0] == 56
    assert "lead: trumpet" in asked("lo-fi with trumpet").said


def test_a_synthetic_style_says_that_it_has_no_piano() -> None:
    found = asked("8-bit with piano")
    assert found.style.synthetic
    assert any("not played" in one for one in found.said)


@pytest.mark.parametrize(
    ("style", "negative"), [("lo-fi, no drums", ""), ("lo-fi without drums", ""), ("lo-fi", "drums, vocals")]
)
def test_unwanted_parts_are_left_out(style: str, negative: str) -> None:
    found = asked(style, negative)
    assert found.style.name == "lo-fi"
    assert "drums" not in {part.name for part in found.style.part}
    assert "left out: drums" in found.said


def test_an_unwanted_lead_is_played_by_another() -> None:
    lead = asked("jazz", "saxophone").style.part[0]
    assert lead.play == "lead"
    assert lead.program
    assert not set(lead.program) & {64, 65, 66, 67}


def test_leaving_out_what_is_not_there_is_told() -> None:
    assert any("anyway" in one for one in asked("piano ballad", "drums").said)


def test_without_a_soundfont_only_synthetic_styles_are_offered() -> None:
    names = tuple(name for name, one in styles().items() if one.synthetic)
    assert understand(Wish(style="jazz"), names).style.synthetic
    assert understand(Wish(style="ambient"), names).style.name == "ambient-pads"


@pytest.mark.parametrize("values", [{"pitch": 13}, {"weirdness": 1.1}, {"style_weight": -0.1}, {"audio_weight": 2}])
def test_a_wish_has_limits(values: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=next(iter(values))):
        Wish(**values)
