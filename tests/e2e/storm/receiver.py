"""Where our webhooks and the callbacks of vendors' clients go: one that listens, one that is shaky, one that is never
there and one that is gone for good."""

import json
import random
import threading
import time
from collections import Counter
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from standardwebhooks import Webhook, WebhookVerificationError

from tests.e2e.storm.evidence import Post

CUT = 0
SHAKY: tuple[tuple[int, float], ...] = (
    (503, 0.0),
    (500, 0.0),
    (429, 0.0),
    (CUT, 0.0),
    (200, 1.5),
    (302, 0.0),
    (502, 0.5),
)
"""Status and seconds until it is sent."""
MOST_BAD = 2
"""Of one message in a row: the third pause of the schedule is five minutes long."""
MOST_BAD_OF_A_CLIENT = 1
"""There is no replay by hand of what a client was to hear: the second pause is a minute long, or two."""


class Receiver:
    """`manners`: path -> good, shaky, never, gone. Others are good. Once it is `calm` nobody is shaky any more."""

    def __init__(self, seed: int) -> None:
        self.seed, self.calm = seed, False
        self.posts: list[Post] = []
        self.manners: dict[str, str] = {}
        self.secrets: dict[str, str] = {}
        self.faults: Counter[str] = Counter()
        self._seen: Counter[tuple[str, str]] = Counter()
        self._lock = threading.Lock()
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.receiver = self
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}{path}"

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def take(self, path: str, headers: Mapping[str, str], body: bytes) -> tuple[int, float]:
        """Status and seconds until it is sent. What is written down is what was said, before it is said."""
        name = headers.get("webhook-id", "") or str(hash(body))
        with self._lock:
            self._seen[path, name] += 1
            status, wait = self._mood(path, name, self._seen[path, name])
        post = Post(
            time.time(),
            path,
            headers.get("webhook-id", ""),
            json.loads(body),
            status,
            self._genuine(path, headers, body),
        )
        with self._lock:
            self.posts.append(post)
        return status, wait

    def _mood(self, path: str, name: str, count: int) -> tuple[int, float]:
        manner = self.manners.get(path, "good")
        if manner == "never":
            return 503, 0.0
        if manner == "gone":
            return 410, 0.0
        dice = random.Random(f"{self.seed}:{path}:{name}:{count}")
        most = MOST_BAD_OF_A_CLIENT if path.startswith("/client/") else MOST_BAD
        if self.calm or manner == "good" or count > most or dice.random() > 0.3:
            return 200, 0.0
        status, wait = dice.choice(SHAKY)
        self.faults["receiver slow" if status == 200 else "receiver down, busy or cut off"] += 1
        return status, wait

    def _genuine(self, path: str, headers: Mapping[str, str], body: bytes) -> bool:
        secret = self.secrets.get(path) or self.secrets.get(path.rpartition("/")[0])
        if secret is None:
            return True  # clients' callbacks are not signed
        try:
            Webhook(secret).verify(body, dict(headers))
        except (WebhookVerificationError, ValueError):
            return False
        return True


class _Server(ThreadingHTTPServer):
    receiver: Receiver
    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A caller that was killed."""


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        headers = {name.lower(): value for name, value in self.headers.items()}
        status, wait = self.server.receiver.take(self.path, headers, body)
        time.sleep(wait)
        if status == CUT:
            self.close_connection = True
            return
        self.send_response(status)
        if status == 429:
            self.send_header("Retry-After", "2")
        if status == 302:
            self.send_header("Location", self.server.receiver.url("/elsewhere"))
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None: ...
