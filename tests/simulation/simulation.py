"""A run: callers come, functions work, vendors misbehave, and everything is watched. The same seed is the same run."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from functools import partial
from random import Random
from typing import Any

from reprise.domain.job import Entry, Rhythm, State
from reprise.memory import MemoryCovers
from reprise.providers import capabilities

from tests.simulation.agenda import Agenda
from tests.simulation.broken import BrokenError
from tests.simulation.bus import Queue, Stream
from tests.simulation.callbacks import Callbacks
from tests.simulation.callers import Callers
from tests.simulation.clients import Clients, Topic
from tests.simulation.mail import Mail
from tests.simulation.media import Ears, Media
from tests.simulation.mischief import TROUBLE, Mischief, Rates
from tests.simulation.receivers import Receivers
from tests.simulation.shop import Down, Manner, Shop, Task
from tests.simulation.stores import Deliveries, Endpoints, Records, Store
from tests.simulation.tenants import Tenants
from tests.simulation.verdict import GRACE, Verdict
from tests.simulation.watch import Case, Watch, seconds_of
from tests.simulation.works import Ports, Works
from tests.simulation.world import CrashError

BETWEEN = 20.0
"""Seconds from one order to the next, on average."""

LAST_WORDS = 600.0
"""Seconds in which a function that is about to POST has done so, or died."""

QUIET = 6 * 3600.0
"""How long after its end a job is still listened to before it is judged and forgotten."""

LONGEST = 10 * 86_400.0
"""The same, where a client of a dialect is deaf for days."""

LAST_OF_ALL = 60 * 86_400.0
"""Seconds after the last order in which everything is over: a webhook's schedule, and what is replayed of it, twice."""

MANNERS = {
    "kie": (Manner.STAGES, 4),
    "sunoapi": (Manner.STAGES, 4),
    "aimusicapi": (Manner.STAGES, None),
    "aimlapi": (Manner.POLLED, None),
    "musicgpt": (Manner.ONE_WEBHOOK, 3),
}
"""How each tells, and how many jobs it works on at once."""


