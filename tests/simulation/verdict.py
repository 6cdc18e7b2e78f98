"""What must hold at the end of a job: it ended in time, was told of whole, and every cent of it is accounted for."""

from collections import Counter
from dataclasses import dataclass, field, fields

from reprise.dialects import DIALECTS
from reprise.domain.attempts import MOST_TRIES
from reprise.domain.job import Stage, State

from tests.simulation.shop import Shop, Task
from tests.simulation.watch import Case, must, seconds_of
from tests.simulation.works import audio_link

GRACE = 3600.0
"""Seconds after its deadline in which a job must have ended: half an hour for dead links, a queue that comes again
after its visibility time-out, and a poller that pauses."""

ENOUGH_COPIES = 4
"""Copies after which a mix-up of two takes must have been sorted out, once the vendor has."""

NEVER_ANSWERED = ("submit.accepted", "callback.", "poll.")


@dataclass
class Money:
    """Millionths of a USD. `unheard` is what vendors charge for orders that they had refused, and told of too late or
    never: nobody could count it."""

    estimated: int = 0
    charged: int = 0
    refunded: int = 0
    open: int = 0
    unheard: int = 0

    @property
    def balanced(self) -> bool:
        return self.estimated == self.charged + self.refunded + self.open

    def add(self, other: "Money") -> None:
        for part in fields(self):
            setattr(self, part.name, getattr(self, part.name) + getattr(other, part.name))


@dataclass
class Verdict:
    """`worst` is the longest time from a deadline to the end of its job, in seconds."""

    states: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    money: dict[tuple[str, str], Money] = field(default_factory=dict)
    worst: float = 0.0
    jobs: int = 0
    purchases: int = 0
    turned: int = 0
    events: int = 0
    lost_takes: int = 0
    double_paid: int = 0
    bought_again: int = 0
    bad_events: int = 0
    messages: int = 0

    def __add__(self, other: "Verdict") -> "Verdict":
        """Of two worlds: everything is a sum but `worst`."""
        whole = Verdict(worst=max(self.worst, other.worst))
        for part in SUMS:
            setattr(whole, part, getattr(self, part) + getattr(other, part))
        for money in (self.money, other.money):
            for whose, amounts in money.items():
                whole.money.setdefault(whose, Money()).add(amounts)
        return whole

    def __call__(self, case: Case) -> None:
        self.jobs += 1
        self._ended(case)
        self._told(case)
        self._explained(case)
        self._paid(case)
        self._whole(case)
        self._client(case)

    def _ended(self, case: Case) -> None:
        job = case.job
        must(job, job.state.terminal and case.ended_at is not None, "never ended")
        late = (case.ended_at or 0.0) - seconds_of(job.deadline_at)
        must(job, late <= GRACE, f"ended {late:.0f} s after its deadline")
        self.worst = max(self.worst, late)
        self.states[job.state] += 1
        if job.failure:
            self.reasons[job.failure.reason] += 1

    def _told(self, case: Case) -> None:
        """Deliveries are at least once: by id, each event once, without a gap, the terminal one last."""
        events = [entry for entry in case.entries if entry.event is not None]
        ends = [entry for entry in events if entry.type in ("cover.succeeded", "cover.failed", "cover.canceled")]
        must(case.job, len(ends) == 1 and events[-1] is ends[0], f"{len(ends)} ends")
        told = [case.published[number]["type"] for number in sorted(case.published)]
        must(case.job, told == [entry.type for entry in events], f"told {told}")
        for once in ("cover.text", "cover.first"):
            must(case.job, told.count(once) <= 1, f"{once} was told {told.count(once)} times")
        self.events += len(events)
        self.bad_events += len(events) != len(case.published)
        self.turned += told.count("cover.switched")

    def _explained(self, case: Case) -> None:
        for attempt, (shop, task) in case.tasks.items():
            lines = [e for e in case.entries if e.type == "submit.intended" and e.data["attempt"] == attempt]
            found = (
                len(lines) == 1 and lines[0].provider == shop.name and seconds_of(lines[0].at) <= task.bought_at + 0.001
            )
            must(case.job, found, f"the timeline does not explain what {shop.name} charges for attempt {attempt}")

    def _paid(self, case: Case) -> None:
        job, estimated = case.job, 0
        lies: list[tuple[int, str, int]] = []
        for attempt, (name, usd, refused) in _attempts(case).items():
            sums = self.money.setdefault((job.tenant, name), Money())
            bought = case.tasks.get(attempt)
            must(job, not (refused and bought and not bought[1].untrue), f"attempt {attempt}: refused, and yet bought")
            if refused:
                lies += [(attempt, name, usd)] if bought else []
                continue
            estimated += usd
            sums.estimated += usd
            if bought is None:
                sums.open += usd
                heard = [e.type for e in _lines(case, attempt) if e.type.startswith(NEVER_ANSWERED)]
                must(job, not heard, f"attempt {attempt} was answered ({heard}), but {name} sold nothing")
            else:
                _charge(sums, *bought)
        estimated += self._lied_to(case, lies, round(job.spent * 1e6) - estimated)
        self.purchases += len(case.tasks)
        self.double_paid += len({task.order.attempt for _, task in case.tasks.values()}) != len(case.tasks)
        must(job, round(job.spent * 1e6) == estimated, f"estimated {job.spent} USD, by the timeline {estimated / 1e6}")
        must(
            job, set(case.tasks) <= set(_attempts(case)), "a vendor charges for an attempt that is not on the timeline"
        )

    def _lied_to(self, case: Case, lies: list[tuple[int, str, int]], counted: int) -> int:
        """Refusals that were not true. What was told of before the end counts, and its takes are among the job's; of
        what came later nothing need be known. `counted` is what the job adds to its honest attempts."""
        ended, sum_of = case.ended_at or 0.0, 0
        for attempt, name, usd in sorted(lies, key=lambda lie: case.tasks[lie[0]][1].admitted):
            shop, task = case.tasks[attempt]
            sums = self.money[case.job.tenant, name]
            if task.admitted < ended or sum_of + usd <= counted:
                sum_of += usd
                sums.estimated += usd
                _charge(sums, shop, task)
            elif not task.refunded:
                sums.unheard += shop.price
            self._brought(case, task, ended)
            later = [other for _, other in case.tasks.values() if other.bought_at > task.bought_at]
            self.bought_again += bool(later)
        self.bought_again += case.after_a_lie and bool(case.tasks)
        return sum_of

    def _brought(self, case: Case, task: Task, ended: float) -> None:
        told = 0 if task.told.get("first", ended) >= ended else 1
        told = told if task.told.get("complete", ended) >= ended else task.tracks
        ours = {track.take.id for track in case.job.tracks}
        lost = [number for number in range(1, told + 1) if f"{task.id}/{number}" not in ours]
        must(case.job, not lost, f"takes {lost} of {task.id} were told of, and nobody looked at them")

    def _whole(self, case: Case) -> None:
        job = case.job
        bought = case.tasks.get(job.attempt)
        if job.state is not State.SUCCEEDED:
            return
        for track in job.tracks:
            task_id, _, number = track.take.id.rpartition("/")
            self.lost_takes += track.file is None
            made = next((task for _, task in case.tasks.values() if task.id == task_id), None)
            faulty = made is None or made.confused or int(number) in made.bad or case.copies_died
            given_up = track.reason and (faulty or job.alternative(track))
            must(job, bool(track.file or given_up), f"track {track.number} was given up without a reason")
            since = [e for e in case.entries if made and seconds_of(e.at) > made.confused]
            alike = sum("same bytes" in e.message for e in since if e.data.get("number") == track.number)
            alike -= case.copies_died + sum(e.type == "track.confirmed" for e in since)  # the other's copy failed
            words = f"track {track.number} is lost, {alike} times its own bytes were taken for another's"
            must(job, bool(track.file) or not (made and made.confused) or alike < ENOUGH_COPIES, words)
        if bought and job.stage is Stage.COMPLETE and job.attempt > job.closed and not _rescued(case):
            ours = {track.take.id for track in job.tracks}
            theirs = {f"{bought[1].id}/{number}" for number in range(1, bought[1].tracks + 1)}
            must(job, theirs <= ours, f"{theirs - ours} was made and never looked at")

    def _client(self, case: Case) -> None:
        """A client of a dialect hears all that there is, at least once and in order, unless it is deaf for hours."""
        job, visit = case.job, case.job.request.visit
        if not visit or not visit.callback_url or case.deleted:
            return
        self.messages += len(case.told)
        due = [str(one.notice) for one in DIALECTS[visit.dialect].callbacks(job, audio_link)]
        first = list(dict.fromkeys(case.told))
        must(job, first == sorted(first, key=due.index) if set(first) <= set(due) else False, f"client heard {first}")
        missing = [notice for notice in due if notice not in first]
        must(job, not missing or case.tries >= MOST_TRIES or first[-1:] == due[-1:], f"client never heard {missing}")


