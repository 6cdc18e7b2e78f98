"""Signed links to finished files, on an object store that knows each object by its encoded name."""

import base64
import hashlib
import hmac
import math
import random
import string
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from urllib.parse import quote, unquote

from simulators.aimlapi.task import Task
from simulators.faults import Faults
from simulators.media import Shelf
from simulators.wire import Reply, Request

ACCESS_KEY = "EXAMPLEKEY"
_SECRET = b"of the object store"
_EAST = timedelta(hours=8)
_TYPES = {"mp3": "audio/mpeg", "wav": "audio/wav", "pcm": "application/octet-stream"}


@dataclass(slots=True)
class Links:
    faults: Faults
    now: Callable[[], float]
    shelf: Shelf = field(default_factory=Shelf)
    signed: dict[tuple[str, str], float] = field(default_factory=dict)  # (path, signature) -> dead from then on

    def publish(self, task: Task, made: bytes) -> None:
        """Put a take under a name that tells the time in China, as the vendor's does."""
        stamp = (datetime.fromtimestamp(self.now(), UTC) + _EAST).strftime("%Y%m%d%H%M%S")
        name = "".join(random.Random(task.id).choices(string.ascii_letters + string.digits, k=16))
        slash = task.plan["path_encoding"]
        task.path = f"/moose/music{slash}prod{slash}tts-{stamp}-{name}.{task.form}"
        self.shelf.put(task.path, made, _TYPES[task.form])
        self._sign(task)

    def link(self, task: Task, host: str) -> str:
        """The link as it was signed when the file was made, unless links are signed anew."""
        if self.faults.look("resign_links"):
            self._sign(task)
        return f"{host}{task.path}?{task.query}"

    def serve(self, request: Request) -> Reply:
        if denied := self._denied(request):
            return _store_error(403, denied)
        if request.path not in self.shelf.files:
            return _store_error(404, "NoSuchKey")
        return self.shelf.serve_by(self.faults, request)

    def _sign(self, task: Task) -> None:
        dead = self.now() + self.faults.look("link_expires_in")
        expires = math.ceil(dead)
        digest = hmac.new(_SECRET, f"{task.path}\n{expires}".encode(), hashlib.sha256).digest()
        signature = base64.b64encode(digest[:20]).decode()
        self.signed[task.path, signature] = dead
        task.query = f"Expires={expires}&OSSAccessKeyId={ACCESS_KEY}&Signature={quote(signature, safe='')}"

    def _denied(self, request: Request) -> str | None:
        """A path that was decoded on its way is another path, and no signature fits it."""
        dead = self.signed.get((request.path, request.query.get("Signature", "")))
        if dead is None:
            decoded = {unquote(path) for path in self.shelf.files}
            return "SignatureDoesNotMatch" if unquote(request.path) in decoded else None
        if request.query.get("Expires") is None or request.query.get("OSSAccessKeyId") != ACCESS_KEY:
            return "InvalidAccessKeyId"
        if not hmac.compare_digest(request.query["Expires"], str(math.ceil(dead))):
            return "SignatureDoesNotMatch"
        return "AccessDenied" if self.now() >= dead else None


def _store_error(status: int, code: str) -> Reply:
    body = f'<?xml version="1.0" encoding="UTF-8"?><Error><Code>{code}</Code></Error>'
    return Reply(status, body.encode(), "application/xml")
