"""CallbackRecords on DynamoDB: one item in the job's partition, so that it goes when the job is deleted."""

import json
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from reprise.aws.items import Item, to_deliver_at
from reprise.aws.versions import save
from reprise.codec import decode, encode
from reprise.domain.callbacks import CallbackRecord

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

LIFE = timedelta(days=30)
"""After the last try. Long beyond any message; and a job that is deleted at the moment of its first callback leaves
a record behind, which must not stay for ever."""


class DynamoCallbackRecords:
    def __init__(self, table: str, client: "Callable[[], DynamoDBClient]") -> None:
        self._table = table
        self._client = client

    def load(self, job_id: str) -> CallbackRecord | None:
        answer = self._client().get_item(TableName=self._table, Key=record_key(job_id), ConsistentRead=True)
        return record_of(answer["Item"]) if "Item" in answer else None

    def save(self, record: CallbackRecord, before_version: int) -> None:
        save(self._client(), self._table, record_item(record), before_version + 1)


def record_key(job_id: str) -> Item:
    return {"pk": {"S": f"JOB#{job_id}"}, "sk": {"S": "DELIVERY"}}


def record_item(record: CallbackRecord) -> Item:
    item = record_key(record.job_id) | {
        "version": {"N": str(record.version)},
        "expires_at": {"N": str(int((record.wait_until + LIFE).timestamp()))},
        "body": {"S": json.dumps(encode(record), ensure_ascii=False, separators=(",", ":"))},
    }
    return item | to_deliver_at(record.job_id, record.wait_until) if record.waiting else item


def record_of(item: Mapping[str, Any]) -> CallbackRecord:
    return decode(CallbackRecord, json.loads(item["body"]["S"]))
