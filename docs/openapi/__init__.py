"""The OpenAPI 3.1 documents of our own API and of each dialect, made of what the gateway itself works with.

`make openapi` writes them to where a door serves them from; a test holds the two together. The dialects' are in
`vendors/`. Of our own, bodies are the models that their readers are held to, answers the types that the views are held
to, problems the table that errors become problems by; what nobody else says stands in `operations.py`.
"""

import json
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from reprise.http.openapi import FILE
from reprise.http.shapes.events import EVENTS
from reprise.http.shapes.problems import Problem

from docs.openapi import vendors
from docs.openapi.operation import Operation
from docs.openapi.operations import OPERATIONS
from docs.openapi.parts import answers, body, headers_of_a_webhook, problems
from docs.openapi.schemas import named, schemas
from docs.site import site

ROOT = Path(__file__).parent.parent.parent
PAGES = ROOT / "functions/pages/files"
KEY = "key"

ABOUT = """\
A self-hosted gateway for AI cover songs. A song goes in; exactly one provider is paid for it; the finished audio is \
checked and kept.

Bodies are JSON in UTF-8 of at most 1 MB, whatever `Content-Type` says. Times are RFC 3339 in UTC. Errors are problem \
details (RFC 9457): `type` is stable, `detail` says what to do. A `type` or a field that you do not know may come with \
a later release: pass it over.

What the gateway in front of the functions refuses itself (a throttle, a body above 10 MB, a path of which we have \
nothing) has a body `{"message": ...}` instead.
"""

TAGS = {
    "covers": "Making covers, and following them.",
    "songs": "Songs that go in, and audio that comes out.",
    "providers": "Who can make covers.",
    "webhooks": "Where events go, and what was sent there.",
    "document": "This document.",
}


def document() -> dict[str, Any]:
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Reprise",
            "version": _version(),
            "description": ABOUT,
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": "/"}],
        "security": [{KEY: []}],
        "tags": [{"name": name, "description": words} for name, words in TAGS.items()],
        "paths": _paths(),
        "webhooks": {_type(event): {"post": _told(event)} for event in EVENTS},
        "components": {
            "schemas": schemas([Problem, *_shapes(), *EVENTS]),
            "responses": problems(OPERATIONS),
            "securitySchemes": {
                KEY: {"type": "http", "scheme": "bearer", "description": "An API key: `reprise keys create` makes one."}
            },
        },
    }


def texts() -> dict[Path, str]:
    """What lies where: our own document beside the code that asks it about paths, all else with who hands it out."""
    others = {name: vendors.document(name, _version()) for name in vendors.VENDORS}
    documents = {FILE: document()} | {PAGES / f"openapi/{name}.json": one for name, one in others.items()}
    found = {path: json.dumps(one, ensure_ascii=False, indent=1) + "\n" for path, one in documents.items()}
    pages = site({"index": documents[FILE], **others})
    return found | {PAGES / f"docs/{name}": text for name, text in pages.items()}


def _paths() -> dict[str, dict[str, Any]]:
    paths: dict[str, dict[str, Any]] = {}
    for one in OPERATIONS:
        paths.setdefault(one.path, {})[one.method.lower()] = _operation(one)
    return paths


def _operation(one: Operation) -> dict[str, Any]:
    found: dict[str, Any] = {
        "operationId": one.id,
        "summary": one.summary,
        "description": one.description,
        "tags": [one.tag],
        "parameters": list(one.parameters),
        "requestBody": body(one.body, one.example) if one.body else None,
        "responses": answers(one),
        "security": None if one.secured else [],
    }
    return {name: value for name, value in found.items() if value is not None and value != ""}


def _told(event: Any) -> Mapping[str, Any]:
    return {
        "operationId": f"hear_{_type(event).replace('.', '_')}",
        "summary": event.__doc__,
        "tags": ["webhooks"],
        "security": [],
        "parameters": headers_of_a_webhook(),
        "requestBody": body(event),
        "responses": {
            "2XX": {"description": "Taken. Answer within 15 seconds, and work afterwards."},
            "410": {"description": "Nobody will ever listen here: the endpoint is disabled."},
            "default": {"description": "Tried again: eleven attempts over three days."},
        },
    }


def _type(event: Any) -> str:
    (word,) = event.__annotations__["type"].__args__
    return str(word)


def _shapes() -> list[Any]:
    told = [answer.shape for one in OPERATIONS for answer in one.answers.values() if named(answer.shape)]
    return [*told, *(one.body for one in OPERATIONS if one.body)]


def _version() -> str:
    return str(tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"])
