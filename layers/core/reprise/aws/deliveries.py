"""Deliveries on DynamoDB: one item in the job's partition, so that it goes when the job is deleted."""

import json
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from reprise.codec import decode, encode
from reprise.domain.delivery import Delivery
from reprise.errors import ConflictError

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

LIFE = timedelta(days=30)
"""After the last try. Long beyond any message; and a job that is deleted at the moment of its first callback leaves
a record behind, which must not stay for ever."""

Item = dict[str, Any]


class DynamoDeliveries:
    def __init__(self, table: str, client: "Callable[[], DynamoDBClient]") -> None:
        self._table = table
        self._client = client

    def load(self, job_id: str) -> Delivery | None:
        answer = self._client().get_item(TableName=self._table, Key=delivery_key(job_id), ConsistentRead=True)
        return delivery_of(answer["Item"]) if "Item" in answer else None

    def save(self, delivery: Delivery, before_version: int) -> None:
        put: dict[str, Any] = {"ConditionExpression": "attribute_not_exists(pk)"}
        if before_version:
            before = {":before": {"N": str(before_version)}}
            put = {"ConditionExpression": "version = :before", "ExpressionAttributeValues": before}
        try:
            self._client().put_item(TableName=self._table, Item=delivery_item(delivery), **put)
        except ClientError as error:
            if error.response["Error"]["Code"] == "ConditionalCheckFailedException":
                raise ConflictError("the record was changed by another at the same moment") from error
            raise


def delivery_key(job_id: str) -> Item:
    return {"pk": {"S": f"JOB#{job_id}"}, "sk": {"S": "DELIVERY"}}


def delivery_item(delivery: Delivery) -> Item:
    return delivery_key(delivery.job_id) | {
        "version": {"N": str(delivery.version)},
        "expires_at": {"N": str(int((delivery.wait_until + LIFE).timestamp()))},
        "body": {"S": json.dumps(encode(delivery), ensure_ascii=False, separators=(",", ":"))},
    }


def delivery_of(item: Mapping[str, Any]) -> Delivery:
    return decode(Delivery, json.loads(item["body"]["S"]))
