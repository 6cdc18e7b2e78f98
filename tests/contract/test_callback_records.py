"""What every CallbackRecords promises, in memory and on DynamoDB alike."""

import json
import secrets
from collections.abc import Callable
from dataclasses import MISSING, fields, replace
from datetime import timedelta

import pytest
from reprise.aws import clients
from reprise.aws.callback_records import LIFE, DynamoCallbackRecords, record_item, record_of
from reprise.codec import decode, encode
from reprise.domain.attempts import Posted
from reprise.domain.callbacks import CallbackRecord, claim, settle
from reprise.domain.create import enqueue
from reprise.errors import ConflictError
from reprise.memory import MemoryCallbackRecords, MemoryJobs
from reprise.ports import CallbackRecords

from tests.contract.conftest import BOTH, World
from tests.factories import NOW, SOON, a_job
from tests.stack import Stack


@pytest.fixture
def records(world: World, request: pytest.FixtureRequest) -> CallbackRecords:
    """Beside the jobs of the same world."""
    if isinstance(world.jobs, MemoryJobs):
        return MemoryCallbackRecords(world.jobs)
    stack: Stack = request.getfixturevalue("stack")
    return DynamoCallbackRecords(stack.environ["TABLE"], clients.dynamodb)


@pytest.fixture
def stored(world: World) -> Callable[[], str]:
    """A new job, stored; its id."""

    def store() -> str:
        job_id = secrets.token_hex(16)
        world.jobs.create(enqueue(a_job(job_id), NOW), None)
        return job_id

    return store


def first_claim(job_id: str) -> CallbackRecord:
    return claim(CallbackRecord(job_id, NOW), "text", NOW)


@BOTH
def test_there_is_no_record_before_the_first(records: CallbackRecords, stored: Callable[[], str]) -> None:
    assert records.load(stored()) is None


@BOTH
def test_every_field_of_a_record_comes_back(records: CallbackRecords, stored: Callable[[], str]) -> None:
    record = CallbackRecord(stored(), SOON, ("text", "first"), ("text",), 3, 1)
    records.save(record, 0)
    assert records.load(record.job_id) == record


@BOTH
def test_a_record_is_replaced_by_who_saw_it_last(records: CallbackRecords, stored: Callable[[], str]) -> None:
    claimed = first_claim(stored())
    records.save(claimed, 0)
    told = settle(claimed, "text", Posted(200), SOON, 0.0)
    records.save(told, claimed.version)
    assert records.load(claimed.job_id) == told


@BOTH
def test_of_two_that_claim_first_one_wins(records: CallbackRecords, stored: Callable[[], str]) -> None:
    claimed = first_claim(stored())
    records.save(claimed, 0)
    with pytest.raises(ConflictError):
        records.save(replace(claimed, tries=7), 0)
    assert records.load(claimed.job_id) == claimed


@BOTH
def test_of_two_that_saw_the_same_version_one_wins(records: CallbackRecords, stored: Callable[[], str]) -> None:
    claimed = first_claim(stored())
    records.save(claimed, 0)
    winner = settle(claimed, "text", Posted(200), SOON, 0.0)
    records.save(winner, claimed.version)
    with pytest.raises(ConflictError):
        records.save(settle(claimed, "text", "no answer", SOON, 0.0), claimed.version)
    assert records.load(claimed.job_id) == winner


@BOTH
def test_a_record_that_is_not_there_cannot_be_changed(records: CallbackRecords, stored: Callable[[], str]) -> None:
    claimed = first_claim(stored())
    with pytest.raises(ConflictError):
        records.save(claim(claimed, "text", SOON), claimed.version)
    assert records.load(claimed.job_id) is None


@BOTH
def test_the_records_of_two_jobs_are_apart(records: CallbackRecords, stored: Callable[[], str]) -> None:
    one, other = first_claim(stored()), first_claim(stored())
    records.save(one, 0)
    assert records.load(other.job_id) is None
    records.save(other, 0)
    assert records.load(one.job_id) == one


@BOTH
def test_a_job_takes_its_record_with_it_when_it_is_deleted(
    world: World, records: CallbackRecords, stored: Callable[[], str]
) -> None:
    claimed = first_claim(stored())
    records.save(claimed, 0)
    world.jobs.delete(claimed.job_id)
    assert records.load(claimed.job_id) is None
    with pytest.raises(ConflictError):
        records.save(settle(claimed, "text", Posted(200), SOON, 0.0), claimed.version)


@BOTH
def test_a_record_changes_neither_the_job_nor_its_timeline(
    world: World, records: CallbackRecords, stored: Callable[[], str]
) -> None:
    job_id = stored()
    job, lines, due = world.jobs.load(job_id), list(world.jobs.timeline(job_id)), list(world.jobs.due(NOW))
    records.save(first_claim(job_id), 0)
    assert (world.jobs.load(job_id), list(world.jobs.timeline(job_id))) == (job, lines)
    assert list(world.jobs.due(NOW)) == due
    assert [one.id for one in world.jobs.page("owner", None, 100, None).summaries].count(job_id) == 1


def test_a_record_is_one_small_write_that_the_outbox_does_not_hear_of(stack: Stack) -> None:
    records = DynamoCallbackRecords(stack.environ["TABLE"], clients.dynamodb)
    stack.forget()
    claimed = first_claim(secrets.token_hex(16))
    records.save(claimed, 0)
    assert stack.called() == ["DynamoDB.PutItem"]
    (asked,) = stack.asked("DynamoDB.PutItem")
    assert set(asked["Item"]) == {"pk", "sk", "version", "nonce", "expires_at", "body", "due_shard", "due_at"}
    stack.forget()
    told = settle(claimed, "text", Posted(200), SOON, 0.0)
    records.save(told, claimed.version)
    (asked,) = stack.asked("DynamoDB.PutItem")
    assert set(asked["Item"]) == {"pk", "sk", "version", "nonce", "expires_at", "body"}


def test_a_record_expires_long_after_its_last_try() -> None:
    item = record_item(CallbackRecord("a", NOW + timedelta(seconds=900.5)))
    assert item["expires_at"] == {"N": str(int((NOW + LIFE).timestamp()) + 900)}


def test_an_item_tells_its_record_by_the_body_alone() -> None:
    record = CallbackRecord("a", NOW, ("text",), version=4)
    assert record_of({"body": record_item(record)["body"]}) == record


OF_0_1 = '{"job_id": "abc", "wait_until": "2026-11-20T12:00:00+00:00", "done": ["text"], "version": 2}'
"""Frozen: what release 0.1 wrote must be readable for ever, or be migrated."""


def test_a_record_that_release_0_1_wrote_is_readable() -> None:
    record = decode(CallbackRecord, json.loads(OF_0_1))
    assert record == CallbackRecord("abc", NOW, ("text",), version=2)
    assert encode(record) == json.loads(OF_0_1)


def test_only_what_a_record_cannot_be_without_has_no_default() -> None:
    assert [field.name for field in fields(CallbackRecord) if field.default is MISSING] == ["job_id", "wait_until"]
