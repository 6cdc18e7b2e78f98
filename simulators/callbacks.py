"""Sends callbacks over real HTTP as vendors do: with a deadline, with retries, and with bad manners when told to."""

import random
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Self

import httpx

from simulators.clock import Clock
from simulators.faults import Switch
from simulators.ledger import Ledger
from simulators.values import choice, flag_or_stages, number, per_stage, whole

Headers = Callable[[], dict[str, str]]  # made anew for every attempt: signatures carry the time
Spawn = Callable[[Callable[[], None]], None]

# Read when a task is accepted; a vendor may put a switch of its own in the place of any of these.
SWITCHES: dict[str, Switch] = {
    "duplicate_each": Switch(whole, "a number", "each callback is sent so many times", "task", 1),
    "reorder": Switch(
        choice("reverse", "shuffle"), "true, reverse or shuffle", "all held back, then sent in another order", "task"
    ),
    "delay_callbacks": Switch(
        per_stage(number), "real seconds, or {stage: seconds}", "each waits so long", "task", 0.0
    ),
    "drop_callbacks": Switch(flag_or_stages, "true or a list of stages", "never sent", "task", False),
    "garble_callbacks": Switch(
        flag_or_stages, "true or a list of stages", "cut off in the middle of the body", "task", False
    ),
    "retry_max": Switch(whole, "a number", "retries after the first attempt", "task", 3),
    "retry_spacing": Switch(number, "paced seconds", "before the first retry, doubled each time", "task", 1.0),
    "receiver_timeout": Switch(number, "real seconds", "what a receiver is given to answer", "task", 15.0),
    "receiver_status": Switch(choice("200", "2xx"), "200 or 2xx", "what counts as received", "task", "200"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Manners:
    """How one task's callbacks are treated on their way."""

    drop: bool | list[str] = False
    garble: bool | list[str] = False
    delay: float | dict[str, float] = 0.0
    copies: int = 1
    order: str | None = None  # reverse or shuffle: everything is held back until the last stage
    timeout: float = 15.0
    retries: int = 3
    spacing: float = 1.0  # paced seconds before the first retry, doubled for each further one
    any_2xx: bool = False

    @classmethod
    def planned(cls, plan: Mapping[str, Any]) -> Self:
        return cls(
            drop=plan["drop_callbacks"],
            garble=plan["garble_callbacks"],
            delay=plan["delay_callbacks"],
            copies=plan["duplicate_each"],
            order=plan["reorder"],
            timeout=plan["receiver_timeout"],
            retries=plan["retry_max"],
            spacing=plan["retry_spacing"],
            any_2xx=plan["receiver_status"] == "2xx",
        )

    def drops(self, stage: str) -> bool:
        return _among(stage, self.drop)

    def garbles(self, stage: str) -> bool:
        return _among(stage, self.garble)

    def delay_of(self, stage: str) -> float:
        return self.delay.get(stage, 0.0) if isinstance(self.delay, dict) else self.delay


def _among(stage: str, which: bool | list[str]) -> bool:
    return stage in which if isinstance(which, list) else which


@dataclass(slots=True)
class _Letter:
    stage: str
    body: bytes
    headers: Headers
    tried: threading.Event = field(default_factory=threading.Event)
    settled: threading.Event = field(default_factory=threading.Event)


@dataclass(slots=True)
class Courier:
    """One task's callbacks. First attempts go out in order; a retry never holds the next stage up."""

    client: httpx.Client
    clock: Clock
    ledger: Ledger
    spawn: Spawn
    task: str
    url: str
    manners: Manners
    told: Callable[[str], None] = lambda stage: None  # the first attempt of a stage is over
    delivered: int = 0
    _letters: list[_Letter] = field(default_factory=list)
    _held: list[_Letter] = field(default_factory=list)

    def send(self, stage: str, body: bytes, headers: Headers) -> None:
        if not self.url or self.manners.drops(stage):
            self.told(stage)
            return
        if self.manners.garbles(stage):
            body = body[: len(body) // 2]
        letters = [_Letter(stage, body, headers) for _ in range(self.manners.copies)]
        if self.manners.order:
            self._held.extend(letters)
            self.told(stage)
        else:
            self._post(letters)

    def finish(self) -> bool:
        """Let go of what was held, wait until all is settled, and tell whether anything got through."""
        if self.manners.order == "reverse":
            self._held.reverse()
        elif self.manners.order == "shuffle":
            random.Random(self.task).shuffle(self._held)
        self._post(self._held)
        self._held = []
        for letter in list(self._letters):
            self.clock.wait(letter.settled)
        return self.delivered > 0

    def _post(self, letters: list[_Letter]) -> None:
        for letter in letters:
            before = self._letters[-1].tried if self._letters and not self.manners.delay else None
            self._letters.append(letter)
            self.spawn(lambda letter=letter, before=before: self._deliver(letter, before))  # type: ignore[misc]

    def _deliver(self, letter: _Letter, before: threading.Event | None) -> None:
        try:
            if before:
                self.clock.wait(before)
            self.clock.sleep(self.manners.delay_of(letter.stage))
            for attempt in range(1, self.manners.retries + 2):
                if attempt > 1:
                    self.clock.rest(self.manners.spacing * 2 ** (attempt - 2))
                if self._attempt(letter, attempt):
                    self.delivered += 1
                    return
        finally:
            letter.tried.set()
            letter.settled.set()

    def _attempt(self, letter: _Letter, attempt: int) -> bool:
        headers = {"Content-Type": "application/json"} | letter.headers()
        answer: Any
        try:
            reply = self.client.post(self.url, content=letter.body, headers=headers, timeout=self.manners.timeout)
            answer = reply.status_code
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            answer = type(error).__name__
        self.ledger.called(self.clock.now(), self.task, letter.stage, attempt, str(answer))
        letter.tried.set()
        self.told(letter.stage)
        return answer == 200 or (self.manners.any_2xx and answer in range(200, 300))
