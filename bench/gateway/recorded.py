"""One event for each function, with what AWS and a vendor answered to it: the integration tests' house, listened to.

An answer is as it came over HTTP, so that botocore parses it again where it is replayed.
"""

import base64
import hashlib
import json
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import reprise.media
import reprise.net.fetch
import reprise.providers.http_client
from botocore.awsrequest import AWSPreparedRequest
from reprise import bootstrap
from reprise.aws import clients
from reprise.providers.http_client import HttpxVendor

from tests.conftest import AWS
from tests.golden import golden, request
from tests.integration.house import OWNER_KEY, House
from tests.integration.test_work import a_song, short_takes
from tests.stack import deployed

TRACK = "https://media.example.net/7d0c.mp3"
DROPPED = "inbox/lofi-jazz/Harbour Fog.mp3"
SERVICES = (clients.dynamodb, clients.s3, clients.sqs, clients.sns, clients.ssm, clients.secretsmanager)
Case = dict[str, Any]


@dataclass
class Tape:
    """What came from outside since it was last emptied."""

    aws: list[dict[str, Any]] = field(default_factory=list)
    vendors: list[dict[str, Any]] = field(default_factory=list)
    asked: dict[str, str] = field(default_factory=dict)

    def hear_aws(self, response_dict: Mapping[str, Any], **_: Any) -> None:
        body = response_dict["body"]
        content = body if isinstance(body, bytes) else body._raw_stream.getvalue()
        told = _told(response_dict["status_code"], dict(response_dict["headers"]), content)
        self.aws.append({**told, **self.asked})

    def hear_request(self, request: AWSPreparedRequest, **_: Any) -> None:
        """Which call it is, and what it says, for those who do not ask in the same order."""
        target, body = request.headers.get("X-Amz-Target", request.method), request.body
        self.asked = {
            "call": target.decode() if isinstance(target, bytes) else target,
            "asked": body.decode() if isinstance(body, bytes) else "",
        }

    def through(self, vendor: Callable[[httpx.Request], httpx.Response]) -> Callable[[httpx.Request], httpx.Response]:
        def answer(call: httpx.Request) -> httpx.Response:
            found = vendor(call)
            self.vendors.append(_told(found.status_code, {}, found.content))
            return found

        return answer


def _told(status: int, headers: dict[str, str], content: bytes) -> dict[str, Any]:
    return {"status": status, "headers": headers, "body": base64.b64encode(content).decode()}


@contextmanager
def house() -> Iterator[tuple[House, Tape]]:
    """As the tests' fixture: a fresh deployment with the owner's API key and kie's."""
    os.environ.update(AWS)
    tape = Tape()
    with deployed() as stack:
        os.environ.update(stack.environ)
        one = House(stack)
        one.clock.at = datetime.now(UTC)
        clients.session().register("before-send", tape.hear_request)
        clients.session().register("response-received", tape.hear_aws)
        for client in SERVICES:  # a client hears what its session was told before
            client.cache_clear()
        transport = httpx.MockTransport(tape.through(one.vendor))
        bootstrap.CLOCK = one.clock  # type: ignore[assignment]
        reprise.providers.http_client.HttpxVendor = lambda: HttpxVendor(httpx.Client(transport=transport))  # type: ignore[assignment,misc]
        reprise.net.fetch.GuardedFetcher = lambda _, most=None: one.songs if most else one.links  # type: ignore[assignment,misc]
        one.new_tenant("owner", OWNER_KEY)
        one.set_parameter("kie/api-key", "kie-key-of-the-tests")
        yield one, tape


def cases() -> dict[str, Case]:
    """By function: `event`, `now`, `environ`, `aws` and `vendors` in order, and the `song` that links lead to."""
    found = {}
    with house() as (one, tape):
        song = a_song(1)
        one.links.files = {TRACK: song}
        for verb, event in _events(one):
            one.door = ""  # a process of its own: nothing is remembered
            tape.aws.clear()
            tape.vendors.clear()
            now = one.clock.at
            one.invoke(verb, event)
            found[verb] = {"event": event, "now": now.isoformat(), "environ": dict(one.stack.environ)}
            found[verb] |= {"aws": list(tape.aws), "vendors": list(tape.vendors)}
        found["submit"] |= {"song": None, "job": found["read"]["event"]["pathParameters"]["id"]}
        found["transfer"] |= {"song": base64.b64encode(song).decode(), "sha256": hashlib.sha256(song).hexdigest()}
    return found


def _events(house: House) -> Iterator[tuple[str, dict[str, Any]]]:
    """The way of a cover, and the doors beside it. Each is invoked before the next is asked for."""
    yield "submit", request("submit")
    (job,) = house.jobs()
    path = {"provider": "kie", "job": job.id, "attempt": "1", "token": house.token(job.id)}
    yield "callback", request("callback/kie/first", short_takes("first"), **path)
    yield "read", request("read-cover", query={}, id=job.id)
    yield "survey", request("survey")
    yield "subscribe", request("subscribe-list")
    yield "dispatch", golden("dispatch")
    yield "deliver", _message("deliver/message", job=job.id, line=0)
    yield "transfer", _message("transfer", job=job.id, number=1, tries=0)
    house.clock.at += timedelta(minutes=20)
    yield "poller", golden("poller")
    yield "advance", _message("advance", job=job.id)
    house.drop(DROPPED, body=a_song(2))
    yield "upload", golden("upload")
    waiting = next(one for one in house.jobs() if one.id != job.id)
    yield "manage", request("manage-cancel", id=waiting.id)


def _message(name: str, **body: Any) -> dict[str, Any]:
    """The first record of a golden SQS event about another job."""
    event = golden(name)
    event["Records"] = [{**event["Records"][0], "body": json.dumps(body)}]
    return event
