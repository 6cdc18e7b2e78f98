"""Finished files on links that may lie, as real media hosts do."""

import re
import threading
from collections import Counter
from dataclasses import dataclass, field

from simulators.faults import Faults, Switch
from simulators.values import choice, number, whole
from simulators.wire import Manner, Reply, Request

HTML = b"<!doctype html><html><head><title>Just a moment...</title></head><body>Checking your browser</body></html>"
LIES = ("404", "410", "500", "0bytes", "html", "403_without_UA", "slow", "same_bytes", "cut", "small")


def switches(*more: str) -> dict[str, Switch]:
    """The switches every media host has; `more` are lies of this vendor's own, such as a status."""
    lies = (*LIES, *more)
    return {
        "media": Switch(choice("ok", *lies), f"ok, {', '.join(lies)}", "how links lie", "fetch", "ok"),
        "media_first_fetches": Switch(whole, "a number", "lies only on a link's first n fetches (0: all)", default=0),
        "media_slow_seconds": Switch(number, "real seconds", "how long slow takes", default=5.0),
        "media_expires_after": Switch(number, "real seconds", "dead that long after complete (0: never)", default=0.0),
    }


@dataclass(slots=True)
class Shelf:
    """Files by path. `twin` is what the host serves by mistake when it mixes two takes up."""

    files: dict[str, tuple[bytes, str]] = field(default_factory=dict)
    twins: dict[str, str] = field(default_factory=dict)
    fetches: Counter[str] = field(default_factory=Counter)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def put(self, path: str, body: bytes, content_type: str = "audio/mpeg", twin: str | None = None) -> None:
        with self._lock:
            self.files[path] = (body, content_type)
            if twin:
                self.twins[path] = twin

    def fetched(self, path: str) -> int:
        """Count this fetch; the first one is 1."""
        with self._lock:
            self.fetches[path] += 1
            return self.fetches[path]

    def serve_by(self, faults: Faults, request: Request, where: str = "/") -> Reply:
        """As the switches have it; only links that begin with `where` may lie."""
        count, among = self.fetched(request.path), faults.look("media_first_fetches")
        lying = request.path.startswith(where) and (not among or count <= among)
        return self.serve(request, faults.take("media") if lying else None, faults.look("media_slow_seconds"))

    def serve(self, request: Request, lie: str | None = None, slow_seconds: float = 5.0) -> Reply:
        path = self.twins.get(request.path, request.path) if lie == "same_bytes" else request.path
        if path not in self.files:
            return _plain(404, b"Not Found")
        body, content_type = self.files[path]
        status, _, why = (lie or "").partition("_")
        if status.isdigit() and why != "without_UA":
            return _plain(int(status), why.encode() or b"gone")
        if lie == "html":
            return Reply(200, HTML, "text/html; charset=utf-8")
        if lie == "403_without_UA" and not request.headers.get("user-agent"):
            return _plain(403, b"Forbidden")
        if lie == "cut":
            return Reply(200, body, content_type, manner=Manner.CUT)
        if lie == "slow":
            return Reply(200, body, content_type, manner=Manner.TRICKLE, trickle_seconds=slow_seconds)
        body = {"0bytes": b"", "small": body[:2_000]}.get(lie or "", body)
        return _ranged(request, body, content_type)


def _plain(status: int, body: bytes) -> Reply:
    return Reply(status, body, "text/plain")


def _ranged(request: Request, body: bytes, content_type: str) -> Reply:
    """Players seek: one simple byte range is honoured, anything else gets the whole file."""
    found = re.fullmatch(r"bytes=(\d+)-(\d*)", request.headers.get("range", ""))
    if not found or int(found[1]) >= len(body):
        return Reply(200, body, content_type, {"Accept-Ranges": "bytes"})
    start, end = int(found[1]), min(int(found[2] or len(body) - 1), len(body) - 1)
    headers = {"Accept-Ranges": "bytes", "Content-Range": f"bytes {start}-{end}/{len(body)}"}
    return Reply(206, body[start : end + 1], content_type, headers)
