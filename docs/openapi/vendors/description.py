"""What a vendor's document is made of, and how."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from typing import Any

from reprise.http.api import JSON

from docs.openapi.operation import Answer
from docs.openapi.parts import answer_of
from docs.openapi.schemas import PLACE, reference, schemas

EVENTS = Path(__file__).parent.parent.parent.parent / "events" / "dialects"
KEY = "key"

BEARER = {"type": "http", "scheme": "bearer", "description": "A Reprise API key: `reprise keys create` makes one."}

ABOUT = """\
{title} as this gateway answers it: the paths, words and codes are the vendor's, the key and the base URL are yours. \
The cover is made by the same vendor if it can, else by another that can. What differs from the vendor is in \
`docs/dialects.md`; the gateway's own API, which can more, is described at `/openapi.json`.

{words}"""

LATER = {"Retry-After": "Seconds."}

ROUTING = (
    {
        "name": "X-Reprise-Provider",
        "in": "header",
        "description": "`auto`, or who shall make it, best first: `aimlapi, kie`. The vendor's own clients need none.",
        "schema": {"type": "string"},
    },
    {
        "name": "Idempotency-Key",
        "in": "header",
        "description": "The same key and body give the same cover, for seven days: one paid submit, never two.",
        "schema": {"type": "string"},
    },
    {
        "name": "X-Client-Request-Id",
        "in": "header",
        "description": "Echoed; the same one with the same wish is one cover.",
        "schema": {"type": "string"},
    },
)
"""Headers of ours that a submit may carry. What is malformed is as if it were not there."""


@dataclass(frozen=True, slots=True)
class Call:
    """A path of the vendor's. `media` has a schema for each content type of a body, `example` names a golden event of
    the vendor's whose body is one; `callbacks` are what is POSTed to the URL at a place of the body."""

    method: str
    path: str
    id: str
    summary: str
    answers: Mapping[int, Answer]
    description: str = ""
    parameters: tuple[dict[str, Any], ...] = ()
    media: Mapping[str, Any] = field(default_factory=dict)
    example: str | None = None
    callbacks: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Description:
    """`servers` are the base URLs that clients may have, the usual one first; `schemas` those of requests by name,
    `shapes` the types of answers and callbacks."""

    name: str
    title: str
    words: str
    servers: tuple[str, ...]
    calls: tuple[Call, ...]
    schemas: Mapping[str, Any]
    shapes: tuple[Any, ...]
    security: Mapping[str, Any] = field(default_factory=lambda: BEARER)


def named_schema(name: str) -> dict[str, str]:
    return {"$ref": PLACE.format(model=name)}


def refusals(shape: Any, *statuses: int) -> dict[int, Answer]:
    """Of vendors whose HTTP status says what is wrong."""
    return {one: Answer(shape, HTTPStatus(one).phrase, LATER if one == 429 else {}) for one in statuses}


def described(one: Description, version: str) -> dict[str, Any]:
    return {
        "openapi": "3.1.0",
        "info": {
            "title": f"{one.title}, by Reprise",
            "version": version,
            "description": ABOUT.format(title=one.title, words=one.words),
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": f"/{one.name}{base}"} for base in one.servers],
        "security": [{KEY: []}],
        "paths": _paths(one),
        "components": {
            "schemas": dict(sorted({**one.schemas, **schemas(one.shapes)}.items())),
            "securitySchemes": {KEY: dict(one.security)},
        },
    }


def _paths(one: Description) -> dict[str, dict[str, Any]]:
    paths: dict[str, dict[str, Any]] = {}
    for call in one.calls:
        paths.setdefault(call.path, {})[call.method.lower()] = _operation(one.name, call)
    return paths


def _operation(vendor: str, call: Call) -> dict[str, Any]:
    found: dict[str, Any] = {
        "operationId": call.id,
        "summary": call.summary,
        "description": call.description,
        "parameters": list(call.parameters),
        "requestBody": _body(vendor, call) if call.media else None,
        "responses": {str(status): answer_of(answer) for status, answer in sorted(call.answers.items())},
        "callbacks": _callbacks(call) or None,
    }
    return {name: value for name, value in found.items() if value is not None and value != ""}


def _body(vendor: str, call: Call) -> dict[str, Any]:
    content = {kind: {"schema": schema} for kind, schema in call.media.items()}
    if call.example:
        event = json.loads((EVENTS / vendor / f"{call.example}.json").read_text())
        content[JSON]["example"] = json.loads(event["body"])
    return {"required": True, "content": content}


def _callbacks(call: Call) -> dict[str, Any]:
    return {place: {f"{{$request.body#/{place}}}": {"post": _told(told)}} for place, told in call.callbacks.items()}


def _told(shape: Any) -> dict[str, Any]:
    """Any 2xx is an answer; else it comes again, by the schedule of webhooks."""
    return {
        "summary": "What the client is told",
        "requestBody": {"required": True, "content": {JSON: {"schema": reference(shape)}}},
        "responses": {
            "2XX": {"description": "Taken. Answer within 15 seconds."},
            "default": {"description": "Tried again: eleven attempts over three days."},
        },
        "security": [],
    }
