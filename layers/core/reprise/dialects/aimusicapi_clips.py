"""aimusicapi.org's clips, as its clients are told of them. Facts: see `aimusicapi.py`."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID, uuid5

from reprise.dialects.dialect import AudioLink, Notice, kept
from reprise.domain.job import ErrorClass, Failure, Job, OwnReason, State, Track
from reprise.redact import redact

if TYPE_CHECKING:
    from reprise.http.shapes.vendors import aimusicapi as shapes

UNTOLD = "internal error"
CANCELED = "the task was canceled"
MOST_WORDS = 1000

NOT_KNOWN = "it is not known whether the task was begun; it was not sent again, so that nothing is paid twice"
OWN_WORDS: Mapping[str, str] = {
    ErrorClass.AUTH: UNTOLD,
    ErrorClass.NO_CREDIT: "not enough credits",
    ErrorClass.AMBIGUOUS: NOT_KNOWN,
    OwnReason.SUBMIT_UNKNOWN: NOT_KNOWN,
    OwnReason.BUDGET_SPENT: NOT_KNOWN,
}
"""Instead of a provider's: trouble with our own key there is none of the client's, whose key is right."""

ABOUT_CONTENT = (ErrorClass.CONTENT_REFUSED, ErrorClass.FIX_REQUEST)


def type_of(job: Job) -> str:
    """SUCCESS only when every clip can be heard: clients take the word for it."""
    if not job.state.terminal:
        return "IN_PROGRESS"
    return "SUCCESS" if job.state is State.SUCCEEDED else "FAILED"


def clips(notice: Notice, job: Job, link: AudioLink) -> "Sequence[shapes.Clip | shapes.Failed]":
    """A callback's whole body: it names no task."""
    heard = [_heard(job, place, track, link) for place, track in enumerate(kept(job), 1)]
    match notice:
        case Notice.TEXT:
            return _waiting(job)
        case Notice.FIRST:
            first: list[shapes.Clip] = [
                {**clip, "status": "first", "extra_message": "first track ready"} for clip in heard[:1]
            ]
            return first + _waiting(job)[len(first) :]
        case Notice.COMPLETE:
            return heard
        case Notice.ERROR:
            return [_failed(job.failure)]


def _waiting(job: Job) -> "list[shapes.Clip]":
    """The clips that the provider is to make, without their audio: clients wait for all that are announced. One of
    them may never be made."""
    return [_clip(job, place) for place in range(1, job.leg.tracks + 1)]


def _heard(job: Job, place: int, track: Track, link: AudioLink) -> "shapes.Clip":
    return {
        **_clip(job, place),
        "audio_url": link(job, track),
        "image_url": track.take.image_url or "",
        "image_large_url": track.take.image_url or "",
        "status": "complete",
        "title": job.request.title or track.take.title or "",
        "duration": round(track.file.seconds, 2) if track.file else "",
        "extra_message": "all ready",
    }


def _clip(job: Job, place: int) -> "shapes.Clip":
    """Its id comes from its place among the clips, so that the same clip has the same id at every stage, also where
    a track was lost or another provider made the music."""
    created = iso(job.created_at)
    return {
        "id": str(uuid5(UUID(job.id), str(place))),
        "audio_url": "",
        "image_url": "",
        "image_large_url": "",
        "created_at": created,
        "createTime": created,
        "timestamp": int(job.created_at.timestamp() * 1000),
        "status": "text",
        "title": job.request.title or "",
        "prompt": job.request.lyrics or job.lyrics or "",
        "tags": job.request.style or "",
        "duration": "",
        "model_name": job.request.model or "",
        "extra_message": "text ready",
        "fail_message": "",
        "error_message": "",
    }


def _failed(failure: Failure | None) -> "shapes.Failed":
    """The page tells clients to look into both messages, and its one example stands in the first."""
    words = words_of(failure)
    about_content = failure and failure.reason in ABOUT_CONTENT
    return {
        "id": "",
        "audio_url": "",
        "status": "",
        "fail_message": words,
        "error_message": "" if about_content else words,
    }


def words_of(failure: Failure | None) -> str:
    """A job without a failure that ended without music was canceled."""
    if failure is None:
        return CANCELED
    return OWN_WORDS.get(failure.reason) or redact(failure.message)[:MOST_WORDS]


def iso(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
