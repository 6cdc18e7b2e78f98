"""Sets the vendors' moods by the clock, and sweeps more often than the minute that is deployed."""

import threading
import time
from collections import Counter
from collections.abc import Callable

import httpx

from local.stack import Running
from tests.e2e.storm.mischief import ALWAYS, KINDS, MOODS, schedule
from tests.e2e.storm.scale import Scale

SWEEP_SECONDS = 4.0
MOST_WAITING = 20
"""Messages in the queues; with more of them nobody sweeps but the schedule."""


class Weather:
    def __init__(self, running: Running, scale: Scale) -> None:
        self._scale = scale
        self._vendors = {name: httpx.Client(base_url=url, timeout=30) for name, url in running.stack.simulators.items()}
        self._thread: threading.Thread | None = None
        for vendor, http in self._vendors.items():
            http.post("/_control/faults", json=dict(ALWAYS[vendor])).raise_for_status()

    def start(self) -> None:
        self._thread = threading.Thread(target=self._run, args=(time.monotonic(),), daemon=True)
        self._thread.start()

    def calm(self) -> None:
        if self._thread:
            self._thread.join(30)
            assert not self._thread.is_alive(), "the weather does not end"
        for vendor in MOODS:
            self._set(vendor, {})

    def close(self) -> None:
        for http in self._vendors.values():
            http.close()

    def seen(self) -> Counter[str]:
        """Faults by kind, as the fakes counted them."""
        found: Counter[str] = Counter()
        for http in self._vendors.values():
            for switch, count in http.get("/_control/ledger").json()["faults_injected"].items():
                if switch in KINDS:
                    found[KINDS[switch]] += count
        return found

    def _run(self, began: float) -> None:
        for mood in schedule(self._scale):
            time.sleep(max(0.0, began + mood.at - time.monotonic()))
            self._set(mood.vendor, dict(mood.switches))

    def _set(self, vendor: str, switches: dict[str, object]) -> None:
        http = self._vendors[vendor]
        http.delete("/_control/faults").raise_for_status()
        http.post("/_control/faults", json={**ALWAYS[vendor], **switches}).raise_for_status()


class Sweeper:
    """One more sweep every few seconds, beside the deployed schedule's: two at once are lawful. Not while the queues
    are full: what is due is in them already, and each sweep would send all of it again."""

    def __init__(self, running: Running, waiting: Callable[[], int]) -> None:
        self._running, self._waiting, self._over = running, waiting, threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._over.set()
        self._thread.join(60)

    def _run(self) -> None:
        client, name = self._running.client("lambda"), self._running.deployment.functions["PollerFunction"]
        while not self._over.wait(SWEEP_SECONDS):
            if self._waiting() < MOST_WAITING:
                client.invoke(FunctionName=name, Payload=b"{}")
