"""Callers: they order, click twice, ask again after an error, cancel, retry and delete."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import httpx

from local.stack import Running
from tests.e2e.storm.doors import Doors
from tests.e2e.storm.evidence import Answer, Case, Ordered
from tests.e2e.storm.gather import Gather
from tests.e2e.storm.listener import Listener
from tests.e2e.storm.orders import Fate, Order, Way, orders
from tests.e2e.storm.receiver import Receiver
from tests.e2e.storm.scale import Scale

MOST_CALLERS = 128
"""At once. Some wait for the end of their jobs."""

TRIES = 12
PAUSE = 1.5
AGAIN_AFTER = 4.0
NOT_YET = (0, 409, 429, 500, 502, 503, 504)
"""Statuses after which the same may be asked again; 0 is no answer at all."""


@dataclass
class Driver:
    running: Running
    scale: Scale
    receiver: Receiver
    listener: Listener
    gather: Gather
    song: bytes
    ordered: dict[int, Ordered] = field(default_factory=dict)
    deleted: dict[str, Case] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _work: list["Future[None]"] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.doors = Doors(self.running, self.scale, self.receiver, self.song)
        self.api = self.doors.api
        self.pool = ThreadPoolExecutor(MOST_CALLERS)

    def start(self) -> None:
        """Before the storm: songs, and endpoints for all covers."""
        self.doors.open()
        self.receiver.secrets["/own"] = self.api.get("/v1/webhooks/secret").json()["secret"]
        self.endpoints = {
            path: self._endpoint(path, manner, events)
            for path, manner, events in (
                ("/all", "shaky", ()),
                ("/ends", "good", ("cover.succeeded", "cover.failed", "cover.canceled")),
                ("/never", "never", ("cover.failed",)),
                ("/gone", "gone", ("cover.submitted",)),
            )
        }

    def run(self) -> None:
        """The whole storm: each order at its time."""
        self.began = time.monotonic()
        for order in orders(self.scale):
            time.sleep(max(0.0, self.began + order.at - time.monotonic()))
            self._work.append(self.pool.submit(self.place, order))
        time.sleep(max(0.0, self.began + self.scale.storm - time.monotonic()))

    def finish(self, seconds: float) -> None:
        """Until all callers have their answers. What went wrong with one of them is raised here."""
        until = time.monotonic() + seconds
        for work in list(self._work):
            work.result(max(0.1, until - time.monotonic()))

    def close(self) -> None:
        self.pool.shutdown(cancel_futures=True)
        self.doors.close()

    def place(self, order: Order) -> None:
        ordered = Ordered(order.number, order.key is not None, order.dialect or None, order.way is Way.DROP)
        with self._lock:
            self.ordered[order.number] = ordered
        if order.way is Way.DROP:
            ordered.posts, ordered.answers = 1, [Answer(200, accepted=True)]
            self.doors.drop(order)
            return
        post = self.doors.native(order) if order.way is Way.NATIVE else self.doors.dialect(order)
        clicks = [self.pool.submit(self._ask, ordered, post) for _ in range(order.clicks - 1)]
        job = self._ask(ordered, post)
        if order.again:
            time.sleep(AGAIN_AFTER)
            self._ask(ordered, post)
        for click in clicks:
            job = click.result() or job
        if job and order.fate is not Fate.NONE:
            self._meet(order, job)

    def _ask(self, ordered: Ordered, post: Callable[[], Answer]) -> str | None:
        """Without a key once. With one again and again, until there is an answer."""
        for _ in range(TRIES if ordered.keyed else 1):
            answer = post()
            with self._lock:
                ordered.posts += 1
                ordered.answers.append(answer)
            if answer.accepted or answer.status not in NOT_YET:
                return answer.job
            time.sleep(PAUSE)
        return None

    def _meet(self, order: Order, job: str) -> None:
        if order.fate is Fate.CANCEL:
            time.sleep(order.fate_after)
            self._firmly(lambda: self.api.post(f"/v1/covers/{job}/cancel"))
            return
        while job not in self.listener.ended:
            if time.monotonic() > self.began + self.scale.storm + self.scale.regrets:
                return
            time.sleep(0.5)
        time.sleep(order.fate_after)
        if order.fate is Fate.RETRY and self.listener.ended[job] != "cover.succeeded":
            for _ in range(2):
                self._firmly(lambda: self.api.post(f"/v1/covers/{job}/retry"))
        elif order.fate is Fate.DELETE:
            before = self.gather.case(job)
            if self._firmly(lambda: self.api.delete(f"/v1/covers/{job}")) in (204, 404):
                before.deleted = True
                self.deleted[job] = before

    def _firmly(self, call: Callable[[], httpx.Response]) -> int:
        """Asked again while a killed worker is all that answers. A 404 for a second delete is its success."""
        for _ in range(TRIES):
            status = self._status(call)
            if status not in (0, 429, 500, 502, 503, 504):
                return status
            time.sleep(PAUSE)
        return 0

    def _status(self, call: Callable[[], httpx.Response]) -> int:
        try:
            return call().status_code
        except httpx.HTTPError:
            return 0

    def _endpoint(self, path: str, manner: str, events: tuple[str, ...]) -> dict[str, Any]:
        self.receiver.manners[path] = manner
        answer = self.api.post("/v1/webhooks", json={"url": self.receiver.url(path), "events": list(events)})
        assert answer.status_code == 201, answer.text
        made: dict[str, Any] = answer.json()
        self.receiver.secrets[path] = made["secret"]
        return made
