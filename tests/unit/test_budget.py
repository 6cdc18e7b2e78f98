"""A key's monthly budget: put by with the job, kept through switches, given back for what was not bought."""

from dataclasses import dataclass, field, replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reprise.domain.assess import SourceFacts
from reprise.domain.facts import Accepted, Broke, CancelAsked, Fact, Refused, Unknown, Via
from reprise.domain.job import Change, ErrorClass, Job, ProviderError, Stage, State
from reprise.domain.purse import Purse, money
from reprise.domain.request import Source, WhenUnknown
from reprise.errors import BudgetSpentError, ConflictError
from reprise.memory import MemoryCovers, MemoryJobs
from reprise.ports import Claim, Claimed, Found
from reprise.usecases.manage import Manage
from reprise.usecases.record import PATIENCE_WITH_AN_ANSWER
from reprise.usecases.store import MOST_RACES, store
from reprise.usecases.submit import LONGEST_LOOK

from tests.factories import NOW, a_progress, a_request
from tests.unit.test_choose import House, refused

KEY, MONTH = "0123456789ab", "2026-11"
DOWN = ProviderError(ErrorClass.RETRY_LATER, "500", "the vendor's words")
BROKE = Broke(1, Via.CALLBACK, DOWN)


class Payer(House):
    """The shops `a` (0.05 USD), `b` (0.1, one slot) and `c` (0.2), and one key with a budget."""

    def __init__(self, limit: float) -> None:
        super().__init__()
        self.purse = Purse(KEY, MONTH, limit)
        self.manage = Manage(self.store, MemoryCovers(), self.record, self.clock, self._id)

    @property
    def spent(self) -> Decimal:
        return self.store.spent.get((KEY, MONTH), Decimal(0))

    @property
    def bought(self) -> list[str]:
        return [name for name, shop in self.shops.items() for _ in shop.orders]

    def pay(self, *names: str, claim: Claim | None = None, **request: Any) -> Job:
        told = self.submit("owner", a_request(**{"providers": names, **request}), claim, self.purse)
        assert told.trouble is None
        return self.job(told.job.id)

    def types(self, job: Job) -> list[str]:
        return [entry.type for entry in self.store.timeline(job.id)]


# --- at the submit ---------------------------------------------------------------------------------------------


def test_what_is_bought_is_taken_from_the_month() -> None:
    house = Payer(1)
    house.pay("a")
    house.pay("c")
    assert house.spent == Decimal("0.25")


def test_what_does_not_fit_is_neither_stored_nor_paid() -> None:
    house = Payer(0.3)
    house.pay("c")
    with pytest.raises(BudgetSpentError) as raised:
        house.pay("c")
    assert (raised.value.limit, raised.value.spent) == (Decimal("0.3"), Decimal("0.2"))
    assert raised.value.ends_at.isoformat() == "2026-12-01T00:00:00+00:00"
    assert (house.bought, len(house.store.jobs), house.spent) == (["c"], 1, Decimal("0.2"))


def test_a_budget_can_be_spent_to_the_last_cent() -> None:
    house = Payer(0.3)
    for _ in range(6):
        house.pay("a")
    assert house.spent == Decimal("0.3")
    with pytest.raises(BudgetSpentError):
        house.pay("a")


def test_a_budget_of_nothing_buys_nothing() -> None:
    with pytest.raises(BudgetSpentError):
        Payer(0).pay("a")


def test_a_refusal_gives_the_money_back() -> None:
    house = Payer(0.2)
    house.shops["c"].answers = [refused()]
    assert house.pay("c").state is State.FAILED
    assert house.spent == 0
    house.pay("c")
    assert house.spent == Decimal("0.2")


def test_an_unknown_outcome_is_counted_as_bought() -> None:
    house = Payer(0.2)
    house.shops["c"].answers = [Unknown(1, "time-out")]
    house.pay("c")
    assert house.spent == Decimal("0.2")


def test_where_the_chosen_one_does_not_fit_a_cheaper_one_is_paid() -> None:
    house = Payer(0.15)
    assert house.pay("c", "a").provider == "a"
    assert house.pay("c", "b", "a").provider == "b"
    assert house.bought == ["a", "b"]
    with pytest.raises(BudgetSpentError):
        house.pay("c", "b", "a")


def test_who_may_not_pay_keeps_no_slot() -> None:
    house = Payer(0)
    with pytest.raises(BudgetSpentError):
        house.pay("b")
    assert house.order(providers=("b",)).state is State.RUNNING


