"""What every JobStore promises, in memory and on DynamoDB alike."""

import secrets
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from reprise.domain.advance import begin
from reprise.domain.create import enqueue
from reprise.domain.facts import Accepted, Broke, CancelAsked, Refused, Via
from reprise.domain.job import Change, ErrorClass, Job, Leg, ProviderError, Stage, State
from reprise.domain.observe import observe
from reprise.domain.purse import Purse, money
from reprise.errors import BudgetSpentError, ConflictError, InvalidError
from reprise.ports import Claim, Page

from tests.contract.conftest import BOTH, World
from tests.contract.lives import lives
from tests.factories import NOW, a_job, a_progress

pytestmark = BOTH

SLOW = settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def fresh() -> str:
    return secrets.token_hex(16)


def a_change(job_id: str = "", tenant: str = "owner", at: datetime = NOW, **request: object) -> Change:
    """A new job with its first line."""
    job = replace(a_job(job_id or fresh(), tenant, **request), created_at=at)
    return enqueue(job, at)


def a_claim(fingerprint: str = "print", tenant: str = "owner") -> Claim:
    return Claim(tenant, f"key:{fresh()}", fingerprint)


def canceled(job: Job, at: datetime = NOW) -> Change:
    return observe(job, CancelAsked(), at)


def walk(world: World, tenant: str, state: State | None, limit: int) -> Iterator[Page]:
    cursor = None
    for _ in range(200):
        page = world.jobs.page(tenant, state, limit, cursor)
        yield page
        cursor = page.cursor
        if cursor is None:
            return
    raise AssertionError("the cursor never ends")


def listed(world: World, tenant: str, state: State | None = None, limit: int = 3) -> list[str]:
    return [one.id for page in walk(world, tenant, state, limit) for one in page.summaries]


# --- creating --------------------------------------------------------------------------------------------------


def test_a_created_job_can_be_loaded(world: World) -> None:
    change = a_change()
    assert world.jobs.create(change, None) is None
    assert world.jobs.load(change.job.id) == change.job


def test_a_job_that_was_never_stored_is_none(world: World) -> None:
    assert world.jobs.load(fresh()) is None
    assert list(world.jobs.timeline(fresh())) == []


def test_a_free_claim_is_taken_with_the_job(world: World) -> None:
    claim, change = a_claim(), a_change()
    assert world.jobs.create(change, claim) is None
    assert world.jobs.load(change.job.id) == change.job


def test_a_held_claim_stores_nothing_and_says_who_holds_it(world: World) -> None:
    claim, first, second = a_claim("first"), a_change(), a_change()
    world.jobs.create(first, claim)
    held = world.jobs.create(second, replace(claim, fingerprint="second"))
    assert held is not None
    assert (held.job_id, held.fingerprint) == (first.job.id, "first")
    assert world.jobs.load(second.job.id) is None
    assert list(world.jobs.timeline(second.job.id)) == []


def test_a_claim_is_held_still_when_its_job_was_deleted(world: World) -> None:
    claim, first = a_claim(), a_change()
    world.jobs.create(first, claim)
    world.jobs.delete(first.job.id)
    held = world.jobs.create(a_change(), claim)
    assert held is not None
    assert held.job_id == first.job.id


def test_the_same_key_of_another_tenant_is_another_claim(world: World) -> None:
    claim = a_claim()
    world.jobs.create(a_change(), claim)
    assert world.jobs.create(a_change(tenant="other"), replace(claim, tenant="other")) is None


def test_creating_a_job_twice_is_a_conflict_and_changes_nothing(world: World) -> None:
    first = a_change()
    world.jobs.create(first, None)
    with pytest.raises(ConflictError):
        world.jobs.create(a_change(first.job.id, prompt="another wish"), None)
    assert world.jobs.load(first.job.id) == first.job


def test_a_create_that_conflicts_does_not_take_its_claim(world: World) -> None:
    claim, first = a_claim(), a_change()
    world.jobs.create(first, None)
    with pytest.raises(ConflictError):
        world.jobs.create(a_change(first.job.id), claim)
    assert world.jobs.create(a_change(), claim) is None


