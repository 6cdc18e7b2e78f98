"""The ports in memory: what the tests and simulations run on, held to the same contract suites as `aws/`."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from reprise.domain.assess import SourceFacts
from reprise.domain.callbacks import CallbackRecord
from reprise.domain.health import Health
from reprise.domain.job import Change, Entry, Job, KeptFile, State
from reprise.domain.key import ApiKey, digest_of
from reprise.domain.purse import money
from reprise.domain.request import Source
from reprise.domain.violation import Violation
from reprise.errors import BudgetSpentError, ConflictError, InvalidError, TooMuchAudioError
from reprise.ports import (
    HEAD_BYTES,
    MOST_DELAY,
    MOST_LIST_TITLE,
    SLOT_FRESH,
    Claim,
    Claimed,
    Clock,
    Due,
    Found,
    Page,
    Summary,
    UploadTicket,
)


@dataclass
class MemoryClock:
    """Stands still unless told; sleeping is moving on."""

    at: datetime = field(default_factory=lambda: datetime(2026, 11, 20, 12, tzinfo=UTC))

    def now(self) -> datetime:
        return self.at

    def sleep(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)


@dataclass
class MemoryJobs:
    """`committed` is called with each new line of the timeline: the table's stream. `spent` is USD by key and month."""

    committed: Callable[[Entry], None] = lambda entry: None
    jobs: dict[str, Job] = field(default_factory=dict)
    entries: dict[str, list[Entry]] = field(default_factory=dict)
    claims: dict[tuple[str, str], Claimed] = field(default_factory=dict)
    spent: dict[tuple[str, str], Decimal] = field(default_factory=dict)

    def create(self, change: Change, claim: Claim | None) -> Claimed | None:
        if claim:
            held = self.claims.get((claim.tenant, claim.key))
            if held:
                return held
        if change.job.id in self.jobs:
            raise ConflictError("there is such a job")
        self._pay(change)
        if claim:
            self.claims[claim.tenant, claim.key] = Claimed(change.job.id, claim.fingerprint)
        self._write(change)
        return None

    def claimed(self, claim: Claim) -> Claimed | None:
        return self.claims.get((claim.tenant, claim.key))

    def commit(self, change: Change) -> None:
        job = self.jobs.get(change.job.id)
        if job is None or job.version != change.before:
            raise ConflictError("the job was changed by another at the same moment")
        self._pay(change)
        self._write(change)

    def load(self, job_id: str) -> Job | None:
        return self.jobs.get(job_id)

    def due(self, now: datetime) -> Iterator[Due]:
        return iter([Due(job.id, job.due_at) for job in self.jobs.values() if job.due_at and job.due_at <= now])

    def page(self, tenant: str, state: State | None, limit: int, cursor: str | None) -> Page:
        mine = [job for job in self.jobs.values() if job.tenant == tenant and state in (None, job.state)]
        mine.sort(key=lambda job: (job.created_at, job.id), reverse=True)
        if cursor:
            place = _place_of(cursor)
            mine = [job for job in mine if (job.created_at, job.id) < place]
        more = f"{mine[limit - 1].created_at.isoformat()}~{mine[limit - 1].id}" if len(mine) > limit else None
        return Page(tuple(map(_summary, mine[:limit])), more)

    def timeline(self, job_id: str) -> Sequence[Entry]:
        return list(self.entries.get(job_id, []))

    def line(self, job_id: str, sequence: int) -> Entry | None:
        return next((entry for entry in self.timeline(job_id) if entry.sequence == sequence), None)

    def delete(self, job_id: str) -> None:
        self.jobs.pop(job_id, None)
        self.entries.pop(job_id, None)

    def _pay(self, change: Change) -> None:
        purse = change.job.purse
        if purse is None or not change.commits:
            return
        spent = self.spent.get((purse.key, purse.month), Decimal(0))
        if change.buys and spent + change.commits > money(purse.limit):
            raise BudgetSpentError(purse, spent)
        self.spent[purse.key, purse.month] = spent + change.commits

    def _write(self, change: Change) -> None:
        self.jobs[change.job.id] = change.job
        self.entries.setdefault(change.job.id, []).extend(change.entries)
        for entry in change.entries:
            self.committed(entry)


@dataclass
class MemoryCallbackRecords:
    """Lies in the partitions of `jobs`: what is deleted there is gone here."""

    jobs: MemoryJobs
    records: dict[str, CallbackRecord] = field(default_factory=dict)

    def load(self, job_id: str) -> CallbackRecord | None:
        if job_id not in self.jobs.jobs:
            self.records.pop(job_id, None)
        return self.records.get(job_id)

    def save(self, record: CallbackRecord, before_version: int) -> None:
        known = self.load(record.job_id)
        if (known.version if known else 0) != before_version:
            raise ConflictError("the record was changed by another at the same moment")
        self.records[record.job_id] = record


@dataclass
class MemoryEvidence:
    """Lies in the partitions of `jobs`: what is deleted there is gone here."""

    jobs: MemoryJobs
    texts: dict[str, dict[str, str]] = field(default_factory=dict)

    def keep(self, job_id: str, name: str, text: str, now: datetime) -> None:
        self.texts.setdefault(job_id, {})[name] = text

    def of(self, job_id: str) -> dict[str, str]:
        if job_id not in self.jobs.jobs:
            self.texts.pop(job_id, None)
        return self.texts.get(job_id, {})


