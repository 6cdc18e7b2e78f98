"""The OpenAPI document, and the one question that a door has to it: which methods does a path take?

The file beside this is made by `make openapi`, so that nobody pays for making it at a cold start.
"""

import json
import re
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver, Response

from reprise.errors import MethodNotAllowedError, NotFoundError
from reprise.http.api import READ, answer

FILE = Path(__file__).with_name("openapi.json")
FRESH = "public, max-age=300"


def serve(api: APIGatewayHttpResolver, public_url: Callable[[], str]) -> None:
    @api.route("/openapi.json", READ)
    def read_document() -> Response[str]:
        return answer(200, {**_document(), "servers": [{"url": public_url()}]}, cache_control=FRESH)


def stray(method: str, path: str) -> Exception:
    """Why nobody serves this: the path takes other methods; or nothing is there, such as an id with a quote in it."""
    known = _document()["paths"]
    named = [path] if path in known else [one for one in known if _pattern(one).fullmatch(path)]
    allowed = sorted({other.upper() for one in named for other in known[one]})
    if allowed and method not in allowed:
        return MethodNotAllowedError(f"{method} is not for this path", *allowed)
    return NotFoundError("no such path")


@cache
def _document() -> dict[str, Any]:
    return dict(json.loads(FILE.read_text()))


@cache
def _pattern(path: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"\\{\w+\\}", "[^/]+", re.escape(path)))
