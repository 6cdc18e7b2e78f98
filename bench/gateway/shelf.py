"""A table of a million jobs in memory, with the template's indexes: it answers Query and GetItem as DynamoDB does and
counts the items that DynamoDB would evaluate for them, which are those that the key condition names.

No emulator keeps a million jobs within minutes. A test holds this one to moto's answers on a small table.
"""

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.template import of_type

Item = dict[str, dict[str, str]]
Key = tuple[str, tuple[str, str]]
"""The sort key, and the table's own keys: no two items of an index are the same."""

CONDITION = re.compile(
    r"(\w+) = (:\w+)(?: AND (?:(\w+) <= (:\w+)|begins_with\((\w+), (:\w+)\)|\w+ BETWEEN (:\w+) AND (:\w+)))?"
)
LAST = "\U0010ffff"


@dataclass
class Partitions:
    """One index, or the table itself."""

    partition: str
    sort: str
    rows: dict[str, list[tuple[Key, Item]]] = field(default_factory=lambda: defaultdict(list))

    def add(self, items: Iterable[Item]) -> None:
        """Sparse: what lacks a key is not in it."""
        for item in items:
            if self.partition in item and self.sort in item:
                key = item[self.sort]["S"], (item["pk"]["S"], item["sk"]["S"])
                self.rows[item[self.partition]["S"]].append((key, item))
        for rows in self.rows.values():
            rows.sort(key=lambda row: row[0])


class Shelf:
    def __init__(self, items: Iterable[Item]) -> None:
        (table,) = of_type("AWS::DynamoDB::Table").values()
        self.indexes = {
            one.get("IndexName", ""): Partitions(*(key["AttributeName"] for key in one["KeySchema"]))
            for one in [table, *table["GlobalSecondaryIndexes"]]
        }
        self.read = 0
        """Items evaluated so far."""
        held = list(items)
        for index in self.indexes.values():
            index.add(held)

    def query(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        """Raises NotImplementedError for a key condition that nobody here asks."""
        found = CONDITION.fullmatch(asked["KeyConditionExpression"])
        if not found:
            raise NotImplementedError(asked["KeyConditionExpression"])
        index, values = self.indexes[asked.get("IndexName", "")], asked["ExpressionAttributeValues"]
        rows = index.rows.get(values[found[2]]["S"], [])
        low, high = _range(rows, found, values)
        if not asked.get("ScanIndexForward", True):
            start = asked.get("ExclusiveStartKey")
            high = min(high, bisect_left(rows, _key(start, index.sort), key=_own)) if start else high
            low = max(low, high - asked.get("Limit", len(rows)))
        picked = [item for _, item in rows[low:high]]
        self.read += len(picked)
        answer: dict[str, Any] = {"Items": _kept(picked, asked), "ScannedCount": len(picked)}
        if "Limit" in asked and len(picked) == asked["Limit"]:
            last = rows[low][1]
            answer["LastEvaluatedKey"] = {name: last[name] for name in ("pk", "sk", index.partition, index.sort)}
        return {**answer, "Count": len(answer["Items"])}

    def get(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        pk, sk = asked["Key"]["pk"]["S"], asked["Key"]["sk"]["S"]
        rows = self.indexes[""].rows.get(pk, [])
        place = bisect_left(rows, (sk, (pk, sk)), key=_own)
        found = place < len(rows) and rows[place][0][0] == sk
        self.read += found
        return {"Item": rows[place][1]} if found else {}


def _range(rows: list[tuple[Key, Item]], found: re.Match[str], values: Mapping[str, Any]) -> tuple[int, int]:
    most, prefix, first, last = found[4], found[6], found[7], found[8]
    if most or last:
        begin = bisect_left(rows, (values[first]["S"], ("", "")), key=_own) if first else 0
        return begin, bisect_right(rows, (values[most or last]["S"], (LAST, LAST)), key=_own)
    if prefix:
        begin = values[prefix]["S"]
        return bisect_left(rows, (begin, ("", "")), key=_own), bisect_right(rows, (begin + LAST, ("", "")), key=_own)
    return 0, len(rows)


def _kept(items: list[Item], asked: Mapping[str, Any]) -> list[Item]:
    """A filter comes after the reading. Newest first where that was asked."""
    if not asked.get("ScanIndexForward", True):
        items = items[::-1]
    if "FilterExpression" not in asked:
        return items
    if asked["FilterExpression"] != "#state = :state":
        raise NotImplementedError(asked["FilterExpression"])
    return [item for item in items if item["state"] == asked["ExpressionAttributeValues"][":state"]]


def _own(row: tuple[Key, Item]) -> Key:
    return row[0]


def _key(start: Mapping[str, Any], sort: str) -> Key:
    return start[sort]["S"], (start["pk"]["S"], start["sk"]["S"])
