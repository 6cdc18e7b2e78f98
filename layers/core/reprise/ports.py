"""What the use cases need of the world. `aws/`, `providers/` and `net/` implement it; so does `memory.py`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

if TYPE_CHECKING:
    from decimal import Decimal

    from reprise.domain.assess import SourceFacts
    from reprise.domain.attempts import Posted
    from reprise.domain.callbacks import CallbackRecord
    from reprise.domain.capabilities import Capabilities
    from reprise.domain.delivery import Delivery
    from reprise.domain.endpoint import Endpoint, Keyring
    from reprise.domain.facts import Accepted, Broke, Pending, Progress, Refused, Unknown
    from reprise.domain.health import Health
    from reprise.domain.job import Change, Entry, Job, KeptFile, State
    from reprise.domain.key import ApiKey
    from reprise.domain.request import CoverRequest, Source


class Clock(Protocol):
    def now(self) -> datetime:
        """UTC."""
        ...

    def sleep(self, seconds: float) -> None: ...


CLAIM_LIFE = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Claim:
    """A caller's Idempotency-Key (or an S3 event's own) and the fingerprint of the body it came with.

    `renewed`: the key may be used again once its job has failed and certainly bought nothing. `life` is how long it is
    remembered; None: for as long as the table.
    """

    tenant: str
    key: str
    fingerprint: str
    renewed: bool = False
    life: timedelta | None = CLAIM_LIFE


@dataclass(frozen=True, slots=True)
class Claimed:
    """Who holds a claim already."""

    job_id: str
    fingerprint: str


MOST_LIST_TITLE = 200
"""Characters of a title that a list shows."""


@dataclass(frozen=True, slots=True)
class Summary:
    """A line of the list. Where there is no title, `name` is what else it can be told by."""

    id: str
    state: State
    stage: str
    provider: str
    title: str | None
    created_at: datetime
    updated_at: datetime
    name: str | None = None


@dataclass(frozen=True, slots=True)
class Page:
    summaries: tuple[Summary, ...]
    cursor: str | None


@dataclass(frozen=True, slots=True)
class Due:
    """A job that waits for a look, and since when."""

    job_id: str
    at: datetime


class JobStore(Protocol):
    """One table. A change is written whole or not at all, together with its timeline lines and with what it commits
    of its job's purse. One that buys raises BudgetSpentError where the purse has no room for it."""

    def create(self, change: Change, claim: Claim | None) -> Claimed | None:
        """Stores a new job. If the claim is held, stores nothing and says who holds it. Raises ConflictError where
        others write to the same purse at the same moment."""
        ...

    def claimed(self, claim: Claim) -> Claimed | None:
        """Who holds this claim, if anybody."""
        ...

    def commit(self, change: Change) -> None:
        """Raises ConflictError unless the job still has the version that the change began with."""
        ...

    def load(self, job_id: str) -> Job | None: ...

    def due(self, now: datetime) -> Iterator[Due]:
        """The jobs that wait for a time that has come, through the sparse index alone."""
        ...

    def page(self, tenant: str, state: State | None, limit: int, cursor: str | None) -> Page:
        """Newest first. Raises InvalidError for a cursor that is not ours."""
        ...

    def timeline(self, job_id: str) -> Sequence[Entry]: ...

    def line(self, job_id: str, sequence: int) -> Entry | None:
        """One line of the timeline."""
        ...

    def delete(self, job_id: str) -> None: ...


@dataclass(frozen=True, slots=True)
class Made:
    """Some jobs of a month, by their ids; without a `cursor` there are no more."""

    ids: tuple[str, ...]
    cursor: str | None


class JobReader(Protocol):
    """Many jobs at once, for those who add up and name them. It may be a moment behind, and changes nothing."""

    def made(self, tenant: str, month: str, limit: int, cursor: str | None) -> Made:
        """Who was made in a month (`2026-11`, UTC), newest first. Raises InvalidError for a cursor that is not ours."""
        ...

    def several(self, ids: Sequence[str]) -> Mapping[str, Job]:
        """Those that are there."""
        ...

    def committed(self, key_id: str, month: str) -> Decimal:
        """USD that a key's purse has spent, or put by for jobs that wait."""
        ...


class KeyStore(Protocol):
    def find(self, key: str) -> ApiKey | None:
        """What is known of this API key; None for one that nobody made, and, within a minute, for one that was
        revoked."""
        ...

    def admit(self, key: ApiKey) -> int:
        """Counts a request of a key that has so many a minute. 0, or the seconds until it may ask again."""
        ...


@dataclass(frozen=True, slots=True)
class UploadTicket:
    """Where a caller POSTs a song, as a form: `fields` first, the file last."""

    url: str
    fields: Mapping[str, str]
    expires_at: datetime


