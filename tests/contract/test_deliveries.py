"""What every Deliveries promises, in memory and on DynamoDB alike."""

import json
import secrets
from collections.abc import Callable
from dataclasses import MISSING, fields, replace
from datetime import timedelta

import pytest
from reprise.aws import clients
from reprise.aws.deliveries import LIFE, DynamoDeliveries, delivery_item, delivery_of
from reprise.codec import decode, encode
from reprise.domain.create import enqueue
from reprise.domain.delivery import Delivery, Posted, claim, settle
from reprise.errors import ConflictError
from reprise.memory import MemoryDeliveries, MemoryJobs
from reprise.ports import Deliveries

from tests.contract.conftest import BOTH, World
from tests.factories import NOW, SOON, a_job
from tests.stack import Stack


@pytest.fixture
def deliveries(world: World, request: pytest.FixtureRequest) -> Deliveries:
    """Beside the jobs of the same world."""
    if isinstance(world.jobs, MemoryJobs):
        return MemoryDeliveries(world.jobs)
    stack: Stack = request.getfixturevalue("stack")
    return DynamoDeliveries(stack.environ["TABLE"], clients.dynamodb)


@pytest.fixture
def stored(world: World) -> Callable[[], str]:
    """A new job, stored; its id."""

    def store() -> str:
        job_id = secrets.token_hex(16)
        world.jobs.create(enqueue(a_job(job_id), NOW), None)
        return job_id

    return store


def first_claim(job_id: str) -> Delivery:
    return claim(Delivery(job_id, NOW), NOW)


@BOTH
def test_there_is_no_record_before_the_first(deliveries: Deliveries, stored: Callable[[], str]) -> None:
    assert deliveries.load(stored()) is None


@BOTH
def test_every_field_of_a_record_comes_back(deliveries: Deliveries, stored: Callable[[], str]) -> None:
    record = Delivery(stored(), SOON, ("text", "first"), ("text",), 3, 1)
    deliveries.save(record, 0)
    assert deliveries.load(record.job_id) == record


@BOTH
def test_a_record_is_replaced_by_who_saw_it_last(deliveries: Deliveries, stored: Callable[[], str]) -> None:
    claimed = first_claim(stored())
    deliveries.save(claimed, 0)
    told = settle(claimed, "text", Posted(200), SOON)
    deliveries.save(told, claimed.version)
    assert deliveries.load(claimed.job_id) == told


@BOTH
def test_of_two_that_claim_first_one_wins(deliveries: Deliveries, stored: Callable[[], str]) -> None:
    claimed = first_claim(stored())
    deliveries.save(claimed, 0)
    with pytest.raises(ConflictError):
        deliveries.save(replace(claimed, tries=7), 0)
    assert deliveries.load(claimed.job_id) == claimed


@BOTH
def test_of_two_that_saw_the_same_version_one_wins(deliveries: Deliveries, stored: Callable[[], str]) -> None:
    claimed = first_claim(stored())
    deliveries.save(claimed, 0)
    winner = settle(claimed, "text", Posted(200), SOON)
    deliveries.save(winner, claimed.version)
    with pytest.raises(ConflictError):
        deliveries.save(settle(claimed, "text", None, SOON), claimed.version)
    assert deliveries.load(claimed.job_id) == winner


@BOTH
def test_a_record_that_is_not_there_cannot_be_changed(deliveries: Deliveries, stored: Callable[[], str]) -> None:
    claimed = first_claim(stored())
    with pytest.raises(ConflictError):
        deliveries.save(claim(claimed, SOON), claimed.version)
    assert deliveries.load(claimed.job_id) is None


@BOTH
def test_the_records_of_two_jobs_are_apart(deliveries: Deliveries, stored: Callable[[], str]) -> None:
    one, other = first_claim(stored()), first_claim(stored())
    deliveries.save(one, 0)
    assert deliveries.load(other.job_id) is None
    deliveries.save(other, 0)
    assert deliveries.load(one.job_id) == one


@BOTH
def test_a_job_takes_its_record_with_it_when_it_is_deleted(
    world: World, deliveries: Deliveries, stored: Callable[[], str]
) -> None:
    claimed = first_claim(stored())
    deliveries.save(claimed, 0)
    world.jobs.delete(claimed.job_id)
    assert deliveries.load(claimed.job_id) is None
    with pytest.raises(ConflictError):
        deliveries.save(settle(claimed, "text", Posted(200), SOON), claimed.version)


@BOTH
def test_a_record_changes_neither_the_job_nor_its_timeline(
    world: World, deliveries: Deliveries, stored: Callable[[], str]
) -> None:
    job_id = stored()
    job, lines, due = world.jobs.load(job_id), list(world.jobs.timeline(job_id)), list(world.jobs.due(NOW))
    deliveries.save(first_claim(job_id), 0)
    assert (world.jobs.load(job_id), list(world.jobs.timeline(job_id))) == (job, lines)
    assert list(world.jobs.due(NOW)) == due
    assert [one.id for one in world.jobs.page("owner", None, 100, None).summaries].count(job_id) == 1


def test_a_record_is_one_small_write_that_the_outbox_does_not_hear_of(stack: Stack) -> None:
    deliveries = DynamoDeliveries(stack.environ["TABLE"], clients.dynamodb)
    stack.forget()
    deliveries.save(first_claim(secrets.token_hex(16)), 0)
    assert stack.called() == ["DynamoDB.PutItem"]
    (asked,) = stack.asked("DynamoDB.PutItem")
    assert set(asked["Item"]) == {"pk", "sk", "version", "expires_at", "body"}


def test_a_record_expires_long_after_its_last_try() -> None:
    item = delivery_item(Delivery("a", NOW + timedelta(seconds=900.5)))
    assert item["expires_at"] == {"N": str(int((NOW + LIFE).timestamp()) + 900)}


def test_an_item_tells_its_record_by_the_body_alone() -> None:
    record = Delivery("a", NOW, ("text",), version=4)
    assert delivery_of({"body": delivery_item(record)["body"]}) == record


OF_0_1 = '{"job_id": "abc", "wait_until": "2026-11-20T12:00:00+00:00", "done": ["text"], "version": 2}'
"""Frozen: what release 0.1 wrote must be readable for ever, or be migrated."""


def test_a_record_that_release_0_1_wrote_is_readable() -> None:
    record = decode(Delivery, json.loads(OF_0_1))
    assert record == Delivery("abc", NOW, ("text",), version=2)
    assert encode(record) == json.loads(OF_0_1)


def test_only_what_a_record_cannot_be_without_has_no_default() -> None:
    assert [field.name for field in fields(Delivery) if field.default is MISSING] == ["job_id", "wait_until"]
