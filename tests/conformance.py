"""An API against its own OpenAPI document: schemathesis in the bounds that a test has, always the same requests."""

import json
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from zlib import crc32

import schemathesis
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import events, from_schema
from schemathesis.generation.case import Case
from schemathesis.hooks import HookContext
from schemathesis.schemas import BaseSchema

GATEWAY = ["get", "put", "post", "delete", "options", "patch"]
"""Methods that API Gateway lets through, but HEAD, whose answers have no body to look at."""

ELSEWHERE = "^/(audio|openapi|[.]well-known|v1/webhooks/secret)"
"""API Gateway itself refuses other methods there; below `webhooks`, `secret` is an id like any other to them."""

FINE = [200, 201, 202, 204, 302, 304, 401, 403, 404, 409]
"""Answers to a request without a fault: what it names need not be there, nor be in the right state."""

NO_EXAMPLES = "No examples in schema"

SEMANTIC = [*FINE, 410, 422]
"""No schema knows which providers there are, what they can do, what a song is, or which keys were used before."""


def closed(document: dict[str, Any], loose: Collection[str] = ()) -> dict[str, Any]:
    """Callers may meet new fields with a later release; today's doors may not have one that the document lacks. `loose`
    are the schemas of what forgives fields that it does not know."""
    shapes = document["components"]["schemas"]
    strict = {
        name: {"additionalProperties": False, **one} if "properties" in one and name not in loose else one
        for name, one in shapes.items()
    }
    return {**document, "components": {**document["components"], "schemas": strict}}


def load(document: dict[str, Any], settings: SchemathesisConfig, song: str, loose: Collection[str] = ()) -> BaseSchema:
    """Every second wish that breaks no rule of the schema's is made one that somebody can fulfil, about `song`."""
    schema = schemathesis.openapi.from_dict(closed(document, loose), config=settings)

    @schema.hook
    def map_case(context: HookContext, case: Case[Any]) -> Case[Any]:
        usual = case.operation.label == "POST /v1/covers" and case.meta and case.meta.generation.mode.is_positive
        if usual and isinstance(case.body, dict) and crc32(json.dumps(case.body).encode()) % 2:
            rest = {name: value for name, value in case.body.items() if name in HARMLESS}
            case.body = {"source": {"url": song}, "style": "lo-fi jazz", "title": "T", "instrumental": True, **rest}
        return case

    return schema


HARMLESS = ("metadata", "deadline", "weirdness", "webhook", "when_unknown", "negative_style", "strict")
"""Wishes that change little about who can fulfil them."""


def config(key: str, examples: int, phases: Mapping[str, Any], *operations: Any, **more: Any) -> SchemathesisConfig:
    def meant(path: str, statuses: list[int]) -> dict[str, Any]:
        return {"include-path": path, "checks": {"positive_data_acceptance": {"expected-statuses": statuses}}}

    unchecked = {"unsupported_method": {"enabled": False}, "allow_header_conformance": {"enabled": False}}
    return SchemathesisConfig.from_dict({
        "seed": 7,
        "workers": 1,
        "cache": {"enabled": False},
        "headers": {"Authorization": f"Bearer {key}"},
        "continue-on-failure": True,
        "generation": {"deterministic": True, "max-examples": examples, "mode": "all", "no-shrink": True},
        "phases": phases,
        "operations": [
            {"include-path-regex": ELSEWHERE, "checks": unchecked},
            meant("/v1/covers", SEMANTIC),
            meant("/v1/webhooks", [*FINE, 422]),
            meant("/v1/usage", [*FINE, 422]),  # a cursor is ours or it is not
            # 404 of a cover that is there: it was made of a link, so there is no song of ours to hear.
            {"include-path": "/v1/covers/{id}/source", "checks": {"ensure_resource_availability": {"enabled": False}}},
            *operations,
        ],
        **more,
    })  # fmt: skip


@dataclass
class Run:
    """`answered`: how often an operation answered with a status. `faults`: what broke the document's word."""

    answered: Counter[tuple[str, int]] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)

    def statuses(self, operation: str) -> set[int]:
        return {status for name, status in self.answered if name == operation}


def run(schema: BaseSchema) -> Run:
    done = Run()
    for event in from_schema(schema).execute():
        if isinstance(event, events.NonFatalError):
            done.faults.append(f"{event.label}: {event.value!r}")
        elif isinstance(event, events.FatalError):
            done.faults.append(repr(event.exception))
        elif isinstance(event, events.ScenarioFinished):
            if event.skip_reason not in (None, NO_EXAMPLES):
                done.faults.append(f"{event.label}: {event.skip_reason}")
            done.faults += _failures(event)
            for case_id, interaction in event.recorder.interactions.items():
                if interaction.response:
                    label = event.recorder.cases[case_id].value.operation.label
                    done.answered[label, interaction.response.status_code] += 1
    return done


def _failures(event: events.ScenarioFinished) -> Iterator[str]:
    for case_id, checks in event.recorder.checks.items():
        case = event.recorder.cases[case_id].value
        for check in checks:
            if check.failure_info:
                failure = check.failure_info.failure
                yield f"{case.operation.label}: {failure.title}: {failure.message}\n{case.as_curl_command()}"
