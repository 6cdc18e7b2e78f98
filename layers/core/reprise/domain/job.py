"""The job and all it is made of: frozen values, changed only by `observe` and `advance`."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from reprise.domain.purse import MONEY_DIGITS, Purse
from reprise.domain.request import CoverRequest


class State(StrEnum):
    """Where the job is. `submitting` is stored before the provider is called: a write-ahead intent."""

    QUEUED = "queued"
    SUBMITTING = "submitting"
    RUNNING = "running"
    ARCHIVING = "archiving"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELED = "canceled"

    @property
    def terminal(self) -> bool:
        return self in (State.SUCCEEDED, State.FAILED, State.CANCELED)


class Stage(StrEnum):
    """How far the provider is. It never goes back, whatever arrives late, twice or out of order."""

    NONE = "none"
    TEXT = "text"
    FIRST = "first"
    COMPLETE = "complete"

    @property
    def rank(self) -> int:
        return list(Stage).index(self)


class ErrorClass(StrEnum):
    """What a provider's error means for us: the vendor tables map every code to one of these."""

    FIX_REQUEST = "fix-request"
    AUTH = "auth"
    NO_CREDIT = "no-credit"
    RATE_LIMITED = "rate-limited"
    RETRY_LATER = "retry-later"
    CONTENT_REFUSED = "content-refused"
    SOURCE_UNFETCHABLE = "source-unfetchable"
    AMBIGUOUS = "ambiguous"


class OwnReason(StrEnum):
    """Why a job failed, where no provider said so."""

    DEADLINE = "deadline"
    SUBMIT_UNKNOWN = "submit-unknown"
    AUDIO_UNAVAILABLE = "audio-unavailable"
    BUDGET_SPENT = "budget-spent"


