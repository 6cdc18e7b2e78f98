"""Those who are told by webhooks: endpoints whose hosts fail for minutes or a week, and the URLs that jobs bring."""

from dataclasses import dataclass, field
from enum import StrEnum

from reprise.domain.attempts import Posted
from reprise.errors import FetchError

from tests.simulation.agenda import Agenda
from tests.simulation.mischief import Mischief
from tests.simulation.webhooks import Webhooks

DAY = 86_400.0


class Trouble(StrEnum):
    """What the host of an endpoint does for a while, or for good."""

    SILENT = "webhook host does not answer"
    BROKEN = "webhook host says 500"
    BUSY = "webhook host says 429, 502 or 504"
    GONE = "webhook host says 410 from now on"


@dataclass
class Receivers:
    """`troubles` are those of a host that has one, until virtual second so and so."""

    webhooks: Webhooks
    agenda: Agenda
    mischief: Mischief
    troubles: dict[str, tuple[Trouble, float]] = field(default_factory=dict)

    def trouble(self, url: str, for_days: bool) -> float:
        """Begins one; how long it lasts, in seconds. One that says 410 does so until its tenant looks after it."""
        dice = self.mischief.dice
        kind = dice.choice((*Trouble, *list(Trouble)[:-1]))
        lasts = dice.uniform(5.5 * DAY, 8 * DAY) if for_days else dice.uniform(600.0, 3 * 3600.0)
        self.troubles[url] = (kind, self.agenda.seconds + (10 * DAY if kind is Trouble.GONE else lasts))
        self.mischief.count(kind if kind is Trouble.GONE else f"{kind}, for {'days' if for_days else 'hours'}")
        return lasts

    def heal(self, url: str) -> None:
        self.troubles.pop(url, None)

    def post(self, url: str, body: bytes, headers: dict[str, str]) -> Posted:
        mail, way = self.webhooks.posted(url, body, headers)
        self.agenda.wait(self.mischief.dice.uniform(0.05, 2.0))
        status, retry_after = self._says(url)
        if status is not None and 200 <= status < 300:
            way.heard += 1
            self.webhooks.note(mail.job, f"{url} hears {way.number} for the {way.heard}. time")
            if self.mischief.happens(self.mischief.rates.hook_lost, "webhook heard, but its answer was lost"):
                status = None
        one = self.webhooks.subscribers.by_url.get(url)
        if one and status == 410:
            one.gone = self.agenda.seconds
        self.webhooks.answered(status, retry_after)
        if status is None:
            raise FetchError("hooks.example: ReadTimeout")
        return Posted(status, retry_after)

    def _says(self, url: str) -> tuple[int | None, int | None]:
        """Status, or None for no answer, and Retry-After in seconds."""
        dice, rates, chance = self.mischief.dice, self.mischief.rates, self.mischief.happens
        kind, until = self.troubles.get(url, (None, 0.0))
        kind = kind if self.agenda.seconds < until else _manner(url)
        if kind is Trouble.GONE and (not url.endswith("/gone") or dice.random() < 0.5):
            return 410, None
        if kind is Trouble.SILENT or chance(rates.hook_down, "webhook is not answered"):
            return None, None
        if kind is Trouble.BROKEN:
            return 500, None
        if kind is Trouble.BUSY or chance(rates.hook_busy, "webhook is told to come later"):
            return dice.choice((429, 429, 502, 504, 503)), dice.choice((None, None, 30, 900, 7200, 200_000))
        return dice.choice((200, 200, 202, 204)), None


def _manner(url: str) -> Trouble | None:
    """Of the URL that a job brings: its last part says what lies there."""
    if not url.startswith("https://own.example/"):
        return None
    return {"dead": Trouble.SILENT, "gone": Trouble.GONE}.get(url.rpartition("/")[2])
