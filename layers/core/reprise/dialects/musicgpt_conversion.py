"""A job as MusicGPT tells of it: the flat one of the two forms that `GET /byId` has, and the webhook's body."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from reprise.dialects.dialect import AudioLink, kept
from reprise.dialects.ids import conversion_uuid, task_uuid
from reprise.domain.audio import WAV
from reprise.domain.job import ErrorClass, Job, OwnReason, State, Track
from reprise.redact import redact

if TYPE_CHECKING:
    from reprise.http.shapes.vendors import musicgpt as shapes

E = ErrorClass
Own = OwnReason
REFUSED: Mapping[str, int] = {
    E.SOURCE_UNFETCHABLE: 400,
    E.NO_CREDIT: 402,
    E.FIX_REQUEST: 422,
    E.CONTENT_REFUSED: 422,
    E.RATE_LIMITED: 429,
}
"""Why a job failed -> HTTP status; anything else is no fault of the caller's: 500. The vendor names no code for refused
content: 422 says that the same again will be refused again, where its 400 would blame the download."""

NOT_KNOWN = "nobody can tell whether the conversion was begun; it was not sent again, so that nothing is paid twice"
OURS: Mapping[str, str] = {
    Own.DEADLINE: "the conversion was not done in time",
    E.AMBIGUOUS: NOT_KNOWN,
    Own.SUBMIT_UNKNOWN: NOT_KNOWN,
    Own.BUDGET_SPENT: NOT_KNOWN,
    Own.AUDIO_UNAVAILABLE: "the conversion was made, but its audio was lost",
}
CANCELED = "the conversion was canceled"
UNTOLD = "internal error"
NO_CREDIT = "not enough credits"
MOST_WORDS = 1000

STATUS: "Mapping[State, shapes.Status]" = {
    State.QUEUED: "IN_QUEUE",
    State.SUBMITTING: "IN_QUEUE",
    State.RUNNING: "IN_PROGRESS",
    State.ARCHIVING: "IN_PROGRESS",
    State.SUCCEEDED: "COMPLETED",
    State.FAILED: "FAILED",
    State.CANCELED: "FAILED",
}
"""SDKs go on polling until COMPLETED, ERROR or FAILED."""


def ids(job: Job) -> "shapes.Ids":
    return {"task_id": task_uuid(job.id), "conversion_id": conversion_uuid(job.id)}


def flat(job: Job, link: AudioLink) -> "shapes.Conversion":
    """All keys whatever the status, so that a client's model of them always fits."""
    first = next(iter(kept(job)), None)
    url = link(job, first) if first and job.state is State.SUCCEEDED else None
    failed = STATUS[job.state] == "FAILED"
    return {
        **ids(job),
        "status": STATUS[job.state],
        "status_msg": fault(job) if failed else "done" if url else "",
        "audio_url": url,
        "conversion_cost": usd(job.spent),
        "title": (first.take.title if first else None) or "",
        "lyrics": job.lyrics or "",
        "music_style": "",
        "createdAt": _iso(job.created_at),
        "updatedAt": _iso(job.updated_at),
    }


def complete(job: Job, track: Track, link: AudioLink) -> "shapes.Done":
    """`conversion_path` is what newer receivers read. The vendor leaves out what it has not, or sends an empty text; we
    do that, for receivers that read the key whatever comes. The cost is a text here, unlike in the status."""
    url, file = link(job, track), track.file
    return {
        "success": True,
        **_head(job),
        "audio_url": url,
        "audio_url_wav": url if file and file.content_type == WAV.content_type else "",
        "conversion_cost": str(usd(job.spent)),
        "conversion_duration": file.seconds if file else None,
        "conversion_path": url,
    }


def failed(job: Job) -> "shapes.Lost":
    """The vendor shows none: receivers look for `success` or for `status`."""
    words = fault(job)
    return {"success": False, **_head(job), "error": words, "status": "FAILED", "status_msg": words}


def refusal(job: Job) -> tuple[int, str]:
    """A submit that failed at once: the provider's words go on where the caller can do something about them."""
    status = REFUSED.get(job.failure.reason, 500) if job.failure else 500
    told = status != 500 or (job.failure and job.failure.reason in OURS)
    return status, fault(job) if told else UNTOLD


def fault(job: Job) -> str:
    """A task that failed: the provider's words, but for its trouble with our own key, which is none of the caller's."""
    if job.state is State.CANCELED:
        return CANCELED
    failure = job.failure
    if failure is None or failure.reason == E.AUTH:
        return UNTOLD
    if failure.reason in OURS:
        return OURS[failure.reason]
    words = redact(failure.message)[:MOST_WORDS] if failure.reason in list(E) else ""
    if failure.reason == E.NO_CREDIT:
        return ": ".join(filter(None, (NO_CREDIT, words)))
    return words or UNTOLD


def usd(amount: float) -> float:
    """The vendor's unit of cost is tied to no price that it names; ours is US dollars, estimated."""
    return round(float(amount), 4)


def _head(job: Job) -> "shapes.Head":
    return {"conversion_type": "Cover", **ids(job)}


def _iso(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
