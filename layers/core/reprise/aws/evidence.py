"""Evidence on DynamoDB: an item in the job's partition for each callback's body.

A body is a kilobyte or two, packed less than one: a unit of writing, an eighth of the price of a PUT to S3.
"""

import zlib
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from reprise.aws.items import Item, text_of
from reprise.aws.packed import binary

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

PREFIX = "CALLBACK#"

MOST = 390_000
"""Bytes, packed; an item of DynamoDB holds 400 KB. A callback of 256 KiB can be longer once it is text and redacted,
but what made it so packs well: none is known that would not fit."""


class DynamoEvidence:
    def __init__(self, table: str, client: "Callable[[], DynamoDBClient]", days: int) -> None:
        self._table = table
        self._client = client
        self._life = timedelta(days=days)

    def keep(self, job_id: str, name: str, text: str, now: datetime) -> None:
        item = evidence_key(job_id, name) | {
            "at": {"S": text_of(now)},
            "expires_at": {"N": str(int((now + self._life).timestamp()))},
            **packed(text),
        }
        self._client().put_item(TableName=self._table, Item=item)


def evidence_key(job_id: str, name: str) -> Item:
    return {"pk": {"S": f"JOB#{job_id}"}, "sk": {"S": f"{PREFIX}{name}"}}


def packed(text: str) -> Item:
    """What does not fit into an item is cut, and the item says how long it was (characters)."""
    body = zlib.compress(text.encode())
    if len(body) <= MOST:
        return {"body": {"B": body}}
    return {"body": {"B": zlib.compress(text.encode()[:MOST])}, "cut": {"N": str(len(text))}}


def text_in(item: Mapping[str, Any]) -> str:
    return zlib.decompress(binary(item["body"])).decode(errors="ignore")
