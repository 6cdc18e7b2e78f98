"""How long something has been there, in words."""

import pytest

from cli.show import age


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
