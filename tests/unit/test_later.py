"""What costs much to load is made with its first use, once, and speaks for itself."""

import pytest
from reprise.later import later


class Costly:
    made = 0

    def __init__(self) -> None:
        Costly.made += 1

    def said(self, word: str) -> str:
        return f"{word}!"


@pytest.fixture(autouse=True)
def none_yet() -> None:
    Costly.made = 0


def test_nothing_is_made_before_it_is_used() -> None:
    later(Costly)
    assert Costly.made == 0


def test_it_is_made_once_and_answers_as_itself() -> None:
    costly = later(Costly)
    assert [costly.said("yes"), costly.said("no")] == ["yes!", "no!"]
    assert Costly.made == 1


def test_what_cannot_be_made_says_why() -> None:
    def fails() -> Costly:
        raise AttributeError("no such library")

    with pytest.raises(AttributeError, match="no such library"):
        later(fails).said("yes")