# --- committing ------------------------------------------------------------------------------------------------


def test_a_committed_change_is_the_job_from_then_on(world: World) -> None:
    first = a_change()
    world.jobs.create(first, None)
    change = canceled(first.job)
    world.jobs.commit(change)
    assert world.jobs.load(first.job.id) == change.job


def test_of_two_writers_that_saw_the_same_version_one_wins(world: World) -> None:
    first = a_change()
    world.jobs.create(first, None)
    winner, loser = canceled(first.job), canceled(first.job, NOW + timedelta(seconds=1))
    world.jobs.commit(winner)
    with pytest.raises(ConflictError):
        world.jobs.commit(loser)
    assert world.jobs.load(first.job.id) == winner.job


def test_a_lost_race_leaves_no_line_on_the_timeline(world: World) -> None:
    first = a_change()
    world.jobs.create(first, None)
    longer = observe(canceled(first.job).job, Accepted(0, "task"), NOW)
    world.jobs.commit(canceled(first.job))
    with pytest.raises(ConflictError):
        world.jobs.commit(replace(longer, before=first.job.version))
    assert len(world.jobs.timeline(first.job.id)) == 2


def test_a_change_of_a_job_that_is_not_there_is_a_conflict(world: World) -> None:
    with pytest.raises(ConflictError):
        world.jobs.commit(canceled(a_change().job))


def test_a_deleted_job_does_not_come_back_by_a_late_commit(world: World) -> None:
    first = a_change()
    world.jobs.create(first, None)
    world.jobs.delete(first.job.id)
    with pytest.raises(ConflictError):
        world.jobs.commit(canceled(first.job))
    assert world.jobs.load(first.job.id) is None


# --- the timeline ----------------------------------------------------------------------------------------------


@SLOW
@given(life=lives())
def test_whatever_happens_to_a_job_every_field_and_every_line_come_back(world: World, life: list[Change]) -> None:
    job_id = fresh()
    mine = [_renamed(change, job_id) for change in life]
    world.jobs.create(mine[0], None)
    for change in mine[1:]:
        world.jobs.commit(change)
    assert world.jobs.load(job_id) == mine[-1].job
    assert list(world.jobs.timeline(job_id)) == [entry for change in mine for entry in change.entries]
    assert [one.id for one in world.jobs.page("owner", mine[-1].job.state, 100, None).summaries] == [job_id]
    paid = mine[-1].job.committed if mine[-1].job.purse else 0
    assert world.spent(job_id, MONTH) == money(paid)
    world.jobs.delete(job_id)


def test_lines_come_in_the_order_they_were_written_also_past_the_tenth(world: World) -> None:
    change = a_change()
    world.jobs.create(change, None)
    job = change.job
    for number in range(12):
        noted = observe(replace(job, state=State.CANCELED), Accepted(100 + number, "late"), NOW)
        world.jobs.commit(noted)
        job = noted.job
    lines = world.jobs.timeline(job.id)
    assert [line.sequence for line in lines] == list(range(1, 14))


def _renamed(change: Change, job_id: str) -> Change:
    entries = tuple(replace(entry, job_id=job_id) for entry in change.entries)
    purse = change.job.purse and replace(change.job.purse, key=job_id)  # a counter of its own
    return replace(change, job=replace(change.job, id=job_id, purse=purse), entries=entries)


# --- purses ------------------------------------------------------------------------------------------------------

MONTH = "2026-11"


def a_purse(limit: float = 1) -> Purse:
    return Purse(fresh()[:12], MONTH, limit)


def a_purchase(purse: Purse | None, usd: float = 0.1, *ahead: Leg) -> Change:
    """A job whose provider is about to be paid."""
    job = replace(a_job(fresh()), leg=Leg("kie", usd), route=ahead, purse=purse)
    return begin(job, NOW)


def spent(world: World, purse: Purse) -> Decimal:
    return world.spent(purse.key, purse.month)


def down(attempt: int = 1) -> Broke:
    return Broke(attempt, Via.POLL, ProviderError(ErrorClass.RETRY_LATER, "500", "down"))


