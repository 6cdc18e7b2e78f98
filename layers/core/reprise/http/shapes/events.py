"""Public events: the body of a webhook, and of a message on the topic."""

from typing import Literal

from typing_extensions import TypedDict

from reprise.domain.job import ErrorClass, State
from reprise.http.shapes.covers import FailureReason
from reprise.http.shapes.texts import Moment


class Told(TypedDict):
    """`id` is the same in every delivery; `sequence` counts the cover's public events from 1, without gaps. `data` is
    empty where the event would have been too long."""

    id: str
    job: str
    sequence: int
    at: Moment
    tenant: str
    provider: str
    status: State
    message: str


class SubmittedData(TypedDict, total=False):
    """`adopted`: a retry took over what the failed cover had bought; nothing is bought again."""

    attempt: int
    adopted: bool


class CoverSubmitted(Told):
    """A provider took the job."""

    type: Literal["cover.submitted"]
    data: SubmittedData


class TextData(TypedDict, total=False):
    """`lyrics`: whether there are any."""

    lyrics: bool


class CoverText(Told):
    """The words are there, or the provider is past them."""

    type: Literal["cover.text"]
    data: TextData


class FirstData(TypedDict, total=False):
    """The track, and the seconds since the cover was made."""

    number: int
    seconds: float


class CoverFirst(Told):
    """A track is in the bucket: play it."""

    type: Literal["cover.first"]
    data: FirstData


class SwitchedData(TypedDict, total=False):
    """The provider that could not, and why."""

    failed: str
    reason: ErrorClass
    code: str


class CoverSwitched(Told):
    """The job turns to another provider; a `cover.submitted` follows when that one has taken it."""

    type: Literal["cover.switched"]
    data: SwitchedData


class SucceededData(TypedDict, total=False):
    """The tracks in the bucket, and the seconds since the cover was made."""

    tracks: list[int]
    seconds: float


class CoverSucceeded(Told):
    """Every track is in the bucket, or was given up with at least one there."""

    type: Literal["cover.succeeded"]
    data: SucceededData


class FailedData(TypedDict, total=False):
    """`maybe_charged`: whether an attempt may have bought something."""

    reason: FailureReason
    code: str
    retryable: bool
    maybe_charged: bool


class CoverFailed(Told):
    """There will be no music."""

    type: Literal["cover.failed"]
    data: FailedData


class CanceledData(TypedDict, total=False):
    """`maybe_charged`: whether an attempt may have bought something."""

    maybe_charged: bool


class CoverCanceled(Told):
    """The caller does not want it any more."""

    type: Literal["cover.canceled"]
    data: CanceledData


EVENTS = (
    CoverSubmitted,
    CoverText,
    CoverFirst,
    CoverSwitched,
    CoverSucceeded,
    CoverFailed,
    CoverCanceled,
)
"""In the order of EVENT_TYPES."""
