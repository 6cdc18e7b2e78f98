"""Songs, a receiver and a client for the tests of the fakes; everything over real HTTP."""

import functools
import io
import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import av
import httpx
import numpy as np

from simulators.frame import Simulator
from simulators.wire import Reply, Request, Server

KEY = "test-key"
FORMATS = {
    "mp3": ("mp3", "libmp3lame", 44_100),
    "wav": ("wav", "pcm_s16le", 44_100),
    "flac": ("flac", "flac", 44_100),
    "ogg": ("ogg", "libopus", 48_000),
    "m4a": ("ipod", "aac", 44_100),
}


@functools.cache
def song(seconds: float = 2.0, form: str = "wav") -> bytes:
    """A melody of plucked notes with a few partials: enough for pitch, tempo and colour to be heard."""
    container, codec, rate = FORMATS[form]
    time_axis = np.arange(int(seconds * rate)) / rate
    note = np.array([440.0, 550.0, 660.0, 550.0])[(time_axis * 4).astype(int) % 4]
    phase = 2 * np.pi * np.cumsum(note) / rate
    partials = np.sum([np.sin(n * phase) / n for n in range(1, 7)], axis=0)
    wave = partials * np.exp(-((time_axis * 4) % 1) * 2) * 0.3
    target = io.BytesIO()
    with av.open(target, "w", format=container) as sink:
        stream: Any = sink.add_stream(codec, rate=rate)
        stream.layout = "mono"
        resampler = av.AudioResampler(
            format=stream.format.name, layout="mono", rate=rate, frame_size=stream.codec_context.frame_size or 1024
        )
        whole = av.AudioFrame.from_ndarray((wave * 32767).astype(np.int16)[None, :], "s16", "mono")
        whole.sample_rate = rate
        for frame in [*resampler.resample(whole), *resampler.resample(None)]:
            sink.mux(stream.encode(frame))
        sink.mux(stream.encode(None))
    return target.getvalue()


def samples(audio: bytes, rate: int = 22_050) -> np.ndarray[Any, Any]:
    """Decoded to mono."""
    with av.open(io.BytesIO(audio), "r") as source:
        resampler = av.AudioResampler(format="flt", layout="mono", rate=rate)
        frames = [frame.to_ndarray() for decoded in source.decode(audio=0) for frame in resampler.resample(decoded)]
    return np.asarray(np.concatenate(frames, axis=1)[0])


@dataclass
class Receiver:
    """Takes callbacks and serves songs. `answer` decides the status of each callback."""

    answer: Callable[[dict[str, Any]], int] = lambda document: 200
    got: list[tuple[dict[str, Any], dict[str, str]]] = field(default_factory=list)
    files: dict[str, tuple[int, bytes, str]] = field(default_factory=dict)
    fetched: list[str] = field(default_factory=list)
    port: int = 0

    def __call__(self, request: Request) -> Reply:
        if request.method == "GET":
            self.fetched.append(request.path)
            status, body, content_type = self.files.get(request.path, (404, b"", "text/plain"))
            return Reply(status, body, content_type)
        document = json.loads(request.body)
        self.got.append((document, request.headers))
        return Reply(self.answer(document), b'{"status":"received"}')

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.port}{path}"

    @property
    def stages(self) -> list[str]:
        return [str(document["data"]["callbackType"]) for document, _ in self.got]

    def of(self, stage: str) -> dict[str, Any]:
        return next(document for document, _ in self.got if document["data"]["callbackType"] == stage)


@contextmanager
def receiver() -> Iterator[Receiver]:
    taker = Receiver()
    server = Server(0, taker)
    taker.port = server.server_port
    taker.files["/song.wav"] = (200, song(), "audio/wav")
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    yield taker
    server.stop()
    thread.join()


@dataclass
class Buyer:
    """A client of the fake, and the hand on its control endpoint."""

    sim: Simulator
    taker: Receiver
    http: httpx.Client

    def body(self, **changes: Any) -> dict[str, Any]:
        usual = {
            "uploadUrl": self.taker.url("/song.wav?sig=secret"),
            "customMode": True,
            "instrumental": True,
            "model": "V4_5",
            "style": "jazz",
            "title": "Harbour Fog",
            "callBackUrl": self.taker.url("/cb/t0k3n?x=1"),
        }
        return {name: value for name, value in (usual | changes).items() if value is not ...}

    def submit(self, **changes: Any) -> httpx.Response:
        return self.post("/api/v1/generate/upload-cover", self.body(**changes))

    def task(self, **changes: Any) -> str:
        return str(self.submit(**changes).json()["data"]["taskId"])

    def post(self, path: str, body: Any, key: str = KEY) -> httpx.Response:
        return self.http.post(self.sim.url + path, json=body, headers={"Authorization": f"Bearer {key}"})

    def get(self, path: str, key: str = KEY) -> httpx.Response:
        return self.http.get(self.sim.url + path, headers={"Authorization": f"Bearer {key}"})

    def status(self, task: str) -> dict[str, Any]:
        answer: dict[str, Any] = self.get(f"/api/v1/generate/record-info?taskId={task}").json()
        return answer

    def until(self, task: str, *words: str) -> dict[str, Any]:
        """Poll until the status is one of these words."""
        seen: dict[str, Any] = {}
        for _ in range(300):
            seen = self.status(task)
            if seen["data"] and seen["data"]["status"] in words:
                record: dict[str, Any] = seen["data"]
                return record
            time.sleep(0.03)
        raise AssertionError(f"never {words}: {seen}")

    def switch(self, **switches: Any) -> None:
        self.http.post(f"{self.sim.url}/_control/faults", json=switches).raise_for_status()

    def ledger(self) -> dict[str, Any]:
        view: dict[str, Any] = self.http.get(f"{self.sim.url}/_control/ledger").json()
        return view


def wait_for(condition: Callable[[], Any], seconds: float = 8.0) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.02)
