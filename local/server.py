"""The HTTP server under executor, Runtime API and front: loopback, any free port, a thread per connection, quiet."""

import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from local.processes import LOOPBACK


class LoopbackServer(ThreadingHTTPServer):
    """Binds on creation, so that its URL is known before it serves."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, handler: type[BaseHTTPRequestHandler]) -> None:
        super().__init__((LOOPBACK, 0), handler)
        self._serving = False

    @property
    def port(self) -> int:
        return int(self.server_address[1])

    @property
    def url(self) -> str:
        return f"http://{LOOPBACK}:{self.port}"

    def start(self) -> None:
        self._serving = True
        threading.Thread(target=self.serve_forever, args=(0.1,), name=type(self).__name__, daemon=True).start()

    def stop(self) -> None:
        """Idempotent. Does not wait for connections that are still open."""
        if self._serving:
            self._serving = False
            self.shutdown()
        self.server_close()

    def handle_error(self, request: object, client_address: object) -> None:
        """A peer that hung up is no error: killed workers and impatient clients do."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]
