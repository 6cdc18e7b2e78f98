"""What is remembered of a job's webhooks: attempts go on for days after a cover is done and its `Case` is forgotten."""

from dataclasses import dataclass, field

from reprise.domain.delivery import DeliveryState
from reprise.domain.request import Webhook

PAUSES = (5, 60, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400)
TRIES = 11
BUSY = (429, 502, 504)
MOST_PATIENCE = 86_400
"""The schedule of docs/webhooks.md, written down once more."""


@dataclass(slots=True)
class Way:
    """One event to one endpoint. `claims` count the attempts since it was opened or replayed."""

    number: int
    endpoint: str
    state: DeliveryState
    claims: int = 0
    posts: int = 0
    heard: int = 0
    replays: int = 0

    @property
    def id(self) -> str:
        return f"{self.number}-{self.endpoint}"


@dataclass(slots=True)
class Mail:
    """All webhooks of one job. `events` are type and hash of the body by number, `wanted` who must hear of them, `gone`
    when the job's own URL said 410 and to which; `under_way` counts those that are not over, `planned` replays."""

    job: str
    tenant: str
    own: Webhook | None
    events: dict[int, tuple[str, bytes]] = field(default_factory=dict)
    wanted: list[tuple[int, str]] = field(default_factory=list)
    ways: dict[str, Way] = field(default_factory=dict)
    gone: dict[str, float] = field(default_factory=dict)
    deleted: float | None = None
    judged: bool = False
    under_way: int = 0
    planned: int = 0
    trace: list[tuple[float, int, str]] = field(default_factory=list)

    @property
    def over(self) -> bool:
        return self.judged and not self.planned and (self.under_way == 0 or self.deleted is not None)
