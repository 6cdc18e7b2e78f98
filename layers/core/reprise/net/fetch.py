"""The guarded download: each hop's host is looked up once, checked, and connected to at that very address."""

import hashlib
import logging
import socket
import time
from pathlib import Path
from urllib.parse import urlsplit

import httpx

from reprise.errors import FetchError, ForbiddenAddressError, UnusableAudioError
from reprise.net.addresses import allowed
from reprise.net.urls import url_fault
from reprise.ports import Download
from reprise.settings import Network

logging.getLogger("httpx").setLevel(logging.WARNING)  # at INFO it logs whole URLs (encode/httpx#2760)

CHUNK = 256 * 1024
HEAD = 512
MOST_REDIRECTS = 5
MOST_SECONDS = 120
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
        host = request.url.host
        request.extensions = {**request.extensions, "sni_hostname": host}
        request.url = request.url.copy_with(host=resolve(host, self._exceptions))
        return super().handle_request(request)


def resolve(host: str, exceptions: tuple[Network, ...]) -> str:
    """The first address of `host`. Refuses the host if any of its addresses is one we may not connect to."""
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except OSError as error:
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
            follow_redirects=True,
            max_redirects=MOST_REDIRECTS,
            trust_env=False,
        )

    def fetch(self, url: str, path: Path, max_bytes: int) -> Download:
        try:
            with self._client.stream("GET", url) as answer:
                if answer.status_code != 200:
                    raise FetchError(f"the link answered {answer.status_code}")
                return _save(answer, path, max_bytes)
        except httpx.HTTPError as error:
            host = urlsplit(url).hostname
            raise FetchError(f"{host}: {type(error).__name__}") from error
        except httpx.InvalidURL as error:
            raise FetchError("the link is not a URL") from error


def _save(answer: httpx.Response, path: Path, max_bytes: int) -> Download:
    until = time.monotonic() + MOST_SECONDS
    digest, size, head = hashlib.sha256(), 0, b""
    with path.open("wb") as file:
        for chunk in answer.iter_raw(CHUNK):
            digest.update(chunk)
            size += len(chunk)
            head = head if len(head) >= HEAD else (head + chunk)[:HEAD]
            if size > max_bytes:
                raise UnusableAudioError(f"more than {max_bytes} bytes")
            if time.monotonic() > until:
                raise FetchError(f"not done within {MOST_SECONDS} s")
            file.write(chunk)
    return Download(path, size, digest.hexdigest(), head, answer.headers.get("content-type", ""))