def test_a_job_that_waits_for_a_slot_has_its_price_put_by_and_a_cancel_gives_it_back() -> None:
    house = Payer(0.1)
    house.hold("b")
    waiting = house.pay("b")
    assert (waiting.state, waiting.committed, house.spent) == (State.QUEUED, 0.1, Decimal("0.1"))
    with pytest.raises(BudgetSpentError):
        house.pay("a")
    house.record(waiting.id, CancelAsked())
    assert house.spent == 0
    house.pay("a")


def test_a_job_that_is_paid_later_has_its_price_put_by_once() -> None:
    house = Payer(0.05)

    def slow(source: Source, found: Found | None = None) -> SourceFacts:
        house.clock.sleep(LONGEST_LOOK.total_seconds() + 1)
        return SourceFacts()

    house.submit = replace(house.submit, plan=replace(house.plan, probe=slow))
    queued = house.pay("a")
    assert (queued.state, house.spent, house.bought) == (State.QUEUED, Decimal("0.05"), [])
    assert house.step(queued.id).state is State.RUNNING
    assert (house.spent, house.bought) == (Decimal("0.05"), ["a"])


def test_a_repeated_request_is_answered_with_its_job_when_the_money_is_gone() -> None:
    house, claim = Payer(0.05), Claim("owner", "key:1", "print")
    first = house.pay("a", claim=claim)
    assert house.pay("a", claim=claim).id == first.id
    assert house.bought == ["a"]


def test_of_two_clicks_at_once_for_the_last_cent_both_get_the_one_job() -> None:
    house, claim = Payer(0.05), Claim("owner", "key:1", "print")
    ids: list[str] = []

    def meanwhile(source: Source, found: Found | None = None) -> SourceFacts:
        if not ids:
            ids.append("")
            ids.append(house.pay("a", claim=claim).id)
        return SourceFacts()

    house.submit = replace(house.submit, plan=replace(house.plan, probe=meanwhile))
    assert house.pay("a", claim=claim).id == ids[1]
    assert house.bought == ["a"]


class Terse(MemoryJobs):
    """Of all that stands in a transaction's way it names the purse alone."""

    def create(self, change: Change, claim: Claim | None) -> Claimed | None:
        held = super().create(change, claim)
        if held and change.job.purse:
            raise BudgetSpentError(change.job.purse, Decimal(0))
        return held


def test_who_is_told_of_the_purse_while_a_twin_holds_the_claim_gets_the_twins_job() -> None:
    house, claim, store = Payer(0.05), Claim("owner", "key:1", "print"), Terse()
    ids: list[str] = []

    def meanwhile(source: Source, found: Found | None = None) -> SourceFacts:
        if not ids:
            ids.append("")
            ids.append(house.submit("owner", wish, claim, house.purse).job.id)
        return SourceFacts()

    wish = a_request(providers=("a",))
    record = replace(house.record, jobs=store)
    house.submit = replace(house.submit, jobs=store, record=record, plan=replace(house.plan, probe=meanwhile))
    assert house.submit("owner", wish, claim, house.purse).job.id == ids[1]
    assert house.bought == ["a"]


def test_jobs_without_a_key_have_no_purse_and_no_counter() -> None:
    house = Payer(0)
    assert house.order(providers=("a",)).purse is None
    assert house.store.spent == {}


def test_another_month_is_another_counter_and_a_late_truth_goes_to_its_own() -> None:
    house = Payer(0.2)
    job = house.pay("c")
    house.purse = replace(house.purse, month="2026-12")
    house.pay("c")
    assert house.store.spent == {(KEY, "2026-11"): Decimal("0.2"), (KEY, "2026-12"): Decimal("0.2")}
    assert job.purse == Purse(KEY, MONTH, 0.2)


# --- on the way ------------------------------------------------------------------------------------------------


def test_a_switch_takes_the_next_ones_price_too() -> None:
    house = Payer(0.15)
    job = house.pay("a", "b")
    assert house.record(job.id, BROKE) is not None
    assert (house.job(job.id).provider, house.spent) == ("b", Decimal("0.15"))
    assert house.step(job.id).state is State.RUNNING
    assert (house.bought, house.spent) == (["a", "b"], Decimal("0.15"))


def test_a_switch_that_does_not_fit_ends_the_job_as_if_nobody_were_ahead() -> None:
    house = Payer(0.15)
    job = house.pay("a", "c")
    house.record(job.id, BROKE)
    ended = house.job(job.id)
    assert ended.failure is not None
    assert (ended.state, ended.failure.reason, ended.failure.message) == (State.FAILED, "retry-later", DOWN.message)
    assert (house.bought, house.spent) == (["a"], Decimal("0.05"))
    assert house.types(ended)[-2:] == ["route.shortened", "cover.failed"]
    assert house.store.timeline(job.id)[-2].data == {"left_out": ["c"]}