HEAD_BYTES = 512
"""How many first bytes are looked at to tell what something is."""


@dataclass(frozen=True, slots=True)
class Found:
    """An object: its size in bytes, its first HEAD_BYTES and its own metadata."""

    size: int
    head: bytes
    metadata: Mapping[str, str] = field(default_factory=dict)


class Inbox(Protocol):
    """Songs that come in."""

    def offer(self, key: str, content_type: str, max_bytes: int, now: datetime) -> UploadTicket: ...

    def look(self, key: str) -> Found | None:
        """What lies there, or None."""
        ...

    def link(self, key: str) -> str:
        """A link that a provider can fetch as long as the signer's session lasts, six hours at most."""
        ...

    def read(self, key: str, most: int = 1_000_000) -> bytes | None:
        """All of it; None where there is nothing, or more than `most` bytes."""
        ...

    def download(self, key: str, path: Path, max_bytes: int) -> bool:
        """Streams the object into a file; False where nothing lies there.

        Raises TooMuchAudioError above `max_bytes`.
        """
        ...

    def write(self, key: str, text: str) -> None: ...

    def remove(self, key: str) -> None:
        """What need not be there."""
        ...

    def store(self, key: str, content: bytes) -> None:
        """A song that came inside a request."""
        ...


class Covers(Protocol):
    """Songs that go out, and what lies beside them."""

    def keep(self, file: KeptFile, path: Path) -> None:
        """Stores the file unless its key is taken: keys carry a hash, so the same bytes lie there already."""
        ...

    def write(self, key: str, text: str) -> None: ...

    def link(self, key: str, filename: str, method: str = "GET") -> str:
        """A fresh link, good for some minutes, and for requests of that method alone."""
        ...

    def remove(self, key: str) -> None: ...

    def delete(self, prefix: str) -> None:
        """All that begins so."""
        ...


MOST_DELAY = 900
"""Seconds; an SQS limit."""


class Queue(Protocol):
    def send(self, message: Mapping[str, Any], delay_seconds: int = 0) -> None:
        """Waits MOST_DELAY at most, however long was asked for: what is due later is the poller's."""
        ...

    def send_many(self, messages: Iterable[Mapping[str, Any]]) -> int:
        """Sends all of them in few calls; how many they were. Raises where one was not taken: some may have been."""
        ...


class Notifier(Protocol):
    def publish(self, message: Mapping[str, Any], attributes: Mapping[str, str]) -> None: ...


@dataclass(frozen=True, slots=True)
class Download:
    """A file that came: its length in bytes, SHA-256 in hex, first HEAD_BYTES and the type its server claimed."""

    path: Path
    size: int
    sha256: str
    head: bytes
    content_type: str


class Fetcher(Protocol):
    def fetch(self, url: str, path: Path, max_bytes: int) -> Download:
        """Streams an outside URL into a file. Raises FetchError; ForbiddenAddressError for a private address.

        PassingFetchError where the same may work later, TooMuchAudioError above `max_bytes`; the file then holds what
        came until then.
        """
        ...


class Probe(Protocol):
    def seconds(self, path: Path) -> float:
        """Length of the audio that is really there. Raises UnusableAudioError where there is none."""
        ...


class SourceProbe(Protocol):
    def __call__(self, source: Source, found: Found | None = None) -> SourceFacts:
        """What a bounded look at the song tells; never raises for what the song is.

        `found` is what lies under the source's key, where the caller has looked already.
        """
        ...


@dataclass(frozen=True, slots=True)
class Order:
    """One paid call: a request, where its source can be fetched and where the provider calls back.

    `model` is by the provider's own name; None is its default. `song` is the source itself, where it lies in our
    inbox, the provider takes it inside the call, and it is not too large for that.
    """

    attempt: int
    request: CoverRequest
    source_url: str
    callback_url: str
    model: str | None = None
    job_id: str = ""
    song: bytes | None = None


@dataclass(frozen=True, slots=True)
class CallbackMessage:
    """A provider's callback as it came. Header names are lower case."""

    attempt: int
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)


class Provider(Protocol):
    """A vendor, in both directions. Speaks facts; unknown words are never errors."""

    @property
    def capabilities(self) -> Capabilities: ...

    def submit(self, order: Order) -> Accepted | Refused | Unknown: ...

    def poll(self, task_id: str, attempt: int) -> Progress | Pending | Broke: ...

    def hear(self, message: CallbackMessage, now: datetime) -> Progress | Broke | None:
        """The fact in a callback, or None where it holds none for us.

        Raises ForgedCallbackError for a wrong signature, MalformedError for a body that cannot be read.
        """
        ...

    def balance(self) -> float | None:
        """What the owner's account holds, in the vendor's own unit. None where it does not say."""
        ...


