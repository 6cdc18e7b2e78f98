"""The schedule: how many attempts, how far apart, and who may ask for more time."""

from datetime import timedelta

import pytest
from reprise.domain.attempts import (
    INTERRUPTED,
    MOST_LOGGED,
    MOST_TRIES,
    PAUSES,
    Attempt,
    Log,
    Posted,
    closed,
    opened,
    pause,
)

from tests.factories import NOW

BUSY = Posted(500)


def test_there_are_ten_attempts_and_more_over_three_days_and_more() -> None:
    assert MOST_TRIES == 11
    assert sum(PAUSES) == 272_165
    assert timedelta(seconds=sum(PAUSES)) > timedelta(hours=72)


@pytest.mark.parametrize("tries", range(1, MOST_TRIES))
def test_chance_makes_a_pause_up_to_a_fifth_longer_and_never_shorter(tries: int) -> None:
    planned = timedelta(seconds=PAUSES[tries - 1])
    assert pause(tries, BUSY, 0.0) == planned
    assert pause(tries, "no answer", 0.5) == planned * 1.1
    assert planned < pause(tries, BUSY, 0.999) < planned * 1.2


@pytest.mark.parametrize(
    ("status", "seconds"), [(429, 600), (502, 600), (504, 600), (500, 300), (503, 300), (404, 300)]
)
def test_who_is_overloaded_is_given_twice_the_time(status: int, seconds: int) -> None:
    assert pause(3, Posted(status), 0.0) == timedelta(seconds=seconds)


@pytest.mark.parametrize(
    ("asked", "seconds"), [(None, 60), (0, 60), (59, 60), (61, 61), (86_400, 86_400), (10**9, 86_400)]
)
def test_who_asks_for_time_is_given_up_to_a_day(asked: int | None, seconds: int) -> None:
    assert pause(2, Posted(503, asked), 0.0) == timedelta(seconds=seconds)


def test_an_attempt_that_nobody_closed_was_interrupted_and_the_numbers_go_on() -> None:
    log = opened(opened((), NOW), NOW + timedelta(seconds=30))
    assert [(one.number, one.reason) for one in log] == [(1, INTERRUPTED), (2, None)]


def test_a_closed_attempt_has_an_answer_or_a_reason_and_its_time() -> None:
    log = opened((), NOW)
    later = NOW + timedelta(milliseconds=213)
    assert closed(log, Posted(500, None, "oops"), later) == (Attempt(1, NOW, 500, 213, "oops"),)
    assert closed(log, "no answer", later) == (Attempt(1, NOW, None, 213, "", "no answer"),)


def test_a_log_keeps_the_newest() -> None:
    log: Log = ()
    for _ in range(MOST_LOGGED + 5):
        log = closed(opened(log, NOW), BUSY, NOW)
    assert [one.number for one in log] == list(range(6, MOST_LOGGED + 6))
