"""Styles are pages of numbers: every page must make sense, and a slip must be told, not played."""

from pathlib import Path

import pytest

from studio import fonts, kit, synth
from studio.band import DRUM_KEYS, LOUD
from studio.soundfont import SoundFont
from studio.style import Style, read, styles

each = pytest.mark.parametrize("style", styles().values(), ids=lambda one: one.name)


def lines(style: Style) -> list[tuple[str, str, int]]:
    """(what plays it, line, steps it should have)"""
    found = []
    for part in style.part:
        for rhythms, steps in ((part.four, 16), (part.three, 12)):
            for rhythm in rhythms:
                every = rhythm.values() if isinstance(rhythm, dict) else [rhythm]
                found += [(part.play, line, steps) for line in every]
    return found


def test_there_are_enough_and_some_need_no_font() -> None:
    assert len(styles()) >= 12
    assert sum(style.synthetic for style in styles().values()) >= 3


@each
def test_every_line_fills_its_bar_with_signs_that_mean_something(style: Style) -> None:
    signs = {"comp": set("Xx"), "arp": set("12345678"), "bass": set("R358a"), "drums": set(LOUD)}
    for play, line, steps in lines(style):
        assert len(line) == steps, line
        assert set(line) <= signs[play] | set(".-"), line
        assert line[0] != "-"


@each
def test_two_takes_have_two_leads_and_three_four_is_never_silent(style: Style) -> None:
    leads = [part for part in style.part if part.play == "lead"]
    assert len(leads) == 1
    assert len(set(leads[0].program)) >= 2
    assert any(part.three for part in style.part)
    assert style.metre == 3 or any(part.four for part in style.part)


@each
def test_numbers_are_in_their_range(style: Style) -> None:
    assert 40 <= style.tempo[0] < style.tempo[1] <= 220
    assert 0.5 <= style.swing < 0.75
    assert set(style.colour) <= {"triad", "seventh", "ninth", "power", "open"}
    for part in style.part:
        assert -1 <= part.pan <= 1
        assert 0 <= part.wet <= 1
        assert -30 <= part.level <= 0
        for rhythm in (*part.four, *part.three):
            assert not isinstance(rhythm, dict) or set(rhythm) <= set(DRUM_KEYS)


@each
def test_every_program_exists(style: Style) -> None:
    path = fonts.find()
    assert path is not None
    font = SoundFont(path)
    for part in style.part:
        for program in part.program:
            if isinstance(program, str):
                assert program in synth.patches() or program in kit.NAMES
            else:
                assert program in font.programs


def test_no_two_styles_claim_a_word() -> None:
    words = [word for style in styles().values() for word in style.words]
    assert len(words) == len(set(words))


PAGE = """
title = "Mine"
about = "A page of numbers."
words = ["mine"]
tempo = [90, 110]
[[part]]
name = "lead"
play = "lead"
program = [0, 1]
"""


def test_a_musician_s_own_page_is_read(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(PAGE)
    assert read(path).name == "mine"
    assert read(path).part[0].program == (0, 1)


@pytest.mark.parametrize(("slip", "told"), [("tempoo = 3", "tempoo"), ("[sound]\nrome = 1", "rome")])
def test_a_slip_of_the_pen_is_told(tmp_path: Path, slip: str, told: str) -> None:
    path = tmp_path / "slip.toml"
    path.write_text(f"{slip}\n{PAGE}" if "[" not in slip else f"{PAGE}\n{slip}")
    with pytest.raises(ValueError, match=told):
        read(path)


def test_a_part_that_nobody_can_play_is_told(tmp_path: Path) -> None:
    path = tmp_path / "slip.toml"
    path.write_text(PAGE.replace('play = "lead"', 'play = "kazoo"'))
    with pytest.raises(ValueError, match="play is one of"):
        read(path)
