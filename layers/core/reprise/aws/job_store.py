"""JobStore on DynamoDB. A job and its timeline are one item, so a change is one conditional write.

A transaction it is only where a claim, a purse or a page of the timeline is written with it.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from reprise.aws import items, purses, timeline
from reprise.aws.cursors import cursor_of, start_key
from reprise.aws.writes import ClaimHeldError, alone, new_nonce, together
from reprise.domain.job import Change, Entry, Job, State
from reprise.ports import Claim, Claimed, Due, Page

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

NEW = "attribute_not_exists(pk)"
MOST_PAGES = 20
"""Pages of the index that one filtered list request reads before it hands back a cursor."""


class DynamoJobs:
    def __init__(self, table: str, client: "Callable[[], DynamoDBClient]") -> None:
        self._table = table
        self._client = client

    def create(self, change: Change, claim: Claim | None) -> Claimed | None:
        nonce = new_nonce()
        new = {"Item": items.job_item(change.job, change.entries) | nonce, "ConditionExpression": NEW}
        paid = self._payments(change)
        if claim is None and not paid:
            alone(self._client().put_item, self._table, new, nonce)
            return None
        put = {"Item": items.claim_item(claim, change.job), "ConditionExpression": NEW} if claim else None
        claims = [self._put(put | {"ReturnValuesOnConditionCheckFailure": "ALL_OLD"})] if put else []
        try:
            together(self._client(), [*claims, self._put(new), *paid], change)
        except ClaimHeldError as held:
            return items.claimed_of(held.item)
        return None

    def claimed(self, claim: Claim) -> Claimed | None:
        answer = self._client().get_item(TableName=self._table, Key=items.claim_key(claim), ConsistentRead=True)
        return items.claimed_of(answer["Item"]) if "Item" in answer else None

    def commit(self, change: Change) -> None:
        nonce, paid = new_nonce(), self._payments(change)
        page = self._page_of(change) if timeline.turns_page(change) else []
        update = items.job_update(change, nonce, moved=bool(page))
        if paid or page:
            together(self._client(), [self._update(update), *page, *paid], change)
        else:
            alone(self._client().update_item, self._table, update, nonce)

    def load(self, job_id: str) -> Job | None:
        item = self._stored(job_id, ProjectionExpression=items.PACKED)
        return items.job_of(item) if item else None

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
            asked["ExclusiveStartKey"] = start_key(tenant, cursor)
        found: list[dict[str, Any]] = []
        for _ in range(MOST_PAGES):
            answer = self._client().query(TableName=self._table, Limit=limit - len(found), **asked)
            found += answer["Items"]
            last = answer.get("LastEvaluatedKey")
            if not last or len(found) >= limit:
                break
            asked["ExclusiveStartKey"] = last
        return Page(tuple(items.summary_of(item) for item in found), cursor_of(last) if last else None)

    def timeline(self, job_id: str) -> Sequence[Entry]:
        pages = self._pages(
            KeyConditionExpression="pk = :job AND sk BETWEEN :from AND :to",
            ExpressionAttributeValues={
                ":job": items.job_key(job_id)["pk"],
                ":from": {"S": timeline.FROM},
                ":to": {"S": timeline.TO},
            },
            ConsistentRead=True,
        )
        return [entry for page in pages for item in page["Items"] for entry in timeline.lines_in(item)]

    def line(self, job_id: str, sequence: int) -> Entry | None:
        """The job has its latest lines itself. Only for an older one is the whole timeline read."""
        item = self._stored(job_id)
        latest = {entry.sequence: entry for entry in timeline.lines_in(item)} if item else {}
        if sequence in latest:
            return latest[sequence]
        return next((entry for entry in self.timeline(job_id) if entry.sequence == sequence), None)

    def delete(self, job_id: str) -> None:
        """The job last, so that a delete that was cut off can be asked for again. Then once more: a callback may have
        brought evidence or turned a page meanwhile."""
        for _ in range(2):
            self._delete_all(job_id)

    def _delete_all(self, job_id: str) -> None:
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

    def _stored(self, job_id: str, **only: Any) -> items.Item | None:
        key = items.job_key(job_id)
        return self._client().get_item(TableName=self._table, Key=key, ConsistentRead=True, **only).get("Item")

    def _page_of(self, change: Change) -> list[dict[str, Any]]:
        """Writes the lines before this change's as an item of their own, if the job has some."""
        stored = self._stored(change.job.id)
        if stored is None or "timeline" not in stored:
            return []
        return [self._put({"Item": timeline.page_item(stored), "ConditionExpression": NEW})]

    def _payments(self, change: Change) -> list[dict[str, Any]]:
        """The last of a transaction's writes, if the change costs or gives back money of a purse."""
        paid = purses.payment(change)
        return [self._update(paid)] if paid else []

    def _update(self, update: dict[str, Any]) -> dict[str, Any]:
        return {"Update": {"TableName": self._table, **update}}

    def _put(self, put: dict[str, Any]) -> dict[str, Any]:
        return {"Put": {"TableName": self._table, **put}}
