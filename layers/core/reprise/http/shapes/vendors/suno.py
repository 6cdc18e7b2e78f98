"""kie.ai's and sunoapi.org's answers: `code` says how it went, HTTP is 200 whatever it says."""

from typing import Any, Literal

from typing_extensions import TypedDict

from reprise.http.shapes.texts import Link

Status = Literal["PENDING", "TEXT_SUCCESS", "FIRST_SUCCESS", "SUCCESS", "GENERATE_AUDIO_FAILED", "SENSITIVE_WORD_ERROR"]


class Task(TypedDict):
    """`taskId` is the cover's id."""

    taskId: str


class Accepted(TypedDict):
    code: Literal[200]
    msg: str
    data: Task


class Clip(TypedDict):
    """A track that can be heard. All links of audio lead to the finished file in your own bucket."""

    id: str
    audioUrl: Link
    sourceAudioUrl: Link
    streamAudioUrl: Link
    sourceStreamAudioUrl: Link
    imageUrl: str
    sourceImageUrl: str
    prompt: str
    modelName: str
    title: str
    tags: str
    createTime: int
    duration: float | None


class Response(TypedDict):
    taskId: str
    sunoData: list[Clip]


class Record(TypedDict):
    """`param` is the request as JSON in a text. `errorCode` and `errorMessage` are of a task that failed."""

    taskId: str
    parentMusicId: str
    param: str
    response: Response | None
    status: Status
    type: str
    operationType: Literal["upload_cover"]
    errorCode: int | None
    errorMessage: str | None
    createTime: int


class Told(TypedDict):
    code: Literal[200]
    msg: str
    data: Record


class Credit(TypedDict):
    """That of the account at the vendor of this name; 1,000,000 where it is not known."""

    code: Literal[200]
    msg: str
    data: int


class CallbackClip(TypedDict):
    """A track that can be heard, as callbacks spell it."""

    id: str
    audio_url: Link
    source_audio_url: Link
    stream_audio_url: Link
    source_stream_audio_url: Link
    image_url: str
    source_image_url: str
    prompt: str
    model_name: str
    title: str
    tags: str
    createTime: str
    duration: float | None


class CallbackData(TypedDict):
    """`data` has no clip with `text`, the first with `first`, all with `complete`."""

    callbackType: Literal["text", "first", "complete", "error"]
    task_id: str
    data: list[CallbackClip] | None


class Callback(TypedDict):
    """POSTed to `callBackUrl`, in order, unsigned; `code` is 200 unless `callbackType` is `error`."""

    code: int
    msg: str
    data: CallbackData


class Refused(TypedDict):
    """The code is the vendor's; HTTP is 200."""

    code: int
    msg: str
    data: Any
