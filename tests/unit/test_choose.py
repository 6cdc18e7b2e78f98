"""Which provider of a job's route is paid: switched on, healthy, with a free slot. And what the answer teaches."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

import pytest
from reprise.domain.advance import begin
from reprise.domain.capabilities import Capabilities
from reprise.domain.create import create, enqueue
from reprise.domain.facts import Accepted, Broke, CancelAsked, Pending, Progress, Refused, Unknown, Unusable, Via
from reprise.domain.health import Health
from reprise.domain.job import ErrorClass, Job, Leg, ProviderError, Rhythm, Stage, State
from reprise.domain.observe import observe
from reprise.domain.request import Source, WhenUnknown
from reprise.errors import ConfigurationError, ConflictError, NotFoundError
from reprise.memory import MemoryClock, MemoryHealth, MemoryInbox, MemoryJobs, MemorySlots, MemorySources
from reprise.ports import CallbackMessage, Claim, Order, Provider
from reprise.usecases.advance import Advance, Advanced
from reprise.usecases.choose import Choose
from reprise.usecases.order import DrawUp
from reprise.usecases.plan import Plan
from reprise.usecases.record import Record
from reprise.usecases.submit import LONGEST_LOOK, Submit

from tests.factories import NOW, a_progress, a_request
from tests.unit.test_plan import shop

TIMED_OUT = Unknown(1, "time-out")
PATIENCE = timedelta(seconds=61)
"""After which the slot of a job that is not submitted is free."""


def refused(kind: ErrorClass = ErrorClass.NO_CREDIT) -> Refused:
    return Refused(1, ProviderError(kind, "402", "the vendor's words"))


@dataclass
class Shop:
    """Answers with what it is told to, in turn; then it takes every job."""

    capabilities: Capabilities
    answers: list[Accepted | Refused | Unknown] = field(default_factory=list)
    polled: Progress | Pending | Broke | None = None
    orders: list[Order] = field(default_factory=list)

    def submit(self, order: Order) -> Accepted | Refused | Unknown:
        self.orders.append(order)
        answer = self.answers.pop(0) if self.answers else Accepted(order.attempt, f"task-{len(self.orders)}")
        return replace(answer, attempt=order.attempt)

    def poll(self, task_id: str, attempt: int) -> Progress | Pending | Broke:
        return self.polled or Pending(attempt, "still running")

    def hear(self, message: CallbackMessage, now: Any) -> None:
        return None

    def balance(self) -> float | None:
        return None


class House:
    """The use cases on the memory adapters; `a` is cheapest, `b` has one slot, `c` does not call back."""

    def __init__(self) -> None:
        silent = Rhythm(first=75, every=15, pushes=False)
        self.shops = {
            "a": Shop(shop("a", 0.05)),
            "b": Shop(shop("b", 0.1, parallel=1)),
            "c": Shop(shop("c", 0.2, rhythm=silent)),
        }
        self.off: set[str] = set()
        self.gone: set[str] = set()
        self.clock, self.store = MemoryClock(NOW), MemoryJobs()
        self.healths, self.slots, self.sources = MemoryHealth(), MemorySlots(), MemorySources()
        self.choose = Choose(self.store, self.providers, self.healths, self.slots, self.clock)
        self.plan = Plan(self.providers, tuple(self.shops), self.sources)
        record, draw_up = Record(self.store, self.clock), DrawUp(MemoryInbox(), _link, self.clock)
        self.ids = iter(range(1000))
        self.submit = Submit(
            self.store, self.providers, self.plan, self.choose, record, draw_up, self.clock, self._id, lambda: "key"
        )
        self.record = record
        self.advance = Advance(self.store, MemoryInbox(), self.providers, self.choose, record, draw_up, self.clock)

    def providers(self, name: str) -> Provider:
        if name in self.gone:
            raise NotFoundError(f"no provider is named {name!r}")
        if name in self.off:
            raise ConfigurationError(f"{name} is switched off")
        return self.shops[name]

    def _id(self) -> str:
        return f"{next(self.ids):032x}"

    def order(self, claim: Claim | None = None, **request: Any) -> Job:
        """A caller's POST; the job as it is stored."""
        told = self.submit("owner", a_request(**{"providers": (), **request}), claim)
        assert told.trouble is None
        return self.job(told.job.id)

    def job(self, job_id: str) -> Job:
        job = self.store.load(job_id)
        assert job is not None
        return job

    def step(self, job_id: str) -> Job:
        """The job's next step, once it is due."""
        due = self.job(job_id).due_at
        self.clock.at = max(self.clock.at, due or self.clock.at)
        self.advance(job_id)
        return self.job(job_id)

    def fails(self, name: str, times: int = 3) -> None:
        for _ in range(times):
            self.choose.heard(Leg(name), TIMED_OUT)

    def choice(self, *names: str, job_id: str = "f" * 32, **request: Any) -> str | None:
        leg = self.choose(self.new(*names, job_id=job_id, **request))
        return leg.provider if leg else None

    def new(self, *names: str, job_id: str = "f" * 32, **request: Any) -> Job:
        legs = tuple(self._leg(name) for name in names or self.shops)
        return create(job_id, "owner", a_request(**{"providers": (), **request}), legs, self.clock.now())

    def _leg(self, name: str) -> Leg:
        known = self.shops[name].capabilities
        return Leg(name, known.usd, rhythm=known.rhythm)

    def hold(self, name: str, job_id: str = "1" * 32, *, stored: bool = True) -> Job:
        """A job that took a slot and is being submitted."""
        job = enqueue(self.new(name, "a", job_id=job_id), self.clock.now()).job
        assert self.choose(replace(job, route=()))
        job = begin(job, self.clock.now()).job
        if stored:
            self.store.jobs[job_id] = job
        return job


