"""The HTTP side of every simulator: a small threaded server whose replies may misbehave on purpose."""

import json
import secrets
import select
import socket
import struct
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socketserver import TCPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

_HANG_LIMIT = 300.0


class Manner(StrEnum):
    """How a reply goes out: properly, not at all, with a reset, cut off half way, or in a trickle."""

    PROPER = "proper"
    HANG = "hang"
    RESET = "reset"
    CUT = "cut"
    TRICKLE = "trickle"


@dataclass(frozen=True, slots=True)
class Request:
    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]  # names in lower case
    body: bytes

    def json(self) -> Any:
        """The body as JSON; ValueError when it is not (NaN and Infinity are not JSON)."""
        return json.loads(self.body, parse_constant=_refuse_constant)

    def bears(self, key: str) -> bool:
        """Whether `Authorization: Bearer` has this key."""
        scheme, _, given = self.headers.get("authorization", "").partition(" ")
        return scheme.lower() == "bearer" and secrets.compare_digest(given.strip().encode(), key.encode())


@dataclass(slots=True)
class Reply:
    status: int = 200
    body: bytes = b""
    content_type: str = "application/json"
    headers: dict[str, str] = field(default_factory=dict)
    manner: Manner = Manner.PROPER
    trickle_seconds: float = 0.0
    after: Callable[[], None] | None = None  # runs once the reply is out, or has failed to get out


def json_reply(document: object, status: int = 200) -> Reply:
    return Reply(status, json.dumps(document, ensure_ascii=False).encode())


def unruly(how: str) -> Reply:
    """No answer of the vendor's: `html_502` from a proxy, or a manner such as `hang` or `reset`."""
    if how == "html_502":
        return Reply(502, b"<html><body><h1>502 Bad Gateway</h1></body></html>", "text/html")
    return Reply(manner=Manner(how))


def _refuse_constant(name: str) -> object:
    raise ValueError(f"{name} is not JSON")


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 30
    server: "Server"

    def _serve(self) -> None:
        self.close_connection = True
        url = urlsplit(self.path)
        headers = {name.lower(): value for name, value in self.headers.items()}
        body = self._body()
        query = dict(parse_qsl(url.query, keep_blank_values=True))
        reply = self.server.answer(Request(self.command, url.path, query, headers, body))
        try:
            self._deliver(reply)
        except OSError:
            pass  # the caller has left
        finally:
            if reply.after:
                reply.after()

    do_GET = do_HEAD = do_POST = do_PUT = do_DELETE = _serve  # noqa: N815 (http.server's names)

    def _body(self) -> bytes:
        """By its length, or in chunks: clients that stream an upload do not know how long it is."""
        if "chunked" not in self.headers.get("Transfer-Encoding", "").lower():
            return self.rfile.read(int(self.headers.get("Content-Length") or 0))
        chunks = []
        while size := int(self.rfile.readline().partition(b";")[0], 16):
            chunks.append(self.rfile.read(size))
            self.rfile.readline()
        while self.rfile.readline().strip():
            continue  # trailers
        return b"".join(chunks)

    def _deliver(self, reply: Reply) -> None:
        if reply.manner in (Manner.HANG, Manner.RESET):
            after, reply.after = reply.after, None
            if after:
                after()
            if reply.manner is Manner.HANG:
                self._hang()
            self.server.resetting.add(self.connection)
            return
        self.send_response(reply.status)
        length = {"Content-Type": reply.content_type, "Content-Length": str(len(reply.body)), "Connection": "close"}
        for name, value in {**length, **reply.headers}.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self._send_body(reply)

    def _send_body(self, reply: Reply) -> None:
        if reply.manner is Manner.CUT:
            self.wfile.write(reply.body[: len(reply.body) // 2])
        elif reply.manner is Manner.TRICKLE:
            size = max(1, len(reply.body) // 20)
            for start in range(0, len(reply.body), size):
                if self.server.stopping.wait(reply.trickle_seconds / 20):
                    return
                self.wfile.write(reply.body[start : start + size])
        else:
            self.wfile.write(reply.body)

    def _hang(self) -> None:
        """Say nothing until the caller gives up."""
        end = time.monotonic() + _HANG_LIMIT
        while time.monotonic() < end and not self.server.stopping.wait(0.05):
            readable, _, _ = select.select([self.connection], [], [], 0)
            if readable and not self.connection.recv(1, socket.MSG_PEEK):
                return

    def log_message(self, format: str, *args: object) -> None:
        """Quiet: the ledger remembers what matters."""


class Server(ThreadingHTTPServer):
    """Closes every connection after one reply, and joins every thread when it is closed."""

    daemon_threads = False
    block_on_close = True
    request_queue_size = 128

    def __init__(self, port: int, answer: Callable[[Request], Reply]) -> None:
        self.answer = answer
        self.stopping = threading.Event()
        self.resetting: set[Any] = set()
        self._open: set[Any] = set()
        super().__init__(("127.0.0.1", port), _Handler)

    def server_bind(self) -> None:
        TCPServer.server_bind(self)  # the parent would look its own name up in the DNS
        self.server_name, self.server_port = "127.0.0.1", int(self.server_address[1])

    def process_request(self, request: Any, client_address: Any) -> None:
        self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        self._open.discard(request)
        if request in self.resetting:
            self.resetting.discard(request)
            request.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.close_request(request)
        else:
            super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        if not self.stopping.is_set():
            super().handle_error(request, client_address)

    def stop(self) -> None:
        self.stopping.set()
        self.shutdown()
        for connection in list(self._open):
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue  # gone already
        self.server_close()