SUMS = [part.name for part in fields(Verdict) if part.name not in ("worst", "money")]


def _charge(sums: Money, shop: Shop, task: Task) -> None:
    if task.refunded:
        sums.refunded += shop.price
    else:
        sums.charged += shop.price


def _rescued(case: Case) -> bool:
    return any(entry.type == "job.rescued" for entry in case.entries)


def _attempts(case: Case) -> dict[int, tuple[str, int, bool]]:
    """Attempt -> provider, estimate, whether it was refused; from the timeline alone."""
    found: dict[int, tuple[str, int, bool]] = {}
    now = 0
    for entry in case.entries:
        if entry.type == "submit.intended":
            now = int(str(entry.data["attempt"]))
            leg = next(leg for leg in case.legs if leg.provider == entry.provider)
            found[now] = (entry.provider, round(leg.usd * 1e6), False)
        if entry.type == "submit.refused":
            found[now] = (*found[now][:2], True)
    return found


def _lines(case: Case, attempt: int) -> list:  # type: ignore[type-arg]
    """Of the timeline, what lies between an attempt's intent and the next, and is about this attempt."""
    begun = [n for n, e in enumerate(case.entries) if e.type == "submit.intended" and e.data["attempt"] == attempt]
    lines = case.entries[begun[0] + 1 :]
    end = next((n for n, e in enumerate(lines) if e.type == "submit.intended"), len(lines))
    return lines[:end]
