"""How jobs look in the table.

A job and what was said of it are one item: its indexed attributes, the whole of it packed (`job`), and its `timeline`.
Times are ISO 8601 in UTC with microseconds, always of one length, so that they sort as text.
"""

import json
import zlib
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from reprise.aws.packed import pack, unpack
from reprise.aws.timeline import outbox_of, told
from reprise.codec import decode, encode
from reprise.domain.job import Change, Entry, Job, Stage, State
from reprise.ports import MOST_LIST_TITLE, Claim, Claimed, Summary

SHARDS = 4

Item = dict[str, Any]


def text_of(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def shards() -> list[str]:
    return [f"due-{number}" for number in range(SHARDS)]


def deliver_shards() -> list[str]:
    """Of the same index: what waits to be sent is not handed to `advance`."""
    return [f"deliver-{number}" for number in range(SHARDS)]


def to_deliver_at(job_id: str, moment: datetime) -> Item:
    return {
        "due_shard": {"S": deliver_shards()[zlib.crc32(job_id.encode()) % SHARDS]},
        "due_at": {"S": text_of(moment)},
    }


def job_key(job_id: str) -> Item:
    return {"pk": {"S": f"JOB#{job_id}"}, "sk": {"S": "JOB"}}


def claim_key(claim: Claim) -> Item:
    return {"pk": {"S": f"IDEM#{claim.tenant}#{claim.key}"}, "sk": {"S": "IDEM"}}


def job_item(job: Job, entries: Sequence[Entry] = ()) -> Item:
    """A new one."""
    item = job_key(job.id) | {
        "id": {"S": job.id},
        "tenant": {"S": job.tenant},
        "created_at": {"S": text_of(job.created_at)},
        **_changing(job, entries),
    }
    if job.request.title:
        item["title"] = {"S": job.request.title[:MOST_LIST_TITLE]}
    if entries:
        item["timeline"] = told(entries)
    return item


def job_update(change: Change, nonce: Item, moved: bool = False) -> dict[str, Any]:
    """What makes a stored job the one of `change`, on condition of its version, and adds what the change says.

    `moved`: what was said before has an item of its own by now.
    """
    after = _changing(change.job, change.entries) | nonce
    sets = [f"{NAMES.get(name, name)} = :{name}" for name in after]
    values = {f":{name}": value for name, value in after.items()} | {":before": {"N": str(change.before)}}
    if change.entries:
        sets.append(f"timeline = {':lines' if moved else 'list_append(if_not_exists(timeline, :none), :lines)'}")
        values |= {":lines": told(change.entries)} | ({} if moved else {":none": {"L": []}})
    gone = [name for name in ("body", "due_shard", "due_at", "outbox") if name not in after]
    return {
        "Key": job_key(change.job.id),
        "UpdateExpression": f"SET {', '.join(sets)} REMOVE {', '.join(gone)}",
        "ConditionExpression": "version = :before",
        "ExpressionAttributeNames": {alias: name for name, alias in NAMES.items()},
        "ExpressionAttributeValues": values,
    }


NAMES = {"state": "#state"}
"""`state` is a reserved word."""


def _changing(job: Job, entries: Sequence[Entry]) -> Item:
    """What each change writes anew. What it is about to pass on is marked, and only that."""
    item = {
        "updated_at": {"S": text_of(job.updated_at)},
        "state": {"S": job.state.value},
        "stage": {"S": job.stage.value},
        "provider": {"S": job.provider},
        "version": {"N": str(job.version)},
        "job": pack(encode(job)),
        **outbox_of(entries),
    }
    if job.due_at:
        item["due_shard"] = {"S": shards()[zlib.crc32(job.id.encode()) % SHARDS]}
        item["due_at"] = {"S": text_of(job.due_at)}
    return item


PACKED = "job, body"
"""What `job_of` reads of an item. The rest is for the indexes and the stream, and botocore would unpack it all."""


def job_of(item: Mapping[str, Any]) -> Job:
    """Until release 0.2 the whole was a `body` of JSON."""
    return decode(Job, unpack(item["job"]) if "job" in item else _of_today(json.loads(item["body"]["S"])))


def _of_today(body: dict[str, Any]) -> dict[str, Any]:
    """Until release 0.1 a job had one provider, named by its request, and no route."""
    if "leg" not in body:
        body["leg"] = {"provider": body["provider"], "dropped": body.get("dropped", [])}
        body["request"]["providers"] = [body["provider"]]
    return body


def claim_item(claim: Claim, job: Job) -> Item:
    item = claim_key(claim) | {"fingerprint": {"S": claim.fingerprint}, "job_id": {"S": job.id}}
    if claim.life is None:
        return item
    return item | {"expires_at": {"N": str(int((job.created_at + claim.life).timestamp()))}}


def claimed_of(item: Mapping[str, Any]) -> Claimed:
    return Claimed(job_id=item["job_id"]["S"], fingerprint=item["fingerprint"]["S"])


def summary_of(item: Mapping[str, Any]) -> Summary:
    return Summary(
        id=item["id"]["S"],
        state=State(item["state"]["S"]),
        stage=Stage(item["stage"]["S"]),
        provider=item["provider"]["S"],
        title=item.get("title", {}).get("S"),
        created_at=datetime.fromisoformat(item["created_at"]["S"]),
        updated_at=datetime.fromisoformat(item["updated_at"]["S"]),
    )
