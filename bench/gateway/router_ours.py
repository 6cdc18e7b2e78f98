"""One `POST /v1/covers` through the real door of `submit`, all that it does but the waiting: see router.py."""

import itertools
import json
import os
import sys
from collections.abc import Mapping
from typing import Any

from reprise import bootstrap
from reprise.domain.assess import SourceFacts
from reprise.domain.key import digest_of
from reprise.memory import MemoryHealth, MemoryJobs
from reprise.providers.client import Answer

from bench.gateway.canned import Canned, answering
from bench.gateway.turns import cpu, hushed, serve
from tests.conftest import AWS
from tests.golden import KEY, golden
from tests.stack import PUBLIC_URL
from tests.template import PSEUDO, defaults, environment, resolve

TAKEN = Answer(200, json.dumps({"code": 200, "msg": "success", "data": {"taskId": "task-1"}}).encode())


class Named(dict[str, str]):
    """What the template makes is named by itself."""

    def __missing__(self, name: str) -> str:
        return name


class Vendor:
    """A provider that takes everything at once: LiteLLM's mocked one costs no HTTP either."""

    def send(self, *_: Any, **__: Any) -> Answer:
        return TAKEN


def environ() -> Mapping[str, str]:
    names = Named({**PSEUDO, **defaults()})
    return {name: str(value) for name, value in resolve(environment(), names).items()}


def configured() -> Canned:
    """A stack with the owner's key and an account at kie.ai and sunoapi.org: there is something to choose."""
    path = "/reprise/reprise"
    accounts = {f"{path}/{one}/api-key": "a-key-that-opens-nothing" for one in ("kie", "sunoapi")}
    canned = Canned({f"{path}/public-url": PUBLIC_URL, **accounts}, "0123456789abcdef" * 3)
    canned.put({"pk": {"S": f"KEY#{digest_of(KEY)}"}, "sk": {"S": "KEY"}, "owner": {"S": "owner"}})
    return canned


def remember() -> None:
    """Jobs and health in this process instead of the table."""
    jobs, healths = MemoryJobs(), MemoryHealth()
    bootstrap.jobs = lambda: jobs  # type: ignore[assignment]
    bootstrap.healths = lambda: healths  # type: ignore[assignment]


def main() -> None:
    answers = hushed()
    os.environ.update({**AWS, **environ()})
    from reprise.providers import http_client

    http_client.HttpxVendor = Vendor  # type: ignore[assignment,misc]
    bootstrap.look = lambda source, found=None: SourceFacts()
    if "memory" in sys.argv:
        remember()
    canned, numbers = configured(), itertools.count()
    with answering(canned):
        from functions.submit.app import handler

        def once() -> float:
            event = golden("submit")
            event["headers"]["idempotency-key"] = f"order-{next(numbers)}"
            canned.reset()
            told: list[Any] = []
            seconds = cpu(lambda: told.append(handler(event, None)))
            if told[0]["statusCode"] != 202 or json.loads(told[0]["body"])["state"] != "running":
                print(told[0], file=sys.stderr)
                raise RuntimeError("the cover was not taken")
            return seconds - canned.spent

        serve(answers, once)


if __name__ == "__main__":
    main()
