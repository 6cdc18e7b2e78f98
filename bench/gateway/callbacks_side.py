"""Callbacks over HTTP through a front to a handler: the real door of `callback`, or the floor's. AWS is canned."""

import base64
import http.client
import json
import os
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import urlsplit

from reprise import tokens
from reprise.aws import clients
from reprise.aws.items import PACKED, job_item, job_key
from reprise.domain.facts import Accepted
from reprise.domain.job import Job
from reprise.domain.observe import observe

from bench.gateway.canned import Canned, answering
from bench.gateway.router_ours import configured, environ
from bench.gateway.turns import hushed, serve
from local.server import LoopbackServer
from tests.conftest import AWS
from tests.factories import a_submitting_job
from tests.golden import TASK, golden

STAGES, DUPLICATES = ("text", "first", "complete"), 5
EVENTS = {stage: golden(f"callback/kie/{stage}") for stage in STAGES}
Handler = Callable[[dict[str, Any], Any], dict[str, Any]]


class Front(BaseHTTPRequestHandler):
    """A path becomes the event that API Gateway makes of it."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    handler: Handler

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        provider, job, attempt, token = self.path.split("/")[-4:]
        path = {"provider": provider, "job": job, "attempt": attempt, "token": token}
        event = {**EVENTS["text"], "pathParameters": path, "rawPath": self.path, "body": body}
        event["headers"] = {name.lower(): value for name, value in self.headers.items()}
        told = type(self).handler(event, None)
        content = told["body"].encode()
        self.send_response(told["statusCode"])
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:
        pass


def new_jobs(canned: Canned) -> Iterator[Job]:
    """Jobs that kie.ai has taken."""
    number = 0
    while True:
        number += 1
        asked = replace(a_submitting_job(), id=f"{number:032x}")
        job = observe(asked, Accepted(1, TASK), datetime.now(UTC)).job
        canned.put(job_item(job))
        yield job


def storm(job: Job, secret: bytes, post: Callable[[str, str], None]) -> int:
    """Each stage of a job five times over; how many callbacks that was."""
    token = tokens.mint(secret, "kie", job.id, 1, datetime.now(UTC))
    for stage in STAGES:
        for _ in range(DUPLICATES):
            post(f"/callbacks/kie/{job.id}/1/{token}", EVENTS[stage]["body"])
    return len(STAGES) * DUPLICATES


Writes = list[tuple[dict[str, Any], dict[str, Any]]]
"""Of each stage: the body that was kept, and the change of the job."""


def floor(table: str, writes: Writes) -> Handler:
    """Parses the body and makes the same DynamoDB calls with a client as it comes: the job is read each time, a body
    kept and the job changed once a stage."""
    dynamodb: Any = clients.session().create_client("dynamodb")
    calls = iter(range(sys.maxsize))

    def handle(event: dict[str, Any], _: Any) -> dict[str, Any]:
        json.loads(event["body"])
        place = next(calls) % (len(STAGES) * DUPLICATES)
        key = job_key(event["pathParameters"]["job"])
        dynamodb.get_item(TableName=table, Key=key, ConsistentRead=True, ProjectionExpression=PACKED)
        if place % DUPLICATES == 0:
            kept, changed = writes[place // DUPLICATES]
            dynamodb.put_item(**kept)
            dynamodb.update_item(**changed)
        return {"statusCode": 200, "body": "{}"}

    return handle


def written(canned: Canned, handler: Handler, job: Job) -> Writes:
    """The writes of one storm through the real door. Raises where they are not two a stage."""
    Front.handler = handler
    server = LoopbackServer(Front)
    server.start()
    canned.reset()
    storm(job, canned.secret.encode(), poster(server.url))
    puts, updates = (
        [_plain(asked) for name, asked in canned.calls if name == one] for one in ("PutItem", "UpdateItem")
    )
    server.stop()
    if not len(puts) == len(updates) == len(STAGES):
        raise RuntimeError(f"{len(puts)} bodies and {len(updates)} changes of {len(STAGES)} stages")
    return list(zip(puts, updates, strict=True))


def _plain(asked: Any) -> Any:
    """Of what was sent what was asked: bytes were sent as Base64."""
    if isinstance(asked, dict):
        return {name: base64.b64decode(one) if name == "B" else _plain(one) for name, one in asked.items()}
    return [_plain(one) for one in asked] if isinstance(asked, list) else asked


def poster(url: str) -> Callable[[str, str], None]:
    connection = http.client.HTTPConnection(urlsplit(url).netloc)

    def post(path: str, body: str) -> None:
        connection.request("POST", path, body, {"content-type": "application/json"})
        answer = connection.getresponse()
        answer.read()
        if answer.status != 200:
            raise RuntimeError(f"a callback was answered {answer.status}")

    return post


def main() -> None:
    """Seconds of CPU of one callback, by the storm of one job; the caller's and the front's are in it on both sides."""
    answers = hushed()
    os.environ.update({**AWS, **environ()})
    canned = configured()
    with answering(canned):
        from functions.callback.app import handler

        jobs, secret = new_jobs(canned), canned.secret.encode()
        writes = written(canned, handler, next(jobs))
        Front.handler = handler if sys.argv[1] == "ours" else floor(os.environ["TABLE"], writes)
        server = LoopbackServer(Front)
        server.start()
        post = poster(server.url)

        def once() -> float:
            job = next(jobs)
            canned.reset()
            began = time.process_time()
            count = storm(job, secret, post)
            return (time.process_time() - began) / count

        serve(answers, once)


if __name__ == "__main__":
    main()
