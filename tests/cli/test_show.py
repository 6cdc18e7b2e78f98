"""How long something has been there, in words; and that nothing from outside gives orders to the terminal."""

import pytest

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
