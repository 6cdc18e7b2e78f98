"""What the tests of kie.ai's and sunoapi.org's dialects share: calls at their doors, and jobs at every stage."""

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from reprise.dialects import DIALECTS
from reprise.dialects.dialect import Dialect, Knock
from reprise.domain.create import create
from reprise.domain.job import Failure, Job, Leg, Stage, State, Take, Track, TrackState
from reprise.domain.request import CoverRequest

from tests.factories import AUDIO_KEY, NOW, a_file
from tests.golden import JOB, golden

SHOPS = ("kie", "sunoapi")
each = pytest.mark.parametrize("shop", SHOPS)

SUBMIT = "/api/v1/generate/upload-cover"
RECORD = "/api/v1/generate/record-info"

SIMPLE: Mapping[str, Any] = {
    "uploadUrl": "https://files.example.net/in/91.mp3",
    "customMode": False,
    "instrumental": False,
    "model": "V5",
    "callBackUrl": "https://gw.example.net/cb",
    "prompt": "rainy tram ride",
}
INSTRUMENTAL: Mapping[str, Any] = {**SIMPLE, "customMode": True, "instrumental": True, "style": "dub", "title": "Fog"}
SUNG: Mapping[str, Any] = {**INSTRUMENTAL, "instrumental": False, "prompt": "[Verse] slow lights"}

CLIPS = ("7d0c2f5e-1b7a-4c1e-9f55-2a6b0c9e1d01", "e3b81a64-77c2-4d90-a5f8-60d2b9147c0e")
SECONDS = (187.5234, 209.3)


def dialect(shop: str) -> Dialect:
    return DIALECTS[shop]


def knock(body: Any, path: str = SUBMIT) -> Knock:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Knock("POST", path, headers={"content-type": "application/json"}, body=raw)


def knocked(shop: str, name: str) -> Knock:
    """A golden event as the door hands it on: the first part of its path is ours."""
    event = golden(f"dialects/{shop}/{name}")
    http, body = event["requestContext"]["http"], event.get("body", "")
    path = http["path"].removeprefix(f"/{shop}")
    return Knock(http["method"], path, event.get("queryStringParameters", {}), event["headers"], body.encode())


def parsed(shop: str, body: Any) -> CoverRequest:
    return dialect(shop).parse(knock(body), "owner").request


def a_job(shop: str, body: Any = SUNG, **changes: Any) -> Job:
    """Created from a client's request; `changes` are of the job."""
    return replace(create(JOB, "owner", parsed(shop, body), (Leg(shop),), NOW, AUDIO_KEY), **changes)


def link(job: Job, track: Track) -> str:
    return f"https://covers.example/audio/{job.id}/{track.number}/{job.audio_key}.mp3"


def a_track(number: int, **take: Any) -> Track:
    known = {"id": CLIPS[number - 1], "urls": (), "title": "Harbour Fog", "image_url": f"https://img.example/{number}"}
    file = a_file(number, seconds=SECONDS[number - 1])
    return Track(number, Take(**{**known, **take}), Stage.FIRST, state=TrackState.KEPT, file=file)


BOTH = (a_track(1), a_track(2))
LYRICS = "[Verse] slow lights on the water"

PENDING: Mapping[str, Any] = {"state": State.RUNNING, "task_id": "task-1", "attempt": 1}
TEXT: Mapping[str, Any] = {**PENDING, "stage": Stage.TEXT, "lyrics": LYRICS}
FIRST: Mapping[str, Any] = {**TEXT, "stage": Stage.FIRST, "tracks": BOTH[:1], "first_announced": True}
ARCHIVING: Mapping[str, Any] = {**FIRST, "stage": Stage.COMPLETE, "state": State.ARCHIVING}
DONE: Mapping[str, Any] = {**ARCHIVING, "state": State.SUCCEEDED, "tracks": BOTH}
CANCELED: Mapping[str, Any] = {**TEXT, "state": State.CANCELED}


def failed(reason: str, code: str | None = None, message: str = "no", **changes: Any) -> dict[str, Any]:
    return {**PENDING, "state": State.FAILED, "failure": Failure(reason, message, False, code), **changes}


def refused(reason: str, code: str | None = None, message: str = "no") -> dict[str, Any]:
    """Failed at once: no provider ever took it."""
    return failed(reason, code, message, task_id=None)
