"""aimusicapi.org's answers: the HTTP status repeats `code`."""

from typing import Any, Literal

from typing_extensions import TypedDict

from reprise.http.shapes.texts import Moment


class Task(TypedDict):
    task_id: str


class Accepted(TypedDict):
    """`workId` is the same id."""

    code: Literal[200]
    message: str
    workId: str
    data: Task


class Clip(TypedDict):
    """`audio_url` and `duration` are empty until it can be heard; its `id` is the same at every stage."""

    id: str
    audio_url: str
    image_url: str
    image_large_url: str
    created_at: Moment
    createTime: Moment
    timestamp: int
    status: Literal["text", "first", "complete"]
    title: str
    prompt: str
    tags: str
    duration: float | Literal[""]
    model_name: str
    extra_message: str
    fail_message: str
    error_message: str


class Failed(TypedDict):
    """The one clip of a task that failed. Look into both messages."""

    id: Literal[""]
    audio_url: Literal[""]
    status: Literal[""]
    fail_message: str
    error_message: str


class Progress(TypedDict):
    """`request_body` is the request, secrets in its links hidden."""

    type: Literal["IN_PROGRESS", "SUCCESS", "FAILED"]
    request_body: dict[str, Any]
    response_data: list[Clip | Failed] | None
    created_at: Moment


class Told(TypedDict):
    code: Literal[200]
    message: str
    data: Progress


class Credits(TypedDict):
    """Those of the account at the vendor of this name; 1,000,000 where they are not known. What was used is not."""

    credits: float
    used_credits: Literal[0]


class Balance(TypedDict):
    code: Literal[200]
    message: str
    data: Credits


class Invalid(TypedDict):
    code: Literal[400]
    msg: str


class Refused(TypedDict):
    code: int
    message: str
