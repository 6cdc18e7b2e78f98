"""The vendors' documents and those who read their clients' words agree: on what is taken, and on what is refused."""

import json
from typing import Any
from urllib.parse import urlencode

import pytest
import schemathesis
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st
from reprise.dialects import DIALECTS
from reprise.dialects.dialect import Knock
from reprise.errors import InvalidError, MalformedError
from schemathesis import GenerationMode

from docs import openapi
from docs.openapi.vendors import VENDORS

JSON, URLENCODED = "application/json", "application/x-www-form-urlencoded"
CALM = settings(max_examples=60, deadline=None, database=None, suppress_health_check=list(HealthCheck))


def document(name: str) -> dict[str, Any]:
    return dict(json.loads((openapi.PAGES / f"openapi/{name}.json").read_text()))


def bodies(name: str, mode: GenerationMode) -> st.SearchStrategy[Any]:
    """Of its submit, as JSON."""
    call = VENDORS[name].calls[0]
    operation = schemathesis.openapi.from_dict(document(name))[call.path][call.method]
    cases = operation.as_strategy(generation_mode=mode)
    return cases.filter(lambda case: case.media_type == JSON and _meant(case, mode)).map(lambda case: case.body)


def _meant(case: Any, mode: GenerationMode) -> bool:
    """It is the body that is broken, and not a header."""
    parts = case.meta.components
    return mode is GenerationMode.POSITIVE or any(
        str(place) == "body" and one.mode is mode for place, one in parts.items()
    )


def read(name: str, body: Any) -> None:
    call = VENDORS[name].calls[0]
    raw = json.dumps(body).encode()
    DIALECTS[name].parse(Knock("POST", call.path, headers={"content-type": JSON}, body=raw), "owner")


@pytest.mark.parametrize("name", VENDORS)
def test_what_a_document_allows_is_read(name: str) -> None:
    @seed(7)
    @CALM
    @given(bodies(name, GenerationMode.POSITIVE))
    def each(body: Any) -> None:
        read(name, body)

    each()


@pytest.mark.parametrize("name", VENDORS)
def test_what_a_document_forbids_is_refused(name: str) -> None:
    @seed(7)
    @CALM
    @given(bodies(name, GenerationMode.NEGATIVE))
    def each(body: Any) -> None:
        with pytest.raises((InvalidError, MalformedError)):
            read(name, body)

    each()
