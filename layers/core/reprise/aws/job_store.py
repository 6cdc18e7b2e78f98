"""JobStore on DynamoDB. Every write is one transaction: the job, if its version fits, and its timeline lines."""

import base64
import binascii
import json
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from reprise.aws import items, purses
from reprise.domain.capabilities import Violation
from reprise.domain.job import Change, Entry, Job, State
from reprise.errors import ConflictError, InvalidError
from reprise.ports import Claim, Claimed, Due, Page

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

NEW = "attribute_not_exists(pk)"
UNCHANGED = "version = :before"
MOST_PAGES = 20
"""Pages of the index that one filtered list request reads before it hands back a cursor."""


LONGEST_KEY = 100
"""Characters; far above any key of ours, far below what the table would refuse with an error of its own."""


class DynamoJobs:
    def __init__(self, table: str, client: "Callable[[], DynamoDBClient]") -> None:
        self._table = table
        self._client = client

    def create(self, change: Change, claim: Claim | None) -> Claimed | None:
        writes = self._writes(change, {"ConditionExpression": NEW})
        if claim is None:
            self._transact(writes, change)
            return None
        item = items.claim_item(claim, change.job)
        put = {"Item": item, "ConditionExpression": NEW, "ReturnValuesOnConditionCheckFailure": "ALL_OLD"}
        try:
            self._transact([self._put(put), *writes], change)
        except _ClaimHeldError as held:
            return items.claimed_of(held.item)
        return None

    def claimed(self, claim: Claim) -> Claimed | None:
        answer = self._client().get_item(TableName=self._table, Key=items.claim_key(claim), ConsistentRead=True)
        return items.claimed_of(answer["Item"]) if "Item" in answer else None

    def commit(self, change: Change) -> None:
        before = {":before": {"N": str(change.before)}}
        guard = {"ConditionExpression": UNCHANGED, "ExpressionAttributeValues": before}
        self._transact(self._writes(change, guard), change)

    def load(self, job_id: str) -> Job | None:
        key = items.job_key(job_id)
        answer = self._client().get_item(TableName=self._table, Key=key, ConsistentRead=True)
        return items.job_of(answer["Item"]) if "Item" in answer else None

    def due(self, now: datetime) -> Iterator[Due]:
        for shard in items.shards():
            pages = self._pages(
                IndexName="due",
                KeyConditionExpression="due_shard = :shard AND due_at <= :now",
                ExpressionAttributeValues={":shard": {"S": shard}, ":now": {"S": items.text_of(now)}},
            )
            for item in (item for page in pages for item in page["Items"]):
                yield Due(item["pk"]["S"].removeprefix("JOB#"), datetime.fromisoformat(item["due_at"]["S"]))

    def page(self, tenant: str, state: State | None, limit: int, cursor: str | None) -> Page:
        asked: dict[str, Any] = {
            "IndexName": "by_tenant",
            "KeyConditionExpression": "tenant = :tenant",
            "ExpressionAttributeValues": {":tenant": {"S": tenant}},
            "ScanIndexForward": False,
        }
        if state:
            asked["FilterExpression"] = "#state = :state"
            asked["ExpressionAttributeNames"] = {"#state": "state"}
            asked["ExpressionAttributeValues"][":state"] = {"S": state.value}
        if cursor:
            asked["ExclusiveStartKey"] = _start_key(tenant, cursor)
        found: list[dict[str, Any]] = []
        for _ in range(MOST_PAGES):
            answer = self._client().query(TableName=self._table, Limit=limit - len(found), **asked)
            found += answer["Items"]
            last = answer.get("LastEvaluatedKey")
            if not last or len(found) >= limit:
                break
            asked["ExclusiveStartKey"] = last
        return Page(tuple(items.summary_of(item) for item in found), _cursor(last) if last else None)

    def timeline(self, job_id: str) -> Sequence[Entry]:
        pages = self._pages(
            KeyConditionExpression="pk = :job AND begins_with(sk, :event)",
            ExpressionAttributeValues={":job": items.job_key(job_id)["pk"], ":event": {"S": "EVENT#"}},
            ConsistentRead=True,
        )
        return [items.entry_of(item) for page in pages for item in page["Items"]]

    def line(self, job_id: str, sequence: int) -> Entry | None:
        key = items.entry_key(job_id, sequence)
        answer = self._client().get_item(TableName=self._table, Key=key, ConsistentRead=True)
        return items.entry_of(answer["Item"]) if "Item" in answer else None

    def delete(self, job_id: str) -> None:
        """The job last, so that a delete that was cut off can be asked for again."""
        pages = self._pages(
            KeyConditionExpression="pk = :job",
            ExpressionAttributeValues={":job": items.job_key(job_id)["pk"]},
            ProjectionExpression="pk, sk",
            ConsistentRead=True,
        )
        found = [item for page in pages for item in page["Items"]]
        for key in sorted(found, key=lambda item: item["sk"]["S"]):
            self._client().delete_item(TableName=self._table, Key=key)

    def _pages(self, **query: Any) -> Iterator[Any]:
        return iter(self._client().get_paginator("query").paginate(TableName=self._table, **query))

    def _writes(self, change: Change, guard: dict[str, Any]) -> list[dict[str, Any]]:
        job = self._put({"Item": items.job_item(change.job), **guard})
        lines = [self._put({"Item": items.entry_item(entry), "ConditionExpression": NEW}) for entry in change.entries]
        return [job, *lines, *self._payments(change)]

    def _payments(self, change: Change) -> list[dict[str, Any]]:
        """The last of a transaction's writes, if the change costs or gives back money of a purse."""
        paid = purses.payment(change)
        return [{"Update": {"TableName": self._table, **paid}}] if paid else []

    def _put(self, put: dict[str, Any]) -> dict[str, Any]:
        return {"Put": {"TableName": self._table, **put}}

    def _transact(self, writes: list[dict[str, Any]], change: Change) -> None:
        try:
            self._client().transact_write_items(TransactItems=writes)  # type: ignore[arg-type]
        except ClientError as error:
            raise _translated(error, change) from error


