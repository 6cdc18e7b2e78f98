"""The OpenAPI document is made of what validates, answers and refuses, names every route, and is a valid one."""

import importlib
import json
import re
from dataclasses import fields
from pathlib import Path
from typing import Any, get_type_hints

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator
from reprise.dialects import DIALECTS
from reprise.domain.endpoint import EVENT_TYPES
from reprise.domain.request import CoverRequest
from reprise.http.openapi import FILE
from reprise.http.shapes.asked import Asked

from docs import openapi
from docs.openapi.operation import Operation
from docs.openapi.operations import OPERATIONS
from tests.drift.test_template import DOORS, STRAY, drawn, shape, sources
from tests.template import ROOT

DOCUMENT: dict[str, Any] = json.loads(FILE.read_text())
OWN = re.compile(r"/(v1|audio|\.well-known|openapi\.json)\b")

each_operation = pytest.mark.parametrize("operation", OPERATIONS, ids=lambda one: one.id)


TEXTS = openapi.texts()
each_file = pytest.mark.parametrize("path", TEXTS, ids=lambda path: path.name)


@each_file
def test_a_file_is_what_the_code_says(path: Path) -> None:
    assert path.read_text() == TEXTS[path], "make openapi"


def test_no_file_is_left_from_before() -> None:
    assert {path for path in openapi.PAGES.rglob("*") if path.is_file()} <= set(TEXTS)


@pytest.mark.parametrize("path", [path for path in TEXTS if path.suffix == ".json"], ids=lambda path: path.name)
def test_a_document_is_a_valid_one(path: Path) -> None:
    assert list(OpenAPIV31SpecValidator(json.loads(TEXTS[path])).iter_errors()) == []


def test_every_route_of_our_own_api_is_an_operation_and_the_other_way_round() -> None:
    routes = {(one["Method"], one["Path"]) for verb in DOORS for one in sources(verb, "HttpApi")}
    told = {(method, path) for method, path in routes if method != "HEAD" and shape(method, path) != STRAY}
    own = {(method, path) for method, path in told if OWN.match(path)}
    assert own == {(one.method, one.path) for one in OPERATIONS}


@each_operation
def test_an_operation_is_called_as_the_function_behind_its_door(operation: Operation) -> None:
    (verb,) = (verb for verb in DOORS if shape(operation.method, operation.path) in drawn(verb))
    api = importlib.import_module(f"functions.{verb}.app").api
    (route,) = (
        one
        for one in api._static_routes + api._dynamic_routes
        if shape(one.method, one.path) == shape(operation.method, operation.path)
    )
    assert route.func.__name__ == operation.id


@each_operation
def test_an_operation_names_the_parts_of_its_path(operation: Operation) -> None:
    named = {one["name"] for one in operation.parameters if one["in"] == "path"}
    assert named == set(re.findall(r"{(\w+)}", operation.path))


def test_a_request_is_told_with_all_of_its_fields() -> None:
    """`views` makes it of the request's own fields, past the type checker."""
    elsewhere = {"providers", "visit"}
    told = {"mode", "provider", "dialect", "callback_url"}
    known = {one.name for one in fields(CoverRequest)} - elsewhere | told
    assert set(get_type_hints(Asked)) == known


def test_every_public_event_is_a_webhook() -> None:
    assert tuple(DOCUMENT["webhooks"]) == EVENT_TYPES


@pytest.mark.parametrize("name", DIALECTS)
def test_every_path_of_a_dialect_is_in_its_document_and_no_other(name: str) -> None:
    """Below any of the base URLs that its clients may have; MusicGPT's `/Cover` may be written `/cover`."""
    dialect, told = DIALECTS[name], json.loads(TEXTS[openapi.PAGES / f"openapi/{name}.json"])
    known = {"POST": dialect.submits, "GET": (*dialect.statuses, *dialect.balances, *dialect.catalogs)}
    bases = [one["url"].removeprefix(f"/{name}") for one in told["servers"]]
    drawn = {(method, f"{base}{path}") for path, one in told["paths"].items() for method in one for base in bases}
    served = {(method.lower(), path) for method, paths in known.items() for path in paths}
    assert drawn == {
        (method, path.replace("/cover", "/Cover") if name == "musicgpt" else path) for method, path in served
    }


def test_no_door_loads_what_only_the_document_is_made_of() -> None:
    for path in [*(ROOT / "functions").glob("*/app.py"), *(ROOT / "layers/core/reprise").rglob("*.py")]:
        if not {"shapes", "client"} & set(path.parts):  # the client is no part of what is deployed
            text = re.sub(r"(?m)^if TYPE_CHECKING:\n(    .*\n)+", "", path.read_text())
            assert "http.shapes" not in text, path