def test_a_switch_passes_over_who_is_too_dear_for_who_is_not() -> None:
    house = Payer(0.15)
    job = house.pay("a", "c", "b")
    house.record(job.id, BROKE)
    assert (house.job(job.id).provider, house.spent) == ("b", Decimal("0.15"))
    assert "cover.switched" in house.types(job)


def test_a_refusal_that_leads_to_a_dearer_one_needs_only_the_difference() -> None:
    house = Payer(0.2)
    house.shops["a"].answers = [refused()]
    assert (house.pay("a", "c").provider, house.spent) == ("c", Decimal("0.2"))
    house = Payer(0.19)
    house.shops["a"].answers = [refused()]
    ended = house.pay("a", "c")
    assert ended.failure is not None
    assert (ended.failure.reason, house.spent) == ("no-credit", Decimal(0))


def busy_with_a_dearer_one_ahead(limit: float) -> tuple[Payer, Job]:
    """It waits for a slot at `b`; `c`, which was in trouble, is well again when it is looked at."""
    house = Payer(limit)
    house.hold("b")
    house.fails("c")
    waiting = house.pay("b", "c")
    assert (waiting.state, waiting.provider) == (State.QUEUED, "b")
    house.clock.sleep(61)
    return house, waiting


def test_a_job_does_not_take_a_dearer_one_that_does_not_fit() -> None:
    house, waiting = busy_with_a_dearer_one_ahead(0.15)
    waiting = house.step(waiting.id)
    assert (waiting.state, waiting.provider, waiting.route, house.spent) == (State.QUEUED, "b", (), Decimal("0.1"))
    for _ in range(3):
        waiting = house.step(waiting.id)
    assert (waiting.state, house.types(waiting).count("route.shortened")) == (State.QUEUED, 1)
    house.store.jobs.pop("1" * 32)
    house.clock.sleep(61)
    assert house.step(waiting.id).state is State.RUNNING
    assert (house.bought, house.spent) == (["b"], Decimal("0.1"))


def test_a_dearer_one_that_fits_is_paid_in_its_place() -> None:
    house, waiting = busy_with_a_dearer_one_ahead(0.2)
    assert house.step(waiting.id).provider == "c"
    assert (house.bought, house.spent) == (["c"], Decimal("0.2"))


def resubmits(limit: float) -> tuple[Payer, Job]:
    house = Payer(limit)
    house.shops["a"].answers = [Unknown(1, "time-out")]
    job = house.pay("a", when_unknown=WhenUnknown.RESUBMIT)
    assert job.state is State.SUBMITTING
    return house, house.step(job.id)


def test_a_second_submit_after_an_unknown_one_is_put_by_too() -> None:
    house, job = resubmits(0.1)
    assert (job.state, house.spent) == (State.QUEUED, Decimal("0.1"))
    assert house.step(job.id).state is State.RUNNING
    assert house.spent == Decimal("0.1")


def test_a_second_submit_that_does_not_fit_ends_the_job() -> None:
    house, job = resubmits(0.05)
    assert job.failure is not None
    assert (job.state, job.failure.reason, job.failure.retryable) == (State.FAILED, "budget-spent", True)
    assert (house.bought, house.spent) == (["a"], Decimal("0.05"))


def test_a_sign_of_life_before_the_second_submit_gives_its_price_back() -> None:
    house, job = resubmits(0.1)
    house.record(job.id, a_progress(Stage.TEXT))
    assert (house.job(job.id).state, house.spent) == (State.RUNNING, Decimal("0.05"))


def test_a_refusal_that_was_not_true_is_counted_and_nobody_is_asked() -> None:
    house = Payer(0.05)
    house.shops["a"].answers = [Refused(1, ProviderError(ErrorClass.RATE_LIMITED, "429", "slow down"))]
    job = house.pay("a")
    assert (job.state, house.spent) == (State.QUEUED, Decimal("0.05"))
    house.record(job.id, Accepted(1, "task-1"))
    assert (house.job(job.id).state, house.spent) == (State.RUNNING, Decimal("0.05"))


def test_a_refusal_that_was_not_true_is_counted_also_while_the_next_one_waits_for_its_turn() -> None:
    """There is no room for both, but what was bought was bought."""
    house = Payer(0.1)
    house.hold("b")
    house.shops["a"].answers = [refused()]
    waiting = house.pay("a", "b")
    assert (waiting.state, waiting.provider, house.spent) == (State.QUEUED, "b", Decimal("0.1"))
    house.record(waiting.id, a_progress(Stage.TEXT, attempt=1))
    assert "late.refusal" in house.types(waiting)
    assert house.spent == Decimal("0.15")


