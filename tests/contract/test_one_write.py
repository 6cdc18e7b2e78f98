"""What a change costs on DynamoDB: one write, unless something else is bought, claimed or put away with it."""

import base64
import json
import secrets
import zlib
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any, cast

import pytest
from reprise.aws import clients, timeline
from reprise.aws.endpoints import DynamoEndpoints
from reprise.aws.evidence import MOST, DynamoEvidence, packed, text_in
from reprise.aws.job_store import DynamoJobs
from reprise.aws.packed import pack, unpack
from reprise.aws.providers import DynamoHealth
from reprise.aws.vocabulary import WORDS
from reprise.domain.create import enqueue
from reprise.domain.endpoint import Endpoint
from reprise.domain.facts import Accepted, CancelAsked
from reprise.domain.health import Health
from reprise.domain.job import Change, Job, State
from reprise.domain.observe import observe
from reprise.errors import ConflictError
from reprise.ports import Claim
from reprise.redact import redact

from bench.gateway.units import size
from tests.factories import NOW, SOON, a_job
from tests.stack import Stack

ONE_WRITE, A_TRANSACTION = ["DynamoDB.UpdateItem"], ["DynamoDB.TransactWriteItems"]


@pytest.fixture
def jobs(stack: Stack) -> DynamoJobs:
    stack.empty_table()
    return DynamoJobs(stack.environ["TABLE"], clients.dynamodb)


def a_change() -> Change:
    return enqueue(a_job(secrets.token_hex(16)), NOW)


def canceled(job: Job) -> Change:
    return observe(job, CancelAsked(), NOW)


def late(job: Job, attempt: int) -> Change:
    """A change of a job that is over, with one line."""
    return observe(replace(job, state=State.CANCELED), Accepted(attempt, "late"), NOW)


def items(stack: Stack) -> dict[str, dict[str, Any]]:
    """All of the table, by sort key."""
    return {one["sk"]["S"]: one for one in clients.dynamodb().scan(TableName=stack.environ["TABLE"])["Items"]}


# --- how many writes -------------------------------------------------------------------------------------------


def test_a_job_is_made_and_changed_by_one_write_each_that_is_no_transaction(stack: Stack, jobs: DynamoJobs) -> None:
    change = a_change()
    stack.forget()
    jobs.create(change, None)
    assert stack.called() == ["DynamoDB.PutItem"]
    stack.forget()
    jobs.commit(canceled(change.job))
    assert stack.called() == ONE_WRITE
    assert set(items(stack)) == {"JOB"}


def test_a_claim_is_taken_in_a_transaction_with_the_job(stack: Stack, jobs: DynamoJobs) -> None:
    stack.forget()
    jobs.create(a_change(), Claim("owner", f"key:{secrets.token_hex(4)}", "print"))
    assert stack.called() == A_TRANSACTION
    (asked,) = stack.asked("DynamoDB.TransactWriteItems")
    assert [list(one) for one in asked["TransactItems"]] == [["Put"], ["Put"]]


def test_an_ordinary_cover_stays_below_two_kilobytes(stack: Stack, jobs: DynamoJobs) -> None:
    """A write is paid for by the kilobyte: packed, fourteen lines and their job are less than one and a half."""
    change = a_change()
    jobs.create(change, None)
    job = change.job
    for number in range(13):
        noted = late(job, 100 + number)
        jobs.commit(noted)
        job = noted.job
    assert len(jobs.timeline(job.id)) == 14
    assert size(items(stack)["JOB"]) < 2048


def test_one_line_is_one_read_unless_it_is_an_old_one(stack: Stack, jobs: DynamoJobs) -> None:
    change = a_change()
    jobs.create(change, None)
    stack.forget()
    assert jobs.line(change.job.id, 1) == change.entries[0]
    assert stack.called() == ["DynamoDB.GetItem"]
    assert jobs.line(change.job.id, 2) is None


# --- whose write it was ------------------------------------------------------------------------------------------