def no_credit(attempt: int = 1) -> Refused:
    return Refused(attempt, ProviderError(ErrorClass.NO_CREDIT, "402", "empty"))


def test_a_purchase_is_counted_with_the_job_that_makes_it(world: World) -> None:
    purse = a_purse()
    for _ in range(3):
        world.jobs.create(a_purchase(purse), None)
    assert spent(world, purse) == Decimal("0.3")


def test_a_job_without_a_purse_counts_nowhere(world: World) -> None:
    purse = a_purse()
    world.jobs.create(a_purchase(None), None)
    assert spent(world, purse) == 0


@pytest.mark.parametrize(("limit", "fit"), [(0.3, 3), (0.299999, 2), (0.1, 1), (0.099999, 0), (0, 0)])
def test_a_purse_can_be_spent_to_its_last_cent_and_no_further(world: World, limit: float, fit: int) -> None:
    purse, claim = a_purse(limit), a_claim()
    for _ in range(fit):
        world.jobs.create(a_purchase(purse), None)
    dear = a_purchase(purse)
    for asked in (None, claim):
        with pytest.raises(BudgetSpentError) as raised:
            world.jobs.create(dear, asked)
        assert raised.value.spent == spent(world, purse)
    assert world.jobs.load(dear.job.id) is None
    assert world.jobs.claimed(claim) is None
    assert list(world.jobs.timeline(dear.job.id)) == []
    assert spent(world, purse) == money(0.1) * fit


def test_what_costs_nothing_is_bought_from_an_empty_purse(world: World) -> None:
    purse = a_purse(0)
    world.jobs.create(a_purchase(purse, usd=0.0), None)
    assert spent(world, purse) == 0


def test_who_holds_the_claim_is_told_before_who_has_no_money(world: World) -> None:
    purse, claim = a_purse(0.1), a_claim()
    first = a_purchase(purse)
    world.jobs.create(first, claim)
    held = world.jobs.create(a_purchase(purse), claim)
    assert held is not None
    assert held.job_id == first.job.id


def test_a_refusal_gives_back_and_a_turn_takes_the_difference(world: World) -> None:
    purse = a_purse()
    turned = a_purchase(purse, 0.1, Leg("sunoapi", 0.25))
    world.jobs.create(turned, None)
    world.jobs.commit(observe(turned.job, no_credit(), NOW))
    assert spent(world, purse) == Decimal("0.25")
    failed = a_purchase(purse)
    world.jobs.create(failed, None)
    world.jobs.commit(observe(failed.job, no_credit(), NOW))
    assert spent(world, purse) == Decimal("0.25")


def test_a_turn_that_does_not_fit_is_not_written(world: World) -> None:
    purse = a_purse(0.3)
    job = a_purchase(purse, 0.1, Leg("sunoapi", 0.25))
    world.jobs.create(job, None)
    with pytest.raises(BudgetSpentError) as raised:
        world.jobs.commit(observe(job.job, down(), NOW))
    assert raised.value.room == Decimal("0.2")
    assert world.jobs.load(job.job.id) == job.job
    world.jobs.commit(observe(job.job, down(), NOW, below=0.25))
    assert spent(world, purse) == Decimal("0.1")


def test_a_lost_race_is_a_lost_race_also_where_the_money_is_gone(world: World) -> None:
    purse = a_purse(0.1)
    job = a_purchase(purse, 0.1, Leg("sunoapi", 0.25))
    world.jobs.create(job, None)
    world.jobs.commit(canceled(job.job))
    with pytest.raises(ConflictError):
        world.jobs.commit(observe(job.job, down(), NOW))
    assert spent(world, purse) == Decimal("0.1")


def test_what_was_bought_already_is_counted_room_or_not(world: World) -> None:
    purse = a_purse(0.1)
    job = a_purchase(purse, 0.1)
    world.jobs.create(job, None)
    late = observe(job.job, Accepted(1, "task-1"), NOW)
    world.jobs.commit(replace(late, job=replace(late.job, spent=0.5), commits=Decimal("0.4")))
    assert spent(world, purse) == Decimal("0.5")
    with pytest.raises(BudgetSpentError):
        world.jobs.create(a_purchase(purse), None)


