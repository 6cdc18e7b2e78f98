"""What every JobReader promises, in memory and on DynamoDB alike."""

import base64
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from reprise.aws.job_reader import AT_ONCE
from reprise.domain.create import create, enqueue
from reprise.domain.job import Leg
from reprise.domain.purse import Purse
from reprise.errors import InvalidError

from tests.contract.conftest import BOTH, World
from tests.contract.test_job_store import a_change, fresh
from tests.factories import NOW, a_request

pytestmark = BOTH
START, END = datetime(2026, 11, 1, tzinfo=UTC), datetime(2026, 12, 1, tzinfo=UTC)


def made(world: World, *moments: datetime, tenant: str = "owner") -> list[str]:
    changes = [a_change(tenant=tenant, at=at) for at in moments]
    for change in changes:
        world.jobs.create(change, None)
    return [change.job.id for change in changes]


def walk(world: World, limit: int, tenant: str = "owner") -> list[str]:
    found: list[str] = []
    cursor = None
    for _ in range(50):
        page = world.reader.made(tenant, "2026-11", limit, cursor)
        assert len(page.ids) <= limit
        found += page.ids
        cursor = page.cursor
        if cursor is None:
            return found
    raise AssertionError("the cursor never ends")


def test_a_month_has_what_was_made_in_it_newest_first(world: World) -> None:
    moment = timedelta(microseconds=1)
    made(world, START - moment, END)
    first, last = made(world, START, END - moment)
    assert walk(world, 10) == [last, first]


@pytest.mark.parametrize("limit", [1, 2, 3, 7])
def test_pages_lead_through_all_of_a_month_once(world: World, limit: int) -> None:
    mine = made(world, *(NOW + timedelta(seconds=number) for number in range(6)))
    made(world, START - timedelta(days=1), END)
    assert walk(world, limit) == mine[::-1]


def test_a_month_is_of_one_tenant(world: World) -> None:
    (mine,) = made(world, NOW)
    made(world, NOW, NOW, tenant="acme")
    assert walk(world, 10) == [mine]
    assert walk(world, 10, tenant="nobody") == []


NESTED = base64.b64encode(b"[" * 100_000).decode()
OF_OCTOBER = base64.b64encode(b'["JOB#a", "2026-10-01T00:00:00"]').decode()


@pytest.mark.parametrize(
    "cursor",
    ["~", "bm90IGpzb24=", "WyIxIiwgMl0=", "WyJhIiwgIjIwMjYtMTAtMDFUMDA6MDA6MDAiXQ==", NESTED, OF_OCTOBER],
    ids=range(6),
)
def test_a_cursor_that_is_not_ours_or_of_another_month_is_refused(world: World, cursor: str) -> None:
    with pytest.raises(InvalidError, match="cursor"):
        world.reader.made("owner", "2026-11", 10, cursor)


def test_several_are_read_at_once_and_those_that_are_gone_are_left_out(world: World) -> None:
    ids = made(world, *[NOW] * (AT_ONCE + 5))
    gone = ids.pop()
    world.jobs.delete(gone)
    found = world.reader.several([*ids, gone, fresh()])
    assert found == {job_id: world.jobs.load(job_id) for job_id in ids}
    assert world.reader.several([]) == {}


def test_a_purse_tells_what_is_committed_in_a_month(world: World) -> None:
    key = fresh()
    purse = Purse(key, "2026-11", 1.0)
    job = create(fresh(), "owner", a_request(), (Leg("kie", 0.25),), NOW, purse=purse)
    world.jobs.create(enqueue(job, NOW), None)
    assert world.reader.committed(key, "2026-11") == world.spent(key, "2026-11") == Decimal("0.25")
    assert world.reader.committed(key, "2026-10") == Decimal(0)
