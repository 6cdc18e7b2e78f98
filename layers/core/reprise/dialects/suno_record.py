"""A job in the words of kie.ai and sunoapi.org: its record, and what a client is called back with."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast
from uuid import NAMESPACE_URL, uuid5

from reprise.dialects.dialect import AudioLink, Notice, kept, notices
from reprise.domain.job import ErrorClass, Failure, Job, OwnReason, Track
from reprise.redact import redact

if TYPE_CHECKING:
    from reprise.http.shapes.vendors import suno as shapes

MOST_MESSAGE = 1000

STATUS: "Mapping[Notice | None, shapes.Status]" = {
    None: "PENDING",
    Notice.TEXT: "TEXT_SUCCESS",
    Notice.FIRST: "FIRST_SUCCESS",
    Notice.COMPLETE: "SUCCESS",
    Notice.ERROR: "GENERATE_AUDIO_FAILED",
}

GOOD_NEWS: Mapping[Notice, str] = {
    Notice.TEXT: "Text generation completed.",
    Notice.FIRST: "First track generated successfully.",
    Notice.COMPLETE: "All generated successfully.",
}

UNFETCHABLE = "Can't fetch the uploaded audio."
CANCELED = "The task was canceled."
NO_CREDIT = "The current credits are insufficient. Please top up."
NOT_KNOWN = "It is not known whether the task was begun. It was not sent again, so that nothing is paid twice."
PLAIN: Mapping[str, str] = {
    ErrorClass.NO_CREDIT: NO_CREDIT,
    ErrorClass.AMBIGUOUS: NOT_KNOWN,
    OwnReason.SUBMIT_UNKNOWN: NOT_KNOWN,
    OwnReason.BUDGET_SPENT: NOT_KNOWN,
}
"""What somebody must know, and no code of the shops' tells."""

EXISTING_WORK = "existing work"

_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Words:
    """What a shop says of a task that failed. `codes` by reason, the first unless the provider's own is one of them;
    `otherwise` for all reasons besides. `own` are the codes of its tasks and what each means: where the `shop` itself
    made the cover its client is told the very code. `existing_work` is a code that stands in records alone. `failed`
    is what it says where nothing is the caller's to mend, `no_rows` what an error callback holds instead of tracks.
    """

    shop: str
    own: Mapping[int, ErrorClass]
    codes: Mapping[str, tuple[int, ...]]
    otherwise: int
    failed: str
    no_rows: list[Any] | None
    existing_work: int | None = None


def record(words: Words, job: Job, link: AudioLink) -> "shapes.Record":
    """The answer to a status call. It holds tracks from the first that can be heard on."""
    told = notices(job)[-1:]
    latest = told[0] if told else None
    failed = latest is Notice.ERROR
    rows = [] if failed else [_camel(row, _millis(job)) for row in _rows(job, link)]
    return {
        "taskId": job.id,
        "parentMusicId": "",
        "param": job.request.visit.echo if job.request.visit else "{}",
        "response": {"taskId": job.id, "sunoData": rows} if latest else None,
        "status": "SENSITIVE_WORD_ERROR" if failed and _refused(job.failure) else STATUS[latest],
        "type": _model_name(job),
        "operationType": "upload_cover",
        "errorCode": _record_code(words, job) if failed else None,
        "errorMessage": _message(words, job.failure) if failed else None,
        "createTime": _millis(job),
    }


def callback(words: Words, notice: Notice, job: Job, link: AudioLink) -> "shapes.Callback":
    """`first` always carries the first track: another kept since changes nothing about it."""
    code, message = 200, GOOD_NEWS.get(notice, "")
    rows: list[shapes.CallbackClip] | None = words.no_rows
    if notice is Notice.ERROR:
        code, message = _code(words, job), _message(words, job.failure)
    else:
        most = {Notice.TEXT: 0, Notice.FIRST: 1}.get(notice)
        rows = _rows(job, link)[:most]
    return {"code": code, "msg": message, "data": {"callbackType": notice.value, "task_id": job.id, "data": rows}}


def told_to_caller(failure: Failure) -> str | None:
    """The reason, where it lies in the request or the song; None where the caller cannot mend it."""
    if failure.reason == ErrorClass.SOURCE_UNFETCHABLE:
        return UNFETCHABLE
    if failure.reason in (ErrorClass.FIX_REQUEST, ErrorClass.CONTENT_REFUSED):
        return redact(failure.message)[:MOST_MESSAGE] or None
    return None


def _rows(job: Job, link: AudioLink) -> "list[shapes.CallbackClip]":
    return [_row(job, track, link(job, track)) for track in kept(job)]


def _row(job: Job, track: Track, url: str) -> "shapes.CallbackClip":
    """A callback's row. The upstream's own links rot: all of audio are ours."""
    image, request = track.take.image_url or "", job.request
    return {
        "id": _clip_id(job, track),
        "audio_url": url,
        "source_audio_url": url,
        "stream_audio_url": url,
        "source_stream_audio_url": url,
        "image_url": image,
        "source_image_url": image,
        "prompt": _lyrics(job),
        "model_name": _model_name(job),
        "title": track.take.title or request.title or "",
        "tags": request.style or "",
        "createTime": f"{job.created_at:%Y-%m-%d %H:%M:%S}",
        "duration": round(track.file.seconds, 2) if track.file else None,
    }


def _clip_id(job: Job, track: Track) -> str:
    """The provider's where it is a UUID, as the shops' are: their clients keep it as one."""
    if _UUID.fullmatch(track.take.id):
        return track.take.id
    return str(uuid5(NAMESPACE_URL, f"reprise:{job.id}/{track.number}"))


def _lyrics(job: Job) -> str:
    """What is sung. Empty where that is not known, since only what has no words is marked as such."""
    return job.lyrics or job.request.lyrics or ("[Instrumental]" if job.request.instrumental else "")


def _model_name(job: Job) -> str:
    """The engine's name as the shops write it: V4_5 is chirp-v4-5. A job of another door may name no model."""
    name = job.request.model or job.leg.model or ""
    return "-".join(filter(None, ("chirp", name.lower().replace("_", "-").removeprefix("chirp-"))))


def _camel(row: "shapes.CallbackClip", made: int) -> "shapes.Clip":
    """The same row as records spell it; `made` in milliseconds."""
    told = {name.split("_")[0] + "".join(map(str.title, name.split("_")[1:])): value for name, value in row.items()}
    return cast("shapes.Clip", told | {"createTime": made})


def _millis(job: Job) -> int:
    return int(job.created_at.timestamp() * 1000)


def _refused(failure: Failure | None) -> bool:
    return failure is not None and failure.reason == ErrorClass.CONTENT_REFUSED


def _record_code(words: Words, job: Job) -> int:
    about = job.failure.message.lower() if job.failure and _refused(job.failure) else ""
    own = job.failure and job.provider == words.shop and job.failure.code == str(words.existing_work)
    if words.existing_work and about and (own or EXISTING_WORK in about):
        return words.existing_work
    return _code(words, job)


def _code(words: Words, job: Job) -> int:
    failure = job.failure
    if failure is None:
        return words.otherwise
    codes = words.codes.get(failure.reason, (words.otherwise,))
    if job.provider == words.shop:
        codes += tuple(code for code, kind in words.own.items() if kind == failure.reason)
    told = next((code for code in codes if str(code) == failure.code), codes[0])
    return codes[0] if told == words.existing_work else told


def _message(words: Words, failure: Failure | None) -> str:
    """A job without a failure that ended without music was canceled."""
    if failure is None:
        return CANCELED
    return told_to_caller(failure) or PLAIN.get(failure.reason) or words.failed