# --- once more -------------------------------------------------------------------------------------------------


def failed(house: Payer) -> Job:
    house.shops["a"].answers = [Refused(1, ProviderError(ErrorClass.NO_CREDIT, "402", "empty"))]
    return house.pay("a")


def test_a_retry_is_paid_by_the_key_that_asks_for_it() -> None:
    house = Payer(0.05)
    old = failed(house)
    other = Purse("another", MONTH, 1)
    again = house.manage.retry("owner", old.id, other)
    assert again.purse == other
    assert house.store.spent == {(KEY, MONTH): Decimal("0.00"), ("another", MONTH): Decimal("0.05")}


def test_a_retry_that_does_not_fit_is_not_made_but_one_that_was_made_is_told_again() -> None:
    house = Payer(0.05)
    old = failed(house)
    with pytest.raises(BudgetSpentError):
        house.manage.retry("owner", old.id, Purse("poor", MONTH, 0.01))
    made = house.manage.retry("owner", old.id, house.purse)
    assert house.manage.retry("owner", old.id, Purse("poor", MONTH, 0.01)).id == made.id


def test_a_retry_that_only_looks_for_what_was_made_costs_nothing() -> None:
    house = Payer(0.05)
    job = house.pay("a")
    house.record(job.id, CancelAsked())
    again = house.manage.retry("owner", job.id, house.purse)
    assert (again.state, again.committed, house.spent) == (State.RUNNING, 0, Decimal("0.05"))
    house.record(again.id, BROKE)
    assert house.job(again.id).state is State.FAILED


def test_a_retry_passes_over_who_is_too_dear_for_its_purse() -> None:
    house = Payer(0)
    house.shops["c"].answers = [refused()]
    house.shops["a"].answers = [Refused(1, ProviderError(ErrorClass.CONTENT_REFUSED, "400", "no"))]
    old = house.step(house.order(providers=("c", "a")).id)
    assert old.state is State.FAILED
    again = house.manage.retry("owner", old.id, Purse("poor", MONTH, 0.1))
    assert (again.provider, again.route, house.store.spent["poor", MONTH]) == ("a", (), Decimal("0.05"))


def test_a_refusal_is_given_back_however_many_write_to_the_purse() -> None:
    house = Payer(0.05)
    conflicts = iter([ConflictError("at the same moment")] * 7)
    commit = house.store.commit

    def crowded(change: Change) -> None:
        for conflict in conflicts:
            raise conflict
        commit(change)

    house.store.commit = crowded  # type: ignore[method-assign]
    house.shops["a"].answers = [refused()]
    assert (house.pay("a").state, house.spent) == (State.FAILED, Decimal(0))
    assert house.clock.now() - NOW < timedelta(seconds=PATIENCE_WITH_AN_ANSWER)


# --- many at once ----------------------------------------------------------------------------------------------


@dataclass
class Crowded(MemoryJobs):
    """Others write to the purse at the same moment, so many times."""

    conflicts: int = 0
    tries: list[Change] = field(default_factory=list)

    def create(self, change: Change, claim: Claim | None) -> Claimed | None:
        self.tries.append(change)
        if self.conflicts >= len(self.tries):
            raise ConflictError("at the same moment")
        return super().create(change, claim)


@pytest.mark.parametrize(("conflicts", "stored"), [(0, True), (MOST_RACES, True), (MOST_RACES + 1, False)])
def test_a_crowded_purse_is_tried_again_within_three_seconds(conflicts: int, stored: bool) -> None:
    house, jobs = Payer(1), Crowded(conflicts=conflicts)
    house.submit = replace(house.submit, jobs=jobs)
    if stored:
        assert house.submit("owner", a_request(providers=("a",)), None, house.purse).job.id in jobs.jobs
    else:
        with pytest.raises(ConflictError):
            house.submit("owner", a_request(providers=("a",)), None, house.purse)
    assert house.clock.now() - NOW < timedelta(seconds=3.3)
    assert len({change.job.id for change in jobs.tries}) == 1
    assert len(house.bought) == stored


def test_a_job_without_a_purse_has_no_second_try() -> None:
    house, jobs = Payer(1), Crowded(conflicts=1)
    with pytest.raises(ConflictError):
        store(jobs, house.clock, Change(0, house.new("a"), ()), None)
    assert len(jobs.tries) == 1


# --- whatever happens --------------------------------------------------------------------------------------------

