"""Deliveries on DynamoDB: in the job's partition, so that they go when the job is deleted, and in the due index."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from reprise.aws.items import Item, deliver_shards, job_of, text_of, to_deliver_at
from reprise.aws.versions import save
from reprise.codec import decode, encode
from reprise.domain.delivery import Delivery
from reprise.domain.job import Job
from reprise.ports import Waiting

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

LIFE = timedelta(days=30)
"""After the last attempt, or the one that is planned."""


class DynamoDeliveries:
    def __init__(self, table: str, client: "Callable[[], DynamoDBClient]") -> None:
        self._table = table
        self._client = client

    def load(self, job_id: str, delivery_id: str) -> Delivery | None:
        key = delivery_key(job_id, delivery_id)
        answer = self._client().get_item(TableName=self._table, Key=key, ConsistentRead=True)
        return delivery_of(answer["Item"]) if "Item" in answer else None

    def of(self, job_id: str) -> Sequence[Delivery]:
        return self._between(job_id, "DELIVERY#", "DELIVERY#~")[1]

    def with_job(self, job_id: str) -> tuple[Job | None, Sequence[Delivery]]:
        """What lies between them, the timeline, is read as well: a few kilobytes, where another call costs more."""
        return self._between(job_id, "DELIVERY#", "JOB")

    def save(self, delivery: Delivery) -> None:
        save(self._client(), self._table, delivery_item(delivery), delivery.version)

    def due(self, now: datetime) -> Iterator[Waiting]:
        for shard in deliver_shards():
            pages = self._pages(
                IndexName="due",
                KeyConditionExpression="due_shard = :shard AND due_at <= :now",
                ExpressionAttributeValues={":shard": {"S": shard}, ":now": {"S": text_of(now)}},
            )
            for item in (item for page in pages for item in page["Items"]):
                _, _, delivery_id = item["sk"]["S"].partition("#")
                yield Waiting(item["pk"]["S"].removeprefix("JOB#"), delivery_id or None)

    def _between(self, job_id: str, first: str, last: str) -> tuple[Job | None, Sequence[Delivery]]:
        pages = self._pages(
            KeyConditionExpression="pk = :job AND sk BETWEEN :first AND :last",
            ExpressionAttributeValues={":job": {"S": f"JOB#{job_id}"}, ":first": {"S": first}, ":last": {"S": last}},
            ConsistentRead=True,
        )
        found = {item["sk"]["S"]: item for page in pages for item in page["Items"]}
        sent = [delivery_of(item) for place, item in found.items() if place.startswith("DELIVERY#")]
        job = job_of(found["JOB"]) if "JOB" in found else None
        return job, sorted(sent, key=lambda one: (one.event, one.endpoint))

    def _pages(self, **query: Any) -> Iterator[Any]:
        return iter(self._client().get_paginator("query").paginate(TableName=self._table, **query))


def delivery_key(job_id: str, delivery_id: str) -> Item:
    return {"pk": {"S": f"JOB#{job_id}"}, "sk": {"S": f"DELIVERY#{delivery_id}"}}


def delivery_item(delivery: Delivery) -> Item:
    tried = delivery.attempts[-1].at if delivery.attempts else delivery.created_at
    item = delivery_key(delivery.job_id, delivery.id) | {
        "version": {"N": str(delivery.version)},
        "expires_at": {"N": str(int(((delivery.due_at or tried) + LIFE).timestamp()))},
        "body": {"S": json.dumps(encode(delivery), ensure_ascii=False, separators=(",", ":"))},
    }
    return item | to_deliver_at(delivery.job_id, delivery.due_at) if delivery.due_at else item


def delivery_of(item: Mapping[str, Any]) -> Delivery:
    return decode(Delivery, json.loads(item["body"]["S"]))
