"""The API's own address, before an engine that answers as it is told."""

import json
import socket
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler

import httpx
import pytest

from local.front import Front
from local.server import LoopbackServer


class Engine(LoopbackServer):
    status, content = 200, b""


class Handler(BaseHTTPRequestHandler):
    server: Engine

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        seen = {"path": self.path, "body": body, "headers": {key.lower(): value for key, value in self.headers.items()}}
        self.send_response(self.server.status)
        self.send_header("X-Own", "yes")
        self.end_headers()
        self.wfile.write(self.server.content or json.dumps(seen).encode())

    def do_HEAD(self) -> None:
        self.send_response(self.server.status)
        self.send_header("X-Own", "yes")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None: ...


@pytest.fixture
def engine() -> Iterator[Engine]:
    engine = Engine(Handler)
    engine.start()
    yield engine
    engine.stop()


@pytest.fixture
def front(engine: Engine) -> Iterator[Front]:
    front = Front()
    front.point_at(engine.port, "/_aws/execute-api/abc/$default")
    yield front
    front.stop()


def test_path_query_headers_and_body_arrive_as_they_were_sent(front: Front) -> None:
    headers = {"Authorization": "Bearer x", "X-Forwarded-For": "6.6.6.6", "Content-Type": "text/plain"}
    answer = httpx.post(f"{front.url}/v1/a%2Fb%20c?q=1&q=%26", content="söng".encode(), headers=headers)
    seen = answer.json()
    assert seen["path"] == "/_aws/execute-api/abc/$default/v1/a%2Fb%20c?q=1&q=%26"
    assert seen["body"] == "söng"
    assert seen["headers"]["authorization"] == "Bearer x"
    assert seen["headers"]["host"] == front.url.removeprefix("http://")
    assert seen["headers"]["x-forwarded-for"] == "127.0.0.1"
    assert answer.headers["x-own"] == "yes"


def test_of_a_head_no_length_is_told_that_nobody_knows(front: Front) -> None:
    """It would be said to be 0, where GET brings a page."""
    answer = httpx.head(front.url)
    assert (answer.status_code, answer.headers["x-own"], "content-length" in answer.headers) == (200, "yes", False)


def test_a_function_that_failed_is_500_as_on_api_gateway(front: Front, engine: Engine) -> None:
    engine.status, engine.content = 502, b'{"errorMessage": "secret", "errorType": "E"}'
    answer = httpx.post(front.url)
    assert (answer.status_code, answer.json()) == (500, {"message": "Internal Server Error"})


def test_a_502_of_the_functions_own_passes(front: Front, engine: Engine) -> None:
    engine.status, engine.content = 502, b'{"title": "The provider is down"}'
    assert httpx.post(front.url).json() == {"title": "The provider is down"}


def test_a_redirect_is_the_callers_to_follow(front: Front, engine: Engine) -> None:
    engine.status, engine.content = 302, b"{}"
    assert httpx.post(front.url).status_code == 302


@pytest.mark.parametrize("byte", [b"\xc3\xa4", b"\xff", b"\x01", b"\x7f"])
def test_a_byte_that_no_url_has_is_400(front: Front, byte: bytes) -> None:
    host = front.url.removeprefix("http://")
    with socket.create_connection(("127.0.0.1", int(host.rpartition(":")[2])), timeout=5) as raw:
        raw.sendall(b"GET /v1/covers?state=f" + byte + b"llig HTTP/1.1\r\nHost: " + host.encode() + b"\r\n\r\n")
        assert raw.recv(1024).startswith(b"HTTP/1.1 400 ")


def test_before_the_stack_is_there_it_is_503(engine: Engine) -> None:
    front = Front()
    assert httpx.get(front.url).status_code == 503
    front.stop()


def test_when_the_engine_is_gone_it_is_502(front: Front, engine: Engine) -> None:
    engine.stop()
    assert httpx.post(front.url).status_code == 502
