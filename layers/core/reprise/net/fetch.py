"""The guarded download: each hop's host is looked up once, checked, and connected to at that very address."""

import hashlib
import logging
import socket
import time
from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit

import httpx

from reprise.errors import FetchError, ForbiddenAddressError, UnusableAudioError
from reprise.net.addresses import allowed
from reprise.net.urls import url_fault
from reprise.ports import HEAD_BYTES, Download
from reprise.settings import Network

logging.getLogger("httpx").setLevel(logging.WARNING)  # at INFO it logs whole URLs (encode/httpx#2760)

MOST_REDIRECTS = 5
MOST_SECONDS = 75
"""For one link, redirects and all. `transfer` has 180 s, and most takes have two links."""

TIMEOUT = httpx.Timeout(20, connect=5)
HEADERS = {"User-Agent": "reprise/0.1", "Accept": "audio/*, */*;q=0.5", "Accept-Encoding": "identity"}
"""Some media hosts answer 403 without a User-Agent; identity, so that no decompressor can be bombed."""


class PinnedTransport(httpx.HTTPTransport):
    """Connects to the address that was checked, not to whatever the name means a moment later (DNS rebinding).

    The name stays in the Host header and in TLS (`sni_hostname`), so certificates are verified against it.
    """

    def __init__(self, exceptions: tuple[Network, ...]) -> None:
        super().__init__(limits=httpx.Limits(max_keepalive_connections=0))
        self._exceptions = exceptions

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        fault = url_fault(str(request.url), self._exceptions)
        if fault:
            raise ForbiddenAddressError(f"the link {fault}")
        host = request.url.raw_host.decode("ascii")
        pinned = httpx.Request(  # a copy: a relative redirect must be relative to the name, not to the address
            request.method,
            request.url.copy_with(host=resolve(host, self._exceptions)),
            headers=request.headers,
            stream=request.stream,
            extensions={**request.extensions, "sni_hostname": host},
        )
        return super().handle_request(pinned)


def resolve(host: str, exceptions: tuple[Network, ...]) -> str:
    """The first address of `host`. Refuses the host if any of its addresses is one we may not connect to."""
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise FetchError("the link's host is not known") from error
    addresses = [str(info[4][0]) for info in found]
    if not addresses or not all(allowed(address, exceptions) for address in addresses):
        raise ForbiddenAddressError("the link's host is at a private address")
    return addresses[0]


class GuardedFetcher:
    def __init__(self, exceptions: tuple[Network, ...]) -> None:
        self._client = httpx.Client(
            transport=PinnedTransport(exceptions),
            headers=HEADERS,
            timeout=TIMEOUT,
            trust_env=False,
        )

    def fetch(self, url: str, path: Path, max_bytes: int) -> Download:
        until = time.monotonic() + MOST_SECONDS
        self._client.cookies.clear()
        try:
            with closing(self._last_hop(url, until)) as answer:
                if answer.status_code != 200:
                    raise FetchError(f"the link answered {answer.status_code}")
                return _save(answer, path, max_bytes, until)
        except httpx.HTTPError as error:
            host = urlsplit(url).hostname
            raise FetchError(f"{host}: {type(error).__name__}") from error
        except httpx.InvalidURL as error:
            raise FetchError("the link is not a URL") from error

    def _last_hop(self, url: str, until: float) -> httpx.Response:
        """Follows redirects by hand: httpx would read their bodies to the end, and there may be none."""
        request = self._client.build_request("GET", url)
        for _ in range(MOST_REDIRECTS + 1):
            answer = self._client.send(request, stream=True)
            if answer.next_request is None:
                return answer
            answer.close()
            request = answer.next_request
            _check_time(until)
        raise FetchError(f"more than {MOST_REDIRECTS} redirects")


def _save(answer: httpx.Response, path: Path, max_bytes: int, until: float) -> Download:
    digest, size, head = hashlib.sha256(), 0, b""
    with path.open("wb") as file:
        for chunk in answer.iter_raw():  # as it comes: a chunk size would wait for slow bytes, unwatched
            digest.update(chunk)
            size += len(chunk)
            head = head if len(head) >= HEAD_BYTES else (head + chunk)[:HEAD_BYTES]
            if size > max_bytes:
                raise UnusableAudioError(f"more than {max_bytes} bytes")
            _check_time(until)
            file.write(chunk)
    return Download(path, size, digest.hexdigest(), head, answer.headers.get("content-type", ""))


def _check_time(until: float) -> None:
    if time.monotonic() > until:
        raise FetchError(f"not done within {MOST_SECONDS} s")
