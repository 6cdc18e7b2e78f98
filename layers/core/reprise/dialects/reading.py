"""Reading a body of our own API: a table names the fields, and for each what reads its value.

A reader notes what is wrong and goes on, so that all can be told; what it answers counts only where nothing was noted.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from reprise.domain.violation import Violation
from reprise.errors import InvalidError
from reprise.settings import Network


@dataclass(frozen=True, slots=True)
class Place:
    """Where a value stands in its body. `lenient`: numbers and booleans may be texts; `networks` are those that the
    operator allows. All places of a body share one list of `faults`, in the order of the reading."""

    lenient: bool = False
    networks: tuple[Network, ...] = ()
    path: str = ""
    faults: list[Violation] = field(default_factory=list)

    def within(self, name: str) -> "Place":
        return replace(self, path=f"{self.path}.{name}" if self.path else name)

    def fault(self, value: Any, rule: str, message: str, limit: float | None = None) -> None:
        """Told with a length are texts, and lists and objects where the limit is one of entries."""
        counted = isinstance(value, str) or (limit is not None and isinstance(value, list | dict))
        self.faults.append(Violation(self.path or "body", rule, message, len(value) if counted else None, limit))

    def check(self) -> None:
        """Raises InvalidError with all that was noted."""
        if self.faults:
            raise InvalidError(*self.faults)


Reader = Callable[[Any, Place], Any]
Table = Mapping[str, Reader]
Make = Callable[[Mapping[str, Any], Place], Any]


def fields(body: Mapping[str, Any], place: Place, table: Table, required: Collection[str] = ()) -> dict[str, Any]:
    """What is there, as it was read. Faults come in the order of the table, and those of unknown names last."""
    found = {}
    for name, read in table.items():
        if name in body:
            found[name] = read(body[name], place.within(name))
        elif name in required:
            place.within(name).fault(None, "required", "this field is required")
    for name, value in body.items():
        if name not in table:
            place.within(name).fault(value, "unknown", "there is no such field")
    return found


def nested(table: Table, make: Make, required: Collection[str] = ()) -> Reader:
    """An object within the body. `make` is for one whose fields are all right."""

    def read(value: Any, place: Place) -> Any:
        if not isinstance(value, dict):
            return place.fault(value, "type", "must be an object")
        noted = len(place.faults)
        found = fields(value, place, table, required)
        return make(found, place) if len(place.faults) == noted else None

    return read


def nullable(read: Reader) -> Reader:
    """Null is as if the field were not there."""
    return lambda value, place: None if value is None else read(value, place)
