"""What can be observed about a job. Each fact of a provider names the attempt it is about."""

from dataclasses import dataclass
from enum import StrEnum

from reprise.domain.job import KeptFile, ProviderError, Stage, Take


class Via(StrEnum):
    """How a provider's word reached us."""

    CALLBACK = "callback"
    POLL = "poll"


@dataclass(frozen=True, slots=True)
class Accepted:
    """Submit's answer: the provider took the job. `eta` is its own guess of the seconds that it will take."""

    attempt: int
    task_id: str
    eta: int | None = None

    @property
    def key(self) -> str:
        """What the timeline calls it, and a job remembers that it has heard it by."""
        return "submit.accepted"


@dataclass(frozen=True, slots=True)
class Refused:
    """Submit's answer: the provider certainly did not take the job."""

    attempt: int
    error: ProviderError


@dataclass(frozen=True, slots=True)
class Unknown:
    """No answer that says either: a time-out, a reset, a 5xx. The job may exist and be charged."""

    attempt: int
    message: str


@dataclass(frozen=True, slots=True)
class Progress:
    """The provider reached a stage. COMPLETE is only said when a take has a usable link; a callback about NONE says
    that something happened, and that the provider should be asked what.

    `understood` is what the provider made of the wish, in words for people, where it tells.
    `seal` names the vendor's signature that it came under, where it was signed: what comes under it again is a replay.
    `evidence` is the name under which a callback's body is kept.
    """

    attempt: int
    via: Via
    stage: Stage
    task_id: str | None = None
    takes: tuple[Take, ...] = ()
    lyrics: str | None = None
    seal: str | None = None
    understood: str | None = None
    evidence: str | None = None

    @property
    def key(self) -> str:
        return f"{self.via}.{self.stage}"


@dataclass(frozen=True, slots=True)
class Pending:
    """A poll that told nothing new: still running, not known yet, or not answered."""

    attempt: int
    message: str


@dataclass(frozen=True, slots=True)
class Broke:
    """The provider says that the job failed. `seal` and `evidence` as in Progress."""

    attempt: int
    via: Via
    error: ProviderError
    task_id: str | None = None
    seal: str | None = None
    evidence: str | None = None

    @property
    def key(self) -> str:
        return f"{self.via}.failed"


@dataclass(frozen=True, slots=True)
class Kept:
    """A track lies in our bucket and was checked. `tries` is the try it was."""

    attempt: int
    number: int
    tries: int
    file: KeptFile


@dataclass(frozen=True, slots=True)
class Unusable:
    """A copy of a track failed: dead link, no audio, too short. `tries` is the try it was."""

    attempt: int
    number: int
    tries: int
    reason: str


@dataclass(frozen=True, slots=True)
class CancelAsked:
    """The caller does not want it any more."""


Fact = Accepted | Refused | Unknown | Progress | Pending | Broke | Kept | Unusable | CancelAsked
