"""The service in a process of its own, and the town around it: a host of songs and a receiver of callbacks."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
import time
import wave
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx

ROOT = Path(__file__).parents[3]
KEY, HMAC_KEY = "a-key-of-the-tests", "a-signing-key-of-the-tests"
PATIENCE = 60.0
"""Seconds that anything is waited for."""

ELSEWHERE = {"/inside.wav": "http://169.254.169.254/latest/meta-data", "/round.wav": "/round.wav"}


def until(what: Callable[[], Any], seconds: float = PATIENCE) -> Any:
    end = time.monotonic() + seconds
    while not (found := what()):
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.02)
    return found


@dataclass
class Heard:
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class Town:
    """`songs` by path; `heard` are the callbacks that came, `answers` what those yet to come are answered with."""

    songs: dict[str, bytes] = field(default_factory=dict)
    heard: list[Heard] = field(default_factory=list)
    answers: list[int] = field(default_factory=list)
    down: bool = False
    url: str = ""

    def link(self, path: str = "/song.wav") -> str:
        return self.url + path

    def types(self, path: str = "/heard") -> list[str]:
        return [one.json["type"] for one in self.heard if one.path == path]


@contextlib.contextmanager
def a_town() -> Iterator[Town]:
    town = Town(songs={"/song.wav": a_song(), "/page.wav": b"<html><body>no song</body></html>" * 100})

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.path in ELSEWHERE:
                self.send_response(302)
                self.send_header("location", ELSEWHERE[self.path])
                self.end_headers()
            elif self.path == "/huge.wav":
                self._answer(200, town.songs["/song.wav"], 200_000_000)
            else:
                self._answer(200 if self.path in town.songs else 404, town.songs.get(self.path, b""))

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            if town.down:
                return self._answer(503)
            town.heard.append(Heard(self.path, {name.lower(): text for name, text in self.headers.items()}, body))
            self._answer(town.answers.pop(0) if town.answers else 200)

        def _answer(self, status: int, body: bytes = b"", announced: int | None = None) -> None:
            self.send_response(status)
            self.send_header("content-length", str(announced or len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    town.url = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        yield town
    finally:
        server.shutdown()
        server.server_close()


def a_song(seconds: float = 1.0) -> bytes:
    import io

    file = io.BytesIO()
    with wave.open(file, "wb") as song:
        song.setparams((1, 2, 8000, 0, "NONE", ""))
        song.writeframes(bytes(range(250)) * int(64 * seconds))
    return file.getvalue()


class Service:
    """`start` and `kill` as often as a test likes: its home stays."""

    def __init__(self, place: Path, town: Town, **settings: str) -> None:
        self.place, self.town = place, town
        self.gates = place / "gates"
        self.gates.mkdir(parents=True)
        self.settings = {
            "api_key": KEY,
            "hmac_key": HMAC_KEY,
            "home": str(place / "data"),
            "port": "0",
            "workers": "1",
            "memory_mb": "300",
            "pauses": "0.1,0.1,0.1,0.1,0.1,0.1,0.1,0.1,0.1,0.1,0.1,0.1,0.1,0.1,0.1,0.1,0.1,0.1,0.1,0.1",
            "allowed_private_networks": "127.0.0.0/8",
            "engine": "tests.studio.service.engines:ENGINE",
            **settings,
        }
        self.process: subprocess.Popen[bytes] | None = None
        self.http = httpx.Client()

    def start(self) -> "Service":
        environment = {f"STUDIO_{name.upper()}": value for name, value in self.settings.items()}
        environment |= {"PYTHONPATH": f"{ROOT}:{ROOT / 'layers/core'}", "PATH": os.environ["PATH"]}
        environment |= {"ENGINE_GATES": str(self.gates)}
        with (self.place / "log").open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "studio.service"], env=environment, cwd=ROOT, stdout=subprocess.PIPE, stderr=log
            )
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        if not line:
            self.process.stdout.close()
            self.process.wait(PATIENCE)
            raise AssertionError((self.place / "log").read_text())
        headers = {"Authorization": f"Bearer {KEY}"}
        self.http = httpx.Client(base_url=json.loads(line)["url"], headers=headers, trust_env=False)
        return self

    def kill(self, number: int = signal.SIGKILL) -> int:
        assert self.process is not None
        self.process.send_signal(number)
        self.http.close()
        assert self.process.stdout is not None
        self.process.stdout.close()
        return self.process.wait(PATIENCE)

    def stop(self) -> None:
        if self.process and self.process.poll() is None:
            self.kill(signal.SIGKILL)

    def submit(self, key: str | None = None, **wish: Any) -> httpx.Response:
        body = {"source_url": self.town.link(), "callback_url": self.town.link("/heard"), **wish}
        headers = {"Idempotency-Key": key} if key else {}
        return self.http.post("/v1/tasks", content=json.dumps(body), headers=headers)

    def begin(self, **wish: Any) -> str:
        answer = self.submit(**wish)
        assert answer.status_code == 202, answer.text
        return str(answer.json()["task_id"])

    def read(self, task: str) -> Any:
        return self.http.get(f"/v1/tasks/{task}").json()

    def ended(self, task: str) -> Any:
        return until(lambda: (told := self.read(task)) and told["status"] not in ("queued", "running") and told)

    def reached(self, seed: str) -> None:
        until((self.gates / f"{seed}.reached").exists)

    def go(self, seed: str) -> None:
        (self.gates / f"{seed}.go").touch()

    def worker(self) -> int | None:
        """The process of the one worker."""
        assert self.process is not None
        command = ["pgrep", "-P", str(self.process.pid), "-f", "studio.server.worker"]
        listed = subprocess.run(command, capture_output=True, check=False).stdout
        return int(listed.split()[0]) if listed else None
