"""What was read a moment ago: never older than was promised."""

from datetime import timedelta

from reprise.memory import MemoryClock
from reprise.remembered import Remembered

from tests.factories import NOW


class Counted:
    """Answers how often it was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, ...]] = []
        self.clock = MemoryClock(NOW)
        self.known = Remembered(self._read, timedelta(seconds=5), self.clock)

    def _read(self, *what: str) -> int:
        self.asked.append(what)
        return len(self.asked)


def test_what_was_read_is_known_until_its_life_is_over() -> None:
    one = Counted()
    found = []
    for _ in range(4):
        found.append(one.known("owner"))
        one.clock.sleep(2.5)
    assert found == [1, 1, 2, 2]


def test_each_question_has_an_answer_of_its_own() -> None:
    one = Counted()
    assert [one.known("owner", "job"), one.known("label", "job"), one.known("owner", "job")] == [1, 2, 1]
    assert one.asked == [("owner", "job"), ("label", "job")]


def test_a_slow_read_is_as_old_as_its_beginning() -> None:
    """What was stored while it went on may be missing in it."""
    one = Counted()
    read = one.known._read

    def slowly(*what: str) -> int:
        found = read(*what)
        one.clock.sleep(4)
        return found

    one.known._read = slowly
    one.known("owner")
    one.clock.sleep(1)
    assert one.known("owner") == 2


def test_a_clock_that_is_put_back_keeps_nothing_alive() -> None:
    one = Counted()
    one.known("owner")
    one.clock.sleep(-1)
    assert one.known("owner") == 2


def test_a_read_that_failed_is_not_remembered() -> None:
    one = Counted()

    def fails(*what: str) -> int:
        raise ConnectionError("no table")

    read, one.known._read = one.known._read, fails
    try:
        one.known("owner")
    except ConnectionError:
        one.known._read = read
    assert one.known("owner") == 1