def _link(provider: str, job_id: str, attempt: int, now: Any) -> str:
    return f"https://here.example/{provider}/{job_id}/{attempt}"


@pytest.fixture
def house() -> House:
    return House()


# --- which one -------------------------------------------------------------------------------------------------


def test_the_first_of_the_route_is_chosen(house: House) -> None:
    assert house.choice() == "a"


def test_one_in_bad_health_is_passed_over(house: House) -> None:
    house.fails("a")
    assert house.choice() == "b"


def test_two_troubles_are_not_enough(house: House) -> None:
    house.fails("a", times=2)
    assert house.choice() == "a"


@pytest.mark.parametrize("outcome", [Accepted(1, "task-1"), refused(ErrorClass.CONTENT_REFUSED)])
def test_a_success_in_between_begins_the_count_anew(house: House, outcome: Accepted | Refused) -> None:
    house.fails("a", times=2)
    house.choose.heard(Leg("a"), outcome)
    house.fails("a", times=2)
    assert house.choice() == "a"


def test_a_success_closes_the_breaker(house: House) -> None:
    house.fails("a")
    house.choose.heard(Leg("a"), Accepted(1, "task-1"))
    assert house.choice() == "a"


def test_when_its_time_is_over_exactly_one_job_tries_it(house: House) -> None:
    house.fails("a")
    house.clock.sleep(60)
    assert [house.choice(), house.choice(), house.choice()] == ["a", "b", "b"]
    house.clock.sleep(60)
    assert [house.choice("a", "c"), house.choice("a", "c")] == ["a", "c"]


def test_a_try_that_succeeds_opens_it_to_all(house: House) -> None:
    house.fails("a")
    house.clock.sleep(60)
    assert house.choice() == "a"
    house.choose.heard(Leg("a"), Accepted(1, "task-1"))
    assert [house.choice(), house.choice()] == ["a", "a"]


def test_a_try_that_fails_keeps_it_shut_for_longer(house: House) -> None:
    house.fails("a")
    house.clock.sleep(60)
    assert house.choice() == "a"
    house.fails("a", times=1)
    house.clock.sleep(119)
    assert house.choice() == "b"


def test_a_try_is_not_wasted_on_a_job_that_finds_no_slot(house: House) -> None:
    house.hold("b")
    house.fails("b")
    house.clock.sleep(60)
    assert house.choice("b", "c") == "c"
    house.store.jobs.clear()
    house.clock.sleep(2)
    assert house.choice("b", "c") == "b"


def test_the_only_one_is_tried_whatever_its_health(house: House) -> None:
    house.fails("a", times=9)
    assert [house.choice("a"), house.choice("a")] == ["a", "a"]


def test_where_all_are_in_bad_health_the_first_is_tried(house: House) -> None:
    for name in house.shops:
        house.fails(name)
    assert house.choice() == "a"
    assert house.choice("b", "a") == "b"
    assert house.choice("b", "a", job_id="e" * 32) is None


def test_a_healthy_one_that_is_busy_is_waited_for_rather_than_one_in_bad_health_tried(house: House) -> None:
    house.fails("a")
    house.hold("b")
    assert house.choice("a", "b") is None


def test_the_only_one_that_is_switched_on_is_tried_whatever_its_health(house: House) -> None:
    house.fails("b")
    house.off = {"a", "c"}
    assert house.choice() == "b"


