"""A rule that a request breaks: what is told of it is the same at every door."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Violation:
    """One broken rule: `field` in dotted form, `rule` as a stable word, `length` of the value where it counts."""

    field: str
    rule: str
    message: str
    length: int | None = None
    limit: float | None = None
