"""aimusicapi.org's upload-cover, answered by us. Facts: the vendor's pages for `POST /v2/upload-cover/generate` and
`GET /v2/upload-cover/status`, and the callback page of its plain generation; limits are those of our provider.

The HTTP status repeats the body's `code`, since clients test either. A client's base URL may or may not end in `/api`.
"""

import json
from collections.abc import Mapping
from math import isfinite
from typing import Any

from reprise.dialects.aimusicapi_clips import UNTOLD, clips, iso, type_of, words_of
from reprise.dialects.codes import code_of, pause
from reprise.dialects.dialect import UNMETERED, AudioLink, Callback, Knock, Reply, VoiceQuery, Wish, notices, widened
from reprise.dialects.fields import Fields, bearer, echo, in_words, json_object
from reprise.dialects.ids import from_upcov, upcov
from reprise.domain.capabilities import Length, Model
from reprise.domain.job import ErrorClass, Job
from reprise.domain.request import CoverRequest, Source, Visit
from reprise.domain.violation import Violation
from reprise.errors import (
    InvalidError,
    NotFoundError,
)
from reprise.ports import Voices
from reprise.providers.aimusicapi import CAPABILITIES

NAME = "aimusicapi"

ECHOED = (
    "model",
    "upload_url",
    "custom_mode",
    "make_instrumental",
    "prompt",
    "style",
    "title",
    "tags",
    "negative_tags",
    "gender",
    "style_weight",
    "weirdness_constraint",
    "audio_weight",
    "callback_url",
)
FIELDS: Mapping[str, str] = {
    "source": "upload_url",
    "lyrics": "prompt",
    "instrumental": "make_instrumental",
    "negative_style": "tags",
    "vocal_gender": "gender",
    "weirdness": "weirdness_constraint",
}
"""Canonical name -> the client's, where they differ."""

LONGEST_MODEL = 256
"""Characters."""

NO_IDEA = "instrumental cover"
"""The prompt of who gives none: the vendor takes an instrumental without one, a canonical request needs an idea."""

E = ErrorClass
REFUSED: Mapping[str, int] = {
    E.FIX_REQUEST: 400,
    E.CONTENT_REFUSED: 400,
    E.SOURCE_UNFETCHABLE: 400,
    E.NO_CREDIT: 402,
    E.RATE_LIMITED: 429,
    E.RETRY_LATER: 503,
    E.AUTH: 500,
}
"""Why a submit bought nothing -> code. Any other failure, and any of a task that a vendor took, may have been paid for:
the client gets its id and reads the end from the status, since an error would invite a second submit."""

NO_TASK = "no such task"
"""Whether it never was or was deleted."""


