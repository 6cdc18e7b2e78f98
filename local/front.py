"""The API's own address: a small reverse proxy on a port of its own, in front of the engine.

The engine serves an HTTP API at /_aws/execute-api/<id>/$default on the port that serves S3 too. That would be wrong
twice: `$default` trips shells, and a client that follows our redirect to a presigned S3 URL sends its Authorization
header along when both share an origin, which S3 refuses as a second kind of authentication. (A Host header of the form
<id>.execute-api.127.0.0.1 works without the path, but such a name does not resolve.) An own port mends both, gives
functions a true Host and X-Forwarded-For, and is known before the stack exists, so it can be the template's PublicUrl.

It also answers as API Gateway does where the engine does not: a function that failed is 500 `Internal Server Error`
(the engine: 502 with the error's text), more than 30 s is 503, more than 10 MB is 413. 502 and 504 are ours: the
engine is gone, or broke off. https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html
"""

import http.client
import json
from contextlib import closing
from http.server import BaseHTTPRequestHandler

from local.processes import LOOPBACK
from local.server import LoopbackServer

INTEGRATION_SECONDS = 30.0
MAX_BODY = 10 * 1024 * 1024
HOP_BY_HOP = frozenset({
    "connection", "keep-alive", "proxy-authenticate", "proxy-authorization", "te", "trailer", "transfer-encoding",
    "upgrade",
})  # fmt: skip
SET_HERE = HOP_BY_HOP | {"content-length", "date", "server", "x-forwarded-for", "x-forwarded-proto", "x-forwarded-port"}

Headers = list[tuple[str, str]]


class Front:
    """Listens from its creation, so that its URL is known; answers 503 until it is pointed at an API."""

    def __init__(self) -> None:
        self._server = _Server(_Handler)
        self._server.start()
        self.url = self._server.url

    def point_at(self, engine_port: int, path: str) -> None:
        self._server.target = (engine_port, path)

    def stop(self) -> None:
        self._server.stop()


class _Server(LoopbackServer):
    target: tuple[int, str] | None = None


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server_version, sys_version = "reprise-local", ""
    server: _Server

    def _forward(self) -> None:
        body = self._body()
        if body is None:
            self.close_connection = True
            self._message(413, "Request Entity Too Large")
        elif not (self.path.isascii() and self.path.isprintable()):
            self._message(400, "Bad Request: a byte of the URL is not percent-encoded")
        elif self.server.target is None:
            self._message(503, "Service Unavailable")
        else:
            self._relay(*self.server.target, body)

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = _forward  # noqa: N815

    def _body(self) -> bytes | None:
        """None if it is too large, once it is read off the wire: a client hears an answer only after it has sent.
        A chunked one counts as too large, since nobody can know."""
        if "Transfer-Encoding" in self.headers:
            return None
        length = int(self.headers.get("Content-Length") or 0)
        if length <= MAX_BODY:
            return self.rfile.read(length)
        while length > 0 and (part := self.rfile.read(min(length, MAX_BODY))):
            length -= len(part)
        return None

    def _relay(self, port: int, base: str, body: bytes) -> None:
        upstream = http.client.HTTPConnection(LOOPBACK, port, timeout=INTEGRATION_SECONDS)
        with closing(upstream):
            try:
                self._send(upstream, base + self.path, body)
                response = upstream.getresponse()
                content = response.read()
            except TimeoutError:
                self._message(503, "Service Unavailable")
            except ConnectionRefusedError:
                self._message(502, "Bad Gateway: the embedded AWS is not running")
            except (OSError, http.client.HTTPException):
                self._message(504, "Gateway Timeout: the embedded AWS broke off")
            else:
                if function_failed(response.status, content):
                    self._message(500, "Internal Server Error")
                else:
                    self._answer(response.status, response.getheaders(), content)

    def _send(self, upstream: http.client.HTTPConnection, path: str, body: bytes) -> None:
        upstream.putrequest(self.command, path, skip_host=True, skip_accept_encoding=True)
        for name, value in self.headers.items():
            if name.lower() not in SET_HERE:
                upstream.putheader(name, value)
        upstream.putheader("X-Forwarded-For", str(self.client_address[0]))
        upstream.putheader("X-Forwarded-Proto", "http")
        upstream.putheader("X-Forwarded-Port", str(self.server.port))
        upstream.putheader("Content-Length", str(len(body)))
        upstream.endheaders(body)

    def _message(self, status: int, message: str) -> None:
        self._answer(status, [("Content-Type", "application/json")], json.dumps({"message": message}).encode())

    def _answer(self, status: int, headers: Headers, content: bytes) -> None:
        self.send_response(status)
        for name, value in headers:
            if name.lower() not in SET_HERE:
                self.send_header(name, value)
        if status not in {204, 304} and self.command != "HEAD":
            self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:
        """Paths may carry callback tokens: none is written down."""


def function_failed(status: int, content: bytes) -> bool:
    """The engine says it with 502 and Lambda's error object; a function that itself answers 502 says something else."""
    if status != 502:
        return False
    try:
        answer = json.loads(content)
    except ValueError:
        return False
    return isinstance(answer, dict) and set(answer) == {"errorMessage", "errorType"}