class Forgetful:
    """A client whose answers get lost, so that botocore asks once more; `between` happens before it does."""

    def __init__(self, between: Callable[[], object] = lambda: None) -> None:
        self.real, self.between = clients.dynamodb(), between

    def __getattr__(self, name: str) -> Any:
        real = getattr(self.real, name)
        if name not in ("put_item", "update_item"):
            return real

        def twice(**asked: Any) -> Any:
            real(**asked)
            self.between()
            return real(**asked)

        return twice


def test_who_asks_again_because_an_answer_got_lost_is_not_taken_for_another(stack: Stack, jobs: DynamoJobs) -> None:
    client: Any = Forgetful()
    forgetful = DynamoJobs(stack.environ["TABLE"], lambda: client)
    change = a_change()
    assert forgetful.create(change, None) is None
    forgetful.commit(canceled(change.job))
    assert jobs.load(change.job.id) == canceled(change.job).job
    assert len(jobs.timeline(change.job.id)) == 2


def test_of_two_writers_of_the_very_same_change_one_wins(jobs: DynamoJobs) -> None:
    """Both would call the provider: whose intent it was must be told apart, though nothing in it differs."""
    change = a_change()
    jobs.create(change, None)
    same = canceled(change.job)
    jobs.commit(same)
    with pytest.raises(ConflictError):
        jobs.commit(same)
    with pytest.raises(ConflictError):
        jobs.create(change, None)
    assert len(jobs.timeline(change.job.id)) == 2


def test_an_answer_that_got_lost_before_another_was_faster_is_a_conflict(stack: Stack, jobs: DynamoJobs) -> None:
    change = a_change()
    jobs.create(change, None)
    mine = canceled(change.job)
    client: Any = Forgetful(lambda: jobs.commit(late(mine.job, 7)))
    with pytest.raises(ConflictError):
        DynamoJobs(stack.environ["TABLE"], lambda: client).commit(mine)


def test_an_answer_that_got_lost_makes_no_conflict_of_what_is_kept_beside_jobs(stack: Stack) -> None:
    """A caller who is told of one asks again, and has two webhooks."""
    table, client = stack.environ["TABLE"], cast("Any", Forgetful())
    endpoint = Endpoint(secrets.token_hex(16), "owner", "https://hooks.example/", NOW, version=1)
    DynamoEndpoints(table, lambda: client).save(endpoint)
    DynamoEndpoints(table, lambda: client).save(replace(endpoint, version=2))
    DynamoHealth(table, lambda: client).save(endpoint.id, Health(version=1))
    with pytest.raises(ConflictError):
        DynamoEndpoints(table, clients.dynamodb).save(replace(endpoint, version=2))


@pytest.mark.parametrize("life", [timedelta(days=7), timedelta(days=31), None], ids=str)
def test_a_claim_is_remembered_as_long_as_it_says(stack: Stack, jobs: DynamoJobs, life: timedelta | None) -> None:
    claim, change = Claim("owner", f"key:{secrets.token_hex(4)}", "print", life=life), a_change()
    stack.forget()
    jobs.create(change, claim)
    (asked,) = stack.asked("DynamoDB.TransactWriteItems")
    ends = asked["TransactItems"][0]["Put"]["Item"].get("expires_at")
    assert ends == ({"N": str(int((NOW + life).timestamp()))} if life else None)


# --- pages of a long timeline --------------------------------------------------------------------------------------


def test_a_long_timeline_is_put_away_page_by_page_and_read_as_one(stack: Stack, jobs: DynamoJobs) -> None:
    change = a_change()
    jobs.create(change, None)
    job, writes = change.job, []
    for number in range(99):
        noted = late(job, 100 + number)
        stack.forget()
        jobs.commit(noted)
        writes.append(stack.called())
        job = noted.job
    lines = jobs.timeline(job.id)
    assert [line.sequence for line in lines] == list(range(1, 101))
    assert all(jobs.line(job.id, line.sequence) == line for line in lines)
    assert sorted(items(stack)) == ["EVENTS#000001", "EVENTS#000032", "EVENTS#000064", "JOB"]
    assert len(list(timeline.lines_in(items(stack)["JOB"]))) == 5
    assert [one for one in writes if one != ONE_WRITE] == [["DynamoDB.GetItem", *A_TRANSACTION]] * 3
    jobs.delete(job.id)
    assert items(stack) == {}