def test_who_is_switched_off_or_not_there_any_more_is_passed_over(house: House) -> None:
    house.off = {"a"}
    assert house.choice() == "b"
    house.gone = {"b"}
    assert house.choice() == "c"


def test_all_switched_off_is_the_owners_to_mend(house: House) -> None:
    house.off, house.gone = {"a", "b"}, {"c"}
    with pytest.raises(ConfigurationError, match=r"^a is switched off; b is switched off; no provider is named 'c'$"):
        house.choice()


def test_a_leg_beyond_the_budget_is_not_chosen(house: House) -> None:
    house.fails("a")
    job = replace(house.new("a", "b", "c", max_usd=0.25), spent=0.1)
    leg = house.choose(job)
    assert leg is not None
    assert leg.provider == "b"
    assert house.choose(replace(house.new("a", "c", max_usd=0.25), spent=0.1)) == job.leg


# --- slots -----------------------------------------------------------------------------------------------------


def test_a_full_provider_is_passed_over(house: House) -> None:
    house.hold("b")
    assert house.choice("b", "c") == "c"


def test_where_all_are_full_nobody_is_chosen(house: House) -> None:
    house.hold("b")
    assert house.choice("b") is None


def test_who_holds_a_slot_already_keeps_it(house: House) -> None:
    job = house.hold("b")
    assert house.choice("b", job_id=job.id) == "b"


def ended(job: Job) -> Job:
    return observe(job, CancelAsked(), NOW).job


def archiving(job: Job) -> Job:
    return observe(job, a_progress(Stage.COMPLETE, 1), NOW).job


def switched(job: Job) -> Job:
    return observe(job, refused(), NOW).job


def running(job: Job) -> Job:
    return observe(job, Accepted(1, "task-1"), NOW).job


@pytest.mark.parametrize("become", [ended, archiving, switched])
def test_a_slot_is_free_once_its_holder_needs_it_no_more(house: House, become: Callable[[Job], Job]) -> None:
    job = house.hold("b")
    assert house.choice("b") is None
    house.store.jobs[job.id] = become(job)
    assert house.choice("b") == "b"


def test_a_slot_is_kept_while_its_holder_runs_or_its_submit_is_unanswered(house: House) -> None:
    job = house.hold("b")
    house.clock.at += timedelta(minutes=9)
    assert house.choice("b") is None
    house.store.jobs[job.id] = running(job)
    assert house.choice("b") is None


def test_the_slot_of_a_job_that_was_deleted_is_free(house: House) -> None:
    job = house.hold("b")
    house.clock.at += PATIENCE
    house.store.delete(job.id)
    assert house.choice("b") == "b"


def test_the_slot_of_a_job_that_is_not_stored_yet_is_kept_for_a_minute(house: House) -> None:
    house.hold("b", stored=False)
    house.clock.sleep(59)
    assert house.choice("b") is None
    house.clock.sleep(1)
    assert house.choice("b") == "b"


@pytest.mark.parametrize("names", [("b", "a"), ("a", "b")])
def test_a_job_about_to_be_submitted_keeps_its_slot_for_a_minute(house: House, names: tuple[str, ...]) -> None:
    """Also where the slot is not the first provider's: the intent is not stored yet."""
    queued = enqueue(house.new(*names, job_id="1" * 32), NOW).job
    house.store.jobs[queued.id] = queued
    house.fails("a")
    leg = house.choose(queued)
    assert leg is not None
    assert leg.provider == "b"
    assert house.choice("b") is None
    house.clock.at += PATIENCE
    assert house.choice("b") == "b"


def test_a_job_waits_in_line_for_a_slot_and_is_submitted_when_one_is_free(house: House) -> None:
    first = house.order(providers=("b",))
    second = house.order(providers=("b",))
    assert (first.state, second.state, second.attempt, second.spent) == (State.RUNNING, State.QUEUED, 0, 0)
    assert second.due_at == NOW + timedelta(seconds=15)
    assert [entry.type for entry in house.store.timeline(second.id)] == ["submit.waiting"]
    for _ in range(5):
        assert house.step(second.id).state is State.QUEUED
    house.store.jobs[first.id] = ended(first)
    assert house.step(second.id).state is State.RUNNING
    assert [order.job_id for order in house.shops["b"].orders] == [first.id, second.id]


def test_a_job_that_never_gets_a_slot_fails_before_its_deadline_unpaid(house: House) -> None:
    first = house.order(providers=("b",), deadline=3600)
    job = house.order(providers=("b",), deadline=120)
    while job.state is State.QUEUED:
        job = house.step(job.id)
    assert (job.state, job.failure and job.failure.reason, job.attempt) == (State.FAILED, "deadline", 0)
    assert house.clock.now() <= job.deadline_at
    assert house.job(first.id).state is State.RUNNING
    assert len(house.shops["b"].orders) == 1


