"""Callers: they order, click twice, ask again after an error, cancel, retry and delete."""

import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import httpx

from local.stack import Running
from tests.e2e.clients import CLIENTS, Session
from tests.e2e.storm.evidence import Answer, Case, Ordered
from tests.e2e.storm.gather import Gather
from tests.e2e.storm.listener import Listener
from tests.e2e.storm.orders import Fate, Order, Way, orders
from tests.e2e.storm.receiver import Receiver
from tests.e2e.storm.scale import Scale

TRIES = 12
PAUSE = 1.5
AGAIN_AFTER = 4.0
NOT_YET = (0, 409, 429, 500, 502, 503, 504)
"""Statuses after which the same may be asked again; 0 is no answer at all."""
OWN_EVENTS = {"good": (), "shaky": ("cover.first", "cover.succeeded", "cover.failed", "cover.canceled"), "gone": ()}


@dataclass
class Driver:
    running: Running
    scale: Scale
    receiver: Receiver
    listener: Listener
    gather: Gather
    song: bytes
    ordered: dict[int, Ordered] = field(default_factory=dict)
    own_hooks: dict[int, Order] = field(default_factory=dict)
    deleted: dict[str, Case] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _work: list["Future[None]"] = field(default_factory=list)

    def __post_init__(self) -> None:
        stack = self.running.stack
        key = {"Authorization": f"Bearer {stack.api_key}"}
        self.api = httpx.Client(base_url=stack.api_url, headers=key, timeout=60)
        self.sessions = {name: Session.open(name, stack.api_url, stack.api_key) for name in CLIENTS}
        self.s3 = self.running.client("s3")
        self.pool = ThreadPoolExecutor(48)

    def start(self) -> None:
        """Before the storm: songs, and endpoints for all covers."""
        self.upload = {"upload": self._uploaded()}
        stack = self.running.stack
        self.s3.put_object(Bucket=stack.inbox_bucket, Key="elsewhere.mp3", Body=self.song)
        where = {"Bucket": stack.inbox_bucket, "Key": "elsewhere.mp3"}
        self.link = {"url": self.s3.generate_presigned_url("get_object", Params=where)}
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
        self.api.close()
        for session in self.sessions.values():
            session.http.close()

    def place(self, order: Order) -> None:
        ordered = Ordered(order.number, order.key is not None, order.dialect or None, order.way is Way.DROP)
        with self._lock:
            self.ordered[order.number] = ordered
        if order.way is Way.DROP:
            ordered.posts, ordered.answers = 1, [Answer(200, accepted=True)]
            self._drop(order)
            return
        post = self._native(order) if order.way is Way.NATIVE else self._dialect(order)
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

    def _native(self, order: Order) -> Callable[[], Answer]:
        body: dict[str, Any] = {
            "source": self.link if order.linked else self.upload,
            "provider": order.provider if isinstance(order.provider, str) else list(order.provider),
            "deadline": self.scale.deadline(order.at),
            "metadata": {"order": str(order.number)},
            "max_usd": order.max_usd,
            "when_unknown": "resubmit" if order.resubmit else "fail",
        }
        body |= _wishes(order)
        if order.hook:
            path = f"/own/{order.number}"
            self.receiver.manners[path] = order.hook
            self.own_hooks[order.number] = order
            body["webhook"] = {"url": self.receiver.url(path), "events": list(OWN_EVENTS[order.hook])}
        body = {name: value for name, value in body.items() if value is not None}
        headers = {"Idempotency-Key": order.key} if order.key else {}

        def post() -> Answer:
            status, said = self._call(lambda: self.api.post("/v1/covers", json=body, headers=headers))
            return Answer(status, status == 202, said.get("id") if status == 202 else None)

        return post

    def _dialect(self, order: Order) -> Callable[[], Answer]:
        session, client, path = self.sessions[order.dialect], CLIENTS[order.dialect], f"/client/{order.number}"
        self.receiver.manners[path] = order.hook or "good"
        call = dict(client.submit(f"upload:{self.upload['upload']}", self.receiver.url(path)))
        if "json" in call:
            call["json"] = {**call["json"], "prompt": f"{call['json']['prompt']}, order {order.number}"}
        headers = {"Idempotency-Key": order.key} if order.key else {}

        def post() -> Answer:
            status, said = self._call(lambda: session.http.post(client.path, headers=headers, **call))
            try:
                return Answer(status, bool(client.task(said)) and status < 300)
            except (KeyError, TypeError):
                code = said.get("code", status)
                return Answer(code if isinstance(code, int) else status, accepted=False)

        return post

    def _call(self, call: Callable[[], httpx.Response]) -> tuple[int, dict[str, Any]]:
        try:
            answer = call()
            said = answer.json()
        except (httpx.HTTPError, ValueError):
            return 0, {}
        return answer.status_code, said if isinstance(said, dict) else {}

    def _drop(self, order: Order) -> None:
        wishes = {"title": f"Order {order.number}", "style": "piano ballad", "instrumental": "true"}
        wishes["deadline"] = str(self.scale.deadline(order.at))
        key = f"inbox/order-{order.number}.mp3"
        self.s3.put_object(Bucket=self.running.stack.inbox_bucket, Key=key, Body=self.song, Metadata=wishes)

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

    def _uploaded(self) -> str:
        form = self.api.post("/v1/uploads", json={"filename": "song.mp3", "content_type": "audio/mpeg"}).json()
        httpx.post(form["url"], data=form["fields"], files={"file": ("song.mp3", self.song)}).raise_for_status()
        return str(form["upload"])

    def _endpoint(self, path: str, manner: str, events: tuple[str, ...]) -> dict[str, Any]:
        self.receiver.manners[path] = manner
        answer = self.api.post("/v1/webhooks", json={"url": self.receiver.url(path), "events": list(events)})
        assert answer.status_code == 201, answer.text
        made: dict[str, Any] = answer.json()
        self.receiver.secrets[path] = made["secret"]
        return made


def _wishes(order: Order) -> Mapping[str, Any]:
    """The words of half of them can be had from AI/ML API too."""
    if order.voice:
        return {"voice": "velvet-alto", "pitch": order.number % 5}
    if order.number % 2:
        return {"prompt": f"warm lo-fi jazz, order {order.number}"}
    return {"style": "lo-fi jazz", "title": f"Order {order.number}", "instrumental": True}
