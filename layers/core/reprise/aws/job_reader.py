"""JobReader on DynamoDB: a month by the index of a tenant's jobs, and bodies a hundred at a time."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from reprise.aws import items
from reprise.aws.cursors import cursor_of, start_key
from reprise.aws.purses import purse_key, spent_of_item
from reprise.domain.job import Job
from reprise.ports import Made

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

AT_ONCE = 100
"""DynamoDB's limit of one BatchGetItem."""
END = "~"
"""Behind every day of a month, as text sorts."""


class DynamoJobReader:
    def __init__(self, table: str, client: "Callable[[], DynamoDBClient]") -> None:
        self._table = table
        self._client = client

    def made(self, tenant: str, month: str, limit: int, cursor: str | None) -> Made:
        asked: dict[str, Any] = {"ExclusiveStartKey": start_key(tenant, cursor, f"{month}-")} if cursor else {}
        answer = self._client().query(
            TableName=self._table,
            IndexName="by_tenant",
            KeyConditionExpression="tenant = :tenant AND created_at BETWEEN :first AND :end",
            ExpressionAttributeValues={
                ":tenant": {"S": tenant},
                ":first": {"S": f"{month}-"},
                ":end": {"S": f"{month}-{END}"},
            },
            ScanIndexForward=False,
            Limit=limit,
            **asked,
        )
        last = answer.get("LastEvaluatedKey")
        return Made(tuple(item["id"]["S"] for item in answer["Items"]), cursor_of(last) if last else None)

    def several(self, ids: Sequence[str]) -> Mapping[str, Job]:
        found = (job for start in range(0, len(ids), AT_ONCE) for job in self._batch(ids[start : start + AT_ONCE]))
        return {job.id: job for job in found}

    def committed(self, key_id: str, month: str) -> Decimal:
        answer = self._client().get_item(TableName=self._table, Key=purse_key(key_id, month))
        return spent_of_item(answer.get("Item", {}))

    def _batch(self, ids: Sequence[str]) -> Iterator[Job]:
        """What an answer has no room for (16 MB) or a busy table left out is asked for again; an answer always has
        some, or it is an error."""
        left: Any = {self._table: {"Keys": [items.job_key(job_id) for job_id in ids]}}
        while left:
            answer = self._client().batch_get_item(RequestItems=left)
            yield from map(items.job_of, answer["Responses"].get(self._table, []))
            left = answer.get("UnprocessedKeys")
