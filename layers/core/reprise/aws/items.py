"""How jobs and their timeline look in the table.

A job is its indexed attributes and a `body` of JSON. Times are ISO 8601 in UTC with microseconds, always
of one length, so that they sort as text.
"""

import json
import zlib
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from reprise.codec import decode, encode
from reprise.domain.job import Entry, Job, Stage, State
from reprise.errors import UnreadableLineError
from reprise.ports import MOST_LIST_TITLE, Claim, Claimed, Summary

SHARDS = 4
CLAIM_LIFE = timedelta(days=7)

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


def entry_key(job_id: str, sequence: int) -> Item:
    return {"pk": {"S": f"JOB#{job_id}"}, "sk": {"S": f"EVENT#{sequence:06d}"}}


def claim_key(claim: Claim) -> Item:
    return {"pk": {"S": f"IDEM#{claim.tenant}#{claim.key}"}, "sk": {"S": "IDEM"}}


def job_item(job: Job) -> Item:
    item = job_key(job.id) | {
        "id": {"S": job.id},
        "tenant": {"S": job.tenant},
        "created_at": {"S": text_of(job.created_at)},
        "updated_at": {"S": text_of(job.updated_at)},
        "state": {"S": job.state.value},
        "stage": {"S": job.stage.value},
        "provider": {"S": job.provider},
        "version": {"N": str(job.version)},
        "body": {"S": json.dumps(encode(job), ensure_ascii=False, separators=(",", ":"))},
    }
    if job.request.title:
        item["title"] = {"S": job.request.title[:MOST_LIST_TITLE]}
    if job.due_at:
        item["due_shard"] = {"S": shards()[zlib.crc32(job.id.encode()) % SHARDS]}
        item["due_at"] = {"S": text_of(job.due_at)}
    return item


def job_of(item: Mapping[str, Any]) -> Job:
    return decode(Job, _of_today(json.loads(item["body"]["S"])))


def _of_today(body: dict[str, Any]) -> dict[str, Any]:
    """Until release 0.1 a job had one provider, named by its request, and no route."""
    if "leg" not in body:
        body["leg"] = {"provider": body["provider"], "dropped": body.get("dropped", [])}
        body["request"]["providers"] = [body["provider"]]
    return body


def entry_item(entry: Entry) -> Item:
    item = entry_key(entry.job_id, entry.sequence) | {
        "body": {"S": json.dumps(encode(entry), ensure_ascii=False, separators=(",", ":"))}
    }
    if entry.outbox:
        item["outbox"] = {"S": entry.outbox.value}
    return item


def entry_of(item: Mapping[str, Any]) -> Entry:
    return decode(Entry, json.loads(item["body"]["S"]))


def line_of(image: Mapping[str, Any]) -> Entry:
    """A line as the stream brings it. Raises UnreadableLineError, for whatever is wrong with it."""
    try:
        return entry_of(image)
    except Exception as error:
        raise UnreadableLineError(f"{type(error).__name__}: {error}") from error


def claim_item(claim: Claim, job: Job) -> Item:
    return claim_key(claim) | {
        "fingerprint": {"S": claim.fingerprint},
        "job_id": {"S": job.id},
        "expires_at": {"N": str(int((job.created_at + CLAIM_LIFE).timestamp()))},
    }


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
