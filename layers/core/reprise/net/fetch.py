"""The guarded download: each hop's host is looked up once, checked, and connected to at that very address."""

import hashlib
import logging
import socket
import time
from concurrent.futures import Future
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import urlsplit

import httpcore
import httpx

from reprise.errors import FetchError, ForbiddenAddressError, PassingFetchError, TooMuchAudioError
from reprise.net.addresses import allowed
from reprise.net.leash import Leash
from reprise.net.tls import context
from reprise.net.urls import url_fault
from reprise.ports import HEAD_BYTES, Download
from reprise.settings import Network

logging.getLogger("httpx").setLevel(logging.WARNING)  # at INFO it logs whole URLs (encode/httpx#2760)

httpcore.HTTP11Connection.READ_NUM_BYTES = 1 << 18
"""What one read takes at most. A read costs httpcore and h11 some 40 us, whatever it brings; their own is a quarter."""

MOST_REDIRECTS = 5
MOST_SECONDS = 75
"""For one link, redirects and all. `transfer` has 180 s, and most takes have two links."""

CONNECT_SECONDS = 5
"""For the look-up of a host and the connection to it together."""

TIMEOUT = httpx.Timeout(20, connect=CONNECT_SECONDS)
HEADERS = {"User-Agent": "reprise/0.1", "Accept": "audio/*, */*;q=0.5", "Accept-Encoding": "identity"}
"""Some media hosts answer 403 without a User-Agent; identity, so that no decompressor can be bombed."""

BUSY = (408, 425, 429)
"""Below 500, and yet not about the link."""

BROKEN = (httpx.TimeoutException, httpx.NetworkError, httpx.RemoteProtocolError)


@dataclass(frozen=True, slots=True)
class Span:
    """The time that a whole download may take: `seconds` of it, over at `until` on the monotonic clock."""

    seconds: float
    until: float

    def check(self, size: int | None = None) -> None:
        if time.monotonic() > self.until:
            raise PassingFetchError(f"not done within {self.seconds} s", size)

    @property
    def timeout(self) -> dict[str, float | None]:
        """For each wait of a hop (connect, TLS, every read): no more than is left when the hop begins."""
        left = max(0.01, self.until - time.monotonic())
        return {name: min(left, most or left) for name, most in TIMEOUT.as_dict().items()}


class PinnedTransport(httpx.HTTPTransport):
    """Connects to the address that was checked, not to whatever the name means a moment later (DNS rebinding).

    The name stays in the Host header and in TLS (`sni_hostname`), so certificates are verified against it.
    """

    def __init__(self, exceptions: tuple[Network, ...]) -> None:
        super().__init__(verify=context(), limits=httpx.Limits(max_keepalive_connections=0))
        self._exceptions = exceptions

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        fault = url_fault(str(request.url), self._exceptions)
        if fault:
            raise ForbiddenAddressError(f"the link {fault}")
        host = request.url.raw_host.decode("ascii")
        bounds = dict(request.extensions.get("timeout", {}))
        began, most = time.monotonic(), bounds.get("connect") or CONNECT_SECONDS
        address = resolve(host, self._exceptions, most)
        bounds["connect"] = max(0.01, most - (time.monotonic() - began))
        pinned = httpx.Request(  # a copy: a relative redirect must be relative to the name, not to the address
            request.method,
            request.url.copy_with(host=address),
            headers=request.headers,
            stream=request.stream,
            extensions={**request.extensions, "timeout": bounds, "sni_hostname": host},
        )
        return super().handle_request(pinned)


def resolve(host: str, exceptions: tuple[Network, ...], seconds: float = CONNECT_SECONDS) -> str:
    """The first address of `host`. Refuses the host if any of its addresses is one we may not connect to."""
    try:
        found = _looked_up(host, seconds)
    except TimeoutError as error:
        raise PassingFetchError("the link's host could not be looked up in time") from error
    except (OSError, UnicodeError) as error:
        passing = isinstance(error, socket.gaierror) and error.errno == socket.EAI_AGAIN
        raise (PassingFetchError if passing else FetchError)("the link's host is not known") from error
    addresses = [str(info[4][0]) for info in found]
    if not addresses or not all(allowed(address, exceptions) for address in addresses):
        raise ForbiddenAddressError("the link's host is at a private address")
    return addresses[0]


