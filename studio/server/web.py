"""The routes. Starlette runs them in threads: none of them waits for a song."""

import hmac
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Route
from starlette.types import Lifespan

from studio.server.asked import InvalidError, parse
from studio.server.engine import Engine
from studio.server.outbox import Outbox
from studio.server.settings import Settings
from studio.server.store import KeyReusedError, QueueFullError, Store
from studio.server.task import Status, content_type, document
from studio.server.workers import Workers

MOST_BODY = 64_000
"""Bytes."""

MOST_KEY = 255
FULL_SECONDS = 30
"""After which a full queue is worth another try."""


@dataclass(frozen=True, slots=True)
class Routes:
    settings: Settings
    store: Store
    outbox: Outbox
    workers: Workers
    engine: Engine
    files: Path

    def app(self, lifespan: Lifespan[Starlette]) -> Starlette:
        routes = [
            Route("/v1/tasks", self.submit, methods=["POST"]),
            Route("/v1/tasks/{task}", self.read),
            Route("/v1/tasks/{task}/cancel", self.cancel, methods=["POST"]),
            Route("/v1/styles", self.styles),
            Route("/v1/voices", self.voices),
            Route("/health", self.health),
            Route("/files/{task}/{secret}/{name}", self.file),
        ]
        handlers: Any = {InvalidError: _invalid, HTTPException: _refused}
        return Starlette(routes=routes, exception_handlers=handlers, lifespan=lifespan)

    async def submit(self, request: Request) -> Response:
        """202 for a new task, 200 for one that came under this key before."""
        self._let_in(request)
        asked = parse(
            await _body(request),
            self.settings.allowed_private_networks,
            frozenset(str(voice["id"]) for voice in self.engine.voices()),
        )
        key, new_id = _key(request), secrets.token_hex(16)
        try:
            task, known = await run_in_threadpool(
                self.store.add, new_id, secrets.token_urlsafe(24), asked, key, self.settings.queue
            )
        except KeyReusedError:
            raise HTTPException(409, "key_reused: this Idempotency-Key came with another body") from None
        except QueueFullError:
            again = {"Retry-After": str(FULL_SECONDS)}
            raise HTTPException(429, f"queue_full: {self.settings.queue} tasks wait already", again) from None
        self.workers.wake()
        return self._told(task, 200 if known else 202)

    def read(self, request: Request) -> Response:
        self._let_in(request)
        return self._told(self.store.get(request.path_params["task"]))

    def cancel(self, request: Request) -> Response:
        """A task that has ended stays as it is."""
        self._let_in(request)
        task = self.store.cancel(request.path_params["task"])
        if task and task.status is Status.CANCELED:
            self.workers.cancel(task.id)
        return self._told(task)

    def styles(self, request: Request) -> Response:
        self._let_in(request)
        return JSONResponse({"styles": [dict(style) for style in self.engine.styles()]})

    def voices(self, request: Request) -> Response:
        self._let_in(request)
        return JSONResponse({"voices": [dict(voice) for voice in self.engine.voices()]})

    def health(self, request: Request) -> Response:
        """For load balancers, without a key: it names no task."""
        waiting = {status.value: self.store.count(status) for status in (Status.QUEUED, Status.RUNNING)}
        told = {"ok": True, **waiting, "callbacks": self.outbox.count(), "workers": self.settings.workers}
        return JSONResponse(told, headers={"Cache-Control": "no-store"})

    def file(self, request: Request) -> Response:
        """Whoever has the link may: it cannot be guessed, and lives for hours. Ranges are FileResponse's own."""
        task = self.store.get(request.path_params["task"])
        secret, name = request.path_params["secret"], request.path_params["name"]
        if task is None or not hmac.compare_digest(secret.encode(), task.secret.encode()):
            raise HTTPException(404, "not_found: no such file")
        if not task.kept:
            raise HTTPException(410, f"gone: files are kept for {self.settings.keep_hours:g} hours")
        path = self.files / task.id / name
        if name not in task.made.names or not path.is_file():
            raise HTTPException(404, "not_found: no such file")
        headers = {"Cache-Control": "private, max-age=3600", "X-Content-Type-Options": "nosniff"}
        return FileResponse(path, media_type=content_type(name), headers=headers)

    def _let_in(self, request: Request) -> None:
        scheme, _, key = request.headers.get("authorization", "").partition(" ")
        fits = hmac.compare_digest(key.strip().encode(), self.settings.api_key.encode())
        if scheme.lower() != "bearer" or not fits:
            raise HTTPException(401, "unauthorized: Authorization: Bearer <key>", {"WWW-Authenticate": "Bearer"})

    def _told(self, task: Any, status: int = 200) -> Response:
        if task is None:
            raise HTTPException(404, "no_such_task: there is no task of this id")
        told = document(task, self.settings.public_url, self.settings.keep_hours)
        return JSONResponse(told, status, {"Cache-Control": "no-store"})


async def _body(request: Request) -> Mapping[str, Any]:
    """Bounded before it is parsed."""
    body = b""
    async for piece in request.stream():
        body += piece
        if len(body) > MOST_BODY:
            raise HTTPException(413, f"too_large: at most {MOST_BODY} bytes")
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        raise HTTPException(400, "malformed: the body is not JSON") from None
    if not isinstance(value, dict):
        raise HTTPException(400, "malformed: the body is not a JSON object")
    return value


def _key(request: Request) -> str | None:
    key = request.headers.get("idempotency-key")
    if key is not None and not (0 < len(key) <= MOST_KEY and key.isascii() and key.isprintable()):
        raise HTTPException(400, f"malformed: Idempotency-Key is 1 to {MOST_KEY} visible ASCII characters")
    return key


def _invalid(request: Request, error: InvalidError) -> Response:
    told = {"code": "invalid", "message": str(error), "fields": error.fields}
    return JSONResponse({"error": told}, 422)


def _refused(request: Request, error: HTTPException) -> Response:
    """`code: words` becomes an object; Starlette's own errors have words alone."""
    code, colon, words = error.detail.partition(": ")
    told = {"code": code, "message": words} if colon else {"code": f"http_{error.status_code}", "message": error.detail}
    return JSONResponse({"error": told}, error.status_code, error.headers)
