"""What every HealthStore and Slots promise, in memory and on DynamoDB alike."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import pytest
from reprise.aws import clients
from reprise.aws import providers as on_dynamo
from reprise.aws.providers import DynamoHealth, DynamoSlots
from reprise.domain.health import Health
from reprise.errors import ConflictError
from reprise.memory import MemoryHealth, MemoryJobs, MemorySlots
from reprise.ports import SLOT_FRESH, HealthStore, Slots

from tests.contract.conftest import BOTH, World
from tests.factories import NOW
from tests.stack import Stack

LATER = NOW + timedelta(seconds=SLOT_FRESH)
"""The slot of one that took it at NOW and was never heard of again is free from then on."""

EVERYTHING = Health(4, NOW + timedelta(minutes=2), "no-credit: Guthaben erschöpft", 87.5, 1)


@dataclass(frozen=True)
class State:
    """The stores as one function sees them; `another` is a second function on the same table."""

    health: HealthStore
    slots: Slots
    another: Callable[[], "State"]


@pytest.fixture
def state(world: World, request: pytest.FixtureRequest) -> State:
    if isinstance(world.jobs, MemoryJobs):
        known, held = MemoryHealth(), MemorySlots()
        return State(known, held, lambda: State(known, held, lambda: pytest.fail("two are enough")))
    stack: Stack = request.getfixturevalue("stack")
    return on_table(stack.environ["TABLE"])


def on_table(table: str) -> State:
    health, slots = DynamoHealth(table, clients.dynamodb), DynamoSlots(table, clients.dynamodb)
    return State(health, slots, lambda: on_table(table))


@pytest.fixture
def monotonic(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The clock by which a warm function forgets; its one number can be set."""
    at = [1000.0]
    monkeypatch.setattr("reprise.aws.providers.time.monotonic", lambda: at[0])
    return at


def at_work(_: str) -> bool:
    return True


def done(_: str) -> bool:
    return False


def not_stored(_: str) -> None:
    """Or about to be submitted."""


def never_asked(job_id: str) -> bool:
    raise AssertionError(f"{job_id} was asked for")


# --- health ----------------------------------------------------------------------------------------------------


@BOTH
def test_a_provider_that_nothing_is_known_of_is_well(state: State) -> None:
    assert state.health.load("kie") == Health()


@BOTH
def test_what_was_saved_is_read_by_all(state: State) -> None:
    other = state.another()
    state.health.save("kie", EVERYTHING)
    assert state.health.load("kie") == other.health.load("kie") == EVERYTHING
    assert other.health.load("sunoapi") == Health()


@BOTH
def test_of_two_that_begin_at_the_same_version_one_is_told_of_its_conflict(state: State) -> None:
    other = state.another()
    for version in (1, 2, 3):
        first, second = state.health.load("kie"), other.health.load("kie")
        assert first == second
        state.health.save("kie", replace(first, failures=version, version=version))
        with pytest.raises(ConflictError):
            other.health.save("kie", replace(second, failures=99, version=version))
        assert other.health.load("kie") == Health(failures=version, version=version)


@BOTH
def test_a_version_that_skips_one_is_a_conflict(state: State) -> None:
    state.health.save("kie", Health(1, version=1))
    with pytest.raises(ConflictError):
        state.health.save("kie", Health(2, version=3))


@BOTH
def test_news_reach_another_function_within_seconds(state: State, monotonic: list[float]) -> None:
    other = state.another()
    assert other.health.load("kie") == Health()
    state.health.save("kie", EVERYTHING)
    monotonic[0] += on_dynamo.REMEMBERED
    assert other.health.load("kie") == EVERYTHING


@pytest.mark.parametrize("world", ["aws"], indirect=True)
def test_a_warm_function_reads_the_table_once_in_five_seconds(
    state: State, world: World, stack: Stack, monotonic: list[float]
) -> None:
    stack.forget()
    for _ in range(5):
        state.health.load("kie")
    assert stack.called("DynamoDB") == ["DynamoDB.GetItem"]
    monotonic[0] += 4.9
    state.health.load("kie")
    assert len(stack.calls) == 1
    monotonic[0] += 0.2
    state.health.load("kie")
    assert len(stack.calls) == 2


@pytest.mark.parametrize("world", ["aws"], indirect=True)
def test_who_saved_need_not_read_and_who_lost_reads_again(state: State, world: World, stack: Stack) -> None:
    other = state.another()
    other.health.load("kie")
    state.health.save("kie", EVERYTHING)
    stack.forget()
    assert state.health.load("kie") == EVERYTHING
    assert stack.calls == []
    with pytest.raises(ConflictError):
        other.health.save("kie", Health(version=1))
    assert other.health.load("kie") == EVERYTHING


# --- slots -----------------------------------------------------------------------------------------------------


@BOTH
def test_there_are_as_many_slots_as_the_provider_has(state: State) -> None:
    taken = [state.slots.take("musicgpt", f"job-{number}", 3, NOW, at_work) for number in range(5)]
    assert taken == [True, True, True, False, False]
    assert state.slots.take("kie", "job-4", 3, NOW, at_work)


@BOTH
def test_nobody_is_asked_while_there_is_room(state: State) -> None:
    for number in range(3):
        assert state.slots.take("musicgpt", f"job-{number}", 3, NOW + timedelta(days=number), never_asked)


@BOTH
def test_a_slot_that_one_has_is_its_own_and_nobody_is_asked(state: State) -> None:
    assert state.slots.take("musicgpt", "job-1", 1, NOW, at_work)
    assert state.slots.take("musicgpt", "job-1", 1, LATER, never_asked)


