"""All that could be seen from outside: what the judge goes by, and what its own test makes up."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

TERMINAL = ("succeeded", "failed", "canceled")
ENDS = ("cover.succeeded", "cover.failed", "cover.canceled")

Json = dict[str, Any]


@dataclass(slots=True)
class Answer:
    """To one POST of an order. `accepted`: a job or a task was named; `job` its id, where the native API told it."""

    status: int
    accepted: bool
    job: str | None = None


@dataclass(slots=True)
class Ordered:
    """One order as its caller sees it. `keyed`: all of its POSTs had the same Idempotency-Key."""

    number: int
    keyed: bool
    dialect: str | None = None
    dropped: bool = False
    posts: int = 0
    answers: list[Answer] = field(default_factory=list)

    @property
    def accepted(self) -> bool:
        return any(answer.accepted for answer in self.answers)


@dataclass(slots=True)
class Stored:
    """An object of the bucket; `modified` in seconds of the epoch."""

    size: int
    sha256: str
    modified: float


@dataclass(slots=True)
class Case:
    """One job: what the API tells of it and what lies in the bucket. Of a deleted one both are from right before.

    `played`: track -> SHA-256 in hex of what its link gives; `left` are the objects that were still there after a
    delete; `gave_up` is the state in which its client had enough.
    """

    id: str
    order: int | None
    cover: Json
    timeline: list[Json]
    deliveries: Json = field(default_factory=dict)
    objects: dict[str, Stored] = field(default_factory=dict)
    played: dict[int, str] = field(default_factory=dict)
    deleted: bool = False
    left: list[str] = field(default_factory=list)
    gave_up: str | None = None

    @property
    def events(self) -> list[Json]:
        """The public lines of the timeline, in order."""
        return sorted(
            (line for line in self.timeline if line["event"] is not None), key=lambda line: int(line["event"])
        )

    @property
    def refused_at_once(self) -> bool:
        """It failed in the very call that ordered it, whose answer said so."""
        return bool(self.cover["state"] == "failed" and (self.cover["version"], self.cover["attempt"]) == (2, 1))

    @property
    def audio(self) -> dict[str, Stored]:
        return {key: one for key, one in self.objects.items() if not key.endswith((".json", ".txt"))}


@dataclass(slots=True)
class Purchase:
    """A row of a vendor's ledger. `job` and `attempt` by its callback URL, or the id that was sent with it."""

    provider: str
    task: str
    at: float
    job: str | None
    attempt: int | None
    credits: int
    refunded: int
    outcome: str
    reply: str = "ok"


@dataclass(slots=True)
class Heard:
    """An event from the queue behind the topic. `found`: what lay in its job's folder on receipt; None: not looked."""

    at: float
    body: Json
    found: list[str] | None = None


@dataclass(slots=True)
class Post:
    """One POST to our receiver. `answered` 0: the connection was cut. `genuine`: its signature verifies."""

    at: float
    path: str
    id: str
    body: Any
    answered: int
    genuine: bool


@dataclass(slots=True)
class Hook:
    """A webhook that was asked for: an endpoint of all jobs, or the URL that an order brought for its own (the first
    and its retry). `down`: it never took anything; `gone`: it answers 410."""

    id: str
    path: str
    events: tuple[str, ...] = ()
    jobs: frozenset[str] | None = None
    down: bool = False
    gone: bool = False

    def wants(self, job: str, type: str) -> bool:
        return (self.jobs is None or job in self.jobs) and (not self.events or type in self.events)


@dataclass(slots=True)
class Evidence:
    """`prices`: USD of a cover by provider. `made`: task -> SHA-256 in hex -> bytes. `notices`: what the topic told of
    webhooks. `grace` in seconds after a deadline. `told`: log and name of each secret that was found in it."""

    orders: list[Ordered] = field(default_factory=list)
    cases: list[Case] = field(default_factory=list)
    purchases: list[Purchase] = field(default_factory=list)
    made: dict[str, dict[str, int]] = field(default_factory=dict)
    prices: Mapping[str, float] = field(default_factory=dict)
    heard: list[Heard] = field(default_factory=list)
    notices: list[Json] = field(default_factory=list)
    posts: list[Post] = field(default_factory=list)
    hooks: list[Hook] = field(default_factory=list)
    dead_letters: dict[str, int] = field(default_factory=dict)
    told: list[tuple[str, str]] = field(default_factory=list)
    grace: float = 180.0


@dataclass(frozen=True, slots=True)
class Finding:
    """One broken promise. `rule` is its name."""

    rule: str
    words: str
    job: str | None = None
    order: int | None = None


def seconds(moment: str) -> float:
    return datetime.fromisoformat(moment).timestamp()
