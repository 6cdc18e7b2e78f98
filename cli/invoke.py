"""A function called by hand, and what its answer means for a dead letter."""

import json
from collections.abc import Mapping
from typing import Any

from cli.letters import Letter
from cli.stream import encoded
from cli.target import Target


class StaysError(Exception):
    """The letter did not certainly go through, and why: it must not be deleted."""


def invoke(target: Target, function: str, event: Mapping[str, Any]) -> Any:
    """What the function answered. Raises StaysError where it failed."""
    answer = target.client("lambda").invoke(FunctionName=target.function(function), Payload=encoded(event))
    body = answer["Payload"].read()
    told = json.loads(body or b"null")
    if answer.get("FunctionError"):
        error = told if isinstance(told, dict) else {}
        raise StaysError(f"{function} failed: {error.get('errorType')}: {error.get('errorMessage')}")
    return told


def parsed(letter: Letter) -> dict[str, Any]:
    try:
        told = json.loads(letter.body)
    except ValueError as error:
        raise StaysError("it is not JSON") from error
    if not isinstance(told, dict):
        raise StaysError("it is no JSON object")
    return told
