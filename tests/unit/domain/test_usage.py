"""What covers came to: who is counted where, and which part of an estimate bought something."""

from dataclasses import replace
from decimal import Decimal

import pytest
from reprise.domain.advance import begin
from reprise.domain.create import create, enqueue
from reprise.domain.facts import Accepted, Broke, CancelAsked, Fact, Kept, Refused, Unknown, Via
from reprise.domain.job import ErrorClass, Failure, Job, Leg, OwnReason, ProviderError, Stage, State
from reprise.domain.observe import observe
from reprise.domain.usage import Part, Sums, add_up, spendings

from tests.factories import NOW, a_file, a_progress, a_request

CHEAP, DEAR = Leg("cheap", 0.06), Leg("dear", 0.195)
BUSY = ProviderError(ErrorClass.RETRY_LATER, "500", "busy")
WRONG = ProviderError(ErrorClass.CONTENT_REFUSED, "413", "no")


def begun(*legs: Leg) -> Job:
    made = create("a" * 32, "owner", a_request(providers=()), legs or (CHEAP,), NOW)
    return begin(enqueue(made, NOW).job, NOW).job


def after(job: Job, *facts: Fact) -> Job:
    for fact in facts:
        job = observe(job, fact, NOW).job
    return job


def kept(number: int, attempt: int = 1) -> Kept:
    return Kept(attempt, number, 0, a_file(number))


def money(job: Job) -> dict[tuple[str, str], float]:
    """What is not zero."""
    found: dict[tuple[str, str], Decimal] = {}
    for provider, part, usd in spendings(job):
        found[provider, part] = found.get((provider, part), Decimal(0)) + usd
    return {place: float(usd) for place, usd in found.items() if usd}


DONE = (Accepted(1, "task-1"), a_progress(Stage.COMPLETE, 1, 2), kept(1), kept(2))


def test_what_bought_takes_is_delivered() -> None:
    job = after(begun(), *DONE)
    assert job.state is State.SUCCEEDED
    assert money(job) == {("cheap", Part.DELIVERED): 0.06}


@pytest.mark.parametrize(
    "facts",
    [
        (Accepted(1, "task-1"), Broke(1, Via.CALLBACK, WRONG)),
        (Broke(1, Via.CALLBACK, WRONG),),
        (Accepted(1, "task-1"), CancelAsked()),
    ],
)
def test_what_was_taken_and_made_no_music_is_undelivered(facts: tuple[Fact, ...]) -> None:
    assert money(after(begun(), *facts)) == {("cheap", Part.UNDELIVERED): 0.06}


@pytest.mark.parametrize("facts", [(), (Unknown(1, "time-out"),), (Accepted(1, "task-1"),), (CancelAsked(),)])
def test_what_is_under_way_or_not_known_to_be_taken_is_open(facts: tuple[Fact, ...]) -> None:
    assert money(after(begun(), *facts)) == {("cheap", Part.OPEN): 0.06}


def test_what_nobody_answered_stays_open_after_the_end() -> None:
    unknown = Failure(OwnReason.SUBMIT_UNKNOWN, "nobody can say", retryable=True)
    assert money(replace(begun(), state=State.FAILED, failure=unknown)) == {("cheap", Part.OPEN): 0.06}


def test_what_was_refused_costs_nothing() -> None:
    assert money(after(begun(), Refused(1, WRONG))) == {}


def test_a_provider_that_was_turned_from_keeps_its_price_if_it_had_taken_the_job() -> None:
    second = begin(after(begun(CHEAP, DEAR), Accepted(1, "task-1"), Broke(1, Via.CALLBACK, BUSY)), NOW).job
    assert money(after(second, Accepted(2, "task-2"))) == {
        ("cheap", Part.UNDELIVERED): 0.06,
        ("dear", Part.OPEN): 0.195,
    }


def test_one_that_had_refused_has_none() -> None:
    second = begin(after(begun(CHEAP, DEAR), Refused(1, BUSY)), NOW).job
    assert money(after(second, Accepted(2, "task-2"))) == {("dear", Part.OPEN): 0.195}


def test_one_that_had_refused_and_took_it_all_the_same_has_its_price_again() -> None:
    second = begin(after(begun(CHEAP, DEAR), Refused(1, BUSY)), NOW).job
    told = after(second, Accepted(1, "task-1"), Accepted(2, "task-2"))
    assert money(told) == {("cheap", Part.UNDELIVERED): 0.06, ("dear", Part.OPEN): 0.195}


def test_a_cover_counts_once_for_its_last_provider_and_money_for_whoever_was_asked() -> None:
    turned = begin(after(begun(CHEAP, DEAR), Accepted(1, "task-1"), Broke(1, Via.CALLBACK, BUSY)), NOW).job
    sums = add_up([turned, after(begun(), *DONE), after(begun(), Refused(1, WRONG)), after(begun(), CancelAsked())])
    assert sums["dear"] == Sums(covers=1, under_way=1, open=Decimal("0.195"))
    assert sums["cheap"] == Sums(
        covers=3,
        succeeded=1,
        failed=1,
        canceled=1,
        takes=2,
        seconds=60.0,
        delivered=Decimal("0.06"),
        undelivered=Decimal("0.06"),
        open=Decimal("0.06"),
    )
    assert sums["cheap"].estimated == Decimal("0.18")


def test_no_covers_are_nothing() -> None:
    assert add_up([]) == {}
