"""Frozen dataclasses <-> plain JSON. Unknown names are ignored and missing ones take their default,
so that items of the release before stay readable."""

import types
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from datetime import datetime
from enum import StrEnum
from functools import cache, partial
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

T = TypeVar("T")
Reader = Callable[[Any], Any]


def encode(value: Any) -> Any:
    """Leaves out fields that have their default: small items, and old readers are not surprised."""
    if value is None or isinstance(value, str):
        return value
    if defaults := _defaults(type(value)):  # type: ignore[arg-type]  # as in `decode`
        known = ((name, getattr(value, name), default) for name, default in defaults)
        return {name: encode(one) for name, one, default in known if one != default}
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {name: encode(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [encode(one) for one in value]
    return value


@cache
def _defaults(kind: type) -> tuple[tuple[str, Any], ...]:
    """The fields of a dataclass. The default of one that has none is MISSING, which equals nothing."""
    return tuple((field.name, field.default) for field in fields(kind)) if is_dataclass(kind) else ()


def decode(kind: type[T], value: Mapping[str, Any]) -> T:
    readers = _readers(kind)  # type: ignore[arg-type]  # a class is hashable, whatever T is
    return kind(**{name: readers[name](one) for name, one in value.items() if name in readers})


@cache
def _readers(kind: type) -> dict[str, Reader]:
    return {name: _reader(hint) for name, hint in get_type_hints(kind).items()}


def _reader(hint: Any) -> Reader:
    if get_origin(hint) in (Union, types.UnionType):
        return partial(_optional, _reader(get_args(hint)[0]))
    if get_origin(hint) is tuple:
        return partial(_several, _reader(get_args(hint)[0]))
    if hint is datetime:
        return datetime.fromisoformat
    if isinstance(hint, type) and is_dataclass(hint):
        return partial(decode, hint)
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return hint
    return _as_it_is


def _optional(read: Reader, value: Any) -> Any:
    return None if value is None else read(value)


def _several(read: Reader, values: Any) -> tuple[Any, ...]:
    return tuple(map(read, values))


def _as_it_is(value: Any) -> Any:
    return value
