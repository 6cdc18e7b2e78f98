"""One event for each function, with what AWS and a vendor answered to it: the integration tests' house, listened to.

An answer is as it came over HTTP, so that botocore parses it again where it is replayed.
"""

import base64
import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from botocore.awsrequest import AWSPreparedRequest
from reprise.aws import clients
from reprise.providers.http_client import HttpxVendor

from tests.conftest import AWS
from tests.golden import golden, request
from tests.integration.house import House, standing
from tests.integration.test_work import a_song, short_takes

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
    """As the tests' fixture: a fresh deployment with the owner's API key and kie's. Nothing stays of it: others
    measure in the same process."""
    tape = Tape()
    heard: dict[str, Any] = {"before-send": tape.hear_request, "response-received": tape.hear_aws}
    with pytest.MonkeyPatch.context() as patch:
        for name, value in AWS.items():
            patch.setenv(name, value)
        with standing(patch) as one:
            one.clock.at, session = datetime.now(UTC), clients.session()
            transport = httpx.MockTransport(tape.through(one.vendor))
            patch.setattr(
                "reprise.providers.http_client.HttpxVendor", lambda: HttpxVendor(httpx.Client(transport=transport))
            )
            for event, hook in heard.items():
                session.register(event, hook)
            _made_anew()
            yield one, tape
            for event, hook in heard.items():
                session.unregister(event, hook)
            _made_anew()


def _made_anew() -> None:
    """A client hears what its session was told before it was made."""
    for client in SERVICES:
        client.cache_clear()


def cases() -> dict[str, Case]:
    """By function: `event`, `now`, `environ`, `aws` and `vendors` in order, and the `song` that links lead to."""
    found: dict[str, Case] = {}
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
    token = house.token(job.id)
    yield (
        "callback",
        request("callback/kie/first", short_takes("first"), provider="kie", job=job.id, attempt="1", token=token),
    )
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