def _looked_up(host: str, seconds: float) -> list[Any]:
    """The resolver knows no time-out: it is left behind in its own thread, until it gives up by itself."""
    answer: Future[list[Any]] = Future()

    def ask() -> None:
        try:
            answer.set_result(socket.getaddrinfo(host, None, type=socket.SOCK_STREAM))
        except Exception as error:
            answer.set_exception(error)

    Thread(target=ask, daemon=True).start()
    return answer.result(seconds)


class GuardedFetcher:
    def __init__(self, exceptions: tuple[Network, ...], most_seconds: float | None = None) -> None:
        """`most_seconds` for one link, redirects and all; MOST_SECONDS unless told."""
        self._most_seconds = most_seconds
        self._client = httpx.Client(
            transport=PinnedTransport(exceptions),
            headers=HEADERS,
            timeout=TIMEOUT,
            trust_env=False,
        )

    def fetch(self, url: str, path: Path, max_bytes: int) -> Download:
        seconds = self._most_seconds or MOST_SECONDS
        span = Span(seconds, time.monotonic() + seconds)
        size: int | None = None
        self._client.cookies.clear()
        try:
            with Leash(seconds) as leash, closing(self._last_hop(url, span, leash)) as answer:
                span.check()
                if answer.status_code != 200:
                    raise _refusal(answer.status_code)
                size = _announced(answer)
                return _save(answer, size, path, max_bytes, span)
        except httpx.HTTPError as error:
            span.check(size)
            kind = PassingFetchError if isinstance(error, BROKEN) else FetchError
            raise kind(f"{urlsplit(url).hostname}: {type(error).__name__}", size) from error
        except (httpx.InvalidURL, UnicodeError) as error:  # UnicodeError: a host that IDNA cannot read
            raise FetchError("the link is not a URL") from error

    def _last_hop(self, url: str, span: Span, leash: Leash) -> httpx.Response:
        """Follows redirects by hand: httpx would read their bodies to the end, and there may be none."""
        request = self._client.build_request("GET", url)
        for _ in range(MOST_REDIRECTS + 1):
            request.extensions = {**request.extensions, "timeout": span.timeout, "trace": leash.hold}
            answer = self._client.send(request, stream=True)
            if answer.next_request is None:
                return answer
            answer.close()
            request = answer.next_request
            span.check()
        raise FetchError(f"more than {MOST_REDIRECTS} redirects")


def _refusal(status: int) -> FetchError:
    passing = status >= 500 or status in BUSY
    return (PassingFetchError if passing else FetchError)(f"the link answered {status}")


def _save(answer: httpx.Response, announced: int | None, path: Path, max_bytes: int, span: Span) -> Download:
    """Stops at the first bytes, which tell what it is, where more is announced than we take."""
    digest, size, head = hashlib.sha256(), 0, b""
    with path.open("wb") as file:
        for chunk in answer.iter_raw():  # as it comes: a chunk size would wait for slow bytes, unwatched
            digest.update(chunk)
            size += len(chunk)
            head = head if len(head) >= HEAD_BYTES else (head + chunk)[:HEAD_BYTES]
            file.write(chunk if size <= max_bytes else chunk[: max_bytes - size])
            if size > max_bytes:
                raise TooMuchAudioError(f"more than {max_bytes} bytes", announced)
            if announced and announced > max_bytes and len(head) == HEAD_BYTES:
                raise TooMuchAudioError(f"more than {max_bytes} bytes", announced)
            span.check(announced)
    span.check(announced)  # a body without a length ends where its connection is cut
    return Download(path, size, digest.hexdigest(), head, answer.headers.get("content-type", ""))


def _announced(answer: httpx.Response) -> int | None:
    length = answer.headers.get("content-length", "")
    return int(length) if length.isdecimal() and len(length) < 16 else None
