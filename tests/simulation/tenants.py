"""What tenants do about their webhooks: subscribe, rotate secrets, delete, enable, replay; once more after an error."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

from reprise.domain.audience import OWN
from reprise.domain.delivery import DeliveryState
from reprise.errors import NotAllowedError, NotFoundError

from tests.simulation.broken import BrokenError
from tests.simulation.mail import Mail, Way
from tests.simulation.subscribers import TO_SAY_SO, Subscriber

if TYPE_CHECKING:
    from tests.simulation.simulation import Simulation

API_LIMIT = 29.0
HOUR = 3600.0
MOST_CALLS = 8

ENDS = ("cover.succeeded", "cover.failed", "cover.canceled")
RARE = ("cover.failed", "cover.canceled")
SWITCHES = ("cover.switched",)
PLANS = (
    ("owner", ()),
    ("owner", ENDS),
    ("owner", SWITCHES),
    ("label", ("cover.first", "cover.succeeded", "cover.failed")),
    ("label", RARE),
    ("choir", ()),
    ("choir", RARE),
    ("choir", SWITCHES),
)
"""Whose endpoints hear what. The hosts of those that hear little are down for a week now and then: eleven attempts of
everything would cost more time than all else together."""

MISSED, NOT_MISSED = 0.15, 0.005
"""Chances that a delivery is replayed."""


@dataclass
class Tenants:
    sim: "Simulation"
    count: int = 0
    busy: set[str] = field(default_factory=set)

    def begin(self) -> None:
        self.sim.watch.webhooks.signatures.publish(self.sim.works.subscribe.keys())
        for tenant in dict.fromkeys(tenant for tenant, _ in PLANS):
            self._call("subscribe", partial(self._learn, tenant))
            self._later(tenant)
        for tenant, events in PLANS:
            self.subscribe(tenant, events)

    def subscribe(self, tenant: str, events: tuple[str, ...]) -> None:
        self.count += 1
        url = f"https://hooks.example/{tenant}/{self.count}"
        self._call("subscribe", lambda: self._create(tenant, url, events))
        if self.sim.mischief.rates.hook_down:
            self._trouble_later(url, for_days=events in (RARE, SWITCHES))

    def _create(self, tenant: str, url: str, events: tuple[str, ...]) -> None:
        """Who got an error looks whether it was made all the same, and asks for a new secret: it is shown but once."""
        use = self.sim.works.subscribe
        known = next((one for one in use.every(tenant) if one.url == url), None)
        one = known or use.create(tenant, url, events)
        self._learn(tenant, one.id, use.rotate(tenant, one.id).text if known else None)

    def _learn(self, tenant: str, owner: str = OWN, secret: str | None = None) -> None:
        known = secret or self.sim.works.subscribe.secret(tenant, owner).text
        self.sim.watch.webhooks.signatures.learn(tenant, owner, known, self.sim.agenda.seconds)

    def _trouble_later(self, url: str, for_days: bool) -> None:
        def begin() -> None:
            one = self.sim.watch.webhooks.subscribers.by_url.get(url)
            if self.sim.ordered or (one and one.deleted is not None):
                return
            lasts = self.sim.receivers.trouble(url, for_days)
            self.sim.agenda.after(lasts, lambda: self._trouble_later(url, for_days))

        self.sim.agenda.after(
            self.sim.dice.uniform(0.0, self.sim.dice.choice((1.5 * HOUR, 24 * HOUR) if for_days else (HOUR, 6 * HOUR))),
            begin,
        )

    def _later(self, tenant: str) -> None:
        if not self.sim.over:
            self.sim.agenda.after(self.sim.dice.uniform(0.2 * HOUR, 3 * HOUR), lambda: self._act(tenant))

    def _act(self, tenant: str) -> None:
        dice, mine = self.sim.dice, list(self.sim.watch.webhooks.subscribers.by_tenant.get(tenant, []))
        self._later(tenant)
        if tenant in self.busy or not mine:
            return
        one, roll = dice.choice(mine), dice.random()
        known = self.sim.agenda.seconds - TO_SAY_SO
        down = [other for other in mine if other.disabled is not None and other.disabled < known]
        if down and roll < 0.7:
            self._look_after(down[0])
        elif roll < 0.25:
            self.sim.mischief.count("tenant rotates a secret")
            self._call("rotate", lambda: self._rotate(tenant, dice.choice((one.id, OWN))), tenant)
        elif roll < 0.265:
            self._replace(one)

    def _rotate(self, tenant: str, owner: str) -> None:
        try:
            self._learn(tenant, owner, self.sim.works.subscribe.rotate(tenant, owner).text)
        except (NotAllowedError, NotFoundError):
            return  # five times today, or deleted

    def _look_after(self, one: Subscriber) -> None:
        if self.sim.dice.random() < 0.3:
            self._replace(one)
            return
        self.sim.mischief.count("tenant enables an endpoint")
        self.sim.receivers.heal(one.url)
        self._call("enable", lambda: self._unless_gone(lambda: self.sim.works.subscribe.enable(one.tenant, one.id)))

    def _replace(self, one: Subscriber) -> None:
        self.sim.mischief.count("tenant deletes an endpoint")
        delete = self.sim.works.subscribe.delete
        self._call("delete", lambda: self._unless_gone(lambda: delete(one.tenant, one.id)), one.tenant)
        self.subscribe(one.tenant, one.events)

    def _unless_gone(self, work: Callable[[], object]) -> None:
        try:
            work()
        except NotFoundError:
            return  # an earlier call got through

    def ended(self, mail: Mail, way: Way) -> None:
        """A delivery is over. What a tenant missed it asks for again, now and then; seldom what it did not miss."""
        dice, chance = self.sim.dice, NOT_MISSED if way.state is DeliveryState.DELIVERED else MISSED
        if way.replays < 2 and self.sim.mischief.happens(chance, "tenant replays a delivery"):
            mail.planned += 1
            replay: Callable[[], None] = lambda: self._replay(mail, way.id)  # noqa: E731
            self.sim.agenda.after(
                dice.uniform(60.0, 24 * HOUR),
                lambda: self._call("replay", replay, job=mail.job, then=lambda: self._replayed(mail)),
            )

    def _replay(self, mail: Mail, id: str) -> None:
        """Where another is to be replayed first, it is; if that one is refused for this one, nothing ever can be."""
        replay = self.sim.works.redeliver.replay
        try:
            replay(mail.tenant, mail.job, id)
        except NotFoundError:
            return
        except NotAllowedError as error:
            if not (first := _asked_for(error)):
                return
            try:
                replay(mail.tenant, mail.job, first)
            except NotAllowedError as again:
                if _asked_for(again):
                    raise BrokenError(mail.job, f"replays of {id} and {first} wait for each other") from again
            except NotFoundError:
                return

    def _replayed(self, mail: Mail) -> None:
        mail.planned -= 1
        self.sim.mailed(mail)

    def _call(
        self,
        what: str,
        work: Callable[[], object],
        alone: str = "",
        job: str = "",
        then: Callable[[], object] = lambda: None,
        times: int = 1,
    ) -> None:
        """An API call; again where it died. One that is `alone` keeps this tenant from others meanwhile."""
        self.busy.add(alone)
        if self.sim.attempt(what, job, API_LIMIT, work) or times == MOST_CALLS:
            self.busy.discard(alone)
            then()
            return
        again = self.sim.dice.uniform(1.0, 30.0)
        self.sim.agenda.after(again, lambda: self._call(what, work, alone, job, then, times + 1))


def _asked_for(error: NotAllowedError) -> str | None:
    found = re.search(r"replay (\S+) first", str(error))
    return found[1] if found else None
