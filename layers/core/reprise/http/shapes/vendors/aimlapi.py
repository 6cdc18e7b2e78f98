"""AI/ML API's answers: an object from submit to end, and errors that carry their HTTP status."""

from typing import Literal

from typing_extensions import TypedDict

from reprise.http.shapes.texts import Link, Moment


class Waiting(TypedDict):
    id: str
    status: Literal["queued", "generating"]


class AudioFile(TypedDict):
    url: Link


class Completed(TypedDict):
    """The first track; the link leads to your own bucket."""

    id: str
    status: Literal["completed"]
    audio_file: AudioFile


class GenerationError(TypedDict):
    name: str
    message: str


class Failed(TypedDict):
    id: str
    status: Literal["error"]
    audio_file: None
    error: GenerationError


class Billing(TypedDict):
    """That of the account at the vendor of this name; 1,000,000 where it is not known."""

    current_balance: float
    currency: Literal["USD"]


class Refused(TypedDict):
    requestId: str
    statusCode: int
    timestamp: Moment
    path: str
    message: str