def test_after_a_busy_first_provider_the_second_is_paid_and_the_first_is_next(house: House) -> None:
    house.hold("b")
    job = house.order(providers=("b", "c", "a"))
    assert (job.provider, [leg.provider for leg in job.route]) == ("c", ["b", "a"])


def test_who_may_take_nothing_is_served_by_one_of_whom_nothing_need_be_taken(house: House) -> None:
    house.fails("a")
    house.clock.sleep(60)
    known = house.healths.load("a")
    leg = house.choose(house.new("a", "b", "c"), may_take=lambda: False)
    assert leg is not None
    assert leg.provider == "c"
    assert (house.healths.load("a"), house.slots.holders) == (known, {})
    assert house.choose(house.new("b"), may_take=lambda: False) is None


# --- what an answer teaches ------------------------------------------------------------------------------------


def test_a_job_that_names_its_provider_teaches_as_much_as_any_other(house: House) -> None:
    """Else two troubles long ago and one today would count as three in a row."""
    for _ in range(3):
        house.shops["a"].answers = [TIMED_OUT]
        house.order(providers=("a",))
        house.order(providers=("a",))
    assert house.healths.load("a").failures == 0
    house.fails("a")
    assert house.choice() == "b"
    house.order(providers=("a",))
    assert house.choice() == "a"


def test_good_news_of_the_healthy_is_not_written(house: House) -> None:
    house.order()
    house.order(providers=("a",))
    assert house.healths.known == {}


def test_jobs_fail_over_and_soon_pass_the_broken_one_over(house: House) -> None:
    house.shops["a"].answers = [refused()] * 10
    jobs = [house.order(providers=("a", "c")) for _ in range(4)]
    assert [job.provider for job in jobs] == ["c"] * 4
    assert [job.state for job in jobs] == [State.QUEUED] * 3 + [State.RUNNING]
    assert len(house.shops["a"].orders) == 3
    assert [house.step(job.id).state for job in jobs[:3]] == [State.RUNNING] * 3


@dataclass
class Racing(MemoryHealth):
    """Another function writes its own news just before each of our first saves."""

    others: list[Unknown] = field(default_factory=list)

    def save(self, provider: str, known: Health) -> None:
        if self.others:
            self.others.pop()
            now = self.load(provider)
            MemoryHealth.save(self, provider, replace(now, failures=now.failures + 1, version=now.version + 1))
        MemoryHealth.save(self, provider, known)


def test_a_race_for_the_health_loses_nobodys_news(house: House) -> None:
    racing = Racing(others=[TIMED_OUT, TIMED_OUT])
    house.choose = replace(house.choose, healths=racing)
    house.fails("a", times=1)
    assert (racing.load("a").failures, racing.load("a").passed_over(NOW)) == (3, True)


def test_who_loses_the_race_for_the_one_try_goes_elsewhere(house: House) -> None:
    house.fails("a")
    house.clock.sleep(60)

    class Late(MemoryHealth):
        def save(self, provider: str, known: Health) -> None:
            raise ConflictError("another was faster")

    house.choose = replace(house.choose, healths=Late(house.healths.known))
    assert house.choice() == "b"


# --- the rhythm of one that does not call back -----------------------------------------------------------------


def first_poll(house: House, *names: str) -> int:
    leg = house.choose(house.new(*names))
    assert leg is not None
    return leg.rhythm.first


def test_before_anything_is_known_it_is_asked_after_the_vendors_own_time(house: House) -> None:
    assert first_poll(house, "c") == 75


def test_it_is_asked_shortly_before_it_is_usually_done(house: House) -> None:
    house.healths.known["c"] = Health(typical=100.0)
    assert first_poll(house, "c") == 90
    house.healths.known["c"] = Health(typical=10.0)
    assert first_poll(house, "c") == 15


def test_what_was_learnt_counts_as_well_where_all_are_in_bad_health(house: House) -> None:
    house.healths.known["c"] = Health(typical=100.0)
    house.fails("c")
    house.fails("a")
    assert first_poll(house, "c", "a") == 90


def test_one_that_calls_back_keeps_its_rhythm(house: House) -> None:
    house.healths.known["a"] = Health(typical=10.0)
    assert first_poll(house, "a") == 60


