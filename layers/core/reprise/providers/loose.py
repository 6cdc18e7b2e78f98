"""Reading a vendor's JSON, which may be of any shape: what does not fit is as if it were not there."""

import json
from collections.abc import Mapping
from math import isfinite
from typing import Any, TypeGuard

from reprise.errors import MalformedError
from reprise.redact import redact

MOST_TEXT = 1000
LONGEST_ID = 200
LONGEST_LINK = 2000


def loads(body: bytes) -> Any:
    """Raises ValueError. A lone surrogate can be read but neither signed nor stored: it becomes a question mark."""
    try:
        return json.loads(json.dumps(json.loads(body), ensure_ascii=False).encode(errors="replace"))
    except RecursionError as error:
        raise ValueError("nested too deep") from error


def parse(body: bytes) -> Any:
    """Raises MalformedError for what is not JSON."""
    try:
        return loads(body)
    except ValueError as error:
        raise MalformedError("the body is not JSON") from error


def parse_object(body: bytes) -> Mapping[str, Any]:
    """Raises MalformedError for anything but a JSON object."""
    value = parse(body)
    if not isinstance(value, dict):
        raise MalformedError("the body is not a JSON object")
    return value


def mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def number(value: Any) -> int | None:
    """Codes come as numbers and as numeric strings."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return value
    return int(value) if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 9 else None


def amount(value: Any) -> float | None:
    """Money and credits: a finite number, or one written as text."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        known = float(value)
    except (ValueError, OverflowError):
        return None
    return known if isfinite(known) else None


def text(value: Any, most: int = MOST_TEXT) -> str | None:
    return value[:most] if isinstance(value, str) and value else None


def texts(value: Any) -> list[str]:
    """Those in a list."""
    return [found for one in value if (found := text(one))] if isinstance(value, list) else []


def said(value: Any, otherwise: str) -> str:
    """A vendor's message for people. Vendors echo our own signed links and callback tokens in it: redacted."""
    return redact(str(value))[:MOST_TEXT] if value else otherwise


def first_id(*places: Any) -> str | None:
    """The first that can be an id: a text or a number."""
    known = (str(one) for one in places if isinstance(one, str | int) and not isinstance(one, bool))
    return next((one for one in known if one and len(one) <= LONGEST_ID), None)


def is_link(value: Any) -> TypeGuard[str]:
    return isinstance(value, str) and value.startswith(("https://", "http://")) and len(value) <= LONGEST_LINK
