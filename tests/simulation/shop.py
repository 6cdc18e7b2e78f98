"""A vendor with a ledger of its own: what it took, what it charges, what it makes, and how it fails to tell."""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from math import inf

from reprise.domain.facts import Accepted, Broke, Pending, Progress, Refused, Unknown, Via
from reprise.domain.job import ErrorClass, ProviderError, Stage, Take
from reprise.errors import MalformedError
from reprise.ports import CallbackMessage, Order

from tests.simulation.agenda import Agenda
from tests.simulation.mischief import Mischief
from tests.simulation.world import Vendor

REFUSALS = (
    ErrorClass.RATE_LIMITED,
    ErrorClass.RATE_LIMITED,
    ErrorClass.RETRY_LATER,
    ErrorClass.NO_CREDIT,
    ErrorClass.AUTH,
    ErrorClass.CONTENT_REFUSED,
    ErrorClass.FIX_REQUEST,
    ErrorClass.SOURCE_UNFETCHABLE,
)
FAILURES = (ErrorClass.RETRY_LATER, ErrorClass.RETRY_LATER, ErrorClass.CONTENT_REFUSED, ErrorClass.SOURCE_UNFETCHABLE)


class Manner(StrEnum):
    """How a vendor tells: of each stage, with one webhook that says no more than "ask me", or not at all."""

    STAGES = "stages"
    ONE_WEBHOOK = "one webhook"
    POLLED = "polled"


class Down(StrEnum):
    """What an outage looks like to who submits."""

    MAINTENANCE = "refuses everything"
    SILENT = "answers nothing"
    NO_CREDIT = "says that the account is empty"


@dataclass(slots=True)
class Task:
    """One purchase. Times are virtual seconds; `fails_at` is when it says that it failed, `done_at` when it has music.

    `untrue`: it was refused, and is made all the same; `told` is when which callback about it was taken.
    `links` counts how often fresh ones were given; `bad` is what is wrong with a take's link, and until when.
    """

    id: str
    order: Order
    bought_at: float
    done_at: float
    tracks: int
    fails_at: float = inf
    error: ProviderError | None = None
    refunded: bool = False
    told_failed: bool = False
    untrue: bool = False
    told: dict[str, float] = field(default_factory=dict)
    links: int = 0
    bad: dict[int, tuple[str, float]] = field(default_factory=dict)

    @property
    def confused(self) -> float:
        """Until when the first take's bytes lie under another take's link; 0 for never."""
        return max((until for wrong, until in self.bad.values() if wrong == "twin"), default=0.0)

    @property
    def admitted(self) -> float:
        """When it was first heard of by a callback."""
        return min(self.told.values(), default=inf)

    def broken(self, now: float) -> bool:
        """It says that it failed. One that recovers has the music later all the same."""
        return self.fails_at <= now < self.done_at


