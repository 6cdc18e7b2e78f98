"""What DynamoDB charges, held to the examples of its own pages."""

from typing import Any

import pytest

from bench.gateway.units import INDEXES, Meter, index_writes, size
from bench.gateway.updates import updated
from tests.template import of_type

KEYS: dict[str, Any] = {"pk": {"S": "JOB#1"}, "sk": {"S": "JOB"}}


def an_item(size_wanted: int, **more: str) -> dict[str, Any]:
    item = {**KEYS, **{name: {"S": value} for name, value in more.items()}, "body": {"S": ""}}
    return {**item, "body": {"S": "x" * (size_wanted - size(item))}}


def put(item: dict[str, Any]) -> dict[str, Any]:
    return {"TransactItems": [{"Put": {"Item": item}}]}


def test_an_item_is_its_names_and_values_in_utf_8() -> None:
    assert size({"ab": {"S": "äö"}, "n": {"N": "1234"}}) == 2 + 4 + 1 + 3
    assert size({"m": {"M": {"k": {"S": "v"}}}}) == 1 + 3 + 1 + 1 + 1
    assert size(an_item(500)) == 500


@pytest.mark.parametrize(("bytes_written", "units"), [(1024, 1), (1025, 2), (3500, 4)])
def test_a_write_is_charged_by_the_kilobyte_and_twice_in_a_transaction(bytes_written: int, units: int) -> None:
    alone, together = Meter(), Meter()
    alone.take("PutItem", {"Item": an_item(bytes_written)}, {})
    together.take("TransactWriteItems", put(an_item(bytes_written)), {})
    assert (alone.writes, together.writes) == (units, 2 * units)


def test_what_is_written_over_is_charged_by_the_larger_of_the_two() -> None:
    meter = Meter()
    for written in (3000, 500):
        meter.take("PutItem", {"Item": an_item(written)}, {})
    assert meter.writes == 3 + 3


UPDATE: dict[str, Any] = {
    "Key": KEYS,
    "UpdateExpression": "SET #state = :state, lines = list_append(if_not_exists(lines, :none), :more) REMOVE b",
    "ExpressionAttributeNames": {"#state": "state"},
    "ExpressionAttributeValues": {
        ":state": {"S": "running"},
        ":none": {"L": []},
        ":more": {"L": [{"B": b"x" * 1000}]},
    },
}


def test_an_update_is_charged_by_the_larger_of_the_item_before_and_after() -> None:
    meter = Meter()
    meter.take("PutItem", {"Item": {**KEYS, "b": {"S": "x" * 2500}}}, {})
    charged = []
    for _ in range(3):
        before = meter.writes
        meter.take("UpdateItem", UPDATE, {})
        charged.append(meter.writes - before)
    assert charged == [3, 2, 3]
    assert updated(KEYS, UPDATE) == {**KEYS, "state": {"S": "running"}, "lines": {"L": [{"B": b"x" * 1000}]}}
    twice = Meter()
    twice.take("TransactWriteItems", {"TransactItems": [{"Update": UPDATE}]}, {})
    assert twice.writes == 2 * 2


@pytest.mark.parametrize("expression", ["ADD requests :one", "SET a = :a + :b REMOVE c", "SET a = :a"])
def test_an_update_that_no_adapter_of_a_job_writes_is_not_guessed(expression: str) -> None:
    with pytest.raises(NotImplementedError):
        updated(KEYS, {**UPDATE, "UpdateExpression": expression})


@pytest.mark.parametrize(("consistent", "bytes_read", "units"), [(True, 4096, 1), (True, 4097, 2), (False, 100, 0.5)])
def test_a_read_is_charged_by_four_kilobytes_and_half_where_it_may_be_stale(
    consistent: bool, bytes_read: int, units: float
) -> None:
    meter = Meter()
    meter.take("GetItem", {"ConsistentRead": consistent}, {"Item": an_item(bytes_read)})
    assert meter.reads == units


def test_a_read_that_finds_nothing_is_a_read() -> None:
    meter = Meter()
    meter.take("GetItem", {"ConsistentRead": True}, {})
    meter.take("Query", {"ConsistentRead": True}, {"Items": []})
    assert meter.reads == 2


def test_an_entry_of_an_index_costs_when_it_comes_changes_moves_or_goes() -> None:
    due = INDEXES["due"]
    first, later = an_item(200, due_shard="1", due_at="a"), an_item(200, due_shard="1", due_at="b")
    assert [index_writes(due, *pair) for pair in ((KEYS, first), (first, first), (first, later), (later, KEYS))] == [
        1,
        0,
        2,
        1,
    ]
    listed = an_item(200, tenant="t", created_at="a", state="queued")
    assert index_writes(INDEXES["by_tenant"], listed, {**listed, "state": {"S": "running"}}) == 1


def test_the_indexes_are_those_of_the_template() -> None:
    (table,) = of_type("AWS::DynamoDB::Table").values()
    there = {
        one["IndexName"]: tuple(key["AttributeName"] for key in one["KeySchema"])
        for one in table["GlobalSecondaryIndexes"]
    }
    assert there == INDEXES


def test_a_call_without_a_known_price_is_not_free() -> None:
    with pytest.raises(NotImplementedError, match="Scan"):
        Meter().take("Scan", {}, {})
