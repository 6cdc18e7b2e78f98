"""Bodies, answers and problems of an operation."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

from reprise import errors
from reprise.http.api import JSON, PROBLEM
from reprise.http.problems import INTERNAL, RETRY_AFTER, TABLE, TYPE
from reprise.http.shapes.problems import Problem

from docs.openapi.operation import Answer, Operation
from docs.openapi.schemas import reference

PARTICULAR = frozenset({
    errors.MalformedError, errors.ForgedCallbackError, errors.NotFoundError, errors.MethodNotAllowedError,
    errors.NotAllowedError, errors.StillRunningError, errors.GoneError, errors.TooLargeError, errors.InvalidError,
    errors.KeyReusedError, errors.BudgetSpentError,
})  # fmt: skip
"""Problems of certain operations, which name them. All others may meet whoever needs an API key."""


EVENTS = Path(__file__).parent.parent.parent / "events"
DIGITS = {"type": "string", "pattern": "^[0-9]+$"}


class Kind(NamedTuple):
    """A row of the table; no `error` is our own trouble."""

    error: type[Exception] | None
    slug: str
    title: str

    @property
    def words(self) -> str:
        """The title, and what the error's docstring begins with."""
        first = " ".join(((self.error and self.error.__doc__) or "").split("\n\n")[0].split())
        return f"{self.title}. {first}".strip()


def body(shape: Any, example: str | None = None) -> dict[str, Any]:
    shown = {"example": _golden(example)} if example else {}
    return {"required": True, "content": {JSON: {"schema": reference(shape), **shown}}}


def _golden(name: str) -> Any:
    """The body of a golden event."""
    return json.loads(json.loads((EVENTS / f"{name}.json").read_text())["body"])


def answers(one: Operation) -> dict[str, Any]:
    good = {str(status): answer_of(answer) for status, answer in one.answers.items()}
    bad = {status: {"$ref": f"#/components/responses/{_name(kinds)}"} for status, kinds in _bad(one).items()}
    return good | {str(status): bad[status] for status in sorted(bad)}


def problems(every: Iterable[Operation]) -> dict[str, Any]:
    """Each set of problems of one status that an operation has, by their names."""
    found = {_name(kinds): _problem(kinds) for one in every for kinds in _bad(one).values()}
    return {name: found[name] for name in sorted(found)}


def problems_of(one: Operation) -> set[type[Exception]]:
    usual = set(TABLE) - PARTICULAR if one.secured else {errors.ConfigurationError}
    return usual | set(one.problems)


def _bad(one: Operation) -> dict[int, list[Kind]]:
    """By status."""
    own = problems_of(one)
    found: dict[int, list[Kind]] = {INTERNAL[0]: [Kind(None, *INTERNAL[1:])]}
    for error, (status, slug, title) in TABLE.items():
        if error in own:
            found.setdefault(status, []).append(Kind(error, slug, title))
    return found


def _name(kinds: list[Kind]) -> str:
    return ".".join(kind.slug for kind in kinds)


def headers_of_a_webhook() -> list[dict[str, Any]]:
    told = {
        "webhook-id": ("The event's id, the same in every attempt and replay.", {"type": "string"}),
        "webhook-timestamp": ("The attempt's, in seconds.", DIGITS),
        "webhook-signature": (
            "Standard Webhooks: `v1,` HMAC-SHA256 and `v1a,` Ed25519, between spaces.",
            {"type": "string"},
        ),
    }
    return [
        {"name": name, "in": "header", "required": True, "description": words, "schema": schema}
        for name, (words, schema) in told.items()
    ]


def answer_of(answer: Answer) -> dict[str, Any]:
    found: dict[str, Any] = {"description": answer.description}
    if answer.headers:
        found["headers"] = {
            name: {"description": words, "schema": {"type": "string"}} for name, words in answer.headers.items()
        }
    if answer.shape is not None:
        found["content"] = {JSON: {"schema": reference(answer.shape)}}
    if answer.links:
        found["links"] = {
            operation: {"operationId": operation, "parameters": {"id": "$response.body#/id"}}
            for operation in answer.links
        }
    return found


def _problem(kinds: list[Kind]) -> dict[str, Any]:
    types = [f"{TYPE}{kind.slug}" for kind in kinds]
    schema = {"allOf": [reference(Problem)], "properties": {"type": {"enum": types}}}
    found: dict[str, Any] = {"description": "\n".join(f"- `{kind.slug}`: {kind.words}" for kind in kinds)}
    headers: dict[str, Any] = {"Link": {"description": "What to do about it.", "schema": {"type": "string"}}}
    if any(kind.error in (*RETRY_AFTER, errors.TooManyRequestsError) for kind in kinds):
        headers["Retry-After"] = {"description": "Seconds.", "schema": DIGITS}
    if any(kind.error is errors.UnauthenticatedError for kind in kinds):
        headers["WWW-Authenticate"] = {"schema": {"type": "string"}}
    return {**found, "headers": headers, "content": {PROBLEM: {"schema": schema}}}
