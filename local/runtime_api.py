"""The Lambda Runtime API for one worker: what `awslambdaric` polls for work and where it leaves results.

https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html. One worker is one execution environment with one port of
its own, so at most one invocation is under way here.
"""

import json
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from queue import Queue

from local.processes import LOOPBACK
from local.server import LoopbackServer

PREFIX = "/2018-06-01/runtime"


@dataclass(frozen=True, slots=True)
class Invocation:
    """One event for one function."""

    request_id: str
    arn: str
    payload: bytes
    trace_id: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of it. A failed one's payload is Lambda's `{"errorMessage", "errorType", ...}`."""

    payload: bytes
    failed: bool = False


def failure(kind: str, message: str) -> Outcome:
    return Outcome(json.dumps({"errorMessage": message, "errorType": kind}).encode(), failed=True)


@dataclass(slots=True)
class _Work:
    invocation: Invocation
    deadline_ms: int
    outcome: "Queue[Outcome]" = field(default_factory=Queue)


class RuntimeApi:
    """Hands one worker its invocations. `ready` is set by its first poll, or by whatever ended its start."""

    def __init__(self) -> None:
        self.ready = threading.Event()
        self.broken: Outcome | None = None
        self._work: Queue[_Work | None] = Queue()
        self._current: _Work | None = None
        self._server = _Server(_Handler)
        self._server.api = self
        self._server.start()

    @property
    def address(self) -> str:
        return f"{LOOPBACK}:{self._server.port}"

    def submit(self, invocation: Invocation, deadline_ms: int) -> "Queue[Outcome]":
        """Where the outcome will appear: exactly one, whether the worker answers or dies."""
        self._current = work = _Work(invocation, deadline_ms)
        if self.broken:
            work.outcome.put(self.broken)
        self._work.put(work)
        return work.outcome

    def break_off(self, outcome: Outcome) -> None:
        """The worker is gone: whoever waits is told."""
        self.broken = self.broken or outcome
        self.ready.set()
        self._work.put(None)
        self.finish(outcome)

    def close(self) -> None:
        self._server.stop()

    def next(self) -> _Work | None:
        self.ready.set()
        return self._work.get()

    def finish(self, outcome: Outcome) -> None:
        work, self._current = self._current, None
        if work is not None:
            work.outcome.put(outcome)


class _Server(LoopbackServer):
    api: RuntimeApi


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: _Server

    def do_GET(self) -> None:
        work = self.server.api.next()
        if work is None:
            self.close_connection = True
            return
        self._answer(200, work.invocation.payload, {
            "Lambda-Runtime-Aws-Request-Id": work.invocation.request_id,
            "Lambda-Runtime-Deadline-Ms": str(work.deadline_ms),
            "Lambda-Runtime-Invoked-Function-Arn": work.invocation.arn,
            "Lambda-Runtime-Trace-Id": work.invocation.trace_id,
        })  # fmt: skip

    def do_POST(self) -> None:
        body = self._body()
        api = self.server.api
        if self.path == f"{PREFIX}/init/error":
            api.break_off(Outcome(body, failed=True))
        elif self.path.endswith("/error"):
            api.finish(Outcome(body, failed=True))
        elif self.path.endswith("/response"):
            api.finish(Outcome(body))
        self._answer(202, b'{"status":"OK"}', {})

    def _body(self) -> bytes:
        if self.headers.get("Transfer-Encoding", "").lower() != "chunked":
            return self.rfile.read(int(self.headers.get("Content-Length", 0)))
        parts = []
        while size := int(self.rfile.readline().split(b";")[0], 16):
            parts.append(self.rfile.read(size))
            self.rfile.readline()
        self.rfile.readline()
        return b"".join(parts)

    def _answer(self, status: int, body: bytes, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """The function's own log is enough."""
