"""The table in memory that the reads are counted on says what moto says, and counts what moto counts."""

from collections.abc import Iterator
from typing import Any

import pytest
from reprise.aws import clients

from bench.gateway.reads import DUE, items, read
from bench.gateway.shelf import Shelf
from tests.factories import NOW
from tests.stack import deployed

JOBS = DUE + 60
PAGE = {"IndexName": "by_tenant", "KeyConditionExpression": "tenant = :t", "ScanIndexForward": False, "Limit": 7}
OWNER = {":t": {"S": "owner"}}
QUESTIONS: dict[str, dict[str, Any]] = {
    "due": {
        "IndexName": "due",
        "KeyConditionExpression": "due_shard = :s AND due_at <= :n",
        "ExpressionAttributeValues": {":s": {"S": "due-1"}, ":n": {"S": NOW.isoformat(timespec="microseconds")}},
    },
    "the newest": {**PAGE, "ExpressionAttributeValues": OWNER},
    "in a state": {
        **PAGE,
        "FilterExpression": "#state = :state",
        "ExpressionAttributeNames": {"#state": "state"},
        "ExpressionAttributeValues": {**OWNER, ":state": {"S": "canceled"}},
    },
    "timeline": {
        "KeyConditionExpression": "pk = :p AND sk BETWEEN :from AND :to",
        "ExpressionAttributeValues": {":p": {"S": f"JOB#d{0:031x}"}, ":from": {"S": "EVENT#"}, ":to": {"S": "JOB"}},
    },
    "before the job": {
        "KeyConditionExpression": "pk = :p AND sk BETWEEN :from AND :to",
        "ExpressionAttributeValues": {":p": {"S": f"JOB#d{0:031x}"}, ":from": {"S": "EVENT#"}, ":to": {"S": "IZ"}},
    },
    "deliveries": {
        "KeyConditionExpression": "pk = :p AND begins_with(sk, :e)",
        "ExpressionAttributeValues": {":p": {"S": f"JOB#d{0:031x}"}, ":e": {"S": "JO"}},
    },
    "between": {
        "KeyConditionExpression": "pk = :p AND sk BETWEEN :first AND :last",
        "ExpressionAttributeValues": {
            ":p": {"S": f"JOB#d{0:031x}"},
            ":first": {"S": "EVENT#000003"},
            ":last": {"S": "JOB"},
        },
    },
    "nothing": {"KeyConditionExpression": "pk = :p", "ExpressionAttributeValues": {":p": {"S": "JOB#none"}}},
}


@pytest.fixture(scope="module")
def moto() -> Iterator[Any]:
    with pytest.MonkeyPatch.context() as patch:
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
            patch.setenv(name, "testing")
        patch.setenv("AWS_DEFAULT_REGION", "eu-central-1")
        with deployed() as stack:
            client, table = clients.dynamodb(), stack.environ["TABLE"]
            for item in items(JOBS):
                client.put_item(TableName=table, Item=item)
            yield lambda **asked: client.query(TableName=table, **asked)


@pytest.fixture(scope="module")
def shelf() -> Shelf:
    return Shelf(items(JOBS))


@pytest.mark.parametrize("asked", QUESTIONS.values(), ids=QUESTIONS)
def test_it_answers_and_counts_as_moto_does(asked: dict[str, Any], moto: Any, shelf: Shelf) -> None:
    before, there = shelf.read, moto(**asked)
    here = shelf.query(asked)
    assert [item["sk"] for item in here["Items"]] == [item["sk"] for item in there["Items"]]
    assert here["ScannedCount"] == there["ScannedCount"] == shelf.read - before


def test_the_next_page_begins_where_the_last_one_ended(moto: Any, shelf: Shelf) -> None:
    asked = QUESTIONS["the newest"]
    for ask in (lambda more: moto(**asked, **more), lambda more: shelf.query({**asked, **more})):
        first = ask({})
        second = ask({"ExclusiveStartKey": first["LastEvaluatedKey"]})
        ids = [item["id"]["S"] for item in [*first["Items"], *second["Items"]]]
        assert len(set(ids)) == 14
    assert [item["id"] for item in second["Items"]] == [
        item["id"] for item in moto(**asked, ExclusiveStartKey=first["LastEvaluatedKey"])["Items"]
    ]


def test_a_question_that_it_does_not_understand_is_not_answered(shelf: Shelf) -> None:
    with pytest.raises(NotImplementedError):
        shelf.query({**QUESTIONS["due"], "KeyConditionExpression": "due_shard = :s AND due_at > :n"})


def test_more_jobs_are_not_more_reads() -> None:
    """Beyond the twenty pages of fifty that a filtered list reads at most."""
    assert read(1_200) == read(3_000)
