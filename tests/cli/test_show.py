"""How long something has been there, in words; and that nothing from outside gives orders to the terminal."""

import pytest
from rich.cells import cell_len
from rich.console import Console

from cli import show
from cli.show import age, plain


@pytest.mark.parametrize(
    ("seconds", "told"),
    [
        (-3, "0 s"),
        (59.9, "59 s"),
        (60, "1 min"),
        (3599, "59 min"),
        (3600, "1 h 0 min"),
        (86399, "23 h 59 min"),
        (13 * 86400 + 7200, "13 d 2 h"),
    ],
)
def test_an_age_has_two_units_at_most(seconds: float, told: str) -> None:
    assert age(seconds) == told


@pytest.mark.parametrize("evil", ["\x1b", "\x07", "\r", "\x00", "\x7f", "\x9b", "\u202e", "\u2066", "\u2028", "\udcff"])
def test_what_gives_orders_to_a_terminal_is_seen_and_not_obeyed(evil: str) -> None:
    assert plain(f"a{evil}b") == "a\N{REPLACEMENT CHARACTER}b"


@pytest.mark.parametrize("kind", ["Ёлка", "שלום", "日本", "é", "👩\u200d🎤", "verse\n\tchorus", "[red]"])
def test_letters_of_every_script_stay_as_they_are(kind: str) -> None:
    assert plain(kind) == kind


@pytest.mark.parametrize("width", [100, 80, 60, 20])
def test_an_id_is_one_word_on_a_terminal_of_any_width_and_no_column_is_lost(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], width: int
) -> None:
    monkeypatch.setattr(show, "out", lambda: Console(width=width, force_terminal=True, color_system=None))
    ids = [f"{number:032x}" for number in (1, 2)]
    rows = [(one, "succeeded", "complete", "aimusicapi", "Harbour Fog - lo-fi jazz", "5 h 10 min ago") for one in ids]
    show.table(("ID", "STATE", "STAGE", "PROVIDER", "NAME", "MADE"), rows)
    told = capsys.readouterr().out
    words = told.split()
    assert [one for one in words if one.startswith("0000")] == ids
    assert {"succeeded", "complete", "aimusicapi", "Harbour", "MADE"} <= set(words)
    assert max(map(len, told.splitlines())) <= max(width, 80)


@pytest.mark.parametrize("title", ["x" * 300, "日本" * 60, ""])
def test_a_title_without_blanks_does_not_widen_a_table(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], title: str
) -> None:
    monkeypatch.setattr(show, "out", lambda: Console(width=80, force_terminal=True, color_system=None))
    show.table(("ID", "NAME"), [("0" * 32, title)])
    told = capsys.readouterr().out
    assert max(map(cell_len, told.splitlines())) <= 80
    assert sum(told.count(letter) for letter in set(title)) == len(title)
