"""One cover's whole life through the real doors on moto, every function warm: what is counted and priced is this.

The order names an Idempotency-Key; kie.ai takes it and calls back three times (text, first, complete); two takes are
copied; four public events go to the topic and, where the order names a webhook, to it. Doors run one after the other in
one process, so what one remembers (keys, parameters, the callback secret) all do: a first cover warms them, the
next one is told.
"""

import importlib
import json
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from io import StringIO
from types import SimpleNamespace
from typing import Any

import pytest
from moto.core.botocore_stubber import BotocoreStubber
from reprise.domain.job import State
from reprise.logs import logger

from tests.conftest import AWS
from tests.golden import golden
from tests.integration.house import House, standing
from tests.integration.test_deliver import URL, Receiver, prompt
from tests.integration.test_work import FIRST, SECOND, Life, a_song, short_takes
from tests.stack import Call

CALLBACKS = {"text": 20, "first": 25, "complete": 45}
"""Seconds between them; no figure depends on it, as long as all come within the hour of a link's life."""

HOUR = 3600


@dataclass(frozen=True)
class Run:
    """One invocation: which function, with what, the calls to AWS that it made, its CPU in seconds without the
    emulator's, the bytes that it logged, and the ids of the webhooks that it POSTed."""

    verb: str
    event: dict[str, Any]
    calls: tuple[Call, ...]
    cpu: float
    logged: int
    posted: tuple[str, ...] = ()


class Sink(StringIO):
    """Where logs go: counted, and kept no longer than one invocation."""

    def taken(self) -> int:
        size = len(self.getvalue().encode())
        self.seek(0)
        self.truncate()
        return size


class Street(House):
    """A house whose doors stay warm, and whose invocations are written down."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.runs: list[Run] = []
        self.sink, self.receiver = Sink(), Receiver()
        self.emulated = 0.0

    def invoke(self, verb: str, event: Any) -> Any:
        """Without the check of the role, and without a process of its own for each door: other tests see to both."""
        handler = importlib.import_module(f"functions.{verb}.app").handler
        handed = json.loads(json.dumps(event))
        before, posts = len(self.stack.calls), len(self.receiver.posts)
        self.stack.actor, self.emulated = verb, 0.0
        self.sink.taken()
        began = time.process_time()
        answer = handler(handed, None)
        seconds = time.process_time() - began - self.emulated
        self.stack.actor = "a test"
        mine = tuple(call for call in self.stack.calls[before:] if call.by == verb)
        posted = tuple(headers["webhook-id"] for _, _, headers in self.receiver.posts[posts:])
        self.runs.append(Run(verb, handed, mine, seconds, self.sink.taken(), posted))
        return answer

    def apart(self, emulate: Callable[..., Any]) -> Callable[..., Any]:
        """What moto does instead of AWS is none of ours."""

        def timed(*args: Any, **named: Any) -> Any:
            began = time.process_time()
            try:
                return emulate(*args, **named)
            finally:
                self.emulated += time.process_time() - began

        return timed


class Mail(Life):
    """The event sources: the stream, and the three queues. Nothing here waits for a sweep."""

    house: Street

    def __init__(self, house: Street, job_id: str) -> None:
        super().__init__(house, job_id)
        self.delivered = 0

    def settle(self) -> None:
        super().settle()
        while len(waiting := prompt(self.house)) > self.delivered:
            event = golden("deliver/message")
            event["Records"][0]["body"] = json.dumps(waiting[self.delivered])
            self.delivered += 1
            if self.house.invoke("deliver", event) != {"batchItemFailures": []}:
                raise RuntimeError("a message was not delivered")


@contextmanager
def street(quiet: bool = False) -> Iterator[Street]:
    """A fresh deployment, with somebody who takes webhooks. `quiet`: who listens, and whose secret signs, is remembered
    as long as it is, and nobody else's cover keeps that fresh."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in AWS.items():
            patch.setenv(name, value)
        for name in set(os.environ) & {"AWS_PROFILE", "AWS_ENDPOINT_URL", "AWS_REGION"}:
            patch.delenv(name)
        with standing(patch, Street) as house:
            assert isinstance(house, Street)
            patch.setattr(BotocoreStubber, "__call__", house.apart(BotocoreStubber.__call__))
            for module in ("configuration", "providers"):  # no slow machine makes a warm function forget
                patch.setattr(f"reprise.aws.{module}.time", SimpleNamespace(monotonic=lambda: 0.0))
            patch.setattr("reprise.aws.keys.REMEMBERED", HOUR)
            if not quiet:
                patch.setattr("reprise.usecases.dispatch.LISTENERS_LIFE", timedelta(seconds=HOUR))
                patch.setattr("reprise.usecases.deliver.KEYRING_LIFE", timedelta(seconds=HOUR))
            for handler in logger.handlers:
                patch.setattr(handler, "stream", house.sink)
            patch.setattr("sys.stdout", house.sink)  # the lines of the metrics are printed
            patch.setattr("reprise.net.post.GuardedPoster", lambda _: house.receiver)
            house.links.files = {FIRST: a_song(1), SECOND: a_song(2)}
            yield house


def order(webhook: bool) -> dict[str, Any]:
    body: dict[str, Any] = json.loads(golden("submit")["body"])
    return {**body, "webhook": {"url": URL}} if webhook else body


def cover(house: Street, key: str, webhook: bool) -> list[Run]:
    """What one cover took from the order to its last word. Raises where it did not end well."""
    house.stack.forget()
    house.runs.clear()
    job_id = house.submit(order(webhook), key=key).body["id"]
    life = Mail(house, job_id)
    life.settle()
    for name, seconds in CALLBACKS.items():
        house.clock.at += timedelta(seconds=seconds)
        heard = house.callback(name, job_id, body=None if name == "text" else short_takes(name))
        if heard.status != 200:
            raise RuntimeError(f"the callback {name} was answered {heard.status}")
        life.settle()
    if house.job(job_id).state is not State.SUCCEEDED:
        raise RuntimeError(f"the cover ended {house.job(job_id).state}")
    return list(house.runs)


def warm_cover(house: Street, webhook: bool) -> list[Run]:
    """Of two in a row the second, minutes later."""
    cover(house, f"first-{webhook}", webhook)
    house.clock.at += timedelta(minutes=5)
    return cover(house, f"second-{webhook}", webhook)
