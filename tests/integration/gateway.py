"""API Gateway in small, as a WSGI application: a request takes the template's route to its function's real door.

What no route takes is answered as API Gateway answers it. Payload format 2.0:
https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
"""

import base64
import http
import json
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import parse_qsl

from tests.integration.house import House
from tests.template import functions

TEXTUAL = re.compile(r"text/|application/(json|xml|javascript)")
Environ = dict[str, Any]


@dataclass(frozen=True)
class Route:
    verb: str
    method: str
    path: str

    @property
    def key(self) -> str:
        return f"{self.method} {self.path}"

    @property
    def rank(self) -> tuple[bool, bool, int]:
        """The most specific route wins, and a method before ANY."""
        return "+}" in self.path, self.method == "ANY", self.path.count("{")

    def parts(self, method: str, path: str) -> dict[str, str] | None:
        """What stands for the names in the path; None where the route is another's."""
        found = re.fullmatch("".join(map(_pattern, re.split(r"({\w+\+?})", self.path))), path)
        return found.groupdict() if found and self.method in (method, "ANY") else None


def _pattern(part: str) -> str:
    name = re.fullmatch(r"{(\w+)(\+?)}", part)
    return f"(?P<{name[1]}>{'.+' if name[2] else '[^/]+'})" if name else re.escape(part)


@cache
def routes() -> list[Route]:
    drawn = [
        Route(verb, event["Properties"]["Method"], event["Properties"]["Path"])
        for verb, function in functions().items()
        for event in function["Events"].values()
        if event["Type"] == "HttpApi"
    ]
    return sorted(drawn, key=lambda route: route.rank)


@dataclass(frozen=True)
class Gateway:
    house: House

    def __call__(self, environ: Environ, start: Callable[..., Any]) -> Iterable[bytes]:
        status, headers, body = self._answer(environ)
        start(f"{status} {http.HTTPStatus(status).phrase}", list(headers.items()))
        return [body]

    def _answer(self, environ: Environ) -> tuple[int, dict[str, str], bytes]:
        path = environ["PATH_INFO"].encode("latin-1").decode(errors="replace")
        method = environ["REQUEST_METHOD"]
        for route in routes():
            parts = route.parts(method, path)
            if parts is not None:
                told = self.house.invoke(route.verb, event(environ, route, path, parts))
                return told["statusCode"], told.get("headers", {}), (told.get("body") or "").encode()
        return 404, {"Content-Type": "application/json"}, json.dumps({"message": "Not Found"}).encode()


def event(environ: Environ, route: Route, path: str, parts: dict[str, str]) -> dict[str, Any]:
    headers = _headers(environ)
    body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    asked: dict[str, list[str]] = {}
    for name, value in parse_qsl(environ["QUERY_STRING"], keep_blank_values=True):
        asked.setdefault(name, []).append(value)
    return {
        "version": "2.0",
        "routeKey": route.key,
        "rawPath": path,
        "rawQueryString": environ["QUERY_STRING"],
        "headers": headers,
        "queryStringParameters": {name: ",".join(values) for name, values in asked.items()},
        "pathParameters": parts,
        "requestContext": {
            "accountId": "123456789012",
            "apiId": "a1b2c3d4e5",
            "http": {"method": environ["REQUEST_METHOD"], "path": path, "protocol": "HTTP/1.1"},
            "requestId": "UTk2NgMUFiAEPrA=",
            "routeKey": route.key,
            "stage": "$default",
        },
        **_body(body, headers.get("content-type", "")),
    }


def _headers(environ: Environ) -> dict[str, str]:
    """In lower case, without the space around values, which HTTP does not count as theirs."""
    plain = {"CONTENT_TYPE": "content-type", "CONTENT_LENGTH": "content-length"}
    named = {name[5:].replace("_", "-").lower(): value for name, value in environ.items() if name.startswith("HTTP_")}
    named |= {plain[name]: value for name, value in environ.items() if name in plain}
    return {name: value.strip(" \t") for name, value in named.items()}


def _body(body: bytes, content_type: str) -> dict[str, Any]:
    if not body:
        return {"isBase64Encoded": False}
    if TEXTUAL.match(content_type):
        return {"body": body.decode(errors="replace"), "isBase64Encoded": False}
    return {"body": base64.b64encode(body).decode(), "isBase64Encoded": True}