@dataclass
class Shop(Vendor):
    agenda: Agenda = field(default_factory=Agenda)
    mischief: Mischief = field(default_factory=Mischief)
    manner: Manner = Manner.STAGES
    eta: bool = False
    ledger: dict[tuple[str, int], Task] = field(default_factory=dict)
    tasks: dict[str, Task] = field(default_factory=dict)
    down: Down | None = None
    bought: Callable[["Shop", Task], None] = lambda shop, task: None
    tell: Callable[[str, str], None] = lambda job, text: None
    count: int = 0

    @property
    def name(self) -> str:
        return self.capabilities.provider

    @property
    def price(self) -> int:
        """In millionths of a USD."""
        return round(self.capabilities.usd * 1e6)

    def submit(self, order: Order) -> Accepted | Refused | Unknown:
        outcome = self._submit(order)
        self.tell(order.job_id, f"{self.name} answers attempt {order.attempt}: {type(outcome).__name__}")
        return outcome

    def _submit(self, order: Order) -> Accepted | Refused | Unknown:
        rates, chance = self.mischief.rates, self.mischief.happens
        if self.down:
            self.mischief.count("submit during an outage")
            if self.down is Down.SILENT:
                return Unknown(order.attempt, "ConnectTimeout")
            kind = ErrorClass.RETRY_LATER if self.down is Down.MAINTENANCE else ErrorClass.NO_CREDIT
            return Refused(order.attempt, ProviderError(kind, "455", self.down))
        if chance(rates.refused, "submit refused or throttled"):
            kind = self.mischief.dice.choice(REFUSALS)
            if self.manner is not Manner.POLLED and chance(
                rates.untrue, "submit refused, made and charged all the same"
            ):
                self._take(order).untrue = True
            return Refused(order.attempt, ProviderError(kind, "4xx", f"no: {kind}"))
        if chance(rates.no_answer, "submit lost before the vendor"):
            return Unknown(order.attempt, "ReadTimeout")
        if chance(rates.ambiguous, "200 with an error that says neither") and self.mischief.dice.random() < 0.5:
            return Unknown(order.attempt, "code 500 in a 200")
        task = self._take(order)
        self.agenda.wait(self.mischief.dice.uniform(0.2, 3.0))
        if chance(rates.lost_answer, "submit timed out after the vendor took it"):
            self.agenda.wait(15.0)
            return Unknown(order.attempt, "ReadTimeout")
        guess = int(task.done_at - task.bought_at) + 1 if self.eta and task.done_at < inf else None
        return Accepted(order.attempt, task.id, eta=guess)

    def _take(self, order: Order) -> Task:
        self.count += 1
        task = new_task(
            f"{self.name}-{self.count}", order, self.agenda.seconds, self.capabilities.tracks, self.mischief
        )
        self.tell(order.job_id, f"{self.name} takes attempt {order.attempt} as {task.id} and charges")
        self.bought(self, task)
        return task

    def poll(self, task_id: str, attempt: int) -> Progress | Pending | Broke:
        now, task = self.agenda.seconds, self.tasks.get(task_id)
        rates, chance = self.mischief.rates, self.mischief.happens
        if self.down or task is None or chance(rates.poll_unanswered, "poll not answered"):
            return Pending(attempt, "no answer")
        if task.broken(now):
            return self._failed(task, attempt, Via.POLL)
        if now < task.done_at:
            return Pending(attempt, "still at it")
        task.links += 1
        if chance(rates.poll_lies, "poll says success without audio"):
            rows = tuple(Take(id=take.id) for take in takes_of(task))
            return Progress(attempt, Via.POLL, Stage.FIRST, task_id, rows)
        if chance(rates.poll_lies / 6, "poll says failed of a finished task"):
            task.error = task.error or ProviderError(ErrorClass.RETRY_LATER, "500", "nothing is known of it")
            return self._failed(task, attempt, Via.POLL)
        return Progress(attempt, Via.POLL, Stage.COMPLETE, task_id, takes_of(task), "la la")

    def hear(self, message: CallbackMessage, now: object) -> Progress | Broke | None:
        words = message.body.decode().split()
        if len(words) != 2:
            raise MalformedError("cannot be read")
        word, task_id = words
        task = self.tasks.get(task_id)
        if task is None:
            return None
        if word == "error":
            return self._failed(task, message.attempt, Via.CALLBACK)
        stage = Stage(word)
        known = {Stage.NONE: 0, Stage.TEXT: 0, Stage.FIRST: 1, Stage.COMPLETE: task.tracks}[stage]
        return Progress(
            message.attempt, Via.CALLBACK, stage, task_id, takes_of(task)[:known], "la la" if known else None
        )

    def _failed(self, task: Task, attempt: int, via: Via) -> Broke:
        assert task.error
        task.told_failed = True
        return Broke(attempt, via, task.error, task.id)


def takes_of(task: Task) -> tuple[Take, ...]:
    numbers = range(1, task.tracks + 1)
    return tuple(
        Take(f"{task.id}/{n}", (f"https://media.example/{task.id}/{n}?{task.links}",), "Take", 30.0) for n in numbers
    )


BAD = ("dead", "html", "empty", "cut", "twin")


def new_task(id: str, order: Order, now: float, tracks: int, mischief: Mischief) -> Task:
    dice, rates, chance = mischief.dice, mischief.rates, mischief.happens
    lasts = dice.uniform(20.0, 200.0)
    if chance(rates.racing, "callbacks race ahead of submit's answer"):
        lasts = dice.uniform(0.0, 0.4)
    elif chance(rates.slow_task, "task takes very long"):
        lasts = dice.uniform(600.0, 3000.0)
    task = Task(id, order, now, now + lasts, tracks)
    if chance(rates.stuck, "task pending for ever"):
        task.done_at = inf
    elif chance(rates.breaks, "task fails"):
        kind = dice.choice(FAILURES)
        task.error = ProviderError(kind, "500", f"failed: {kind}")
        task.fails_at, task.done_at = task.done_at, inf
        task.refunded = dice.random() < 0.5
    elif chance(rates.recovers, "task says failed, then delivers"):
        task.error = ProviderError(ErrorClass.RETRY_LATER, "500", "failed, it seems")
        task.fails_at, task.done_at = task.done_at, task.done_at + dice.uniform(30.0, 600.0)
    for number in range(1, tracks + 1):
        if chance(rates.bad_link, "link dead, empty, cut off, of a web page or of another take"):
            heals = dice.choice((3.0, 20.0, 120.0, 900.0, inf))
            task.bad[number] = (dice.choice(BAD if number > 1 else BAD[:-1]), task.done_at + heals)
    return task
