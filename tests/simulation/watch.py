"""What must hold after every step. A broken invariant stops the run."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from reprise.domain.job import Change, Entry, Job, Leg, State, Track
from reprise.domain.purse import MONEY_DIGITS
from reprise.domain.request import WhenUnknown
from reprise.domain.sidecars import SIDECAR, folder, sidecar
from reprise.memory import MemoryCovers
from reprise.ports import Claim

from tests.simulation.agenda import START, Agenda
from tests.simulation.broken import BrokenError
from tests.simulation.media import digest, song
from tests.simulation.shop import Shop, Task
from tests.simulation.webhooks import Webhooks

TERMINAL_EVENTS = ("cover.succeeded", "cover.failed", "cover.canceled")
CERTAIN = ("submit.refused", "callback.failed", "poll.failed")
S = State
MOVES = {
    None: {S.QUEUED, S.SUBMITTING, S.RUNNING},  # running: a retry takes over what was bought
    S.QUEUED: {S.SUBMITTING, S.RUNNING, S.ARCHIVING, S.SUCCEEDED, S.FAILED, S.CANCELED},
    S.SUBMITTING: {S.QUEUED, S.RUNNING, S.ARCHIVING, S.SUCCEEDED, S.FAILED, S.CANCELED},
    S.RUNNING: {S.QUEUED, S.ARCHIVING, S.SUCCEEDED, S.FAILED, S.CANCELED},
    S.ARCHIVING: {S.SUCCEEDED, S.FAILED, S.CANCELED},
}


@dataclass
class Case:
    """One job, as the world saw it. It outlives the job's deletion."""

    job: Job
    legs: tuple[Leg, ...]
    entries: list[Entry] = field(default_factory=list)
    published: dict[int, dict[str, Any]] = field(default_factory=dict)
    tasks: dict[int, tuple[Shop, Task]] = field(default_factory=dict)
    told: list[str] = field(default_factory=list)
    tries: int = 0
    copies_died: int = 0
    retried: str | None = None
    at_retry: bool = False
    retry_stored: bool = False
    retrying: int = 0
    after_a_lie: bool = False
    ended_at: float | None = None
    deleted: bool = False
    trace: list[tuple[float, int, str]] = field(default_factory=list)

    def bought_nothing(self, now: float) -> bool:
        """It failed, each of its paid calls was refused, and by `now` no vendor had said that it took one after all."""
        marks = [entry.type for entry in self.entries if entry.type in ("submit.intended", "submit.refused")]
        refused = marks == ["submit.intended", "submit.refused"] * (len(marks) // 2)
        told = any(not task.untrue or task.admitted <= now for _, task in self.tasks.values())
        return self.job.state is State.FAILED and refused and not told


@dataclass
class Watch:
    agenda: Agenda
    bucket: MemoryCovers
    shops: dict[str, Shop] = field(default_factory=dict)
    cases: dict[str, Case] = field(default_factory=dict)
    ended: list[str] = field(default_factory=list)
    began: list[str] = field(default_factory=list)
    stored: int = 0
    retries: int = 0
    dropped: int = 0
    renewals: int = 0
    traced: dict[tuple[str, str], list[str]] = field(default_factory=dict)
    early: dict[str, list[tuple[float, int, str]]] = field(default_factory=dict)
    webhooks: Webhooks = field(init=False)

    def __post_init__(self) -> None:
        self.webhooks = Webhooks(self.agenda, self.note, self._told)

    def note(self, job: str, text: str) -> None:
        line = (self.agenda.seconds, len(self.agenda.frames), text)
        if not job:
            return  # the poller's
        known = self.cases.get(job) or self.webhooks.mails.get(job)
        (known.trace if known else self.early.setdefault(job, [])).append(line)

    def _told(self, job: str, event: int) -> Mapping[str, Any] | None:
        case = self.cases.get(job)
        return case.published.get(event) if case else None

    def wrote(self, before: Job | None, change: Change) -> None:
        job, known = change.job, self.cases.get(change.job.id)
        if known is None:
            known = self.cases[job.id] = Case(job, (job.leg, *job.route), trace=self.early.pop(job.id, []))
            self.began.append(job.id)
            self.stored += 1
            self.retries += job.retry_of is not None
            if job.retry_of in self.cases:
                self.cases[job.retry_of].retry_stored = True
            self.dropped += job.request.source.key is not None and job.retry_of is None
        for entry in change.entries:
            data = " ".join(f"{name}={value}" for name, value in entry.data.items())
            self.note(job.id, f"  wrote {entry.sequence} {entry.type}: {entry.message} {data}".rstrip())
        self._lawful(before, job, change.entries)
        for entry in change.entries:
            if entry.type == "submit.intended":
                self._may_begin(known, job, entry)
            if entry.type in ("cover.first", "cover.succeeded"):
                self._in_the_bucket(job, all_of_them=entry.type == "cover.succeeded")
            known.entries.append(entry)
            if entry.event is not None:
                self.webhooks.happened(job, entry)
        known.job = job
        if job.state.terminal and known.ended_at is None:
            known.ended_at = self.agenda.seconds
            self.ended.append(job.id)

    def claimed(self, job: Job, claim: Claim) -> None:
        """A job was made under a claim that may be renewed: what it made before bought nothing."""
        root = (claim.tenant, claim.key.partition("+")[0])
        for name in self.traced.setdefault(root, []):
            before = self.cases.get(name)
            if before:
                must(
                    job, before.bought_nothing(self.agenda.seconds), f"made though {name} of this trace may have bought"
                )
                self.cases[job.id].after_a_lie |= bool(before.tasks)
        self.renewals += bool(self.traced[root])
        self.traced[root].append(job.id)

    def _lawful(self, before: Job | None, job: Job, entries: tuple[Entry, ...]) -> None:
        was = before.state if before else None
        version, lines, events = (before.version, before.entries, before.events) if before else (0, 0, 0)
        numbers = [entry.event for entry in entries if entry.event is not None]
        must(job, job.version == version + 1, f"version {version} was followed by {job.version}")
        must(job, [one.sequence for one in entries] == list(range(lines + 1, lines + 1 + len(entries))), "gap in lines")
        must(job, numbers == list(range(events + 1, events + 1 + len(numbers))), "gap or double in the events' numbers")
        must(job, was is job.state or job.state in MOVES.get(was, ()), f"{was} became {job.state}")
        must(job, before is None or job.stage.rank >= before.stage.rank, "the stage went back")
        must(job, not (was and was.terminal and numbers), "an event after the terminal one")
        if before and was and was.terminal:
            same = replace(before, version=job.version, entries=job.entries, heard=job.heard, updated_at=job.updated_at)
            spent = round(before.spent - before.leg.usd, MONEY_DIGITS) if refused(entries) else before.spent
            must(job, replace(same, task_id=job.task_id, spent=spent) == job, "a job that was over was changed")
        elif job.state.terminal:
            last = [entry.type for entry in entries if entry.event is not None]
            ends = [name for name in last if name in TERMINAL_EVENTS]
            must(job, len(ends) == 1 and last[-1] == ends[0], f"ended with the events {last}")
        must(job, job.state.terminal or job.due_at is not None, "nobody will ever look at the job again")
        most = job.request.max_usd
        if most is not None:
            case = self.cases[job.id]
            lies = sum(shop.price for shop, task in case.tasks.values() if task.untrue) / 1e6
            must(job, job.spent <= most + lies + 1e-9, f"estimated {job.spent} USD of at most {most}")

    def _may_begin(self, case: Case, job: Job, intent: Entry) -> None:
        """The second of two attempts: the first certainly failed, or the caller chose to risk it."""
        attempt = int(str(intent.data["attempt"]))
        intents = [n for n, entry in enumerate(case.entries) if entry.type == "submit.intended"]
        adopted = any(entry.type == "job.adopted" for entry in case.entries)
        must(job, attempt == len(intents) + 1 + adopted, f"attempt {attempt} after {len(intents)} intents")
        if not intents:
            return
        since = [entry.type for entry in case.entries[intents[-1] :]]
        chosen = job.request.when_unknown is WhenUnknown.RESUBMIT and "submit.repeated" in since
        must(job, chosen or any(name in CERTAIN for name in since), f"attempt {attempt} begins, the last may be alive")
        bought = case.tasks.get(attempt - 1)
        honest = bought is None or bought[1].told_failed or self._lied_to(bought[1], since)
        must(
            job, chosen or honest, f"attempt {attempt} begins though the vendor took the last and never said it failed"
        )

    def _lied_to(self, task: Task, since: list[str]) -> bool:
        """It was refused, and until the job went on nobody could know that this was not true."""
        return task.untrue and ("cover.switched" in since or task.admitted > self.agenda.seconds)

    def bought(self, shop: Shop, task: Task) -> None:
        order = task.order
        case = self.cases.get(order.job_id)
        if case is None:
            raise BrokenError(order.job_id, f"{shop.name} was paid for a job that is not stored")
        intents = [
            entry
            for entry in case.entries
            if entry.type == "submit.intended"
            and entry.data["attempt"] == order.attempt
            and entry.provider == shop.name
        ]
        must(case.job, len(intents) == 1, f"attempt {order.attempt} was bought at {shop.name} without its intent")
        must(case.job, order.attempt not in case.tasks, f"attempt {order.attempt} was bought twice")
        case.tasks[order.attempt] = (shop, task)
        shop.ledger[order.job_id, order.attempt] = shop.tasks[task.id] = task

    def published(self, message: dict[str, Any]) -> None:
        case = self.cases[message["job"]]
        number = message["sequence"]
        told = case.published.setdefault(number, message)
        must(case.job, told == message, f"event {number} was told in two ways")
        must(case.job, message["id"] == f"{case.job.id}-{number}", "an event has another's id")
        ours = any(entry.event == number and entry.type == message["type"] for entry in case.entries)
        must(case.job, ours, f"{message['type']} was told but never written")
        if message["type"] == "cover.succeeded" and not case.deleted:
            self._in_the_bucket(case.job, all_of_them=True)
            self.described(case.job)

    def _in_the_bucket(self, job: Job, all_of_them: bool) -> None:
        kept = [track for track in job.tracks if track.file]
        must(job, bool(kept), "announced with nothing in the bucket")
        must(job, not all_of_them or all(track.settled for track in job.tracks), "succeeded with takes on their way")
        hashes = [track.file.sha256 for track in kept if track.file]
        must(job, len(set(hashes)) == len(hashes), "two tracks are the same take")
        for track in kept:
            assert track.file
            wholes = [whole for whole in self._bytes_of(job, track) if track.file.sha256 == digest(whole)]
            must(job, bool(wholes), f"track {track.number}: not the take's own bytes")
            must(job, track.file.size == len(wholes[0]), f"track {track.number}: {track.file.size} bytes")
            must(
                job, self.bucket.objects.get(track.file.key) == wholes[0], f"track {track.number} is not in the bucket"
            )

    def described(self, job: Job) -> None:
        """A task that is heard of after the end is not in the file."""
        beside = json.loads(self.bucket.objects.get(folder(job.tenant, job.id) + SIDECAR, b"{}"))
        known = json.loads(sidecar(job)) | {"task_id": beside.get("task_id")}
        must(job, beside == known, f"succeeded, and its {SIDECAR} does not say so")
        must(job, beside["task_id"] in (None, job.task_id), f"{SIDECAR} names another's task")

    def gone(self, job: Job) -> None:
        """Nothing is left in the bucket of a job that was deleted."""
        left = [key for key in self.bucket.objects if key.startswith(folder(job.tenant, job.id))]
        must(job, not left, f"deleted, and {left} is still in the bucket")

    def _bytes_of(self, job: Job, track: Track) -> list[bytes]:
        """The take's own; the first take's where the vendor served those under both links, which nobody can tell."""
        task_id, _, number = track.take.id.rpartition("/")
        tasks = (task for shop in self.shops.values() if (task := shop.tasks.get(task_id)))
        confused = any(task.bad.get(int(number), ("",))[0] == "twin" for task in tasks)
        return [song(task_id, int(number)), *([song(task_id, 1)] if confused else [])]


def refused(entries: tuple[Entry, ...]) -> bool:
    """Who was asked while the job ended says that nothing was bought."""
    return any(entry.type == "submit.refused" for entry in entries)


def must(job: Job, holds: bool, words: str) -> None:
    if not holds:
        raise BrokenError(job.id, words)


def seconds_of(moment: Any) -> float:
    return float((moment - START).total_seconds())
