"""What an operation is."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Answer:
    """`shape` is one of `reprise.http.shapes`, or a schema; `links` are operations on what came, by its `id`."""

    shape: Any
    description: str
    headers: Mapping[str, str] = field(default_factory=dict)
    links: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Operation:
    """`id` is the name of the function behind the door, `example` a golden event whose body is one."""

    method: str
    path: str
    id: str
    tag: str
    summary: str
    answers: Mapping[int, Answer]
    description: str = ""
    parameters: tuple[dict[str, Any], ...] = ()
    body: Any = None
    example: str | None = None
    problems: tuple[type[Exception], ...] = ()
    secured: bool = True