class Simulation:
    def __init__(self, jobs: int, seed: int, rates: Rates | None = None, between: float = BETWEEN) -> None:
        self.jobs, self.seed, self.between = jobs, seed, between
        self.dice = Random(seed)
        self.agenda = Agenda()
        self.mischief = Mischief(dice=self.dice, agenda=self.agenda, rates=rates or Rates(), tell=self._tell)
        self.verdict, self.fingerprint = Verdict(), hashlib.sha256()
        self.ids, self.orders, self.retiring, self.last_order = 0, 0, 0, 0.0
        self.watch = Watch(self.agenda, MemoryCovers())
        self.shops = {name: self._shop(name, *manner) for name, manner in MANNERS.items()}
        self.watch.shops = self.shops
        self.receivers = Receivers(self.watch.webhooks, self.agenda, self.mischief)
        self.ports = self._ports()
        self.works = Works(self.ports, self.mischief)
        self._connect()
        self.callers, self.tenants = Callers(self), Tenants(self)
        self.callbacks = Callbacks(self.works.callback, self.agenda, self.mischief, self.watch, self.attempt)

    def run(self, progress: Callable[[int], object] = lambda done: None) -> "Simulation":
        """Raises BrokenError as soon as an invariant does not hold."""
        self.progress = progress
        self.tenants.begin()
        self.agenda.after(0.0, self._arrival)
        self.agenda.after(60.0, self._minute)
        if self.mischief.rates.crash:
            self.agenda.after(self.dice.uniform(0.0, 7200.0), self._outage)
            self.agenda.after(self.dice.uniform(0.0, 600.0), self._deploy)
        self.agenda.run()
        for case in list(self.watch.cases.values()):
            raise BrokenError(case.job.id, "never ended")
        self._told_of_the_disabled()
        if self.watch.dropped != self.callers.drops:
            raise BrokenError("", f"{self.callers.drops} songs were dropped, {self.watch.dropped} jobs came of them")
        return self

    @property
    def ordered(self) -> bool:
        return self.orders >= self.jobs

    @property
    def over(self) -> bool:
        return self.ordered and not self.watch.cases and not self.watch.webhooks.mails

    def attempt(self, what: str, job: str, limit: float, work: Callable[[], object]) -> bool:
        """Runs a function; False when it died or failed, so that whoever called it comes again."""
        self.watch.note(job, what)
        try:
            self.agenda.at_work(what, job, limit, work)
        except (CrashError, *TROUBLE) as error:
            if isinstance(error, CrashError) and str(error).startswith(("stopped", "function")):
                self.mischief.count(str(error))
            self.watch.note(job, f"{what} died: {error!r}")
            case = self.watch.cases.get(job)
            if case and what == "transfer":
                case.copies_died += 1
            return False
        except Exception as error:
            raise BrokenError(job, f"{what} raised {error!r}") from error
        finally:
            self._look_around()
        return True

    def _look_around(self) -> None:
        while self.watch.began:
            self.callers.began(self.watch.cases[self.watch.began.pop()])
        while self.watch.ended:
            case = self.watch.cases[self.watch.ended.pop()]
            self.callers.ended(case)
            self.agenda.after(QUIET, partial(self._retire, case))
        ended = self.watch.webhooks.ended
        while ended:
            mail, way = ended.pop()
            self.tenants.ended(mail, way)
            self.mailed(mail)

    def _arrival(self) -> None:
        self.callers.arrive(self.orders)
        self._look_around()
        self.orders, self.last_order = self.orders + 1, self.agenda.seconds
        if self.orders < self.jobs:
            self.agenda.after(self.dice.expovariate(1 / self.between), self._arrival)

    def _minute(self) -> None:
        """The poller; it pauses now and then, and now and then two sweep at once."""
        times = 1
        if self.mischief.happens(0.05 if self.mischief.rates.crash else 0, "two sweeps at once"):
            times = 2
        for _ in range(times):
            self.agenda.after(self.dice.uniform(0, 1.0), lambda: self.attempt("poller", "", 50.0, self.works.sweep))
        pause = 60.0
        if self.mischief.happens(0.004 if self.mischief.rates.crash else 0, "poller pauses"):
            pause = self.dice.uniform(120.0, 900.0)
        if not self.over:
            self._overdue()
            self.agenda.after(pause, self._minute)

    def _overdue(self) -> None:
        late = self.deliveries.late(self.agenda.now() - timedelta(seconds=GRACE))
        if late:
            raise BrokenError(late[0], f"webhook {late[1]} should have been tried {GRACE:.0f} s ago")
        self._told_of_the_disabled()
        if self.ordered and self.agenda.seconds > self.last_order + LAST_OF_ALL:
            raise BrokenError(next(iter([*self.watch.cases, *self.watch.webhooks.mails]), ""), "is never done with")
        for case in self.watch.cases.values():
            if case.ended_at is None and self.agenda.seconds > seconds_of(case.job.deadline_at) + GRACE:
                raise BrokenError(case.job.id, f"has not ended {GRACE:.0f} s after its deadline")

    def _outage(self) -> None:
        shop = self.dice.choice(list(self.shops.values()))
        if shop.down is None and not self.over:
            self.mischief.count("provider down for up to an hour")
            shop.down = self.dice.choice(list(Down))
            self.agenda.after(self.dice.uniform(60.0, 3600.0), lambda: setattr(shop, "down", None))
        if not self.over:
            self.agenda.after(self.dice.uniform(900.0, 2 * 3600.0), self._outage)

    def _deploy(self) -> None:
        self.agenda.deployment += 1
        if not self.over:
            self.agenda.after(self.dice.uniform(20.0, 400.0), self._deploy)

    def _retire(self, case: Case) -> None:
        """Judged and forgotten: a long run needs no more memory than a short one."""
        job = case.job
        listened = self.agenda.seconds - (case.ended_at or 0.0)
        if job.id in self.records.waiting and not case.deleted and listened < LONGEST:  # its client is still to be told
            self.agenda.after(QUIET, partial(self._retire, case))
            return
        self.verdict(case)
        mail = self.watch.webhooks.judge(job.id)
        if case.deleted and self.ports.store.load(job.id) is None:
            self.watch.gone(job)
        elif job.state is State.SUCCEEDED and not case.deleted:
            self.watch.described(job)
        self._print(case.trace)
        del self.watch.cases[job.id]
        for shop, task in case.tasks.values():
            del shop.tasks[task.id], shop.ledger[job.id, task.order.attempt]
        if job.request.source.key:
            self.ports.inbox.objects.pop(job.request.source.key, None)
            self.ports.inbox.metadata.pop(job.request.source.key, None)
        self.store.keep_events_alone(job.id)
        self.mailed(mail) if mail else self._forget(job.id)
        self.retiring += 1
        if self.retiring % 200 == 0:
            self._sweep_out()
        self.progress(self.verdict.jobs)

    def mailed(self, mail: Mail) -> None:
        """Once nothing is to be sent any more, and whoever is at it is done, nothing is left of the job."""
        if mail.over:
            self.agenda.after(LAST_WORDS, lambda: self._close(mail))

    def _close(self, mail: Mail) -> None:
        if mail.over and mail.job in self.watch.webhooks.mails:
            self.watch.webhooks.close(mail)
            self._print(mail.trace)
            self._forget(mail.job)

    def _forget(self, job_id: str) -> None:
        self.store.forget(job_id)
        self.deliveries.forget(job_id)

    def _print(self, trace: list[tuple[float, int, str]]) -> None:
        for at, depth, text in trace:
            self.fingerprint.update(f"{at:.6f} {depth} {text}\n".encode())

    def _told_of_the_disabled(self) -> None:
        one = self.watch.webhooks.subscribers.untold(self.agenda.seconds)
        if one:
            raise BrokenError("", f"{one.url} was disabled at {one.disabled:.0f} s, and nobody was told")

    def _sweep_out(self) -> None:
        objects = self.ports.bucket.objects
        for key in [key for key in objects if _job_of(key) not in self.watch.cases]:
            del objects[key]
        for job_id in [job_id for job_id in self.ports.evidence.texts if job_id not in self.watch.cases]:
            del self.ports.evidence.texts[job_id]
        for name in list(self.watch.early)[:-100]:
            del self.watch.early[name]
        store = self.ports.store
        cases = self.watch.cases
        self.watch.traced = {root: ids for root, ids in self.watch.traced.items() if any(one in cases for one in ids)}
        self.callers.traced = {id: order for id, order in self.callers.traced.items() if id in cases}
        store.claims = {name: one for name, one in store.claims.items() if one.job_id in self.watch.cases}

    def _tell(self, text: str) -> None:
        if self.agenda.frames:
            frame = self.agenda.frames[-1]
            self.watch.note(frame.job, f"{frame.what}: {text}")

    def _new_id(self) -> str:
        self.ids += 1
        return f"{self.ids:032x}"

    def _shop(self, name: str, manner: Manner, parallel: int | None) -> Shop:
        """Its own price, rhythm and number of takes; the wishes it takes are those of kie.ai, so that any can serve."""
        own, slow = capabilities()[name], Rhythm(first=60, every=30)
        rhythm = own.rhythm if own.rhythm.every < 60 else slow
        abilities = replace(
            capabilities()["kie"], provider=name, usd=own.usd, rhythm=rhythm, tracks=own.tracks, parallel=parallel
        )
        return Shop(
            capabilities=abilities,
            agenda=self.agenda,
            mischief=self.mischief,
            manner=manner,
            eta=manner is Manner.ONE_WEBHOOK,
            bought=self._bought,
            tell=self.watch.note,
        )

    def _bought(self, shop: Shop, task: Task) -> None:
        self.watch.bought(shop, task)
        self.callbacks.plan(shop, task)

    def _ports(self) -> Ports:
        parts: dict[str, Any] = {"agenda": self.agenda, "mischief": self.mischief, "attempt": self.attempt}
        self.store = Store(committed=self._committed, watch=self.watch)
        ports = Ports(
            clock=self.agenda,
            store=self.store,
            providers={name: self.mischief.guard(shop, f"vendor:{name}") for name, shop in self.shops.items()},
            links=Media(self.shops, self.agenda, self.mischief),
            probe=Ears(),
            new_id=self._new_id,
            bucket=self.watch.bucket,
            topic=Topic(watch=self.watch),
            to_advance=Queue(name="advance", limit=60.0, visible=360.0, **parts),
            to_transfer=Queue(name="transfer", limit=180.0, visible=1080.0, **parts),
            to_deliver=Queue(name="deliver", limit=120.0, visible=720.0, redriven=True, **parts),
            poster=Clients(self.watch, self.agenda, self.mischief, self.receivers),
            endpoints=Endpoints(watch=self.watch),
        )
        ports.records = self.records = Records(self.store)
        ports.deliveries = self.deliveries = Deliveries(
            self.store, self.records, webhooks=self.watch.webhooks, mischief=self.mischief
        )
        return ports

    def _connect(self) -> None:
        works, ports = self.works, self.ports
        ports.to_advance.work = lambda one: works.advance(one["job"])  # type: ignore[attr-defined]
        ports.to_transfer.work = lambda one: works.transfer(one["job"], one["number"], one["tries"], one["tenant"])  # type: ignore[attr-defined]
        ports.to_deliver.work = self._deliver  # type: ignore[attr-defined]
        self.stream = Stream(works.dispatch, self.agenda, self.mischief, self.attempt)

    def _deliver(self, message: Mapping[str, Any]) -> None:
        """As `functions/deliver` does."""
        match message:
            case {"job": job, "delivery": delivery}:
                self.works.deliver(job, delivery)
            case {"job": job, "line": line, "to": to, **rest}:
                self.works.deliver.first(job, line, to, rest.get("event"))
            case {"job": job, "line": line}:
                self.works.deliver.fan_out(job, line)
            case {"job": job}:
                self.works.call_back(job)

    def _committed(self, entry: Entry) -> None:
        self.stream.add(entry)


def _job_of(key: str) -> str:
    """Of `covers/<tenant>/<job>/...`."""
    return key.split("/")[2]
