"""What is ordered, when and how, and what its caller does with it later. By the seed alone."""

import random
from dataclasses import dataclass, replace
from enum import StrEnum

from tests.e2e.storm.scale import Scale


class Way(StrEnum):
    NATIVE = "native"
    DIALECT = "dialect"
    DROP = "drop"


class Fate(StrEnum):
    """Retries come to failed and canceled jobs, deletes to any that ended."""

    NONE = "none"
    CANCEL = "cancel"
    RETRY = "retry"
    DELETE = "delete"


@dataclass(frozen=True, slots=True)
class Order:
    """`clicks` POSTs at once; with a key it is also repeated after an error and, `again`, after the answer.

    `hook`: its own webhook is `good`, `shaky`, or says `gone`. `linked`: the song is a link, not an upload.
    """

    number: int
    at: float
    way: Way
    dialect: str = ""
    key: str | None = None
    clicks: int = 1
    again: bool = False
    voice: bool = False
    provider: str | tuple[str, ...] = "auto"
    max_usd: float | None = None
    resubmit: bool = False
    hook: str | None = None
    linked: bool = False
    fate: Fate = Fate.NONE
    fate_after: float = 0.0


RESTYLERS = ("kie", "sunoapi", "aimusicapi", "aimlapi")
PROVIDERS: tuple[str | tuple[str, ...], ...] = (
    "auto", "auto", "auto", "kie", "sunoapi", "aimusicapi", "aimlapi",
    ("kie", "aimlapi"), ("aimusicapi", "sunoapi"), ("aimlapi", "sunoapi", "kie"), RESTYLERS,
)  # fmt: skip
DIALECTS = ("kie", "sunoapi", "aimusicapi", "aimlapi", "musicgpt")


def orders(scale: Scale) -> list[Order]:
    dice = random.Random(f"{scale.seed}:orders")
    times = sorted(dice.uniform(0, scale.storm * 0.9) for _ in range(scale.jobs))
    return [_order(number, at, dice) for number, at in enumerate(times, 1)]


def _order(number: int, at: float, dice: random.Random) -> Order:
    way = dice.choices((Way.NATIVE, Way.DIALECT, Way.DROP), (0.58, 0.32, 0.10))[0]
    keyed = way is not Way.DROP and dice.random() < 0.75
    fate = dice.choices(tuple(Fate), (0.66, 0.1, 0.16, 0.08))[0]
    common = Order(
        number=number,
        at=at,
        way=way,
        key=f"storm-{number}" if keyed else None,
        clicks=dice.choice((1, 1, 1, 1, 2, 3)) if keyed else 1,
        again=keyed and dice.random() < 0.2,
        fate=fate,
        fate_after=dice.uniform(0.3, 8.0),
    )
    if way is Way.NATIVE:
        return _native(common, dice)
    return _dialect(common, dice) if way is Way.DIALECT else common


def _native(order: Order, dice: random.Random) -> Order:
    voice = dice.random() < 0.08
    return replace(
        order,
        voice=voice,
        provider="musicgpt" if voice else dice.choice(PROVIDERS),
        max_usd=dice.choice((None, None, 0.13, 0.32, 1.0)),
        resubmit=dice.random() < 0.15,
        hook=dice.choices((None, "good", "shaky", "gone"), (0.5, 0.25, 0.2, 0.05))[0],
        linked=dice.random() < 0.2,
    )


def _dialect(order: Order, dice: random.Random) -> Order:
    return replace(order, dialect=dice.choices(DIALECTS, (3, 3, 3, 2, 1))[0], hook=dice.choice(("good", "shaky")))