def test_the_poll_that_finds_the_cover_done_teaches_how_long_it_takes(house: House) -> None:
    job = house.order(providers=("c",))
    assert house.step(job.id).state is State.RUNNING
    house.shops["c"].polled = a_progress(Stage.COMPLETE, 1, via=Via.POLL)
    assert house.step(job.id).state is State.ARCHIVING
    assert house.healths.load("c").typical == 90.0
    job = house.order(providers=("c",))
    assert job.due_at == house.clock.now() + timedelta(seconds=81)


def test_what_is_only_rescued_at_the_deadline_teaches_nothing(house: House) -> None:
    job = house.order(providers=("c",))
    house.shops["c"].polled = a_progress(Stage.FIRST, 1, via=Via.POLL)
    while house.job(job.id).state is State.RUNNING:
        house.step(job.id)
        house.shops["c"].polled = None
    assert house.job(job.id).state is State.ARCHIVING
    assert house.healths.load("c").typical is None


def test_a_later_poll_for_a_fresh_link_and_one_of_a_provider_that_calls_back_teach_nothing(house: House) -> None:
    done = a_progress(Stage.COMPLETE, 1, via=Via.POLL)
    house.shops["c"].polled = house.shops["a"].polled = done
    silent, calling = house.order(providers=("c",)), house.order(providers=("a",))
    assert house.step(silent.id).state is State.ARCHIVING
    house.record(silent.id, Unusable(1, 1, 0, "404"))
    house.clock.sleep(600)
    house.step(silent.id)
    house.step(calling.id)
    assert (house.healths.load("c").typical, house.healths.load("a").typical) == (75.0, None)


# --- the caller's request --------------------------------------------------------------------------------------


@dataclass
class SlowLook:
    clock: MemoryClock
    takes: timedelta

    def __call__(self, source: Source, found: Any = None) -> Any:
        self.clock.at += self.takes
        return MemorySources()(source, found)


@pytest.mark.parametrize(("over", "paid"), [(timedelta(0), 1), (timedelta(milliseconds=1), 0)])
def test_after_a_slow_look_at_the_song_the_job_is_queued_and_not_paid_late(
    house: House, over: timedelta, paid: int
) -> None:
    house.submit = replace(house.submit, plan=replace(house.plan, probe=SlowLook(house.clock, LONGEST_LOOK + over)))
    job = house.order()
    assert (len(house.shops["a"].orders), job.attempt) == (paid, paid)
    if not paid:
        assert (job.state, job.due_at, job.spent) == (State.QUEUED, house.clock.now(), 0)
        assert house.step(job.id).state is State.RUNNING
    assert len(house.shops["a"].orders) == 1


def test_trouble_after_the_answer_was_stored_hides_it_from_nobody(house: House) -> None:
    class Down(MemoryHealth):
        def load(self, provider: str) -> Health:
            raise OSError("no table")

    house.submit = replace(house.submit, choose=replace(house.choose, healths=Down()))
    told = house.submit("owner", a_request(providers=("a",)), None)
    assert (told.job.state, told.job.task_id, str(told.trouble)) == (State.RUNNING, "task-1", "no table")


def test_two_at_once_pay_for_a_queued_job_once(house: House) -> None:
    job = enqueue(house.new("a", "c", job_id="1" * 32), NOW)
    house.store.create(job, None)

    class Twice(Choose):
        def __call__(self, job: Job, may_take: Callable[[], bool] = lambda: True) -> Leg | None:
            other.advance(job.id)
            return super().__call__(job, may_take)

    other = House()
    other.store, other.shops, other.clock = house.store, house.shops, house.clock
    other.choose = replace(house.choose)
    other.advance = replace(house.advance)
    fields = house.choose.jobs, house.choose.providers, house.choose.healths, house.choose.slots, house.choose.clock
    assert replace(house.advance, choose=Twice(*fields))("1" * 32) is Advanced.RESTED
    assert len(house.shops["a"].orders) == 1


def test_an_unknown_outcome_is_repeated_within_the_budget_or_not_at_all(house: House) -> None:
    def orders(max_usd: float | None) -> Sequence[Order]:
        shop_a = house.shops["a"]
        shop_a.orders.clear()
        shop_a.answers = [TIMED_OUT] * 5
        wish: dict[str, Any] = {"providers": ("a",), "when_unknown": WhenUnknown.RESUBMIT, "max_usd": max_usd}
        job = house.order(deadline=7200, **wish)
        while not job.state.terminal:
            job = house.step(job.id)
        return list(shop_a.orders)

    assert [order.attempt for order in orders(None)] == [1, 2, 3]
    assert [order.attempt for order in orders(0.1)] == [1, 2]
    assert [order.attempt for order in orders(0.09)] == [1]