@dataclass(frozen=True, slots=True)
class Voice:
    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Voices:
    """One page of a vendor's voices; `total` of all pages."""

    voices: tuple[Voice, ...]
    total: int


@runtime_checkable
class VoiceCatalog(Protocol):
    """A provider that has voices to choose from."""

    def voices(self, query: str | None, limit: int, page: int) -> Voices | None:
        """Pages count from 0; `query` searches by name. None where the vendor does not answer."""
        ...


class HealthStore(Protocol):
    """What is known of each provider's health. What is read may be some seconds old."""

    def load(self, provider: str) -> Health: ...

    def save(self, provider: str, health: Health) -> None:
        """Raises ConflictError unless the stored version is the one before `health.version`."""
        ...


SLOT_FRESH = 60
"""Seconds between taking a slot and the stored intent, at the most."""


class Slots(Protocol):
    """Jobs that a provider works on at once. Nobody who works gives a slot back: the holders are asked when all are
    taken."""

    def take(self, provider: str, job_id: str, most: int, now: datetime, busy: Callable[[str], bool | None]) -> bool:
        """True when the job has one of `most` slots. `busy` says whether a holder still needs its own; None where it is
        not stored yet or about to be submitted, which it may be for SLOT_FRESH and no longer."""
        ...

    def leave(self, provider: str, job_id: str) -> None:
        """The job will not be submitted after all. Whoever loses a race need not try again: see SLOT_FRESH."""
        ...


class CallbackLinks(Protocol):
    def __call__(self, provider: str, job_id: str, attempt: int, now: datetime) -> str:
        """The URL that the provider calls back: ours alone, this attempt's alone."""
        ...


class TokenSecrets(Protocol):
    def __call__(self) -> Iterable[bytes]:
        """What may have signed a callback token that still lives, the likeliest first. Each is looked for when it is
        asked for, so that an ordinary callback costs one of them."""
        ...


class WebhookSecret(Protocol):
    def __call__(self) -> bytes:
        """What all keys that sign webhooks are made of."""
        ...


class ProviderDirectory(Protocol):
    def __call__(self, name: str) -> Provider:
        """Raises NotFoundError for a provider that we do not know, ConfigurationError for one without a key."""
        ...


class CallbackRecords(Protocol):
    """What the clients of dialects have been told, a record a job. It goes when its job is deleted."""

    def load(self, job_id: str) -> CallbackRecord | None: ...

    def save(self, record: CallbackRecord, before_version: int) -> None:
        """Raises ConflictError unless the record still has `before_version`; 0 is one that is not there yet."""
        ...


class Evidence(Protocol):
    """Callbacks as they came, without their secrets, for the days that the owner keeps them. They lie with their job
    and go when it is deleted."""

    def keep(self, job_id: str, name: str, text: str, now: datetime) -> None:
        """Once more under the same name is the same evidence."""
        ...


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits to be sent: a delivery of a job, or (None) the callbacks to its client."""

    job_id: str
    delivery: str | None = None


class Deliveries(Protocol):
    """Events on their way to endpoints. They lie with their job and go when it is deleted."""

    def load(self, job_id: str, delivery_id: str) -> Delivery | None: ...

    def of(self, job_id: str) -> Sequence[Delivery]:
        """By event and endpoint."""
        ...

    def with_job(self, job_id: str) -> tuple[Job | None, Sequence[Delivery]]:
        """The job, if it is there, and all of its deliveries, in one read."""
        ...

    def save(self, delivery: Delivery) -> None:
        """Raises ConflictError unless the stored version is the one before `delivery.version`; the first is 1."""
        ...

    def due(self, now: datetime) -> Iterator[Waiting]:
        """Deliveries and callbacks whose time has come, through the sparse index alone."""
        ...


class Endpoints(Protocol):
    """Where a tenant's events go. Versions guard every write: ConflictError unless the stored one is the one before."""

    def load(self, tenant: str, endpoint_id: str) -> Endpoint | None: ...

    def of(self, tenant: str) -> Sequence[Endpoint]:
        """The oldest first."""
        ...

    def save(self, endpoint: Endpoint) -> None: ...

    def delete(self, tenant: str, endpoint_id: str) -> None:
        """The endpoint and its keyring."""
        ...

    def keyring(self, tenant: str, owner: str) -> Keyring:
        """Of an endpoint's id, or OWN: the tenant's for the URLs that jobs bring. One that was never rotated is new."""
        ...

    def save_keyring(self, tenant: str, ring: Keyring) -> None: ...


class Poster(Protocol):
    def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> Posted:
        """POSTs JSON to an outside URL and follows nothing. Raises FetchError where no answer came;
        ForbiddenAddressError for a private address."""
        ...
