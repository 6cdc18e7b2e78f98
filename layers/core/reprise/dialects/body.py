"""A JSON body of our own API as it comes, before any rule about its fields."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from reprise.errors import MalformedError

AUTO = "auto"
"""The choice of provider is ours: the cheapest that can do it, is healthy and has a free slot."""


def parse_body(raw: bytes) -> Mapping[str, Any]:
    """Raises MalformedError for anything but a JSON object in UTF-8."""
    try:
        value = json.loads(raw.decode("utf-8-sig"), parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise MalformedError(f"the body must be a JSON object in UTF-8{_place(error)}") from error
    storable(value, "the body")
    if not isinstance(value, dict):
        raise MalformedError("the body must be a JSON object")
    return value


def storable(value: object, what: str) -> None:
    """Raises MalformedError for a lone surrogate, which can be read but never stored."""
    try:
        json.dumps(value, ensure_ascii=False).encode()
    except (ValueError, RecursionError) as error:
        raise MalformedError(f"{what} must be a JSON object in UTF-8") from error


def fingerprint(body: Mapping[str, Any]) -> str:
    """The same for the same JSON, however it is spaced or ordered."""
    return hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()


def _place(error: Exception) -> str:
    """Where reading ended, and over what; nothing where Python does not know. Nothing of the body is told."""
    if isinstance(error, json.JSONDecodeError):
        return f": {error.msg}, at line {error.lineno}, column {error.colno}"
    return ""


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")
