"""What was ever written, format by format, is read by today's code, through the stores that would meet it in the table.

A format adds a folder to tests/golden_items and changes no other: those items lie in somebody's table.
"""

import base64
import json
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from reprise.aws import clients
from reprise.aws.callback_records import DynamoCallbackRecords
from reprise.aws.evidence import DynamoEvidence, text_in
from reprise.aws.items import claimed_of, job_key, job_of, summary_of
from reprise.aws.job_store import DynamoJobs
from reprise.aws.key_items import digest_in, key_of
from reprise.aws.packed import unpack
from reprise.aws.providers import DynamoHealth, DynamoSlots
from reprise.aws.timeline import committed, lines_in
from reprise.codec import encode
from reprise.domain.advance import Poll, Record, Rest, Submit, advance
from reprise.domain.facts import CancelAsked
from reprise.domain.key import ApiKey, Scope
from reprise.domain.observe import observe
from reprise.ports import Claim

from tests.stack import Stack

FOLDER = Path(__file__).parent.parent / "golden_items"
RELEASES = sorted(path.name for path in FOLDER.iterdir())
FILES = sorted(FOLDER.rglob("*.json"))
FAR = datetime(2100, 1, 1, tzinfo=UTC)

MOVED = {("0.1", "job", "provider"), ("0.1", "job", "request.provider"), ("0.2", "entry", "webhook")}
"""Release, kind and name of what lies elsewhere today, or is looked up when it is asked for."""

each_item = pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(FOLDER)))


def kind_of(path: Path) -> str:
    return path.stem.partition("-")[0]


def item_of(path: Path) -> dict[str, Any]:
    return dict(json.loads(path.read_text(), object_hook=_bytes))


def _bytes(value: dict[str, Any]) -> dict[str, Any]:
    """As botocore brings them."""
    return {"B": base64.b64decode(value["B"])} if set(value) == {"B"} else value


def put(stack: Stack, item: dict[str, Any]) -> str:
    clients.dynamodb().put_item(TableName=stack.environ["TABLE"], Item=item)
    return str(item["pk"]["S"].rpartition("#")[2])


def read_job(stack: Stack, item: dict[str, Any]) -> Any:
    jobs, job_id = DynamoJobs(stack.environ["TABLE"], clients.dynamodb), put(stack, item)
    job = jobs.load(job_id)
    assert job is not None
    assert job_of(item) == job
    assert summary_of(item).id == job.id
    assert isinstance(advance(job, FAR), Submit | Poll | Record | Rest)  # the machine can go on with it
    assert (job_id in {due.job_id for due in jobs.due(FAR)}) == (job.due_at is not None)
    assert job_id in {one.id for one in jobs.page(job.tenant, None, 100, None).summaries}
    lines = list(lines_in(item))
    assert list(jobs.timeline(job_id)) == lines
    assert all(jobs.line(job_id, line.sequence) == line for line in lines)
    if "outbox" in item:
        assert {one.outbox for one in committed(item)} == set(item["outbox"]["S"].split())  # type: ignore[union-attr]
    return job


def read_entry(stack: Stack, item: dict[str, Any]) -> Any:
    jobs, job_id = DynamoJobs(stack.environ["TABLE"], clients.dynamodb), put(stack, item)
    (read,) = lines_in(item)
    assert read in jobs.timeline(job_id)
    assert jobs.line(job_id, read.sequence) == read
    assert item.get("outbox", {}).get("S") == read.outbox
    assert committed(item) == [read]
    return read


def read_page(stack: Stack, item: dict[str, Any]) -> None:
    jobs, job_id = DynamoJobs(stack.environ["TABLE"], clients.dynamodb), put(stack, item)
    stored = [line for change in item["timeline"]["L"] for line in unpack(change)]
    read = list(lines_in(item))
    assert [missing(*pair) for pair in zip(stored, map(encode, read), strict=True)] == [set()] * len(stored)
    assert list(jobs.timeline(job_id)) == read


def read_callback(stack: Stack, item: dict[str, Any]) -> None:
    """Nobody but an owner reads it: what is kept again under its name is as it was."""
    job_id = put(stack, item)
    evidence = DynamoEvidence(stack.environ["TABLE"], clients.dynamodb, 30)
    evidence.keep(
        job_id, item["sk"]["S"].removeprefix("CALLBACK#"), text_in(item), datetime.fromisoformat(item["at"]["S"])
    )
    key = {name: item[name] for name in ("pk", "sk")}
    again = clients.dynamodb().get_item(TableName=stack.environ["TABLE"], Key=key)["Item"]
    assert {**again, "body": text_in(again)} == {**item, "body": text_in(item)}


def read_delivery(stack: Stack, item: dict[str, Any]) -> Any:
    return DynamoCallbackRecords(stack.environ["TABLE"], clients.dynamodb).load(put(stack, item))