@dataclass
class MemoryInbox:
    objects: dict[str, bytes] = field(default_factory=dict)
    metadata: dict[str, Mapping[str, str]] = field(default_factory=dict)

    def put(self, key: str, body: bytes, metadata: Mapping[str, str] | None = None) -> None:
        self.objects[key] = body
        self.metadata[key] = metadata or {}

    def offer(self, key: str, content_type: str, max_bytes: int, now: datetime) -> UploadTicket:
        fields = {"key": key, "Content-Type": content_type}
        return UploadTicket("https://inbox.example/", fields, now + timedelta(hours=1))

    def link(self, key: str) -> str:
        return f"https://inbox.example/{key}"

    def look(self, key: str) -> Found | None:
        if key not in self.objects:
            return None
        body = self.objects[key]
        return Found(len(body), body[:HEAD_BYTES], self.metadata[key])

    def read(self, key: str, most: int = 1_000_000) -> bytes | None:
        body = self.objects.get(key)
        return body if body is not None and len(body) <= most else None

    def download(self, key: str, path: Path, max_bytes: int) -> bool:
        if key not in self.objects:
            return False
        size = len(self.objects[key])
        if size > max_bytes:
            raise TooMuchAudioError(f"more than {max_bytes} bytes", size)
        path.write_bytes(self.objects[key])
        return True

    def write(self, key: str, text: str) -> None:
        self.put(key, text.encode())

    def remove(self, key: str) -> None:
        self.objects.pop(key, None)
        self.metadata.pop(key, None)

    def store(self, key: str, content: bytes) -> None:
        self.put(key, content)


@dataclass
class MemorySources:
    """What is known of each URL or key; of any other nothing is, and it is no fault."""

    facts: dict[str, SourceFacts] = field(default_factory=dict)

    def __call__(self, source: Source, found: Found | None = None) -> SourceFacts:
        return self.facts.get(source.url or source.key or "", SourceFacts())


@dataclass
class MemoryCovers:
    objects: dict[str, bytes] = field(default_factory=dict)

    def keep(self, file: KeptFile, path: Path) -> None:
        self.objects.setdefault(file.key, path.read_bytes())

    def write(self, key: str, text: str) -> None:
        self.objects[key] = text.encode()

    def link(self, key: str, filename: str, method: str = "GET") -> str:
        return f"https://covers.example/{key}?name={filename}"

    def remove(self, key: str) -> None:
        self.objects.pop(key, None)

    def delete(self, prefix: str) -> None:
        for key in [key for key in self.objects if key.startswith(prefix)]:
            del self.objects[key]


@dataclass
class MemoryKeys:
    """`keys` by their SHA-256, `asked` how often by key and minute."""

    clock: Clock = field(default_factory=MemoryClock)
    keys: dict[str, ApiKey] = field(default_factory=dict)
    asked: dict[tuple[str, datetime], int] = field(default_factory=dict)

    def find(self, key: str) -> ApiKey | None:
        found = self.keys.get(digest_of(key))
        return found if found and found.revoked_at is None else None

    def admit(self, key: ApiKey) -> int:
        now = self.clock.now()
        minute = key.id, now.replace(second=0, microsecond=0)
        if key.per_minute is None:
            return 0
        if self.asked.get(minute, 0) >= key.per_minute:
            return 60 - now.second
        self.asked[minute] = self.asked.get(minute, 0) + 1
        return 0


@dataclass
class MemoryHealth:
    known: dict[str, Health] = field(default_factory=dict)

    def load(self, provider: str) -> Health:
        return self.known.get(provider, Health())

    def save(self, provider: str, health: Health) -> None:
        if self.load(provider).version != health.version - 1:
            raise ConflictError("another wrote it at the same moment")
        self.known[provider] = health


@dataclass
class MemorySlots:
    holders: dict[str, dict[str, datetime]] = field(default_factory=dict)

    def take(self, provider: str, job_id: str, most: int, now: datetime, busy: Callable[[str], bool | None]) -> bool:
        held = self.holders.setdefault(provider, {})
        if job_id not in held and len(held) >= most:
            young = now - timedelta(seconds=SLOT_FRESH)
            told = {one: busy(one) for one in held}
            held = {one: since for one, since in held.items() if told[one] or (told[one] is None and since > young)}
        if job_id not in held and len(held) >= most:
            return False
        self.holders[provider] = {**held, job_id: now}
        return True

    def leave(self, provider: str, job_id: str) -> None:
        self.holders.get(provider, {}).pop(job_id, None)


@dataclass
class MemoryQueue:
    messages: list[tuple[Mapping[str, Any], int]] = field(default_factory=list)

    def send(self, message: Mapping[str, Any], delay_seconds: int = 0) -> None:
        self.messages.append((message, max(0, min(delay_seconds, MOST_DELAY))))

    def send_many(self, messages: Iterable[Mapping[str, Any]]) -> int:
        found = [(message, 0) for message in messages]
        self.messages += found
        return len(found)


@dataclass
class MemoryNotifier:
    published: list[tuple[Mapping[str, Any], Mapping[str, str]]] = field(default_factory=list)

    def publish(self, message: Mapping[str, Any], attributes: Mapping[str, str]) -> None:
        self.published.append((message, attributes))


def _place_of(cursor: str) -> tuple[datetime, str]:
    moment, _, job_id = cursor.partition("~")
    try:
        return datetime.fromisoformat(moment), job_id
    except ValueError as error:
        raise InvalidError(Violation("cursor", "unknown", "not a cursor of ours")) from error


def _summary(job: Job) -> Summary:
    return Summary(
        id=job.id,
        state=job.state,
        stage=job.stage,
        provider=job.provider,
        title=job.request.title and job.request.title[:MOST_LIST_TITLE],
        created_at=job.created_at,
        updated_at=job.updated_at,
    )