@dataclass(frozen=True, slots=True)
class ProviderError:
    """A vendor's refusal or failure: its class, its own code and its own words."""

    kind: ErrorClass
    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a job failed. `reason` is an ErrorClass or an OwnReason, kept as text so that those of a later release can
    be read; `retryable` says a retry makes sense."""

    reason: str
    message: str
    retryable: bool
    code: str | None = None


class TrackState(StrEnum):
    """WAITING has no usable link, COPYING is with `transfer`, KEPT is in our bucket, LOST is given up.

    A track with a file that waits or is copied is in doubt: it can be heard, but may be replaced.
    """

    WAITING = "waiting"
    COPYING = "copying"
    KEPT = "kept"
    LOST = "lost"


@dataclass(frozen=True, slots=True)
class KeptFile:
    """Audio in our bucket, checked: `size` bytes long, `seconds` of sound, SHA-256 in hex."""

    key: str
    size: int
    sha256: str
    seconds: float
    content_type: str


@dataclass(frozen=True, slots=True)
class Rhythm:
    """When to ask a provider: `first` seconds after it took the job, then `every` seconds, ever more slowly.

    `pushes`: it calls back, and polls are what happens when it does not.
    """

    first: int = 60
    every: int = 30
    pushes: bool = True


@dataclass(frozen=True, slots=True)
class Leg:
    """One provider on a job's way: what it may cost (USD, estimated), what it leaves out, and when to ask it.

    `tracks` is how many it makes of one job.
    """

    provider: str
    usd: float = 0.0
    model: str | None = None
    dropped: tuple[str, ...] = ()
    rhythm: Rhythm = Rhythm()
    tracks: int = 2


@dataclass(frozen=True, slots=True)
class Take:
    """One track as the provider tells of it. `urls` are finished audio, best first, never streams."""

    id: str = ""
    urls: tuple[str, ...] = ()
    title: str | None = None
    seconds: float | None = None
    image_url: str | None = None


@dataclass(frozen=True, slots=True)
class Track:
    """One track as we hold it. `tries` counts copies that failed; `stage` is where its take was told.

    `look_at` is when to look after it again: for a fresh link, or for a copy that went silent. `attempt` is the one
    whose provider made it: a track of an attempt that was given up is an alternative take.
    """

    number: int
    take: Take
    stage: Stage
    attempt: int = 1
    state: TrackState = TrackState.WAITING
    tries: int = 0
    look_at: datetime | None = None
    reason: str | None = None
    file: KeptFile | None = None

    @property
    def settled(self) -> bool:
        return self.state in (TrackState.KEPT, TrackState.LOST)


@dataclass(frozen=True, slots=True)
class Job:
    """One cover. `attempt` counts calls that may have bought something; `due_at` is when to look again. Attempts up
    to `closed` were given up: what they still bring is an alternative at best.

    `leg` is the provider that works on it, or will; `route` the ones to turn to should it fail us, `passed` those that
    did. `spent` adds up
    what the attempts were estimated to cost, those that certainly bought nothing left out. `audio_key` is the secret
    part of the links under which the audio can be had without an API key. `purse` is what it is paid out of, where its
    key has a budget.
    """

    id: str
    tenant: str
    request: CoverRequest
    leg: Leg
    created_at: datetime
    updated_at: datetime
    deadline_at: datetime
    route: tuple[Leg, ...] = ()
    passed: tuple[Leg, ...] = ()
    spent: float = 0.0
    audio_key: str = ""
    version: int = 0
    state: State = State.QUEUED
    stage: Stage = Stage.NONE
    attempt: int = 0
    closed: int = 0
    task_id: str | None = None
    begun_at: datetime | None = None
    due_at: datetime | None = None
    tracks: tuple[Track, ...] = ()
    lyrics: str | None = None
    lyrics_stage: Stage = Stage.NONE
    complete_at: datetime | None = None
    failure: Failure | None = None
    retry_of: str | None = None
    first_announced: bool = False
    polls: int = 0
    refusals: int = 0
    entries: int = 0
    events: int = 0
    heard: tuple[str, ...] = ()
    purse: Purse | None = None

    def has_evidence(self, name: str) -> bool:
        """Whether a callback's body of this name is kept already: it said something new to the job when it came."""
        return f"{EVIDENCE}{name}" in self.heard

    @property
    def committed(self) -> float:
        """USD that its purse must hold: what the attempts were estimated to cost and, while it waits to be submitted,
        the price of the leg that it waits for."""
        ahead = self.leg.usd if self.state is State.QUEUED else 0.0
        return round(self.spent + ahead, MONEY_DIGITS)

    @property
    def provider(self) -> str:
        return self.leg.provider

    @property
    def refused_at_once(self) -> bool:
        """It failed in the very call that made it, which told its caller so: stored twice, and turned away once. What
        is heard after the end does not change that; jobs of older releases do not remember it."""
        twice = (self.version, self.attempt, self.refusals) == (2, 1, 1)
        return self.state is State.FAILED and (twice or REFUSED_AT_ONCE in self.heard)

    @property
    def maybe_charged(self) -> bool:
        """Whether an attempt may have bought something. One that the owner calls free adds nothing to `spent`."""
        unsure = any(f"submit.refused:{attempt}" not in self.heard for attempt in range(1, self.attempt + 1))
        return self.spent > 0 or unsure or self.state in (State.RUNNING, State.ARCHIVING)

    @property
    def bought_nothing(self) -> bool:
        """It failed, each attempt was refused, and no provider has said since that it took one all the same."""
        return self.state is State.FAILED and not (self.task_id or self.maybe_charged or self.taken_after_all)

    @property
    def taken_after_all(self) -> "tuple[Leg, str] | None":
        """Where an order was refused and made all the same, as was heard after the end, and its task there."""
        for key in self.heard:
            if key.startswith(TAKEN_AFTER_ALL):
                provider, _, task_id = key.removeprefix(TAKEN_AFTER_ALL).partition(":")
                legs = (*self.passed, self.leg, *self.route)
                return next((leg, task_id) for leg in legs if leg.provider == provider)
        return None

    def alternative(self, track: Track) -> bool:
        return track.attempt <= self.closed

    def track(self, number: int) -> Track | None:
        return next((track for track in self.tracks if track.number == number), None)


EVIDENCE = "evidence:"
REFUSED_AT_ONCE = "submit.refused-at-once"
TAKEN_AFTER_ALL = "submit.taken-after-all:"
"""What an ended job remembers (`heard`) of an order that was refused and made all the same: by whom, and its task."""


class Outbox(StrEnum):
    """Where `dispatch` passes a committed entry on to: SNS, the transfer queue or the advance queue."""

    PUBLISH = "publish"
    TRANSFER = "transfer"
    WAKE = "wake"


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the timeline. `sequence` counts all lines of a job, `event` its public events alone.

    `named`: of a public event, whom the cover itself names to hear of it (`domain/audience.py`). None where an older
    release wrote the line: then only the job knows.
    """

    job_id: str
    sequence: int
    at: datetime
    type: str
    message: str
    tenant: str
    provider: str
    state: State
    data: Mapping[str, object] = field(default_factory=dict)
    event: int | None = None
    outbox: Outbox | None = None
    named: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """What one fact or decision made of a job: written whole or not at all, if `job` is still at `before`.

    `commits` is what it adds to what the job has committed, in USD; below zero that is given back. `buys`: it leads to
    a purchase that the purse must have room for. What was bought already is counted, room or not.
    """

    before: int
    job: Job
    entries: tuple[Entry, ...]
    commits: Decimal = Decimal(0)
    buys: bool = False

    @property
    def empty(self) -> bool:
        return self.job.version == self.before
