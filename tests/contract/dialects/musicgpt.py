"""What the tests of MusicGPT's dialect share: calls at its door, and jobs at every stage."""

import base64
import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import httpx
from reprise.dialects.dialect import Knock
from reprise.dialects.ids import conversion_uuid, task_uuid
from reprise.dialects.musicgpt import MusicgptDialect
from reprise.domain.create import create
from reprise.domain.job import Failure, Job, Leg, Rhythm, Stage, State, Track, TrackState
from reprise.domain.request import CoverRequest, Source, Visit

from tests.factories import AUDIO_KEY, NOW, a_file, a_take
from tests.golden import golden

MUSICGPT = MusicgptDialect()
JOB = "1f0c1d2e3b4a59687786950413223140"
TASK, CONVERSION = task_uuid(JOB), conversion_uuid(JOB)
OWNER = "owner"

SUBMIT = "/api/public/v1/Cover"
BY_ID = "/api/public/v1/byId"

FORM: Mapping[str, str] = {"audio_url": "https://files.example.net/in/12.mp3", "voice_id": "velvet-alto", "pitch": "-2"}
SONG = b"RIFF\x24\x00\x00\x00WAVEfmt \x10\x00\x00\x00\x01\x00\x01\x00\r\n--\r\n\xff\xfe\x00data"
"""Bytes that a careless reader of multipart stumbles over."""

FEE = 0.0735
SECONDS = 231.08


def sent(**content: Any) -> Knock:
    """What a client sends: `content` as httpx takes it, so `data`, `files` or `json`."""
    request = httpx.Request("POST", f"https://api.example{SUBMIT}", **content)
    return Knock("POST", SUBMIT, headers=dict(request.headers), body=request.read())


def golden_knock(name: str) -> Knock:
    """A golden event as the door hands it on: the first part of its path is ours."""
    event = golden(f"dialects/musicgpt/{name}")
    body = event.get("body", "").encode()
    return Knock(
        event["requestContext"]["http"]["method"],
        event["rawPath"].removeprefix("/musicgpt"),
        event.get("queryStringParameters", {}),
        event["headers"],
        base64.b64decode(body) if event["isBase64Encoded"] else body,
    )


def wish(**fields: str) -> CoverRequest:
    """What a client means with these fields of a form, a link among them."""
    form = {**FORM, **fields}
    visit = Visit("musicgpt", form.get("webhook_url"), json.dumps(form))
    return CoverRequest(
        source=Source(url=form["audio_url"]), voice=form["voice_id"], pitch=int(form["pitch"]), visit=visit
    )


def a_job(state: State = State.RUNNING, **changes: Any) -> Job:
    leg = Leg("musicgpt", usd=FEE, rhythm=Rhythm(first=48, every=15))
    job = create(JOB, OWNER, wish(), (leg,), NOW, AUDIO_KEY)
    return replace(
        job, **{"state": state, "attempt": 1, "spent": FEE, "updated_at": NOW.replace(minute=1, second=2), **changes}
    )


def a_track(number: int = 1, **file: Any) -> Track:
    take = a_take(number, title=None, seconds=SECONDS)
    kept = a_file(number, **{"seconds": SECONDS, **file})
    return Track(number, take, Stage.COMPLETE, state=TrackState.KEPT, file=kept)


def done(*tracks: Track, **changes: Any) -> Job:
    return a_job(State.SUCCEEDED, **{"stage": Stage.COMPLETE, "tracks": tracks or (a_track(),), **changes})


def failed(reason: str, message: str = "no") -> Job:
    return a_job(State.FAILED, failure=Failure(reason, message, retryable=False))


def link(job: Job, track: Track) -> str:
    return f"https://covers.example/audio/{job.id}/{track.number}/{job.audio_key}.mp3"
