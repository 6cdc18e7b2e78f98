"""A cold start in a fresh process, by the standard library alone: `cold_side.py <case.json>`.

Prints CPU seconds from its first line to the answer, and the wall's, on the last line. A case without an event is the
floor. AWS and the vendors answer what they answered when the case was recorded, in the same order.
"""

import base64
import io
import json
import os
import sys
import time
from datetime import datetime
from types import SimpleNamespace
from typing import Any

with open(sys.argv[1]) as file:
    case = json.load(file)
out = os.dup(1)
os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # the log
aws, vendors = iter(case.get("aws", [])), iter(case.get("vendors", []))
cpu, wall = time.process_time(), time.perf_counter()


def floor() -> Any:
    import boto3

    return boto3.client("dynamodb")


def first_event() -> Any:
    import botocore.awsrequest
    import botocore.httpsession

    def send(session: Any, request: Any) -> Any:
        known = next(aws)
        raw: Any = io.BytesIO(base64.b64decode(known["body"]))
        raw.stream = lambda *_, **__: iter([raw.read()])
        return botocore.awsrequest.AWSResponse(request.url, known["status"], known["headers"], raw)

    network: Any = botocore.httpsession.URLLib3Session
    network.send = send
    if case["vendors"]:
        answer_for_vendors()
    if "song" in case:
        answer_links()
    import app  # type: ignore[import-not-found]
    from reprise import bootstrap

    now = datetime.fromisoformat(case["now"])
    clock: Any = type(bootstrap.CLOCK)
    clock.now = lambda _: now
    return app.handler(case["event"], SimpleNamespace(aws_request_id="0"))


def answer_for_vendors() -> None:
    """Below httpx's client, which is made as ever."""
    import httpx

    def send(_: Any, request: httpx.Request) -> httpx.Response:
        known = next(vendors)
        return httpx.Response(known["status"], content=base64.b64decode(known["body"]), request=request)

    transport: Any = httpx.HTTPTransport
    transport.handle_request = send


def answer_links() -> None:
    """A link to a song leads to this one; to none, to nothing today."""
    from reprise.errors import PassingFetchError
    from reprise.net.fetch import GuardedFetcher
    from reprise.ports import Download

    def get(_: Any, url: str, path: Any, most: int) -> Download:
        if case["song"] is None:
            raise PassingFetchError("no answer today")
        body = base64.b64decode(case["song"])
        path.write_bytes(body)
        return Download(path, len(body), case["sha256"], body[:512], "audio/mpeg")

    fetcher: Any = GuardedFetcher
    fetcher.fetch = get


answered = first_event() if "event" in case else floor()
spent = time.process_time() - cpu, time.perf_counter() - wall
if isinstance(answered, dict) and answered.get("statusCode", 200) >= 400:
    raise SystemExit(f"answered {answered}")
if isinstance(answered, dict) and answered.get("batchItemFailures"):
    raise SystemExit(f"failed {answered}")
left = [*aws, *vendors]
if left:
    raise SystemExit(f"{len(left)} recorded answers were not asked for")
os.write(out, json.dumps(spent).encode() + b"\n")
