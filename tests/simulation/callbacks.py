"""The vendors' callbacks: dropped, repeated, delayed, garbled, forged; once more where we do not answer 200."""

from collections.abc import Callable
from dataclasses import dataclass
from math import inf

from reprise.domain.job import Stage
from reprise.errors import ForgedCallbackError, MalformedError
from reprise.usecases.callback import CallbackAddress, HearCallback, Heard

from tests.simulation.agenda import Agenda
from tests.simulation.bus import Attempt
from tests.simulation.mischief import Mischief
from tests.simulation.shop import Manner, Shop, Task
from tests.simulation.watch import Watch

LIMIT = 10.0
MOST_CALLS = 4
"""Of one callback; the vendors say three repeats."""


@dataclass
class Callbacks:
    hear: HearCallback
    agenda: Agenda
    mischief: Mischief
    watch: Watch
    attempt: Attempt

    def plan(self, shop: Shop, task: Task) -> None:
        """All that this vendor will ever say of this task by itself."""
        if shop.manner is Manner.POLLED:
            return
        lasts = min(task.done_at, task.fails_at) - task.bought_at
        if lasts == inf:
            self._plan(shop, task, Stage.TEXT, 20.0)
            return
        if shop.manner is Manner.ONE_WEBHOOK:
            self._plan(shop, task, Stage.NONE, lasts)
            return
        self._plan(shop, task, Stage.TEXT, lasts * 0.3)
        if task.error:
            self._plan(shop, task, "error", lasts)
        if task.done_at < inf:
            done = task.done_at - task.bought_at
            self._plan(shop, task, Stage.FIRST, done * 0.6)
            self._plan(shop, task, Stage.COMPLETE, done)

    def _plan(self, shop: Shop, task: Task, word: str, delay: float) -> None:
        rates, chance = self.mischief.rates, self.mischief.happens
        if chance(rates.dropped, "callback dropped"):
            return
        if chance(rates.delayed, "callback late or out of order"):
            delay += self.mischief.dice.uniform(5.0, 900.0)
        for copy in range(1 + 2 * chance(rates.repeated, "callback repeated")):
            self.agenda.after(
                delay + copy * self.mischief.dice.uniform(0.0, 40.0), lambda: self._call(shop, task, word)
            )

    def _call(self, shop: Shop, task: Task, word: str, times: int = 1) -> None:
        order = task.order
        provider, job_id, attempt, token = order.callback_url.strip("/").split("/")
        body = f"{word} {task.id}".encode()
        if self.mischief.happens(self.mischief.rates.garbled, "callback garbled"):
            body = b"<html>"
        if self.mischief.happens(self.mischief.rates.forged, "callback forged"):
            token = token[:-3] + "abc"
        address = CallbackAddress(provider, job_id, attempt, token)
        self.watch.note(job_id, f"{shop.name} calls back about attempt {attempt}: {body.decode()} (call {times})")

        heard: list[Heard] = []

        def work() -> None:
            try:
                heard.append(self.hear(address, body, {}))
            except (MalformedError, ForgedCallbackError):
                return  # 400 and 401: no vendor comes again

        taken = self.attempt("callback", job_id, LIMIT, work)
        if taken and heard == [Heard.RECORDED]:
            task.told.setdefault(word, self.agenda.seconds)
        if not taken and times < MOST_CALLS:
            again: Callable[[], None] = lambda: self._call(shop, task, word, times + 1)  # noqa: E731
            self.agenda.after(60.0, again)