def read_health(stack: Stack, item: dict[str, Any]) -> Any:
    return DynamoHealth(stack.environ["TABLE"], clients.dynamodb).load(put(stack, item))


def read_slots(stack: Stack, item: dict[str, Any]) -> None:
    slots, (holder,) = DynamoSlots(stack.environ["TABLE"], clients.dynamodb), item["holders"]["M"]
    provider = put(stack, item)
    assert slots.take(provider, holder, 1, FAR, lambda _: True)
    assert not slots.take(provider, "another", 1, FAR, lambda _: True)


def read_claim(stack: Stack, item: dict[str, Any]) -> None:
    put(stack, item)
    _, tenant, key = item["pk"]["S"].split("#")
    held = DynamoJobs(stack.environ["TABLE"], clients.dynamodb).claimed(Claim(tenant, key, "another"))
    assert held == claimed_of(item)
    assert (held.job_id, held.fingerprint) == (item["job_id"]["S"], item["fingerprint"]["S"])


def read_key(stack: Stack, item: dict[str, Any]) -> None:
    """Until 0.2 a key opened everything, had neither a name nor bounds, and its digest for an id."""
    key, tenant = put(stack, item), item["owner"]["S"]
    if "digest" in item:
        scopes = frozenset(map(Scope, item["scopes"]["SS"]))
        bounds = (datetime.fromisoformat(item["created_at"]["S"]), Decimal("12.5"), 60)
        assert key_of(item) == ApiKey(key, tenant, "shop", scopes, *bounds)
        assert digest_in(item) == item["digest"]["S"]
    else:
        assert key_of(item) == ApiKey(key, tenant, "", frozenset(Scope))
        assert digest_in(item) == key_of(item).id


OF_OLD = {"entry"}
"""What no release writes any more."""

READERS: dict[str, Callable[[Stack, dict[str, Any]], Any]] = {
    "job": read_job,
    "entry": read_entry,
    "page": read_page,
    "callback": read_callback,
    "delivery": read_delivery,
    "health": read_health,
    "slots": read_slots,
    "claim": read_claim,
    "key": read_key,
}


@each_item
def test_what_a_release_wrote_is_read_whole(stack: Stack, path: Path) -> None:
    stack.empty_table()
    item, kind = item_of(path), kind_of(path)
    read = READERS[kind](stack, item)
    if kind != "callback" and ("body" in item or "job" in item):
        release = path.parent.name
        moved = {name for known, of, name in MOVED if (known, of) == (release, kind)}
        stored = unpack(item["job"]) if "job" in item else json.loads(item["body"]["S"])
        assert missing(stored, encode(read)) - moved == set()


def test_the_newest_release_has_every_kind_of_item() -> None:
    assert {kind_of(path) for path in FILES if path.parent.name == RELEASES[-1]} == set(READERS) - OF_OLD


@pytest.mark.parametrize(("release", "before"), [("0.1", 1), ("0.2", 4)])
def test_a_job_that_an_old_release_began_goes_on_with_its_whole_timeline(
    stack: Stack, release: str, before: int
) -> None:
    stack.empty_table()
    for path in sorted((FOLDER / release).glob("entry*.json")):
        line = item_of(path)
        put(stack, {**line, "pk": item_of(FOLDER / release / "job.json")["pk"]})
    job_id = put(stack, item_of(FOLDER / release / "job.json"))
    jobs = DynamoJobs(stack.environ["TABLE"], clients.dynamodb)
    job, old = jobs.load(job_id), list(jobs.timeline(job_id))
    assert job is not None
    assert len(old) == before
    change = observe(job, CancelAsked(), FAR)
    jobs.commit(change)
    assert jobs.load(job_id) == change.job
    assert list(jobs.timeline(job_id)) == [*old, *change.entries]
    assert all(jobs.line(job_id, line.sequence) == line for line in (*old, *change.entries))
    assert job_id not in {due.job_id for due in jobs.due(FAR)}
    now = clients.dynamodb().get_item(TableName=stack.environ["TABLE"], Key=job_key(job_id))["Item"]
    assert "body" not in now  # nor can release 0.2 read it, and write over it what it had read before
    jobs.delete(job_id)
    assert clients.dynamodb().scan(TableName=stack.environ["TABLE"])["Items"] == []


def missing(stored: Any, read: Any, place: str = "") -> set[str]:
    """Names of all that was stored and is not, or not the same, in what was read."""
    if isinstance(stored, dict) and isinstance(read, dict):
        inside = place + "." if place else ""
        return {one for name in stored for one in missing(stored[name], read.get(name, ...), inside + name)}
    if isinstance(stored, list) and isinstance(read, list) and len(stored) == len(read):
        return {one for pair in zip(stored, read, strict=True) for one in missing(*pair, place)}
    return set() if stored == read else {place}
