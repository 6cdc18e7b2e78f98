"""The vendors' doors: their clients' calls as a dialect sees them, answered in the vendor's words whatever happens."""

import hashlib
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import asdict, replace

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver, Response

from reprise.dialects.dialect import Dialect, Knock, Reply, Wish
from reprise.domain.key import ApiKey, Scope
from reprise.errors import NotFoundError, RequestError, TryAgainError
from reprise.http.api import JSON, admit, body_of
from reprise.logs import logger
from reprise.metrics import Metric, put
from reprise.ports import Claim, KeyStore

Answer = Callable[[Dialect, Knock, ApiKey], Reply]
"""Of a dialect, a call and the key that it came with."""

SCOPES: Mapping[str, Scope] = {
    "submits": Scope.SUBMIT,
    "statuses": Scope.READ,
    "balances": Scope.READ,
    "catalogs": Scope.READ,
}
"""What a key must open for each kind of a vendor's paths."""

TRACE = "x-client-request-id"
_TRACE = re.compile(r"[A-Za-z0-9._:-]{1,128}")


def serve(
    api: APIGatewayHttpResolver,
    dialects: Mapping[str, Dialect],
    method: str,
    paths: str,
    keys: Callable[[], KeyStore],
    answer: Answer,
) -> None:
    """Routes every vendor's paths of one kind (`submits`, `statuses`, `balances`, `catalogs`) to `answer`."""
    for name, dialect in dialects.items():
        for path in getattr(dialect, paths):
            api.route(f"/{name}{path}", method=method)(_door(api, dialect, paths, keys, answer))


def serve_all(
    api: APIGatewayHttpResolver,
    dialects: Mapping[str, Dialect],
    method: str,
    paths: str,
    keys: Callable[[], KeyStore],
    answer: Answer,
) -> None:
    """The same for a door that gets all that is asked below a vendor's name. What the vendor has and we do not is
    refused in its words; a slash too many, from a base URL that ends in one, is forgiven."""
    for name, dialect in dialects.items():
        api.route(f"/{name}/.+", method=method)(_door(api, dialect, paths, keys, answer))


def claim_of(knock: Knock, tenant: str, wish: Wish) -> Claim | None:
    """No vendor has an idempotency key, so ours may be sent. `X-Client-Request-Id` is a trace at AI/ML API, and clients
    use one for many calls: it stands for the same submit only together with the same wish."""
    file = hashlib.sha256(wish.file).hexdigest() if wish.file else None
    words = json.dumps([asdict(wish.request), file], sort_keys=True, default=str)
    fingerprint = hashlib.sha256(words.encode(errors="replace")).hexdigest()
    key, trace = _header(knock, "idempotency-key"), _header(knock, TRACE)
    if key:
        return Claim(tenant, f"key:{key}", fingerprint)
    return Claim(tenant, f"trace:{trace}:{fingerprint}", fingerprint, renewed=True) if trace else None


def _header(knock: Knock, name: str) -> str | None:
    """One that is not 1 to 255 visible ASCII characters is as if it were not there: vendors do not know it at all.
    A trace, which is echoed, is an id."""
    value = knock.headers.get(name, "")
    if name == TRACE and not _TRACE.fullmatch(value):
        return None
    return value if 0 < len(value) <= 255 and value.isascii() and value.isprintable() else None


def _door(
    api: APIGatewayHttpResolver, dialect: Dialect, paths: str, keys: Callable[[], KeyStore], answer: Answer
) -> Callable[[], Response[str]]:
    def door() -> Response[str]:
        knock = _knock(api, dialect)
        try:
            knock = replace(knock, body=body_of(api))
            if knock.path not in getattr(dialect, paths):
                raise NotFoundError("no such path")
            reply = answer(dialect, knock, admit(dialect.api_key(knock.headers), keys(), SCOPES[paths]))
        except Exception as error:
            reply = dialect.refusal(error, knock)
            if not isinstance(error, RequestError | TryAgainError):  # some vendors say everything with HTTP 200
                logger.exception("request failed", error=type(error).__name__, dialect=dialect.name)
                put({Metric.SERVER_ERRORS: 1})
        trace = _header(knock, TRACE)
        echo = {"X-Client-Request-Id": trace} if trace else {}
        headers: dict[str, str | list[str]] = {"Cache-Control": "no-store", **echo, **reply.headers}
        return Response(reply.status, JSON, json.dumps(reply.body, ensure_ascii=False), headers)

    return door


def _knock(api: APIGatewayHttpResolver, dialect: Dialect) -> Knock:
    """The call without its body, which may not be readable."""
    event = api.current_event
    return Knock(
        method=event.http_method,
        path=re.sub("/+", "/", event.path.removeprefix(f"/{dialect.name}")).rstrip("/"),
        query=dict(event.query_string_parameters),
        headers={name.lower(): value for name, value in event.headers.items()},
    )
