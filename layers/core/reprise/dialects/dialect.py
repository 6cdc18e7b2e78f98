"""What every dialect is: a vendor's API seen from its clients, answered by us. Pure translation, no side effects."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any, Protocol

from reprise.domain.capabilities import Capabilities
from reprise.domain.job import Job, Stage, State, Track
from reprise.domain.request import CoverRequest
from reprise.ports import Voices

AudioLink = Callable[[Job, Track], str]
"""Our durable link to a track that is kept: it works without an API key and never goes stale."""

MOST_BODY = 4_500_000
"""Bytes. Lambda takes events of 6 MB (6,291,456 bytes, its quota), where a body is Base64 and has headers beside it."""


@dataclass(frozen=True, slots=True)
class Knock:
    """An HTTP call at a dialect's door. `path` is the vendor's own, with a slash first; header names are lower case.

    `limits` are the vendor's as the owner set them; None where only the vendor's own are known.
    """

    method: str
    path: str
    query: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    limits: Capabilities | None = None


@dataclass(frozen=True, slots=True)
class Reply:
    """An HTTP answer in the vendor's words; `body` is JSON."""

    status: int
    body: Any
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Wish:
    """A submit, translated. A song that came inside the body is `file`; `request.source` is empty then."""

    request: CoverRequest
    file: bytes | None = None


@dataclass(frozen=True, slots=True)
class VoiceQuery:
    query: str | None
    limit: int
    page: int


UNMETERED = 1_000_000
"""What is told where the account of the vendor of this name is not known: nothing limits the caller here, other
providers may serve it, and its client may stop at a zero. A submit still says when there is no credit."""


def widened(own: Capabilities, owners: Capabilities | None) -> Capabilities:
    """The vendor's limits, the owner's settings above them: models that the owner added are known beside its own."""
    return replace(owners, models={**own.models, **owners.models}) if owners else own


class Notice(StrEnum):
    """What a vendor's client may be called back about, in this order."""

    TEXT = "text"
    FIRST = "first"
    COMPLETE = "complete"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Callback:
    """One POST to the client's callback URL; `body` is JSON."""

    notice: Notice
    body: Any


class Dialect(Protocol):
    """One vendor's API. `name` is also the provider's of the same name, which serves its clients first.

    Paths are the vendor's own: `submits` are POSTed to, `statuses`, `balances` and `catalogs` (voices) are GET.
    """

    name: str
    submits: tuple[str, ...]
    statuses: tuple[str, ...]
    balances: tuple[str, ...]
    catalogs: tuple[str, ...]

    def api_key(self, headers: Mapping[str, str]) -> str:
        """The Reprise key, as this vendor's clients send theirs. Empty where there is none."""
        ...

    def parse(self, knock: Knock, tenant: str) -> Wish:
        """A submit. Raises MalformedError for what cannot be read, InvalidError with every broken rule of the vendor,
        TooLargeError for a body above the gateway's size."""
        ...

    def accepted(self, job: Job) -> Reply:
        """The answer to a submit. A job that failed at once is an error in the vendor's words."""
        ...

    def job_id(self, query: Mapping[str, str]) -> str:
        """Whose status is asked for. Raises InvalidError where none is named, NotFoundError for no id of ours."""
        ...

    def status(self, job: Job, link: AudioLink) -> Reply: ...

    def refusal(self, error: Exception, knock: Knock) -> Reply:
        """Any error of ours in the vendor's words. What is not the caller's fault is a plain 500 that tells nothing."""
        ...

    def callbacks(self, job: Job, link: AudioLink) -> tuple[Callback, ...]:
        """All that the client should have heard by now, in order. What was said once is said the same way again."""
        ...

    def balance(self, amount: float | None) -> Reply:
        """None: the account of the vendor of this name is not known."""
        ...

    def voice_query(self, query: Mapping[str, str]) -> VoiceQuery: ...

    def voices(self, found: Voices, asked: VoiceQuery) -> Reply: ...


def notices(job: Job) -> tuple[Notice, ...]:
    """What has come about, also where the provider skipped a stage: a client hears text, first and complete in order.

    FIRST means that a track is in our bucket, COMPLETE that all are.
    """
    if job.refused_at_once:
        return ()  # its submit was answered with the refusal: the client knows no task to be told of
    if job.state is State.SUCCEEDED:
        return (Notice.TEXT, Notice.FIRST, Notice.COMPLETE)
    told = [Notice.TEXT] if job.stage is not Stage.NONE or kept(job) else []
    told += [Notice.FIRST] if job.first_announced else []
    told += [Notice.ERROR] if job.state.terminal else []
    return tuple(told)


def kept(job: Job) -> tuple[Track, ...]:
    """The tracks that can be heard, in order."""
    return tuple(track for track in job.tracks if track.file)
