"""The real doors against the vendors' documents: what those allow is taken, what they forbid is refused.

kie.ai and sunoapi.org say with HTTP 200 whatever it is. So that a tool can tell good from bad, documents and answers of
theirs are looked at here as if `code` were the status.
"""

import json
from collections.abc import Callable, Iterable
from copy import deepcopy
from typing import Any

import pytest
import schemathesis
from reprise.dialects import DIALECTS
from schemathesis.generation.case import Case
from schemathesis.hooks import HookContext
from schemathesis.schemas import BaseSchema

from docs.openapi import PAGES
from docs.openapi.vendors import VENDORS
from tests.conformance import Run, closed, config, run
from tests.integration.gateway import Environ, Gateway
from tests.integration.house import OWNER_KEY, House

SONG = "https://songs.example/a.mp3"
OFF = {"enabled": False}
SHOPS = ("kie", "sunoapi")
LINKS = ("uploadUrl", "upload_url", "reference_audio_url", "audio_url")
ROUTING = ("X-Reprise-Provider", "Idempotency-Key", "X-Client-Request-Id")
REFUSED = [400, 401, 403, 404, 413, 422]

each = pytest.mark.parametrize("name", VENDORS)


def document(name: str) -> dict[str, Any]:
    return dict(json.loads((PAGES / f"openapi/{name}.json").read_text()))


def by_code(told: dict[str, Any]) -> dict[str, Any]:
    """A shop's document with an answer for each `code`."""
    told = deepcopy(told)
    for path in told["paths"].values():
        for call in path.values():
            (content,) = call["responses"]["200"]["content"].values()
            good, bad = content["schema"]["oneOf"]
            codes = bad["properties"]["code"]["enum"]
            call["responses"] = {str(code): _answer(bad) for code in codes} | {"200": _answer(good)}
    return told


def _answer(schema: dict[str, Any]) -> dict[str, Any]:
    return {"description": "", "content": {"application/json": {"schema": schema}}}


class Tidy(Gateway):
    """Its table holds the covers of a few calls: moto copies all of it at each transaction."""

    def _answer(self, environ: Environ) -> tuple[int, dict[str, str], bytes]:
        if len(self.house.stack.calls) > 100:
            self.house.stack.empty_table()
            self.house.new_tenant("owner", OWNER_KEY)
            self.house.stack.forget()
        return super()._answer(environ)


class ByCode(Tidy):
    """A shop's answers with their `code` for a status."""

    def _answer(self, environ: Environ) -> tuple[int, dict[str, str], bytes]:
        _, headers, body = super()._answer(environ)
        return json.loads(body)["code"], headers, body

    def __call__(self, environ: Environ, start: Callable[..., Any]) -> Iterable[bytes]:
        """430 and 455 have no phrase in HTTP."""
        status, headers, body = self._answer(environ)
        start(f"{status} As told", list(headers.items()))
        return [body]


def _meant(operation: str, *statuses: int) -> dict[str, Any]:
    """What a call without a fault may be answered with."""
    checks = {"positive_data_acceptance": {"expected-statuses": list(statuses)}}
    return {"include-operation-id": operation, "checks": checks}


def loaded(name: str, told: dict[str, Any], examples: int) -> BaseSchema:
    """Good submits are about a song that is there. The key is always sent: `test_dialects` has what comes without."""
    statuses = [200, 404, 422] if name in SHOPS else [200, 400, 404]
    submit, status = VENDORS[name].calls[:2]
    accepted, asked = _meant(submit.id, 200), _meant(status.id, *statuses)
    phases = {"examples": OFF, "coverage": {"unexpected-methods": []}, "fuzzing": OFF, "stateful": OFF}
    unheard = dict.fromkeys(("ignored_auth", "missing_required_header", "unsupported_method"), OFF)
    checks = {**unheard, "negative_data_rejection": {"expected-statuses": REFUSED}}
    schema = schemathesis.openapi.from_dict(
        closed(told, VENDORS[name].schemas), config=config(OWNER_KEY, examples, phases, accepted, asked, checks=checks)
    )

    @schema.hook
    def map_case(context: HookContext, case: Case[Any]) -> Case[Any]:
        for header in ROUTING:
            case.headers.pop(header, None)
        if isinstance(case.body, dict) and case.meta and case.meta.generation.mode.is_positive:
            # An empty part of a form is left out: Werkzeug's client forgets the line end behind it.
            told = {key: value for key, value in case.body.items() if value != ""}
            case.body = {key: SONG if key in LINKS else value for key, value in told.items()}
        return case

    return schema


def conforms(house: House, name: str, told: dict[str, Any], examples: int = 3) -> Run:
    house.open_all()
    schema = loaded(name, by_code(told) if name in SHOPS else told, examples)
    gateway = ByCode(house) if name in SHOPS else Tidy(house)
    schema.app = gateway
    return run(schema)


@pytest.mark.long
@each
def test_any_call_of_a_vendors_client_is_answered_as_its_document_says(house: House, name: str) -> None:
    done = conforms(house, name, document(name))
    assert not done.faults, "\n".join(done.faults)
    submit = f"POST {VENDORS[name].calls[0].path}"
    assert done.answered[submit, 200] > 3
    assert done.statuses(submit) & {400, 422}


def test_a_document_of_a_vendor_that_says_too_little_is_found_out(house: House) -> None:
    wrong = document("aimlapi")
    del wrong["components"]["schemas"]["Billing"]["properties"]["currency"]
    wrong["components"]["schemas"]["Billing"]["required"].remove("currency")
    wrong["components"]["schemas"]["Wish"]["required"].remove("prompt")
    faults = "\n".join(conforms(house, "aimlapi", wrong, 1).faults)
    assert "GET /v2/billing: Response violates schema" in faults
    assert "POST /v2/generate/audio: Schema-valid request rejected" in faults


def test_each_dialect_has_a_document() -> None:
    assert set(VENDORS) == set(DIALECTS)