class AiMusicApiDialect:
    name = NAME
    submits: tuple[str, ...] = ("/v2/upload-cover/generate", "/api/v2/upload-cover/generate")
    statuses: tuple[str, ...] = ("/v2/upload-cover/status", "/api/v2/upload-cover/status")
    balances: tuple[str, ...] = ("/v2/credits", "/api/v2/credits")
    catalogs: tuple[str, ...] = ()

    def api_key(self, headers: Mapping[str, str]) -> str:
        return bearer(headers)

    def parse(self, knock: Knock, tenant: str) -> Wish:
        limits = widened(CAPABILITIES, knock.limits)
        values = json_object(knock.body)
        fields = Fields(values, lenient=True)
        instrumental = bool(fields.boolean("make_instrumental"))
        if fields.boolean("custom_mode"):
            wishes = _custom(fields, instrumental, _limits(values.get("model"), limits.models))
        else:
            wishes = _simple(fields, instrumental, limits.idea)
        wishes |= {
            "model": fields.text("model", LONGEST_MODEL) if fields.require("model") else None,
            "instrumental": instrumental,
            "style_weight": fields.number("style_weight", 0, 1, 0.01),
            "weirdness": fields.number("weirdness_constraint", 0, 1, 0.01),
            "audio_weight": fields.number("audio_weight", 0, 1, 0.01),
        }
        source = fields.source("upload_url", tenant) if fields.require("upload_url") else None
        visit = Visit(NAME, fields.hook("callback_url"), echo(values, ECHOED))
        fields.check()
        return Wish(CoverRequest(source=source or Source(), visit=visit, **wishes))

    def accepted(self, job: Job) -> Reply:
        failure = job.failure
        if failure and failure.reason in REFUSED and job.task_id is None:
            return _refused(REFUSED[failure.reason], words_of(failure))
        task = upcov(job.id)
        return Reply(200, {"code": 200, "message": "success", "workId": task, "data": {"task_id": task}})

    def job_id(self, query: Mapping[str, str]) -> str:
        task = query.get("task_id", "").strip()
        if not task:
            raise InvalidError(Violation("task_id", "required", "task_id is required"))
        job_id = from_upcov(task)
        if job_id is None:
            raise NotFoundError(NO_TASK)
        return job_id

    def status(self, job: Job, link: AudioLink) -> Reply:
        visit = job.request.visit
        told = notices(job)
        return _success(
            {
                "type": type_of(job),
                "request_body": json.loads(visit.echo) if visit and visit.dialect == NAME else {},
                "response_data": clips(told[-1], job, link) if told else None,
                "created_at": iso(job.created_at),
            }
        )

    def refusal(self, error: Exception, knock: Knock) -> Reply:
        code = code_of(error)
        words = in_words(error, FIELDS) if isinstance(error, InvalidError) else str(error) or UNTOLD
        if code == 404 and knock.path in self.statuses:
            words = NO_TASK
        headers = pause(code, error)
        return _refused(code, UNTOLD if code == 500 else words, headers)

    def callbacks(self, job: Job, link: AudioLink) -> tuple[Callback, ...]:
        return tuple(Callback(notice, clips(notice, job, link)) for notice in notices(job))

    def balance(self, amount: float | None) -> Reply:
        """What was used is not known."""
        credits = amount if amount is not None and isfinite(amount) else UNMETERED
        return _success({"credits": int(credits) if credits == int(credits) else credits, "used_credits": 0})

    def voice_query(self, query: Mapping[str, str]) -> VoiceQuery:
        raise NotFoundError("no such route")

    def voices(self, found: Voices, asked: VoiceQuery) -> Reply:
        raise NotFoundError("no such route")


def _simple(fields: Fields, instrumental: bool, idea: Length | None) -> dict[str, Any]:
    """Style, title, tags and gender may be sent and are left out, as the vendor does."""
    prompt = fields.text("prompt", idea.most, idea.least) if idea else fields.text("prompt")
    if instrumental:
        return {"prompt": prompt or NO_IDEA}
    fields.require("prompt", "prompt is required unless make_instrumental is true")
    return {"prompt": prompt}


def _custom(fields: Fields, instrumental: bool, limits: Model) -> dict[str, Any]:
    lyrics = fields.text("prompt", limits.lyrics)
    if instrumental:
        lyrics = None
    else:
        fields.require("prompt", "prompt is required in custom mode unless make_instrumental is true")
    for name in ("style", "title"):
        fields.require(name, f"{name} is required in custom mode")
    return {
        "lyrics": lyrics,
        "style": fields.text("style", limits.style),
        "title": fields.text("title", limits.title),
        "negative_style": fields.text("tags" if fields.given("tags") else "negative_tags"),
        "vocal_gender": fields.choice("gender", ("male", "female")),
    }


def _limits(model: object, known: Mapping[str, Model]) -> Model:
    """Those of a model that is not in the list are the default one's: the vendor adds models."""
    usual = known[CAPABILITIES.default_model or ""]
    return known.get(model, usual) if isinstance(model, str) else usual


def _success(data: Mapping[str, Any]) -> Reply:
    return Reply(200, {"code": 200, "message": "success", "data": data})


def _refused(code: int, words: str, headers: Mapping[str, str] | None = None) -> Reply:
    """The text's key is `msg` with a 400 and `message` with all others."""
    return Reply(code, {"code": code, "msg" if code == 400 else "message": words}, headers or {})


DIALECT = AiMusicApiDialect()