def test_a_deleted_job_was_paid_for_all_the_same(world: World) -> None:
    purse = a_purse()
    job = a_purchase(purse)
    world.jobs.create(job, None)
    world.jobs.delete(job.job.id)
    assert spent(world, purse) == Decimal("0.1")


# --- what is due -----------------------------------------------------------------------------------------------


def due_ids(world: World, now: datetime) -> set[str]:
    return {one.job_id for one in world.jobs.due(now)}


def test_due_is_exactly_what_waits_for_a_time_that_has_come(world: World) -> None:
    now = datetime(2031, 1, 1, tzinfo=UTC)
    past, exact, future = (a_change(at=now + timedelta(seconds=s)) for s in (-1, 0, 1))
    for change in (past, exact, future):
        world.jobs.create(change, None)
    before = set(world.jobs.due(now - timedelta(seconds=2)))
    found = list(world.jobs.due(now))
    since = {past.job.id: now - timedelta(seconds=1), exact.job.id: now}
    assert {one.job_id: one.at for one in set(found) - before} == since
    assert len(found) == len(set(found))


def test_due_compares_moments_and_not_texts(world: World) -> None:
    now = datetime(2032, 1, 1, tzinfo=UTC)
    later = a_change(at=now + timedelta(microseconds=1))
    world.jobs.create(later, None)
    assert later.job.id not in due_ids(world, now)
    assert later.job.id in due_ids(world, now + timedelta(microseconds=1))


def test_a_job_that_ended_is_due_no_more(world: World) -> None:
    change = a_change()
    world.jobs.create(change, None)
    assert change.job.id in due_ids(world, NOW)
    world.jobs.commit(canceled(change.job))
    assert change.job.id not in due_ids(world, NOW + timedelta(days=365))


def test_a_deleted_job_is_due_no_more(world: World) -> None:
    change = a_change()
    world.jobs.create(change, None)
    world.jobs.delete(change.job.id)
    assert change.job.id not in due_ids(world, NOW)


# --- the list --------------------------------------------------------------------------------------------------


def test_the_list_is_newest_first_and_shows_what_a_list_shows(world: World) -> None:
    tenant = fresh()
    old = a_change(tenant=tenant, at=NOW, title="Old", style="jazz", lyrics="la")
    new = a_change(tenant=tenant, at=NOW + timedelta(minutes=1))
    for change in (new, old):
        world.jobs.create(change, None)
    first, second = world.jobs.page(tenant, None, 10, None).summaries
    assert (first.id, first.title, first.provider, first.stage) == (new.job.id, None, "kie", Stage.NONE)
    assert (second.id, second.title, second.created_at) == (old.job.id, "Old", NOW)
    assert (second.state, second.updated_at) == (State.QUEUED, old.job.updated_at)


def test_the_list_shows_the_beginning_of_a_very_long_title(world: World) -> None:
    tenant = fresh()
    world.jobs.create(a_change(tenant=tenant, title="t" * 500), None)
    assert world.jobs.page(tenant, None, 10, None).summaries[0].title == "t" * 200


@pytest.mark.parametrize("limit", [1, 2, 3, 7, 20])
def test_following_the_cursor_visits_every_job_exactly_once(world: World, limit: int) -> None:
    tenant = fresh()
    changes = [a_change(tenant=tenant, at=NOW + timedelta(seconds=number)) for number in range(7)]
    for change in changes:
        world.jobs.create(change, None)
    assert listed(world, tenant, limit=limit) == [change.job.id for change in reversed(changes)]
    assert all(len(page.summaries) <= limit for page in walk(world, tenant, None, limit))


def test_jobs_of_the_same_moment_are_each_visited_once(world: World) -> None:
    tenant = fresh()
    ids = {
        change.job.id for change in (a_change(tenant=tenant) for _ in range(5)) if not world.jobs.create(change, None)
    }
    found = listed(world, tenant, limit=2)
    assert set(found) == ids
    assert len(found) == len(ids)


