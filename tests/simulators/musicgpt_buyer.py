"""A client of the MusicGPT fake, and the hand on its control endpoint."""

import ssl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import httpx

from simulators.musicgpt import MusicgptSimulator
from tests.simulators.kit import KEY, Receiver, receiver, wait_for

TLS = ssl.create_default_context()  # made once: it is slow to make and never used here
API = "/api/public/v1"
ENDS = ("COMPLETED", "FAILED", "ERROR")


@dataclass
class MusicgptBuyer:
    sim: MusicgptSimulator
    taker: Receiver
    http: httpx.Client

    def fields(self, **changes: Any) -> dict[str, str]:
        usual = {
            "audio_url": self.taker.url("/song.wav?sig=secret"),
            "voice_id": "velvet-alto",
            "pitch": "-2",
            "webhook_url": self.taker.url("/cb/t0k3n?x=1"),
        }
        return {name: value for name, value in (usual | changes).items() if value is not ...}

    def submit(self, path: str = f"{API}/Cover", key: str = KEY, **changes: Any) -> httpx.Response:
        """Urlencoded, as the vendor's own client does when there is only a URL."""
        return self.http.post(self.sim.url + path, data=self.fields(**changes), headers={"Authorization": key})

    def upload(self, song: bytes, **changes: Any) -> httpx.Response:
        return self.http.post(
            f"{self.sim.url}{API}/Cover",
            data=self.fields(**({"audio_url": ""} | changes)),
            files={"audio_file": ("in.wav", song, "audio/wav")},
            headers={"Authorization": KEY, "accept": "multipart/form-data"},
        )

    def task(self, **changes: Any) -> str:
        return str(self.submit(**changes).json()["task_id"])

    def get(self, path: str, key: str = KEY, **query: str) -> httpx.Response:
        return self.http.get(f"{self.sim.url}{API}{path}", params=query, headers={"Authorization": key})

    def poll(self, task: str) -> httpx.Response:
        return self.get("/byId", conversionType="COVER", task_id=task)

    def end(self, task: str) -> dict[str, Any]:
        """Poll as the vendor's SDKs do: they know three exact words for the end."""
        for _ in range(900):
            seen: dict[str, Any] = self.poll(task).json()["conversion"]
            if seen["status"] in ENDS:
                return seen
            time.sleep(0.01)
        raise AssertionError(f"never ended: {seen}")

    def told(self, count: int = 1, **switches: Any) -> list[dict[str, Any]]:
        """Buy one cover with these switches on and wait for so many webhooks."""
        self.switch(**switches)
        self.taker.got.clear()
        self.task()
        wait_for(lambda: len(self.taker.got) >= count)
        time.sleep(0.05)
        return [document for document, _ in self.taker.got]

    def switch(self, **switches: Any) -> None:
        self.http.post(f"{self.sim.url}/_control/faults", json=switches).raise_for_status()

    def ledger(self) -> dict[str, Any]:
        view: dict[str, Any] = self.http.get(f"{self.sim.url}/_control/ledger").json()
        return view


@contextmanager
def buying() -> Iterator[MusicgptBuyer]:
    with (
        receiver() as taker,
        MusicgptSimulator(key=KEY, pace=0.002) as sim,
        httpx.Client(trust_env=False, timeout=10, verify=TLS) as http,
    ):
        yield MusicgptBuyer(sim, taker, http)
