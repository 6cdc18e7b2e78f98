"""Warm events in one process, `warm_side.py <case.json> <ours|floor> <times> <calls>`: prints milliseconds of CPU of
one.

`calls` are those to AWS that the floor makes: names of operations with commas between, or `all`.

AWS and the vendor answer what they answered when the case was recorded, by what they are asked for.
"""

import base64
import io
import json
import os
import sys
import time
from collections.abc import Callable
from datetime import datetime
from types import SimpleNamespace
from typing import Any, NoReturn

import botocore.awsrequest
import botocore.httpsession
import httpx

WARM_UP = 20

with open(sys.argv[1]) as file:
    case = json.load(file)
side, times, calls = sys.argv[2], int(sys.argv[3]), sys.argv[4].split(",")
out = os.dup(1)
os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # the log
known = {(one["call"], one["asked"]): one for one in case["aws"]} | {(one["call"], ""): one for one in case["aws"]}


def send(session: Any, request: Any) -> Any:
    """A read by its key; what was written is answered alike whatever it says."""
    target = request.headers.get("X-Amz-Target", request.method)
    call = target.decode() if isinstance(target, bytes) else target
    body = request.body if isinstance(request.body, bytes) else b""
    if target is not request.method:
        heard.append((call, body.decode()))
    one = known.get((call, body.decode())) or known[call, ""]
    raw: Any = io.BytesIO(base64.b64decode(one["body"]))
    raw.stream = lambda *_, **__: iter([raw.read()])
    return botocore.awsrequest.AWSResponse(request.url, one["status"], one["headers"], raw)


def vendor(transport: Any, request: httpx.Request) -> httpx.Response:
    one = case["vendors"][0]
    posted.append(json.loads(request.content))
    del posted[:-1]
    return httpx.Response(one["status"], content=base64.b64decode(one["body"]), request=request)


network: Any = botocore.httpsession.URLLib3Session
network.send = send
transport: Any = httpx.HTTPTransport
transport.handle_request = vendor


def ours() -> Callable[[], None]:
    import app  # type: ignore[import-not-found]
    from reprise import bootstrap

    if "song" in case:
        from reprise.errors import PassingFetchError
        from reprise.net.fetch import GuardedFetcher

        def nothing_today(*_: Any) -> NoReturn:
            raise PassingFetchError("no answer today")

        fetcher: Any = GuardedFetcher
        fetcher.fetch = nothing_today
        wiring: Any = bootstrap
        wiring.new_id = lambda: case["job"]
    now = datetime.fromisoformat(case["now"])
    clock: Any = type(bootstrap.CLOCK)
    clock.now = lambda _: now
    context = SimpleNamespace(aws_request_id="0")

    def once() -> None:
        heard.clear()
        answer = app.handler(case["event"], context)
        if answer["statusCode"] >= 400:
            raise SystemExit(f"answered {answer}")

    return once


def floor() -> Callable[[], None]:
    """The writes and reads that a warm `ours` makes, or only `calls` of them, with botocore alone."""
    once = ours()
    once()
    once()  # warm: configuration and keys are remembered
    wanted = [(call, body) for call, body in heard if calls == ["all"] or call.rpartition(".")[2] in calls]
    import botocore.session

    session = botocore.session.get_session()
    dynamodb: Any = session.create_client("dynamodb")
    parsed = [(call.rpartition(".")[2], json.loads(body)) for call, body in wanted]
    made = {"GetItem": dynamodb.get_item, "UpdateItem": dynamodb.update_item, "PutItem": dynamodb.put_item}
    made |= {"TransactWriteItems": dynamodb.transact_write_items}
    client = httpx.Client()

    def alone() -> None:
        json.loads(case["event"]["body"])
        for call, body in parsed:
            made[call](**body)
        if case["vendors"]:
            client.post("https://api.example/v1/generate", json=posted[-1])

    return alone


heard: list[tuple[str, str]] = []
posted: list[Any] = [{}]
work = {"ours": ours, "floor": floor}[side]()
for _ in range(WARM_UP):
    work()
began = time.process_time()
for _ in range(times):
    work()
os.write(out, f"{(time.process_time() - began) / times * 1000}\n".encode())
