"""A sweep costs what is due, not what was ever stored: counted by the database itself."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from reprise.aws.items import job_item, text_of
from reprise.aws.job_store import DynamoJobs
from reprise.domain.job import Job, State

from local.stack import Running
from tests.factories import NOW, a_job, a_running_job

pytestmark = [pytest.mark.e2e, pytest.mark.xdist_group("the stack")]
FINISHED = 100_000


@pytest.fixture(scope="module")
def crowded_table(running: Running) -> str:
    """A table like the deployed one with FINISHED jobs that wait for nothing, and three that are due."""
    client = running.client("dynamodb")
    made = client.describe_table(TableName=running.stack.table)["Table"]
    wanted = ("IndexName", "KeySchema", "Projection")
    indexes = [{name: index[name] for name in wanted} for index in made["GlobalSecondaryIndexes"]]
    client.create_table(
        TableName="crowded",
        AttributeDefinitions=made["AttributeDefinitions"],
        KeySchema=made["KeySchema"],
        GlobalSecondaryIndexes=indexes,
        BillingMode="PAY_PER_REQUEST",
    )
    jobs = [*(_finished(number) for number in range(FINISHED)), *(_due(number) for number in range(3))]

    def write(batch: list[Job]) -> None:
        left: Any = {"crowded": [{"PutRequest": {"Item": job_item(job)}} for job in batch]}
        while left:
            left = client.batch_write_item(RequestItems=left).get("UnprocessedItems")

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(write, (jobs[start : start + 25] for start in range(0, len(jobs), 25))))
    return "crowded"


def test_three_due_jobs_among_a_hundred_thousand_cost_three_reads(running: Running, crowded_table: str) -> None:
    client = running.client("dynamodb")
    assert client.describe_table(TableName=crowded_table)["Table"]["ItemCount"] >= FINISHED
    scanned: list[int] = []
    client.meta.events.register(
        "after-call.dynamodb.Query", lambda parsed, **rest: scanned.append(parsed["ScannedCount"])
    )
    due = {one.job_id for one in DynamoJobs(crowded_table, lambda: client).due(NOW + timedelta(hours=1))}
    assert due == {f"d{number:031x}" for number in range(3)}
    assert sum(scanned) == 3
    client.query(**_without_the_due_index(crowded_table), Limit=1000)
    assert scanned[-1] == 1000  # the count does tell: the other index reads the finished ones


def _without_the_due_index(table: str) -> dict[str, Any]:
    return {
        "TableName": table,
        "IndexName": "by_tenant",
        "KeyConditionExpression": "tenant = :tenant",
        "FilterExpression": "due_at <= :now",
        "ExpressionAttributeValues": {":tenant": {"S": "owner"}, ":now": {"S": text_of(NOW)}},
    }


def _finished(number: int) -> Job:
    return replace(a_job(f"{number:032x}"), state=State.SUCCEEDED, due_at=None)


def _due(number: int) -> Job:
    return replace(a_running_job(), id=f"d{number:031x}")
