"""What DynamoDB charges for a call, in request units.

Sizes: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html
Units: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/read-write-operations.html
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bench.gateway.updates import updated

WRITE_BYTES, READ_BYTES = 1024, 4096
INDEXES = {"due": ("due_shard", "due_at"), "by_tenant": ("tenant", "created_at")}
"""Of the template (a test compares them): the keys without which an item is not in the index."""

Item = Mapping[str, Mapping[str, Any]]


def size(item: Item) -> int:
    """Bytes of names and values. Numbers are taken for their digits, which is never too little by more than one."""
    return sum(len(name.encode()) + _value(value) for name, value in item.items())


def _value(value: Mapping[str, Any]) -> int:
    ((kind, held),) = value.items()
    match kind:
        case "S":
            return len(held.encode())
        case "B":
            return len(held)
        case "N":
            return (len(held.strip("-").replace(".", "")) + 1) // 2 + 1
        case "M":
            return 3 + sum(1 + len(name.encode()) + _value(one) for name, one in held.items())
        case "L":
            return 3 + sum(1 + _value(one) for one in held)
    return 1


@dataclass
class Meter:
    """Follows the items of a table through its writes: what an index costs depends on what was there before."""

    items: dict[tuple[str, str], Item] = field(default_factory=dict)
    writes: float = 0
    reads: float = 0

    def take(self, operation: str, asked: Mapping[str, Any], answer: Mapping[str, Any]) -> None:
        """Raises NotImplementedError for a call whose price is not known."""
        match operation:
            case "TransactWriteItems":
                for write in asked["TransactItems"]:
                    self._write(write, 2)
            case "PutItem":
                self._write({"Put": asked}, 1)
            case "UpdateItem":
                self._write({"Update": asked}, 1)
            case "GetItem":
                self._read(size(answer.get("Item", {})), asked)
            case "Query":
                self._read(sum(size(item) for item in answer["Items"]), asked)
            case _:
                raise NotImplementedError(f"DynamoDB.{operation}")

    def _read(self, bytes_read: int, asked: Mapping[str, Any]) -> None:
        self.reads += units(bytes_read, READ_BYTES) * (1 if asked.get("ConsistentRead") else 0.5)

    def _write(self, write: Mapping[str, Any], share: int) -> None:
        """`share`: a transaction writes twice. What an index is told costs the single price."""
        ((kind, asked),) = write.items()
        place = _place(asked["Key"] if kind == "Update" else asked["Item"])
        before = self.items.get(place, {})
        item = self.items[place] = updated(before, asked) if kind == "Update" else asked["Item"]
        self.writes += share * max(units(size(item), WRITE_BYTES), units(size(before), WRITE_BYTES))
        self.writes += sum(index_writes(keys, before, item) for keys in INDEXES.values())


def _place(item: Item) -> tuple[str, str]:
    return item["pk"]["S"], item["sk"]["S"]


def units(bytes_taken: int, each: int) -> int:
    return max(1, -(-bytes_taken // each))


def index_writes(keys: tuple[str, str], before: Item, after: Item) -> int:
    """One for an entry that comes, goes or is changed, two for one that moves. All of ours are below a kilobyte."""
    was, now = ([one[key] for key in keys] if set(keys) <= set(one) else None for one in (before, after))
    if was and now and was != now:
        return 2
    if was == now:
        return 1 if now and "due_shard" not in keys and before != after else 0
    return 1
