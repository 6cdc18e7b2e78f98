"""POST /callbacks/{provider}/{job}/{attempt}/{token}: a provider speaks.

200 recorded, duplicate, late or about a deleted job: the provider need not come again. 400 cannot be read.
401 the token or signature does not fit (nothing was read). 413 too long. 5xx our trouble: come again.
"""

import base64
import json
from collections.abc import Mapping
from typing import Any

from reprise import bootstrap
from reprise.errors import MalformedError, RepriseError, TooLargeError
from reprise.http.problems import problem
from reprise.logs import about, logger
from reprise.metrics import Metric, put
from reprise.usecases.callback import CallbackAddress

MOST_BODY = 256 * 1024
"""Bytes. Two tracks with lyrics are under 20 KB."""


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    path = event["pathParameters"]
    address = CallbackAddress(path["provider"], path["job"], path["attempt"], path["token"])
    with about(address.job_id):
        return _hear(address, event)


def _hear(address: CallbackAddress, event: dict[str, Any]) -> dict[str, Any]:
    """Refused ones are not counted by provider: whoever invents names would invent metrics."""
    try:
        heard = bootstrap.callback()(address, _body(event), event.get("headers", {}))
    except RepriseError as error:
        status, body = problem(error)
        logger.warning("callback refused", status=status, reason=str(error), provider=address.provider)
        put({Metric.CALLBACKS_FAILED if status >= 500 else Metric.CALLBACKS_REFUSED: 1}, status=str(status))
        return _answer(status, body)
    logger.info("callback", provider=address.provider, job=address.job_id, attempt=address.attempt, heard=heard)
    put({Metric.CALLBACKS_HEARD: 1}, provider=address.provider)
    return _answer(200, {"status": heard})


def _body(event: dict[str, Any]) -> bytes:
    text = event.get("body") or ""
    try:
        body = base64.b64decode(text) if event.get("isBase64Encoded") else text.encode(errors="surrogatepass")
    except ValueError as error:
        raise MalformedError("the body is not the Base64 that it is said to be") from error
    if len(body) > MOST_BODY:
        raise TooLargeError(f"at most {MOST_BODY} bytes")
    return body


def _answer(status: int, body: Mapping[str, Any]) -> dict[str, Any]:
    return {"statusCode": status, "headers": {"content-type": "application/json"}, "body": json.dumps(body)}