NAMES = st.lists(st.sampled_from("abc"), min_size=1, max_size=3, unique=True).map(tuple)
KINDS = st.sampled_from([ErrorClass.NO_CREDIT, ErrorClass.RATE_LIMITED, ErrorClass.CONTENT_REFUSED])
WORDS = st.builds(ProviderError, kind=KINDS, code=st.just("1"), message=st.just("words"))
ANSWERS = st.one_of(
    st.just(Accepted(1, "task-1")), st.just(Unknown(1, "time-out")), st.builds(Refused, attempt=st.just(1), error=WORDS)
)
FACTS: st.SearchStrategy[Fact] = st.one_of(
    st.builds(Broke, attempt=st.integers(1, 3), via=st.sampled_from(Via), error=WORDS),
    st.builds(Broke, attempt=st.integers(1, 3), via=st.sampled_from(Via), error=WORDS),
    st.builds(Refused, attempt=st.integers(1, 3), error=WORDS),
    st.builds(Accepted, attempt=st.integers(1, 3), task_id=st.just("task-1")),
    st.builds(Unknown, attempt=st.integers(1, 3), message=st.just("time-out")),
    st.builds(a_progress, st.sampled_from([Stage.TEXT, Stage.COMPLETE]), attempt=st.integers(1, 3)),
    st.just(CancelAsked()),
)
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("order"), NAMES, ANSWERS, st.sampled_from(WhenUnknown)),
        st.tuples(st.just("fact"), st.integers(0, 9), FACTS),
        st.tuples(st.just("step"), st.integers(0, 9), ANSWERS),
        st.tuples(st.just("step"), st.integers(0, 9), ANSWERS),
        st.tuples(st.just("retry"), st.integers(0, 9)),
        st.tuples(st.just("trouble"), st.sampled_from("abc")),
    ),
    max_size=25,
)


class Month(Payer):
    """One key's jobs in any order of events."""

    def happens(self, kind: str, *what: Any) -> None:
        try:
            getattr(self, f"_{kind}")(*what)
        except BudgetSpentError:
            assert kind in ("order", "retry"), "nobody is told later"

    def check(self) -> None:
        paid = [job for job in self.store.jobs.values() if job.purse]
        assert self.spent == sum((money(job.committed) for job in paid), Decimal(0))
        assert self.spent <= money(self.purse.limit) + sum((self._untrue(job) for job in paid), Decimal(0))

    def _untrue(self, job: Job) -> Decimal:
        """What providers took after they had refused: there may be no room for it, but it was bought."""
        attempts = [key.rpartition(":")[2] for key in job.heard if key.startswith("submit.refusal-untrue:")]
        refusals = [key.split(":") for key in job.heard if key.startswith("submit.refused:") and key.count(":") == 2]
        prices = {"a": Decimal("0.05"), "b": Decimal("0.1"), "c": Decimal("0.2")}
        return sum((prices[name] for _, attempt, name in refusals if attempt in attempts), Decimal(0))

    def _answer(self, answer: Any) -> None:
        for shop in self.shops.values():
            shop.answers = [answer]

    def _order(self, names: tuple[str, ...], answer: Any, when_unknown: WhenUnknown) -> None:
        self._answer(answer)
        self.pay(*names, when_unknown=when_unknown)

    def _one(self, number: int) -> Job | None:
        jobs = list(self.store.jobs.values())
        return jobs[number % len(jobs)] if jobs else None

    def _fact(self, number: int, fact: Fact) -> None:
        job = self._one(number)
        if job:
            self.record(job.id, fact)

    def _step(self, number: int, answer: Any) -> None:
        job = self._one(number)
        self._answer(answer)
        if job:
            self.step(job.id)

    def _retry(self, number: int) -> None:
        job = self._one(number)
        if job and job.state in (State.FAILED, State.CANCELED):
            self.manage.retry("owner", job.id, self.purse)

    def _trouble(self, name: str) -> None:
        self.fails(name)


@settings(max_examples=600, deadline=None)
@given(st.sampled_from([0.0, 0.05, 0.15, 0.3, 0.55]), STEPS)
def test_the_counter_is_what_its_jobs_committed_and_beyond_the_limit_only_what_was_taken_after_a_refusal(
    limit: float, steps: list[tuple[Any, ...]]
) -> None:
    month = Month(limit)
    for kind, *what in steps:
        month.happens(kind, *what)
        month.check()
    for _ in range(40):  # and to the end: nothing goes round in circles
        for job in list(month.store.jobs.values()):
            if not job.state.terminal and job.due_at:
                month.happens("step", list(month.store.jobs).index(job.id), Unknown(1, "time-out"))
                month.check()
    assert all(job.state.terminal or job.due_at for job in month.store.jobs.values())
