"""Power cuts for workers: of random functions at random moments, and in the middle of a paid call."""

import random
import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import httpx

from local.stack import Running
from tests.e2e.storm.scale import Scale

VICTIMS = {
    "SubmitFunction": 3,
    "CallbackFunction": 4,
    "AdvanceFunction": 5,
    "TransferFunction": 5,
    "DispatchFunction": 5,
    "DeliverFunction": 4,
    "PollerFunction": 2,
    "UploadFunction": 1,
    "ManageFunction": 1,
    "ReadFunction": 1,
    "SubscribeFunction": 1,
}
"""Logical id -> how often, one against the other."""

PAYERS = ("SubmitFunction", "AdvanceFunction")
WAIT = 8.0
"""Seconds in which somebody must have bought, for a kill in the middle of that."""


@dataclass(frozen=True, slots=True)
class Kill:
    """`paying`: not before somebody is buying, who then gets no answer."""

    at: float
    functions: tuple[str, ...]
    paying: bool = False


def kills(scale: Scale) -> Iterator[Kill]:
    dice = random.Random(f"{scale.seed}:killer")
    at, count = dice.uniform(1, 3), 0
    while at < scale.storm:
        count += 1
        if count % 6 == 2:
            yield Kill(at, PAYERS, paying=True)
        else:
            yield Kill(at, tuple(dice.choices(list(VICTIMS), list(VICTIMS.values()))))
        at += dice.uniform(0.3, 1.7) * scale.kills


class Killer:
    def __init__(self, running: Running, scale: Scale) -> None:
        self.killed: Counter[str] = Counter()
        self.while_paying = 0
        self._running, self._scale = running, scale
        self._vendors = {name: httpx.Client(base_url=url, timeout=30) for name, url in running.stack.simulators.items()}
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        self._thread = threading.Thread(target=self._run, args=(time.monotonic(),), daemon=True)
        self._thread.start()

    def join(self) -> None:
        if self._thread:
            self._thread.join(WAIT * 5)
            assert not self._thread.is_alive(), "the killer does not end"
        for vendor in self._vendors.values():
            vendor.close()

    def _run(self, began: float) -> None:
        for kill in kills(self._scale):
            time.sleep(max(0.0, began + kill.at - time.monotonic()))
            if not kill.paying or self._caught():
                self.while_paying += kill.paying
                for function in kill.functions:
                    self.killed[function] += self._kill(function, kill.paying)

    def _kill(self, function: str, paying: bool) -> int:
        """One worker. Nobody can tell which of them is paying, so of those all that work."""
        return self._running.kill_workers(function, None if paying else 1, idle=not paying)

    def _caught(self) -> bool:
        """Whether somebody is buying right now: a vendor has taken it and does not answer."""
        before = self._unanswered()
        self._hang({"value": "hang", "times": 1})
        try:
            until = time.monotonic() + WAIT
            while time.monotonic() < until:
                if self._unanswered() > before:
                    return True
                time.sleep(0.1)
            return False
        finally:
            self._hang(None)

    def _hang(self, how: object) -> None:
        for vendor in self._vendors.values():
            vendor.post("/_control/faults", json={"submit": how}).raise_for_status()

    def _unanswered(self) -> int:
        ledgers: list[dict[str, Any]] = [vendor.get("/_control/ledger").json() for vendor in self._vendors.values()]
        return sum(row["reply"] == "hang" for ledger in ledgers for row in ledger["rows"])
