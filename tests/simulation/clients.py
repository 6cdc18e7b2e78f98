"""Those who are called: clients of dialects, receivers of webhooks, and whoever listens to the topic."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from reprise.domain.attempts import Posted
from reprise.errors import FetchError
from reprise.memory import MemoryNotifier

from tests.simulation.agenda import Agenda
from tests.simulation.mischief import Mischief
from tests.simulation.receivers import Receivers
from tests.simulation.watch import Watch


@dataclass
class Clients:
    """The Poster port: hears, or does not, or hears and does not say so."""

    watch: Watch
    agenda: Agenda
    mischief: Mischief
    receivers: Receivers

    def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> Posted:
        if "webhook-id" in headers:
            return self.receivers.post(url, body, dict(headers))
        told = json.loads(body)
        case = self.watch.cases.get(told["data"]["task_id"])
        if case is None:
            return Posted(200)  # it was judged days ago
        rates, chance = self.mischief.rates, self.mischief.happens
        self.agenda.wait(self.mischief.dice.uniform(0.05, 2.0))
        case.tries += 1
        if chance(rates.client_down, "client does not answer"):
            raise FetchError("client.example: ConnectTimeout")
        if chance(rates.client_down, "client says 503 or 429"):
            return Posted(self.mischief.dice.choice((429, 503)), self.mischief.dice.choice((None, 30)))
        case.told.append(told["data"]["callbackType"])
        self.watch.note(case.job.id, f"client hears {case.told[-1]}")
        if chance(rates.client_down / 2, "client heard, but its answer was lost"):
            raise FetchError("client.example: ReadTimeout")
        return Posted(200)


@dataclass
class Topic(MemoryNotifier):
    watch: Watch | None = None

    def publish(self, message: Mapping[str, Any], attributes: Mapping[str, str]) -> None:
        super().publish(message, attributes)
        assert self.watch
        while self.published:
            told, _ = self.published.pop()
            if told["type"] == "webhook.disabled":
                self.watch.webhooks.subscribers.announced(told["webhook"])
                continue
            self.watch.note(told["job"], f"topic hears {told['sequence']} {told['type']}")
            self.watch.published(dict(told))
