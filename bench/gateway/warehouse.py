"""A host of media and a bucket in one, in a process of its own.

`GET /<bytes>.wav` gives a WAV of silence so long; a PUT is read to its end and thrown away.
"""

import struct
import sys
from functools import cache
from http.server import BaseHTTPRequestHandler

from local.server import LoopbackServer

RATE, FRAME = 44_100, 4
"""CD audio: frames a second, bytes a frame."""

HEADER = 44
PIECE = bytes(1 << 18)


def seconds(size: int) -> float:
    return (size - HEADER) / (RATE * FRAME)


@cache
def header(size: int) -> bytes:
    """RIFF, WAVE, PCM: http://soundfile.sapp.org/doc/WaveFormat/"""
    shape = struct.pack("<4sIHHIIHH", b"fmt ", 16, 1, 2, RATE, RATE * FRAME, FRAME, 16)
    return struct.pack("<4sI4s", b"RIFF", size - 8, b"WAVE") + shape + struct.pack("<4sI", b"data", size - HEADER)


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        size = int(self.path.strip("/").partition(".")[0])
        self._head(size)
        self.wfile.write(header(size))
        left = size - HEADER
        while left:
            sent = min(left, len(PIECE))
            self.wfile.write(memoryview(PIECE)[:sent])
            left -= sent

    def do_PUT(self) -> None:
        left, room = int(self.headers["Content-Length"]), bytearray(1 << 18)
        while left:
            taken = self.rfile.readinto(memoryview(room)[: min(left, len(room))])
            if not taken:
                self.close_connection = True
                return
            left -= taken
        self._head(0)

    def _head(self, size: int) -> None:
        self.send_response(200)
        self.send_header("Content-Length", str(size))
        self.send_header("ETag", '"thrown-away"')
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        pass


def main() -> None:
    """Its URL on the first line; ends with its standard input."""
    server = LoopbackServer(Handler)
    server.start()
    print(server.url, flush=True)
    sys.stdin.read()


if __name__ == "__main__":
    main()
