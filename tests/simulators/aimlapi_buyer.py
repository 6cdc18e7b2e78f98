"""A client of the AI/ML API fake, and the hand on its control endpoint."""

import ssl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from simulators.aimlapi import AimlapiSimulator, source
from tests.simulators.kit import KEY, Receiver, receiver, song

TLS = ssl.create_default_context()  # made once: it is slow to make and never used here
PATH = "/v2/generate/audio"
SECONDS = 1.5
PENDING = ("queued", "generating")


@dataclass
class AimlapiBuyer:
    sim: AimlapiSimulator
    taker: Receiver
    http: httpx.Client

    def body(self, **changes: Any) -> dict[str, Any]:
        usual = {
            "model": "minimax/music-cover",
            "prompt": "warm lo-fi, brushed snare",
            "reference_audio_url": self.taker.url("/long.wav?sig=secret"),
        }
        return {name: value for name, value in (usual | changes).items() if value is not ...}

    def post(self, body: Any, headers: dict[str, str] | None = None, key: str = KEY) -> httpx.Response:
        given = {"Authorization": f"Bearer {key}"} | (headers or {})
        return self.http.post(self.sim.url + PATH, json=body, headers=given)

    def submit(self, **changes: Any) -> httpx.Response:
        return self.post(self.body(**changes))

    def task(self, **changes: Any) -> str:
        return str(self.submit(**changes).json()["id"])

    def get(self, path: str, key: str = KEY, **query: str) -> httpx.Response:
        return self.http.get(self.sim.url + path, params=query, headers={"Authorization": f"Bearer {key}"})

    def poll(self, task: str) -> httpx.Response:
        return self.get(PATH, generation_id=task)

    def end(self, task: str) -> dict[str, Any]:
        """Poll as the vendor's own sample does: whatever is not pending is the end."""
        for _ in range(900):
            seen: dict[str, Any] = self.poll(task).json()
            if seen.get("status") not in PENDING:
                return seen
            time.sleep(0.01)
        raise AssertionError(f"never ended: {seen}")

    def bought(self, **changes: Any) -> str:
        """The link to a finished cover."""
        return str(self.end(self.task(**changes))["audio_file"]["url"])

    def switch(self, **switches: Any) -> None:
        self.http.post(f"{self.sim.url}/_control/faults", json=switches).raise_for_status()

    def ledger(self) -> dict[str, Any]:
        view: dict[str, Any] = self.http.get(f"{self.sim.url}/_control/ledger").json()
        return view


@contextmanager
def buying() -> Iterator[AimlapiBuyer]:
    """Songs of a second will do, so that many can be bought; the vendor's own six seconds have a test of their own."""
    with (
        pytest.MonkeyPatch.context() as patch,
        receiver() as taker,
        AimlapiSimulator(key=KEY, pace=0.002) as sim,
        httpx.Client(trust_env=False, timeout=10, verify=TLS) as http,
    ):
        patch.setattr(source, "MIN_SECONDS", 1)
        taker.files["/long.wav"] = (200, song(SECONDS), "audio/wav")
        yield AimlapiBuyer(sim, taker, http)
