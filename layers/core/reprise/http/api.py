"""The API's doors on Powertools' resolver: who is asking, errors as problems, answers as JSON."""

import base64
import json
from collections.abc import Callable, Mapping
from typing import Any

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver, Response
from aws_lambda_powertools.event_handler.exceptions import NotFoundError as RouteNotFoundError

from reprise import errors
from reprise.domain.key import ApiKey, Scope
from reprise.domain.violation import Violation
from reprise.http.problems import explained, problem, retry_after
from reprise.logs import about, asked_by, logger
from reprise.metrics import Metric, put
from reprise.ports import KeyStore

JSON = "application/json"
PROBLEM = "application/problem+json"
MOST_BODY = 1_000_000
"""Bytes."""

READ = ["GET", "HEAD"]
"""HEAD is answered as GET: the body is left out by whoever speaks HTTP in front of us (RFC 9110, 9.3.2)."""


def _nowhere(method: str, path: str) -> Exception:
    return errors.NotFoundError("no such path")


def new_api(stray: Callable[[str, str], Exception] = _nowhere) -> APIGatewayHttpResolver:
    """`stray` says what is wrong with a method and a path that no route takes."""
    api = APIGatewayHttpResolver()

    @api.exception_handler(Exception)  # type: ignore[untyped-decorator]
    def refuse(error: Exception) -> Response[str]:
        if isinstance(error, RouteNotFoundError):
            error = stray(api.current_event.http_method, api.current_event.path)
        status, body = problem(error)
        if status >= 500:
            logger.exception("request failed", error=type(error).__name__)
            put({Metric.SERVER_ERRORS: 1})
        # What is not there may be there soon.
        headers: dict[str, str | list[str]] = {"Cache-Control": "no-store", "Link": explained(error)}
        seconds = retry_after(error)
        if seconds:
            headers["Retry-After"] = str(seconds)
        if isinstance(error, errors.UnauthenticatedError):
            headers["WWW-Authenticate"] = "Bearer"
        if isinstance(error, errors.MethodNotAllowedError):
            headers["Allow"] = ", ".join(error.allowed)
        return Response(status, PROBLEM, json.dumps(body, ensure_ascii=False), headers)

    return api


def resolve(api: APIGatewayHttpResolver, event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Answers. What is logged meanwhile is about the job that the path names, if it names one."""
    with about((event.get("pathParameters") or {}).get("id")):
        return api.resolve(event, context)


def answer(status: int, body: Mapping[str, Any], **headers: str) -> Response[str]:
    """`headers` in Python spelling: `retry_after` is Retry-After. Empty ones are left out."""
    named: dict[str, str | list[str]] = {
        name.replace("_", "-").title(): value for name, value in headers.items() if value
    }
    return Response(status, JSON, json.dumps(body, ensure_ascii=False), {"Cache-Control": "no-store", **named})


def versioned(version: int, known: int | None, body: Callable[[], Mapping[str, Any]]) -> Response[str]:
    """304 where the caller has this version already (RFC 9110, If-None-Match)."""
    tag = f'"{version}"'
    if version == known:
        return Response(304, body="", headers={"ETag": tag, "Cache-Control": "no-store"})
    return answer(200, body(), etag=tag)


def elsewhere(link: str) -> Response[str]:
    """302: the audio is at `link` for a while."""
    return answer(302, {"audio_url": link}, location=link)


def body_of(api: APIGatewayHttpResolver) -> bytes:
    """As it came: Powertools' own decoding takes every body for UTF-8. Raises MalformedError."""
    event = api.current_event
    text = event.body or ""
    try:
        return base64.b64decode(text) if event.is_base64_encoded else text.encode(errors="surrogatepass")
    except ValueError as error:
        raise errors.MalformedError("the body is not the Base64 that it is said to be") from error


def raw_body(api: APIGatewayHttpResolver) -> bytes:
    """Raises TooLargeError, before anything is parsed."""
    body = body_of(api)
    if len(body) > MOST_BODY:
        raise errors.TooLargeError(f"at most {MOST_BODY} bytes; songs go through POST /v1/uploads")
    return body


def caller_of(api: APIGatewayHttpResolver, keys: KeyStore, scope: Scope) -> ApiKey:
    """Who knocks, if the key opens this door. Raises as `admit`."""
    kind, _, key = api.current_event.headers.get("authorization", "").partition(" ")
    return admit(key.strip() if kind.lower() == "bearer" else "", keys, scope)


def tenant_with(api: APIGatewayHttpResolver, keys: Callable[[], KeyStore], scope: Scope) -> Callable[[], str]:
    """Of a function that has one scope for all its doors: the tenant of whoever knocks. Raises as `admit`."""
    return lambda: caller_of(api, keys(), scope).tenant


def admit(key: str, keys: KeyStore, scope: Scope) -> ApiKey:
    """The one place that lets callers in. Raises UnauthenticatedError, TooManyRequestsError, ForbiddenError."""
    caller = keys.find(key) if key else None
    if caller is None:
        raise errors.UnauthenticatedError("the API key is missing or not known")
    asked_by(caller.id)
    seconds = keys.admit(caller)
    if seconds or not caller.opens(scope):
        logger.info("turned away", scope=scope, wait=seconds)
        raise errors.TooManyRequestsError(seconds) if seconds else errors.ForbiddenError(scope)
    return caller


def idempotency_key(api: APIGatewayHttpResolver) -> str | None:
    """Raises InvalidError for a key that is not 1 to 255 visible ASCII characters."""
    key = api.current_event.headers.get("idempotency-key")
    if key is not None and not (0 < len(key) <= 255 and key.isascii() and key.isprintable()):
        fault = "1 to 255 visible ASCII characters"
        raise errors.InvalidError(Violation("Idempotency-Key", "malformed", fault, length=len(key)))
    return key


def known_version(api: APIGatewayHttpResolver) -> int | None:
    """The version that the caller has, from If-None-Match: a wait then ends at once if the cover moved on."""
    tag = api.current_event.headers.get("if-none-match", "").strip().removeprefix("W/").strip('"')
    return int(tag) if tag.isascii() and tag.isdigit() and len(tag) < 9 else None
