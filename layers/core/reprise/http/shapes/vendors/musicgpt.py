"""MusicGPT's answers."""

from typing import Literal, NotRequired

from typing_extensions import TypedDict

from reprise.http.shapes.texts import Link, Moment

Status = Literal["IN_QUEUE", "IN_PROGRESS", "COMPLETED", "FAILED"]


class Ids(TypedDict):
    task_id: str
    conversion_id: str


class Head(Ids):
    conversion_type: Literal["Cover"]


class Accepted(Ids):
    """`eta` in seconds; `credit_estimate` in US dollars, estimated."""

    success: Literal[True]
    eta: int
    credit_estimate: float
    message: str
    status: Literal["IN_QUEUE"]


class Conversion(Ids):
    """`conversion_cost` in US dollars, estimated. `audio_url` leads to your own bucket."""

    status: Status
    status_msg: str
    audio_url: Link | None
    conversion_cost: float
    title: str
    lyrics: str
    music_style: str
    createdAt: Moment
    updatedAt: Moment


class Told(TypedDict):
    success: Literal[True]
    conversion: Conversion


class Voice(TypedDict):
    voice_id: str
    voice_name: str


class Voices(TypedDict):
    success: Literal[True]
    voices: list[Voice]
    limit: int
    page: int
    total: int


class Done(Head):
    """POSTed to `webhook_url` once, at the end, unsigned. `audio_url_wav` is empty where there is no WAV."""

    success: Literal[True]
    audio_url: Link
    audio_url_wav: str
    conversion_cost: str
    conversion_duration: float | None
    conversion_path: Link


class Lost(Head):
    """POSTed to `webhook_url` where there will be no audio."""

    success: Literal[False]
    error: str
    status: Literal["FAILED"]
    status_msg: str


class Refused(TypedDict):
    """A submit names faults under `error`, a GET under `message`."""

    success: Literal[False]
    error: NotRequired[str]
    message: NotRequired[str]
