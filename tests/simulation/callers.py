"""Those who ask: by the API, with and without a key, twice at once, in a vendor's words, or by dropping a song."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from reprise.dialects.dialect import Knock, Wish
from reprise.domain.job import State
from reprise.domain.request import CoverRequest, Source, Visit, Webhook, WhenUnknown
from reprise.errors import GoneError, InvalidError, KeyReusedError, NotAllowedError, NotFoundError, StillRunningError
from reprise.http.dialects import TRACE, claim_of
from reprise.ports import Claim
from reprise.usecases.submit import Submitted

from tests.simulation.broken import BrokenError
from tests.simulation.mischief import TROUBLE
from tests.simulation.tenants import ENDS
from tests.simulation.watch import Case
from tests.simulation.world import CrashError

if TYPE_CHECKING:
    from tests.simulation.simulation import Simulation

MOST_POSTS = 8
API_LIMIT = 29.0


@dataclass
class Order:
    """One wish of one caller, however often it is asked. `answered` are the jobs that it was told of.

    `trace` is what a vendor's client sends with many calls, of this wish and of others.
    """

    number: int
    tenant: str
    request: CoverRequest
    key: str | None
    trace: str | None = None
    repeats: int = 0
    posts: int = 0
    answered: set[str] = field(default_factory=set)


@dataclass
class Callers:
    sim: "Simulation"
    refused: int = 0
    unanswered: int = 0
    drops: int = 0
    traces: dict[str, str] = field(default_factory=dict)
    traced: dict[str, Order] = field(default_factory=dict)

    def arrive(self, number: int) -> None:
        dice = self.sim.dice
        if dice.random() < 0.05:
            self._drop(number)
            return
        key = f"key:{number}" if dice.random() < 0.9 else None
        order = Order(number, dice.choice(("owner", "label", "choir")), self._wish(number), key)
        if order.request.visit and dice.random() < 0.7:
            order.key, order.trace = None, self._trace(order.tenant)
        self.post(order)
        if (key or order.trace) and self.sim.mischief.happens(0.1, "double click"):
            self.sim.agenda.after(dice.uniform(0.01, 2.0), lambda: self.post(order))

    def _trace(self, tenant: str) -> str:
        """A client's library sends one for some calls, then another."""
        if tenant not in self.traces or self.sim.dice.random() < 0.3:
            self.traces[tenant] = f"trace-{self.sim.dice.randrange(10**9)}"
        return self.traces[tenant]

    def _claim(self, order: Order) -> Claim | None:
        if order.trace:
            knock = Knock("POST", "/", {}, {TRACE: order.trace})
            return claim_of(knock, order.tenant, Wish(order.request))
        return Claim(order.tenant, order.key, f"print-{order.number}") if order.key else None

    def _wish(self, number: int) -> CoverRequest:
        dice = self.sim.dice
        request = CoverRequest(Source(url=f"https://songs.example/{number}.mp3"), prompt="make it lo-fi jazz")
        roll = dice.random()
        if roll < 0.15:
            visit = Visit(dice.choice(("kie", "sunoapi")), f"https://client.example/{number}")
            request = replace(request, visit=visit)
        elif roll < 0.25:
            request = replace(request, providers=(dice.choice(list(self.sim.shops)),))
        elif roll < 0.3:
            request = replace(request, providers=("aimlapi", "musicgpt"))
        if dice.random() < 0.15:
            request = replace(request, webhook=self._own_url(number))
        if dice.random() < 0.2:
            request = replace(request, when_unknown=WhenUnknown.RESUBMIT)
        if dice.random() < 0.25:
            request = replace(request, max_usd=dice.choice((0.05, 0.06, 0.13, 0.2, 0.3)))
        return replace(request, deadline=dice.choice((600, 1200, 1200, 1200, 3600)))

    def _own_url(self, number: int) -> Webhook:
        dice, bad = self.sim.dice, self.sim.mischief.rates.own_url_bad
        manner = dice.choice(("dead", "gone")) if self.sim.mischief.happens(bad, "a job's own URL is bad") else "well"
        return Webhook(f"https://own.example/{number}/{manner}", dice.choice(((), ("cover.first", *ENDS))))

    def post(self, order: Order) -> None:
        claim, began = self._claim(order), self.sim.agenda.seconds
        order.posts += 1
        answer: list[Submitted] = []

        def work() -> None:
            answer.append(self.sim.works.submit(order.tenant, order.request, claim))

        try:
            self.sim.agenda.at_work("submit", f"order {order.number}", API_LIMIT, work)
        except (InvalidError, GoneError) as error:
            self.refused += isinstance(error, InvalidError)
            return
        except KeyReusedError as error:
            raise BrokenError(f"order {order.number}", "one key, or one trace, stands for two wishes") from error
        except (CrashError, StillRunningError, *TROUBLE):
            if claim and order.posts < MOST_POSTS:
                self.sim.agenda.after(self.sim.dice.uniform(1.0, 60.0), lambda: self.post(order))
            else:
                self.unanswered += 1
            return
        except Exception as error:
            raise BrokenError(f"order {order.number}", f"submit raised {error!r}") from error
        self._answered(order, answer[0].job.id, began)

    def _answered(self, order: Order, job_id: str, began: float) -> None:
        order.answered.add(job_id)
        if job_id not in self.sim.watch.cases:
            raise BrokenError(job_id, "a caller was told of a job that is not stored")
        if order.trace:
            self.traced[job_id] = order
            self._in_the_way(job_id, began)
        elif len(order.answered) > 1:
            raise BrokenError(job_id, f"one key made the jobs {sorted(order.answered)}")

    def _in_the_way(self, job_id: str, began: float) -> None:
        """A call is answered with a job of an earlier one: it may still be paid for, or was."""
        case = self.sim.watch.cases[job_id]
        if case.ended_at is not None and case.ended_at < began and case.bought_nothing(began):
            raise BrokenError(job_id, "it bought nothing, and stands in the way of the next call under its trace")

    def _drop(self, number: int) -> None:
        """S3 tells of an object at least once; a function that died is called again."""
        self.drops += 1
        key = f"inbox/{number}.mp3"
        self.sim.ports.inbox.put(key, b"ID3", {"prompt": "make it lo-fi jazz"})
        times = 1 + self.sim.mischief.happens(0.2, "S3 event repeated")
        for _ in range(times):
            self.sim.agenda.after(self.sim.dice.uniform(0.1, 5.0), lambda: self._take_in(key))

    def _take_in(self, key: str) -> None:
        name = f"drop {key}"
        if not self.sim.attempt("upload", name, 60.0, lambda: self.sim.works.take_in(key, "sequencer")):
            self.sim.agenda.after(self.sim.dice.uniform(60.0, 120.0), lambda: self._take_in(key))

    def began(self, case: Case) -> None:
        if self.sim.mischief.happens(0.04, "caller cancels"):
            self.sim.agenda.after(self.sim.dice.uniform(0.0, 200.0), lambda: self._manage(case, self._cancel))

    def ended(self, case: Case) -> None:
        dice = self.sim.dice
        order = self.traced.pop(case.job.id, None)
        if order and order.repeats < 3 and case.job.state is State.FAILED:
            order.repeats += 1
            self.sim.mischief.count("call repeated under its trace")
            self.sim.agenda.after(dice.uniform(1.0, 900.0), lambda: self.post(order))
        if case.job.state is not State.SUCCEEDED and self.sim.mischief.happens(0.3, "caller retries"):
            for _ in range(dice.choice((1, 1, 2))):
                self.sim.agenda.after(dice.uniform(1.0, 600.0), lambda: self._manage(case, self._retry))
        elif self.sim.mischief.happens(0.02, "caller deletes"):
            self.sim.agenda.after(dice.uniform(1.0, 600.0), lambda: self._manage(case, self._delete))

    def _cancel(self, case: Case) -> None:
        self.sim.works.manage.cancel(case.job.tenant, case.job.id)

    def _retry(self, case: Case) -> None:
        """What was paid and may be there is looked for; it is not bought again. What was not known when the try began
        that stored the retry does not count; of tries at once any may have."""
        if not case.retry_stored:
            case.at_retry = bool(case.job.task_id) and (case.at_retry or not case.retrying)
        case.retrying += 1
        try:
            fresh = self.sim.works.manage.retry(case.job.tenant, case.job.id)
        finally:
            case.retrying -= 1
        if case.retried not in (None, fresh.id):
            raise BrokenError(case.job.id, f"retried as {case.retried} and as {fresh.id}")
        case.retried = fresh.id
        if fresh.id not in self.sim.watch.cases:
            raise BrokenError(case.job.id, "a caller was told of a retry that is not stored")
        reason = case.job.failure.reason if case.job.failure else "canceled"
        adopted = any(entry.type == "job.adopted" for entry in self.sim.watch.cases[fresh.id].entries)
        tasks = [task for _, task in case.tasks.values() if task.order.attempt == case.job.attempt]
        lies = [task for task in tasks if task.untrue and not task.told_failed]
        after_a_lie = not adopted and any(task.untrue for _, task in case.tasks.values())
        self.sim.watch.cases[fresh.id].after_a_lie = after_a_lie
        made = reason in ("canceled", "deadline", "submit-unknown", "audio-unavailable") or bool(lies)
        if case.at_retry and made and not adopted:
            raise BrokenError(fresh.id, f"bought again what {case.job.id} had paid for")

    def _delete(self, case: Case) -> None:
        case.deleted = True
        self.sim.works.manage.delete(case.job.tenant, case.job.id)

    def _manage(self, case: Case, work: Callable[[Case], None], times: int = 1) -> None:
        def asked() -> None:
            try:
                work(case)
            except (NotAllowedError, NotFoundError, GoneError):
                return  # it had ended, or is gone

        done = self.sim.attempt(f"manage {work.__name__.strip('_')}", case.job.id, API_LIMIT, asked)
        if not done and times < MOST_POSTS:
            again = self.sim.dice.uniform(1.0, 30.0)
            self.sim.agenda.after(again, lambda: self._manage(case, work, times + 1))
