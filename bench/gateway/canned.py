"""AWS without a network or an emulator: botocore builds, signs and parses as ever, a small table in memory answers.

What the answering itself costs is kept apart, so that it can be taken off a figure.
"""

import base64
import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.compat import HTTPHeaders
from reprise.aws import clients

from bench.gateway.updates import updated

TARGET = "X-Amz-Target"
Clock = Callable[[], float]


class Body:
    """What botocore reads an answer from."""

    def __init__(self, content: bytes) -> None:
        self.content = content

    def stream(self, **_: Any) -> Iterator[bytes]:
        yield self.content


class Canned:
    """`parameters` and `secret` are the configuration; `items` the table, by partition and sort key. S3 takes
    whatever it is given."""

    def __init__(self, parameters: dict[str, str], secret: str, clock: Clock = time.process_time) -> None:
        self.parameters, self.secret, self.clock = parameters, secret, clock
        self.items: dict[tuple[str, str], dict[str, Any]] = {}
        self.spent = 0.0
        """Seconds of `clock` in here since `reset`."""
        self.calls: list[tuple[str, dict[str, Any]]] = []
        """Operation, and what was asked, since `reset`."""

    def reset(self) -> None:
        self.spent = 0.0
        self.calls.clear()

    def put(self, item: dict[str, Any]) -> None:
        item = json.loads(json.dumps(item, default=lambda held: base64.b64encode(held).decode()))
        self.items[item["pk"]["S"], item["sk"]["S"]] = item

    def __call__(self, request: AWSPreparedRequest, **_: Any) -> AWSResponse:
        began = self.clock()
        target = request.headers.get(TARGET, b"")
        name = (target.decode() if isinstance(target, bytes) else target).rpartition(".")[2]
        answer = json.dumps(self._answer(name, _asked(request))).encode() if target else b""
        headers = {"content-type": "application/x-amz-json-1.0", "content-length": str(len(answer))}
        made = AWSResponse(request.url, 200, HTTPHeaders.from_dict(headers), Body(answer))
        self.spent += self.clock() - began
        return made

    def _answer(self, name: str, asked: dict[str, Any]) -> dict[str, Any]:
        self.calls.append((name, asked))
        match name:
            case "GetItem":
                found = self.items.get(_place(asked))
                return {"Item": _projected(found, asked)} if found else {}
            case "PutItem":
                self.put(asked["Item"])
                return {}
            case "UpdateItem":
                self.put(dict(updated(self.items[_place(asked)], asked)))
                return {}
            case "TransactWriteItems":
                for write in asked["TransactItems"]:
                    self.put(write["Put"]["Item"])
                return {}
            case "GetParametersByPath":
                return {"Parameters": [{"Name": one, "Value": value} for one, value in self.parameters.items()]}
            case "GetParameters":
                known = {one: self.parameters[one] for one in asked["Names"] if one in self.parameters}
                return {"Parameters": [{"Name": one, "Value": value} for one, value in known.items()]}
            case "GetSecretValue" if asked.get("VersionStage") != "AWSPREVIOUS":
                return {"SecretString": self.secret}
        raise NotImplementedError(f"{name}: {asked}")


def _projected(item: dict[str, Any], asked: dict[str, Any]) -> dict[str, Any]:
    wanted = asked.get("ProjectionExpression")
    return {name: item[name] for name in wanted.split(", ") if name in item} if wanted else item


def _place(asked: dict[str, Any]) -> tuple[str, str]:
    return asked["Key"]["pk"]["S"], asked["Key"]["sk"]["S"]


def _asked(request: AWSPreparedRequest) -> dict[str, Any]:
    """Of a JSON protocol: the body is never a file."""
    assert isinstance(request.body, bytes | str)
    return dict(json.loads(request.body or b"{}"))


@contextmanager
def answering(canned: Canned) -> Iterator[None]:
    """All clients that are made inside ask `canned`."""
    _forget()
    clients.session().register("before-send", canned)  # type: ignore[arg-type]
    yield
    _forget()


def _forget() -> None:
    """The session too: a client made after this hears none of what the old one was told."""
    for made in vars(clients).values():
        if hasattr(made, "cache_clear"):
            made.cache_clear()