@pytest.mark.parametrize("limit", [1, 2, 20])
def test_following_the_cursor_of_a_filtered_list_visits_every_match_exactly_once(world: World, limit: int) -> None:
    tenant = fresh()
    changes = [a_change(tenant=tenant, at=NOW + timedelta(seconds=number)) for number in range(30)]
    for number, change in enumerate(changes):
        world.jobs.create(change, None)
        if number % 11 == 0:
            world.jobs.commit(canceled(change.job))
    wanted = [change.job.id for number, change in enumerate(changes) if number % 11 == 0]
    assert listed(world, tenant, State.CANCELED, limit) == wanted[::-1]
    assert len(listed(world, tenant, State.QUEUED, limit)) == len(changes) - len(wanted)
    assert listed(world, tenant, State.FAILED, limit) == []


def test_a_cursor_still_leads_on_when_the_job_it_stands_at_is_deleted(world: World) -> None:
    tenant = fresh()
    changes = [a_change(tenant=tenant, at=NOW + timedelta(seconds=number)) for number in range(4)]
    for change in changes:
        world.jobs.create(change, None)
    page = world.jobs.page(tenant, None, 2, None)
    world.jobs.delete(page.summaries[-1].id)
    rest = world.jobs.page(tenant, None, 2, page.cursor)
    assert [one.id for one in rest.summaries] == [changes[1].job.id, changes[0].job.id]


def test_a_tenant_sees_nothing_of_another_not_even_with_the_other_ones_cursor(world: World) -> None:
    mine, theirs = fresh(), fresh()
    own = a_change(tenant=mine, at=NOW - timedelta(days=1))
    world.jobs.create(own, None)
    for number in range(3):
        world.jobs.create(a_change(tenant=theirs, at=NOW + timedelta(seconds=number)), None)
    cursor = world.jobs.page(theirs, None, 1, None).cursor
    assert cursor is not None
    assert theirs not in cursor
    assert listed(world, mine) == [own.job.id]
    assert [one.id for one in world.jobs.page(mine, None, 10, cursor).summaries] == [own.job.id]


@pytest.mark.parametrize(
    "cursor",
    [
        "x",
        "W10=",
        "after-" + "a" * 32,
        "МИР",
        "e30=",
        "WyJUQUJMRSMxIiwiMjAyNi0xMS0yMFQxMjowMDowMCJd",
        "WyJKT0IjIiwiMjAyNi0xMS0yMFQxMjowMDowMC4wMDAwMDArMDA6MDAiXQ==",
        "WyJKT0IjYWJjIiwieWVzdGVyZGF5Il0=",
        "WyJKT0IjXHVkODAwIiwiMjAyNi0xMS0yMFQxMjowMDowMC4wMDAwMDArMDA6MDAiXQ==",
    ],
)
def test_a_cursor_that_is_not_ours_is_invalid(world: World, cursor: str) -> None:
    tenant = fresh()
    world.jobs.create(a_change(tenant=tenant), None)
    with pytest.raises(InvalidError) as raised:
        world.jobs.page(tenant, None, 10, cursor)
    assert raised.value.violations[0].field == "cursor"


# --- deleting --------------------------------------------------------------------------------------------------


def test_deleting_takes_the_job_its_timeline_and_its_place_in_the_list(world: World) -> None:
    tenant = fresh()
    change, other = a_change(tenant=tenant), a_change(tenant=tenant)
    world.jobs.create(change, None)
    world.jobs.create(other, None)
    running = observe(replace(change.job, state=State.SUBMITTING, attempt=1), a_progress(Stage.FIRST, 1), NOW)
    world.jobs.commit(running)
    world.jobs.delete(change.job.id)
    assert world.jobs.load(change.job.id) is None
    assert list(world.jobs.timeline(change.job.id)) == []
    assert listed(world, tenant) == [other.job.id]


def test_deleting_what_is_not_there_does_nothing(world: World) -> None:
    world.jobs.delete(fresh())
