"""One cover at every stage of its life, and what the vendors' clients send, as a dialect meets both."""

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from reprise.dialects.dialect import Knock
from reprise.domain.facts import Broke, CancelAsked, Kept, Via
from reprise.domain.job import ErrorClass, Failure, Job, ProviderError, Stage, State, Track, TrackState
from reprise.domain.observe import observe
from reprise.domain.request import CoverRequest

from tests.factories import NOW, a_file, a_job, a_progress, a_running_job
from tests.golden import EVENTS, golden

JOB = "1f0c1d2e3b4a59687786950413223140"
LYRICS = "[Verse] rust on the swing set"
REFUSED = Broke(1, Via.POLL, ProviderError(ErrorClass.CONTENT_REFUSED, "failed", "the lyrics are not allowed"))


def link(job: Job, track: Track) -> str:
    return f"https://covers.example/{job.id}/{track.number}.mp3"


def stages(request: CoverRequest) -> Mapping[str, Job]:
    """Of two tracks, but for the last: there the first was lost."""
    running = replace(a_running_job(job_id=JOB), request=request)
    text = observe(running, a_progress(Stage.TEXT, lyrics=LYRICS), NOW).job
    copying = observe(text, a_progress(Stage.FIRST, 1), NOW).job
    first = observe(copying, Kept(1, 1, 0, a_file(1)), NOW).job
    archiving = observe(first, a_progress(Stage.COMPLETE, 1, 2), NOW).job
    complete = observe(archiving, Kept(1, 2, 0, a_file(2)), NOW).job
    return {
        "queued": replace(a_job(JOB), request=request),
        "running": running,
        "text": text,
        "copying": copying,
        "first": first,
        "archiving": archiving,
        "complete": complete,
        "error": observe(text, REFUSED, NOW).job,
        "canceled": observe(text, CancelAsked(), NOW).job,
        "halved": replace(
            complete, tracks=(replace(complete.tracks[0], state=TrackState.LOST, file=None), complete.tracks[1])
        ),
    }


def failed(reason: str, message: str = "words of a provider", task_id: str | None = None) -> Job:
    """`task_id` where a provider had taken it."""
    job = replace(a_running_job(job_id=JOB), task_id=task_id)
    return replace(job, state=State.FAILED, failure=Failure(reason, message, retryable=False))


def knock(dialect: str, name: str) -> Knock:
    """A golden event as its door sees it."""
    event = golden(f"dialects/{dialect}/{name}")
    return Knock(
        method=event["requestContext"]["http"]["method"],
        path=event["rawPath"].removeprefix(f"/{dialect}"),
        query=event.get("queryStringParameters", {}),
        headers=event["headers"],
        body=event.get("body", "").encode(),
    )


def posted(path: str, body: Any) -> Knock:
    return Knock("POST", path, body=body if isinstance(body, bytes) else json.dumps(body).encode())


def said(dialect: str, name: str) -> Any:
    """The JSON of a golden answer or callback."""
    return json.loads((EVENTS / "dialects" / dialect / f"{name}.json").read_text())
