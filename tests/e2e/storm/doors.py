"""The ways in: how an order is put into words and posted, by the native API, by a dialect, by a dropped song."""

from collections.abc import Callable, Mapping
from typing import Any

import httpx

from local.stack import Running
from tests.e2e.clients import CLIENTS, Session
from tests.e2e.storm.evidence import Answer
from tests.e2e.storm.orders import Order
from tests.e2e.storm.receiver import Receiver
from tests.e2e.storm.scale import Scale

OWN_EVENTS: Mapping[str, tuple[str, ...]] = {
    "good": (),
    "shaky": ("cover.first", "cover.succeeded", "cover.failed", "cover.canceled"),
    "gone": (),
}
"""What an order's own webhook asks for, by its manner; nothing is everything."""


class Doors:
    def __init__(self, running: Running, scale: Scale, receiver: Receiver, song: bytes) -> None:
        stack = running.stack
        self.scale, self.receiver, self.song, self.bucket = scale, receiver, song, stack.inbox_bucket
        key = {"Authorization": f"Bearer {stack.api_key}"}
        self.api = httpx.Client(base_url=stack.api_url, headers=key, timeout=60)
        self.sessions = {name: Session.open(name, stack.api_url, stack.api_key) for name in CLIENTS}
        self.s3 = running.client("s3")
        self.own_hooks: dict[int, Order] = {}

    def open(self) -> None:
        """Songs for the orders: an upload and a link."""
        self.upload = {"upload": self._uploaded()}
        self.s3.put_object(Bucket=self.bucket, Key="elsewhere.mp3", Body=self.song)
        where = {"Bucket": self.bucket, "Key": "elsewhere.mp3"}
        self.link = {"url": self.s3.generate_presigned_url("get_object", Params=where)}

    def close(self) -> None:
        self.api.close()
        for session in self.sessions.values():
            session.http.close()

    def native(self, order: Order) -> Callable[[], Answer]:
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
            status, said = _call(lambda: self.api.post("/v1/covers", json=body, headers=headers))
            return Answer(status, status == 202, said.get("id") if status == 202 else None)

        return post

    def dialect(self, order: Order) -> Callable[[], Answer]:
        session, client, path = self.sessions[order.dialect], CLIENTS[order.dialect], f"/client/{order.number}"
        self.receiver.manners[path] = order.hook or "good"
        call = dict(client.submit(f"upload:{self.upload['upload']}", self.receiver.url(path)))
        if "json" in call:
            call["json"] = {**call["json"], "prompt": f"{call['json']['prompt']}, order {order.number}"}
        headers = {"Idempotency-Key": order.key} if order.key else {}

        def post() -> Answer:
            status, said = _call(lambda: session.http.post(client.path, headers=headers, **call))
            try:
                return Answer(status, bool(client.task(said)) and status < 300)
            except (KeyError, TypeError):
                code = said.get("code", status)
                return Answer(code if isinstance(code, int) else status, accepted=False)

        return post

    def drop(self, order: Order) -> None:
        wishes = {"title": f"Order {order.number}", "style": "piano ballad", "instrumental": "true"}
        wishes["deadline"] = str(self.scale.deadline(order.at))
        key = f"inbox/order-{order.number}.mp3"
        self.s3.put_object(Bucket=self.bucket, Key=key, Body=self.song, Metadata=wishes)

    def _uploaded(self) -> str:
        form = self.api.post("/v1/uploads", json={"filename": "song.mp3", "content_type": "audio/mpeg"}).json()
        httpx.post(form["url"], data=form["fields"], files={"file": ("song.mp3", self.song)}).raise_for_status()
        return str(form["upload"])


def _call(call: Callable[[], httpx.Response]) -> tuple[int, dict[str, Any]]:
    try:
        answer = call()
        said = answer.json()
    except (httpx.HTTPError, ValueError):
        return 0, {}
    return answer.status_code, said if isinstance(said, dict) else {}


def _wishes(order: Order) -> Mapping[str, Any]:
    """The words of half of them can be had from AI/ML API too."""
    if order.voice:
        return {"voice": "velvet-alto", "pitch": order.number % 5}
    if order.number % 2:
        return {"prompt": f"warm lo-fi jazz, order {order.number}"}
    return {"style": "lo-fi jazz", "title": f"Order {order.number}", "instrumental": True}