def almost_a_page(jobs: DynamoJobs) -> Job:
    """A job whose next line turns the page."""
    change = a_change()
    jobs.create(change, None)
    job = change.job
    for number in range(timeline.PAGE - 2):
        jobs.commit(noted := late(job, 100 + number))
        job = noted.job
    return job


def test_a_page_is_put_away_by_who_wins_the_race_alone(stack: Stack, jobs: DynamoJobs) -> None:
    job = almost_a_page(jobs)
    turns = late(job, 1000)
    assert timeline.turns_page(turns)
    jobs.commit(late(job, 2000))
    with pytest.raises(ConflictError):
        jobs.commit(turns)
    assert len(jobs.timeline(job.id)) == timeline.PAGE
    assert sorted(items(stack)) == ["EVENTS#000001", "JOB"]


def test_a_line_that_nobody_can_read_any_more_stops_no_change(stack: Stack, jobs: DynamoJobs) -> None:
    job = almost_a_page(jobs)
    unknown = pack([{"sequence": 1, "state": "a state of a later release"}])
    clients.dynamodb().update_item(
        TableName=stack.environ["TABLE"],
        Key={"pk": {"S": f"JOB#{job.id}"}, "sk": {"S": "JOB"}},
        UpdateExpression="SET timeline[0] = :unknown",
        ExpressionAttributeValues={":unknown": unknown},
    )
    turns = late(job, 1000)
    assert timeline.turns_page(turns)
    jobs.commit(turns)
    assert jobs.load(job.id) == turns.job


def test_what_comes_while_a_job_is_deleted_is_deleted_with_it(stack: Stack, jobs: DynamoJobs) -> None:
    change = a_change()
    jobs.create(change, None)
    evidence = DynamoEvidence(stack.environ["TABLE"], clients.dynamodb, 30)
    real = clients.dynamodb()

    class Late:
        """A callback brings evidence when what there was has been looked up."""

        brought = False

        def __getattr__(self, name: str) -> Any:
            if name == "delete_item" and not self.brought:
                self.brought = True
                evidence.keep(change.job.id, "1-late", "{}", SOON)
            return getattr(real, name)

    client: Any = Late()
    DynamoJobs(stack.environ["TABLE"], lambda: client).delete(change.job.id)
    assert client.brought
    assert items(stack) == {}


# --- evidence ------------------------------------------------------------------------------------------------------


def test_a_body_beyond_what_an_item_holds_is_cut_and_says_so(stack: Stack, jobs: DynamoJobs) -> None:
    """None that a callback can bring is known to be that long."""
    text = secrets.token_hex(MOST)
    DynamoEvidence(stack.environ["TABLE"], clients.dynamodb, 30).keep("a" * 32, "1-x", text, SOON)
    (kept,) = items(stack).values()
    assert size(kept) < 400 * 1024
    assert kept["cut"] == {"N": str(len(text))}
    assert text.startswith(text_in(kept))
    assert len(text_in(kept)) == MOST


@pytest.mark.parametrize("body", [b"\xff" * 262_144, secrets.token_bytes(262_144), b"?key=a" * 43_690])
def test_the_longest_callback_is_kept_whole_whatever_is_in_it(body: bytes) -> None:
    text = redact(body.decode(errors="replace"))
    assert "cut" not in packed(text)
    assert text_in(packed(text)) == text


# --- packing -------------------------------------------------------------------------------------------------------


def test_what_was_packed_is_unpacked_from_bytes_and_from_the_streams_base64() -> None:
    value = {"message": "Löwenzahn", "data": [1, None, "\u2028"]}
    assert unpack(pack(value)) == value
    assert unpack({"B": base64.b64encode(pack(value)["B"]).decode()}) == value


def test_the_vocabulary_is_what_it_was_when_the_first_item_was_packed_with_it() -> None:
    assert f"{zlib.adler32(WORDS):08x}" == unpacked_by()


def unpacked_by() -> str:
    """The DICTID that the golden items of release 0.3 name."""
    item = json.loads((Path(__file__).parent.parent / "golden_items/0.3/job.json").read_text())
    return base64.b64decode(item["job"]["B"])[2:6].hex()
