"""Webhooks as they come in, by Standard Webhooks 1.0.0 (docs/webhooks.md)."""

import hmac
import json
import time
from collections.abc import Mapping
from typing import Any

from reprise.client.errors import ForgedWebhookError
from reprise.signing import mac

MOST_OFF_SECONDS = 300


def verify_webhook(
    body: bytes,
    headers: Mapping[str, str],
    secret: str,
    *,
    now: float | None = None,
    most_off: float = MOST_OFF_SECONDS,
) -> dict[str, Any]:
    """The event (`reprise.http.shapes.events`), if it is signed with this secret and not more than `most_off` seconds
    from `now` (Unix seconds; this moment). `body` as it came, before anything parsed it. Raises ForgedWebhookError.

    >>> body, headers, secret = a_webhook()
    >>> verify_webhook(body, headers, secret)["type"]
    'cover.succeeded'
    >>> verify_webhook(body + b" ", headers, secret)
    Traceback (most recent call last):
    reprise.client.errors.ForgedWebhookError: no signature of this webhook fits
    """
    given = {name.lower(): value for name, value in headers.items()}
    try:
        event_id, stamp, signatures = (given[f"webhook-{part}"] for part in ("id", "timestamp", "signature"))
    except KeyError as error:
        raise _forged(f"the header {error.args[0]} is missing") from error
    if not stamp.isascii() or not stamp.isdigit():
        raise _forged("its timestamp is no number of seconds")
    if abs((time.time() if now is None else now) - int(stamp)) > most_off:
        raise _forged(f"its timestamp is more than {most_off:g} seconds off")
    if not _fits(b".".join((event_id.encode(), stamp.encode(), body)), signatures, secret):
        raise _forged("no signature of this webhook fits")
    event: dict[str, Any] = json.loads(body)
    return event


def _fits(content: bytes, signatures: str, secret: str) -> bool:
    try:
        ours = f"v1,{mac(secret, content)}".encode()
    except ValueError as error:
        raise _forged("the secret is not one: whsec_ and Base64") from error
    return any(hmac.compare_digest(one.encode(), ours) for one in signatures.split())


def _forged(what: str) -> ForgedWebhookError:
    return ForgedWebhookError(what, "answer 400 and do nothing; check the secret, the clock, and that the body is raw")
