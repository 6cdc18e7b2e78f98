"""The circuit breaker: what opens it, how long it stays open, and what closes it."""

from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import pytest
from reprise.domain import health as breaker
from reprise.domain.facts import Accepted, Refused, Unknown
from reprise.domain.health import OPEN_FOR, OPEN_LONGEST, OPENS_AFTER, PROBE_FOR, Health, after, learnt, probing
from reprise.domain.job import ErrorClass, ProviderError

from tests.factories import NOW, SOON

Outcome = Accepted | Refused | Unknown
TIMED_OUT = Unknown(1, "time-out")
TOOK_IT = Accepted(1, "task-1")


def refused(kind: ErrorClass) -> Refused:
    return Refused(1, ProviderError(kind, "402", "the vendor's words"))


def heard(*outcomes: Outcome, health: Health | None = None) -> Health:
    known = health or Health()
    for outcome in outcomes:
        known = after(known, outcome, NOW)
    return known


TROUBLE = [
    refused(ErrorClass.AUTH),
    refused(ErrorClass.NO_CREDIT),
    refused(ErrorClass.RETRY_LATER),
    refused(ErrorClass.AMBIGUOUS),
    TIMED_OUT,
]


@pytest.mark.parametrize("trouble", TROUBLE)
def test_it_opens_at_the_third_trouble_in_a_row_and_not_before(trouble: Outcome) -> None:
    twice = heard(trouble, trouble)
    assert (twice.failures, twice.passed_over(NOW), twice.half_open) == (2, False, False)
    thrice = heard(trouble, health=twice)
    assert (OPENS_AFTER, thrice.failures, thrice.passed_over(SOON)) == (3, 3, True)


def test_troubles_of_different_kinds_count_together_and_the_last_one_is_named() -> None:
    mixed = heard(TIMED_OUT, refused(ErrorClass.NO_CREDIT), refused(ErrorClass.AUTH))
    assert mixed.passed_over(SOON)
    assert mixed.reason == "auth (402)"


@pytest.mark.parametrize("kind", [ErrorClass.FIX_REQUEST, ErrorClass.CONTENT_REFUSED, ErrorClass.SOURCE_UNFETCHABLE])
def test_a_refusal_that_is_the_wishs_own_fault_shows_a_provider_in_good_health(kind: ErrorClass) -> None:
    assert heard(TIMED_OUT, TIMED_OUT, refused(kind)) == Health()


def test_being_busy_says_nothing_about_health() -> None:
    before = heard(TIMED_OUT, TIMED_OUT)
    assert heard(refused(ErrorClass.RATE_LIMITED), health=before) == before


def test_success_in_between_begins_the_count_anew() -> None:
    assert heard(TIMED_OUT, TIMED_OUT, TOOK_IT, TIMED_OUT, TIMED_OUT).open_until is None


def test_success_closes_it_and_what_was_learnt_stays() -> None:
    opened = heard(TIMED_OUT, TIMED_OUT, TIMED_OUT, health=Health(typical=80.0, version=4))
    assert heard(TOOK_IT, health=opened) == Health(typical=80.0, version=4)


def test_it_is_half_open_once_its_time_is_over() -> None:
    opened = heard(*[TIMED_OUT] * 3)
    edge = NOW + OPEN_FOR
    assert opened.passed_over(edge - timedelta(microseconds=1))
    assert (opened.passed_over(edge), opened.half_open) == (False, True)


def test_while_one_job_tries_it_the_others_pass_it_over() -> None:
    later = NOW + OPEN_FOR
    tried = probing(heard(*[TIMED_OUT] * 3), later)
    assert tried.passed_over(later + PROBE_FOR - timedelta(seconds=1))
    assert not tried.passed_over(later + PROBE_FOR)


def test_each_failed_try_opens_it_for_twice_as_long_up_to_a_quarter_of_an_hour() -> None:
    minutes = []
    for failures in range(3, 30):
        health = heard(*[TIMED_OUT] * failures)
        assert health.open_until is not None
        minutes.append((health.open_until - NOW) / timedelta(minutes=1))
    assert minutes[:6] == [1, 2, 4, 8, 15, 15]
    assert set(minutes[5:]) == {OPEN_LONGEST / timedelta(minutes=1)}


def test_of_what_the_vendor_said_no_word_is_kept() -> None:
    """Every caller is told the reason, and vendors repeat what another caller sent them."""
    assert heard(Unknown(1, "500: cannot read https://songs.example/unreleased.mp3")).reason == "no certain answer"


def test_the_first_cover_sets_the_typical_time_and_each_later_one_moves_it_a_fifth_of_the_way() -> None:
    first = learnt(Health(), 100)
    assert (first.typical, learnt(first, 200).typical) == (100, 120.0)


def test_what_is_learnt_leaves_the_breaker_alone() -> None:
    opened = heard(*[TIMED_OUT] * 3)
    assert replace(learnt(opened, 50), typical=None) == opened


def test_the_third_trouble_opens_it_and_so_does_each_after_it_but_nothing_else() -> None:
    healths = [heard(*[TIMED_OUT] * failures) for failures in range(5)]
    assert [breaker.opened(*pair) for pair in pairwise(healths)] == [False, False, True, True]
    assert not breaker.opened(healths[3], healths[3])
    assert not breaker.opened(healths[3], probing(healths[3], NOW + OPEN_FOR))
    assert not breaker.opened(healths[3], heard(TOOK_IT, health=healths[3]))
    assert not breaker.opened(healths[3], learnt(healths[3], 50))