@BOTH
def test_a_slot_goes_to_the_next_once_its_holder_is_done(state: State) -> None:
    assert state.slots.take("musicgpt", "job-1", 1, NOW, at_work)
    assert not state.slots.take("musicgpt", "job-2", 1, NOW, at_work)
    assert state.slots.take("musicgpt", "job-2", 1, NOW, done)
    assert not state.slots.take("musicgpt", "job-1", 1, NOW, at_work)


@BOTH
def test_a_slot_is_kept_as_long_as_its_holder_works(state: State) -> None:
    assert state.slots.take("musicgpt", "job-1", 1, NOW, at_work)
    assert not state.slots.take("musicgpt", "job-2", 1, NOW + timedelta(days=1), at_work)


@BOTH
@pytest.mark.parametrize(("since", "kept"), [(timedelta(seconds=-1), True), (timedelta(0), False)])
def test_who_took_a_slot_within_the_last_minute_may_not_be_stored_yet_and_keeps_it(
    state: State, since: timedelta, kept: bool
) -> None:
    assert state.slots.take("musicgpt", "job-1", 1, NOW, at_work)
    assert state.slots.take("musicgpt", "job-2", 1, LATER + since, not_stored) is not kept


@BOTH
def test_taking_ones_own_slot_again_makes_it_fresh(state: State) -> None:
    assert state.slots.take("musicgpt", "job-1", 1, NOW, at_work)
    assert state.slots.take("musicgpt", "job-1", 1, LATER, at_work)
    assert not state.slots.take("musicgpt", "job-2", 1, LATER + timedelta(seconds=30), not_stored)


@BOTH
def test_only_the_holders_who_are_done_lose_their_slots(state: State) -> None:
    for name in ("job-1", "job-2", "job-3"):
        assert state.slots.take("musicgpt", name, 3, NOW, at_work)
    assert state.slots.take("musicgpt", "job-4", 3, LATER, lambda job_id: job_id != "job-2")
    assert not state.slots.take("musicgpt", "job-5", 3, LATER, at_work)


@BOTH
def test_a_plan_with_fewer_slots_counts_at_once(state: State) -> None:
    for name in ("job-1", "job-2", "job-3"):
        assert state.slots.take("musicgpt", name, 3, NOW, at_work)
    assert not state.slots.take("musicgpt", "job-4", 2, LATER, lambda job_id: job_id != "job-2")
    assert state.slots.take("musicgpt", "job-4", 2, LATER, lambda job_id: job_id == "job-1")


@BOTH
def test_no_slots_at_all_are_nobodys(state: State) -> None:
    assert not state.slots.take("musicgpt", "job-1", 0, NOW, at_work)


@BOTH
def test_two_functions_share_the_slots(state: State) -> None:
    other = state.another()
    assert state.slots.take("musicgpt", "job-1", 1, NOW, at_work)
    assert not other.slots.take("musicgpt", "job-2", 1, LATER, at_work)


@BOTH
@pytest.mark.parametrize("holder", [None, "job-0"])
def test_of_two_that_take_the_last_slot_at_the_same_moment_one_gets_it(
    state: State, monkeypatch: pytest.MonkeyPatch, holder: str | None
) -> None:
    """The second reads before the first has written: with a new item, and with one that is there."""
    first, second = state, state.another()
    most = 2 if holder else 1
    if holder:
        assert first.slots.take("musicgpt", holder, most, NOW, at_work)
    if isinstance(second.slots, DynamoSlots):
        between(second.slots, lambda: first.slots.take("musicgpt", "job-1", most, NOW, at_work), monkeypatch)
    else:
        assert first.slots.take("musicgpt", "job-1", most, NOW, at_work)
    assert not second.slots.take("musicgpt", "job-2", most, NOW, at_work)
    assert first.slots.take("musicgpt", "job-1", most, NOW, never_asked)


@pytest.mark.parametrize("world", ["aws"], indirect=True)
def test_who_loses_every_race_waits_for_a_slot_and_takes_none(
    state: State, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert isinstance(state.slots, DynamoSlots)
    names = iter(f"job-{number}" for number in range(100))
    other = state.another()
    between(state.slots, lambda: other.slots.take("musicgpt", next(names), 50, NOW, at_work), monkeypatch, times=99)
    assert not state.slots.take("musicgpt", "mine", 50, NOW, at_work)


def between(slots: DynamoSlots, happens: Callable[[], object], patch: pytest.MonkeyPatch, times: int = 1) -> None:
    """`happens` once the item was read, before it is written."""
    load, left = slots._items.load, [times]

    def read(key: dict[str, object]) -> object:
        item = load(key)
        if left[0]:
            left[0] -= 1
            happens()
        return item

    patch.setattr(slots._items, "load", read)


@BOTH
def test_times_are_compared_as_times_whatever_their_zone_is_written(state: State) -> None:
    local = datetime.fromisoformat("2026-11-20T14:00:30+02:00")
    assert state.slots.take("musicgpt", "job-1", 1, local, at_work)
    assert not state.slots.take("musicgpt", "job-2", 1, LATER, not_stored)
    assert state.slots.take("musicgpt", "job-2", 1, LATER + timedelta(seconds=30), not_stored)


@BOTH
def test_who_leaves_makes_room_and_nobody_need_be_asked(state: State) -> None:
    assert state.slots.take("musicgpt", "job-1", 1, NOW, at_work)
    state.slots.leave("musicgpt", "job-1")
    assert state.slots.take("musicgpt", "job-2", 1, NOW, never_asked)


@BOTH
def test_leaving_what_one_does_not_have_changes_nothing(state: State) -> None:
    state.slots.leave("musicgpt", "job-1")
    assert state.slots.take("musicgpt", "job-1", 1, NOW, at_work)
    state.slots.leave("musicgpt", "job-2")
    assert not state.slots.take("musicgpt", "job-3", 1, NOW, at_work)
