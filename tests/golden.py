"""The golden events, as they are or with a few values of their own."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.template import ROOT

EVENTS = ROOT / "events"
KEY = "rk_example-of-a-key-that-opens-nothing"
"""The API key in the golden requests: tests that want in must make it one."""

JOB = "1f0c1d2e3b4a59687786950413223140"
TASK = "a41f00c2d7e84b6f9a13c5e2b7d40891"


DIALECT_DOORS = {"submit": "submit", "status": "read", "balance": "survey", "voices": "survey"}
"""What a golden call of a vendor's client is named after -> the function that answers it."""


def events() -> list[Path]:
    """All golden events; what lies beside the dialects' are answers and callbacks."""
    return sorted(path for path in EVENTS.rglob("*.json") if path.name.count(".") == 1)


def verb_of(path: Path) -> str:
    """The function that a golden event is for."""
    parts = path.relative_to(EVENTS).with_suffix("").parts
    kind = parts[-1] if parts[0] == "dialects" else parts[0]
    kind = kind.partition("-")[0]
    return DIALECT_DOORS[kind] if parts[0] == "dialects" else kind


def golden(name: str) -> dict[str, Any]:
    return dict(json.loads((EVENTS / f"{name}.json").read_text()))


def request(
    name: str,
    body: Any = None,
    headers: Mapping[str, str | None] | None = None,
    query: Mapping[str, str] | None = None,
    **path: str,
) -> dict[str, Any]:
    """A golden HTTP event with other path parts, query, headers (None takes one away) or body (text or JSON)."""
    event = golden(name)
    if path:
        event["pathParameters"] = {**event["pathParameters"], **path}
        template = event["routeKey"].partition(" ")[2].replace("{", "%(").replace("}", ")s")
        event["rawPath"] = event["requestContext"]["http"]["path"] = template % event["pathParameters"]
    if query is not None:
        event["queryStringParameters"] = dict(query)
        event["rawQueryString"] = "&".join(f"{key}={value}" for key, value in query.items())
    for key, value in (headers or {}).items():
        event["headers"].pop(key, None)
        if value is not None:
            event["headers"][key] = value
    if body is not None:
        event["body"] = body if isinstance(body, str) else json.dumps(body)
    return event


def body_of(name: str) -> dict[str, Any]:
    return dict(json.loads(golden(name)["body"]))
