"""The vendors' HTTP client: httpx, with its failures sorted into sent and not sent."""

import logging
import time
from collections.abc import Mapping
from contextlib import closing
from dataclasses import replace
from functools import cached_property
from socket import socket
from typing import Any

import httpx

from reprise.net.leash import Leash
from reprise.net.tls import context
from reprise.providers.client import Answer, File, NoAnswerError, NotSentError
from reprise.redact import HIDDEN

logging.getLogger("httpx").setLevel(logging.WARNING)  # at INFO it logs whole URLs (encode/httpx#2760)

MOST_SECONDS = 20
"""For one call, answer and all. API Gateway gives up after 30, and a song may have been looked at before; what is not
answered by then is unknown."""

TIMEOUT = httpx.Timeout(MOST_SECONDS, connect=5)

MOST_BYTES = 5_000_000

SHORTEST_KEY = 8
"""Characters; what is shorter is found in many words by chance."""

ONE_CALL_EACH = httpx.Limits(max_keepalive_connections=0)
"""A function sleeps between calls: a connection kept over that may be dead, which would look like a lost answer."""

ONE_FOR_ALL = httpx.Limits(max_connections=1, keepalive_expiry=30)
"""Seconds, the longest of the usual pauses between two polls. One, so that it is known which."""

_NOT_MADE = (
    httpx.InvalidURL,
    UnicodeEncodeError,  # such as an API key that is not ASCII
)

_NOT_SENT = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.UnsupportedProtocol,
    httpx.LocalProtocolError,  # such as a line break in the API key
)

_UNREADABLE = (httpx.InvalidURL, UnicodeError)
"""Of the vendor's own name, before anything is sent; or of where its answer redirects to, which httpx reads though it
does not go there."""


class HttpxVendor:
    """What may cost money goes over a connection of its own. Questions share one across calls, and across the events
    of a warm function: each would else begin with TCP and TLS, some round trips to the other side of the world."""

    def __init__(self, client: httpx.Client | None = None) -> None:
        self._given = client
        self._kept: socket | None = None

    @cached_property
    def _orders(self) -> httpx.Client:
        return self._given or _client(ONE_CALL_EACH)

    @cached_property
    def _questions(self) -> httpx.Client:
        return self._given or _client(ONE_FOR_ALL)

    def send(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str],
        json: Mapping[str, Any] | None = None,
        params: Mapping[str, str] | None = None,
        form: Mapping[str, str] | None = None,
        files: Mapping[str, File] | None = None,
    ) -> Answer:
        client = self._questions if method == "GET" else self._orders
        try:
            request = client.build_request(
                method, url, headers=dict(headers), json=json, params=params, data=form, files=files
            )
        except _NOT_MADE as error:
            raise NotSentError(f"no connection: {type(error).__name__}") from error
        found = self._ask(request) if method == "GET" else _call(client, request, Leash(MOST_SECONDS))
        return replace(found, body=_without_key(found.body, headers))

    def _ask(self, request: httpx.Request) -> Answer:
        """Once more on a new connection where the one that was kept had died meanwhile."""
        kept, self._kept = self._kept, None
        began, leash = time.monotonic(), Leash(MOST_SECONDS, kept)
        try:
            found = _call(self._questions, request, leash)
        except NoAnswerError:
            if kept is None or leash.socket is not kept or leash.over:
                raise
            leash = Leash(MOST_SECONDS - (time.monotonic() - began))
            found = _call(self._questions, request, leash)
        self._kept = leash.socket
        return found

    def close(self) -> None:
        """The connection that was kept. A function's ends with its process."""
        self._questions.close()


def _client(limits: httpx.Limits) -> httpx.Client:
    return httpx.Client(verify=context(), timeout=TIMEOUT, follow_redirects=False, limits=limits)


def _call(client: httpx.Client, request: httpx.Request, leash: Leash) -> Answer:
    try:
        with leash:
            request.extensions = {**request.extensions, "trace": leash.hold}
            with closing(client.send(request, stream=True)) as answer:
                body = _read(answer)
    except _NOT_SENT as error:
        raise NotSentError(f"no connection: {type(error).__name__}") from error
    except _UNREADABLE as error:
        if leash.connecting:
            raise NotSentError(f"no connection: {type(error).__name__}") from error
        raise NoAnswerError(f"no answer: {type(error).__name__}") from error
    except httpx.HTTPError as error:
        raise NoAnswerError(f"no answer: {type(error).__name__}") from error
    if leash.over:  # a body without a length ends where its connection is cut
        raise NoAnswerError(f"no answer: not done within {MOST_SECONDS} s")
    return Answer(answer.status_code, body)


def _read(answer: httpx.Response) -> bytes:
    """At most MOST_BYTES of it, unpacked: no more is ever held than that and one piece. What was packed more than once
    stays packed: a piece would be unpacked into a thousand times a thousand."""
    stacked = "," in answer.headers.get("content-encoding", "")
    body = bytearray()
    for piece in answer.iter_raw() if stacked else answer.iter_bytes():
        body += piece
        if len(body) >= MOST_BYTES:
            break
    return bytes(body[:MOST_BYTES])


def _without_key(body: bytes, headers: Mapping[str, str]) -> bytes:
    """Vendors repeat a key that they do not like; what they say is shown to callers."""
    key = headers.get("Authorization", "").rpartition(" ")[2].encode(errors="replace")
    return body.replace(key, HIDDEN.encode()) if len(key) >= SHORTEST_KEY else body
