"""Real little servers on 127.0.0.1, one function a path, and names that resolve as a test wishes."""

import socket
import ssl
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_network
from typing import Any

import pytest
from reprise.settings import Network

LOCAL: tuple[Network, ...] = (ip_network("127.0.0.0/8"),)
PUBLIC = "93.184.215.14"

Page = Callable[[BaseHTTPRequestHandler], None]


class Web(ThreadingHTTPServer):
    """`asked` holds (path, headers) of each request, in order; `visitors` the address of each connection."""

    daemon_threads = True

    def __init__(self, pages: Mapping[str, Page], tls: ssl.SSLContext | None = None) -> None:
        super().__init__(("127.0.0.1", 0), Visitor)
        self.pages = pages
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.visitors: set[tuple[str, int]] = set()
        if tls:
            self.socket = tls.wrap_socket(self.socket, server_side=True, do_handshake_on_connect=False)

    def url(self, path: str, host: str = "127.0.0.1", scheme: str = "http") -> str:
        return f"{scheme}://{host}:{self.server_port}{path}"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Clients that hang up, or do not like our certificate, are what the tests are about."""


class Visitor(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        web = self.server
        assert isinstance(web, Web)
        web.visitors.add(self.client_address)
        web.asked.append((self.path, {name.lower(): value for name, value in self.headers.items()}))
        web.pages[self.path](self)

    do_POST = do_GET  # noqa: N815 - the name that the server looks for

    def log_message(self, format: str, *args: Any) -> None:
        pass


@contextmanager
def serving(pages: Mapping[str, Page], tls: ssl.SSLContext | None = None) -> Iterator[Web]:
    with Web(pages, tls) as web:
        thread = threading.Thread(target=web.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield web
        finally:
            web.shutdown()
            thread.join()


def sends(body: bytes, status: int = 200, **headers: str) -> Page:
    """`headers` in Python spelling: `content_type` is Content-Type."""

    def page(visitor: BaseHTTPRequestHandler) -> None:
        visitor.send_response(status)
        named = {name.replace("_", "-").title(): value for name, value in headers.items()}
        for name, value in {"Content-Length": str(len(body)), **named}.items():
            visitor.send_header(name, value)
        visitor.end_headers()
        visitor.wfile.write(body)

    return page


def redirects(location: str, status: int = 302) -> Page:
    return sends(b"", status, location=location)


def resolving(monkeypatch: pytest.MonkeyPatch, answers: Mapping[str, list[list[str]]]) -> list[str]:
    """Each look-up of a name takes its next answer; the last one stays. Returns the names looked up, as they come."""
    left = {host: list(each) for host, each in answers.items()}
    asked: list[str] = []
    real = socket.getaddrinfo

    def getaddrinfo(host: Any, port: Any, *rest: Any, **more: Any) -> Any:
        name = host.decode() if isinstance(host, bytes) else host
        asked.append(name)
        if name not in left:
            return real(host, port, *rest, **more)
        found = left[name].pop(0) if len(left[name]) > 1 else left[name][0]
        return [
            (socket.AF_INET6 if ":" in one else socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, 0)) for one in found
        ]

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    return asked