class _ClaimHeldError(Exception):
    def __init__(self, item: dict[str, Any]) -> None:
        super().__init__("claim held")
        self.item = item


RACES = ("ConditionalCheckFailed", "TransactionConflict")


def _translated(error: ClientError, change: Change) -> Exception:
    """Who holds the claim has answered already, and a job that was changed is looked at anew: only where nothing but
    the purse stands in the way has its money run out."""
    if error.response["Error"]["Code"] == "TransactionInProgressException":
        return ConflictError("the same write is under way")
    reasons: list[dict[str, Any]] = error.response.get("CancellationReasons", [])  # type: ignore[assignment]
    if reasons and reasons[0].get("Item", {}).get("sk") == {"S": "IDEM"}:
        return _ClaimHeldError(reasons[0]["Item"])
    spent = purses.refusal(change, reasons)
    if spent:
        return spent
    if any(reason.get("Code") in RACES for reason in reasons):
        return ConflictError("the job was changed by another at the same moment")
    return error


def _cursor(last: dict[str, Any]) -> str:
    """The place in the list, without the tenant: a cursor is no way into another's jobs."""
    place = [last["pk"]["S"], last["created_at"]["S"]]
    return base64.urlsafe_b64encode(json.dumps(place).encode()).decode()


def _start_key(tenant: str, cursor: str) -> dict[str, Any]:
    try:
        pk, created_at = json.loads(base64.b64decode(cursor, altchars=b"-_", validate=True))
        datetime.fromisoformat(created_at)
        known = pk.startswith("JOB#") and pk.removeprefix("JOB#").isalnum() and len(pk) < LONGEST_KEY
    except (ValueError, TypeError, AttributeError, RecursionError, binascii.Error) as error:
        raise InvalidError(_BAD_CURSOR) from error
    if not known:
        raise InvalidError(_BAD_CURSOR)
    return {"pk": {"S": pk}, "sk": {"S": "JOB"}, "tenant": {"S": tenant}, "created_at": {"S": created_at}}


_BAD_CURSOR = Violation("cursor", "unknown", "take it from `next_cursor` of the page before, unchanged")
