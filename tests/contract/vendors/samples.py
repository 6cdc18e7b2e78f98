"""What a vendor's file of samples holds, and a vendor's HTTP side that says what a test wants."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from reprise.domain.assess import resolve_model
from reprise.domain.facts import Accepted, Broke, Pending, Progress, Refused, Unknown
from reprise.domain.job import ErrorClass, Stage
from reprise.domain.request import CoverRequest
from reprise.ports import Order
from reprise.providers import capabilities
from reprise.providers.client import Answer, File

CAPABILITIES = capabilities()

SOURCE = "https://inbox.s3.eu-central-1.amazonaws.com/uploads/owner/1?X-Amz-Credential=AKIA%2F1&X-Amz-Signature=5ec4e7"
CALLBACK = "https://gateway.example/callbacks/{provider}/" + "a" * 32 + "/1/1795200000.t0k3n_of-ours"
TASK = "a41f00c2d7e84b6f9a13c5e2b7d40891"

Fact = Accepted | Refused | Unknown | Progress | Pending | Broke | None


@dataclass(frozen=True)
class Means:
    """What a sample must be understood as. `links` counts takes with a link; `kind` is an error's class."""

    stage: Stage | None = None
    links: int = 0
    kind: ErrorClass | None = None
    nothing: bool = False


RUNNING = Means()
"""A poll that told nothing new."""

NOTHING = Means(nothing=True)
"""A callback that holds no fact for us."""


def meaning(fact: Fact) -> Means:
    match fact:
        case None:
            return NOTHING
        case Progress():
            return Means(stage=fact.stage, links=sum(bool(take.urls) for take in fact.takes))
        case Broke() | Refused():
            return Means(kind=fact.error.kind)
        case _:
            return RUNNING


def says(body: Any, status: int = 200) -> Answer:
    return Answer(status, body if isinstance(body, bytes) else json.dumps(body).encode())


@dataclass(frozen=True)
class Samples:
    """`echo_*` make the vendor repeat words of ours in an error; `requests` map to what must be sent, exactly,
    beside the links that `source_field` and `callback_field` name. `signed` vendors sign what they call back with.
    Without `callbacks` the vendor is one that never calls back."""

    accepted: Mapping[str, Answer]
    refused: Mapping[str, tuple[Answer, ErrorClass]]
    unknown: Mapping[str, Answer]
    polls: Mapping[str, tuple[Answer, Means]]
    requests: Mapping[str, tuple[CoverRequest, Mapping[str, Any]]]
    source_field: str
    echo_refusal: Callable[[str], Answer]
    echo_failure: Callable[[str], Answer]
    callbacks: Mapping[str, tuple[Any, Means]] = field(default_factory=dict)
    callback_field: str | None = None
    echo_callback: Callable[[str], Any] | None = None
    signed: bool = True


@dataclass
class ScriptedHttp:
    """Answers, or raises, what it was given; remembers what it was asked."""

    answer: Answer | Exception
    files: Mapping[str, File] | None = None
    calls: list[tuple[str, str, Mapping[str, str], Mapping[str, Any] | None, Mapping[str, str] | None]] = field(
        default_factory=list
    )

    def send(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str],
        json: Mapping[str, Any] | None = None,
        params: Mapping[str, str] | None = None,
        form: Mapping[str, str] | None = None,
        files: Mapping[str, File] | None = None,
    ) -> Answer:
        self.files = files
        self.calls.append((method, url, headers, json if form is None else form, params))
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


def an_order(request: CoverRequest, provider: str, attempt: int = 1) -> Order:
    model = resolve_model(request, CAPABILITIES[provider])
    return Order(attempt, request, SOURCE, CALLBACK.format(provider=provider), model)
