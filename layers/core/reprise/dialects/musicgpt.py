"""MusicGPT Cover, answered by us. Facts: the vendor's page of `POST /Cover`, its docs of `GET /byId` and of the voices,
and what its own SDKs demand of an answer. A base URL may come with the version, with the whole path or without either.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from reprise import errors
from reprise.dialects import musicgpt_conversion as conversion
from reprise.dialects.codes import seconds
from reprise.dialects.dialect import (
    MOST_BODY,
    AudioLink,
    Callback,
    Knock,
    Notice,
    Reply,
    VoiceQuery,
    Wish,
    kept,
    notices,
)
from reprise.dialects.fields import Fields, echo, in_words
from reprise.dialects.forms import read_form
from reprise.dialects.ids import from_conversion_uuid, from_task_uuid
from reprise.domain.job import Job, State
from reprise.domain.request import CoverRequest, Source, Visit
from reprise.domain.violation import Violation
from reprise.ports import Voices

if TYPE_CHECKING:
    from reprise.http.shapes.vendors import musicgpt as shapes

NAME = "musicgpt"
PREFIXES = ("", "/api/public/v1", "/v1")

ECHOED = ("audio_url", "voice_id", "pitch", "webhook_url")
FIELDS: Mapping[str, str] = {"source": "audio_url", "voice": "voice_id", "callback_url": "webhook_url"}
"""Canonical name -> the client's, where they differ."""

LONGEST_VOICE = 256
MOST_PITCH = 12
"""Semitones, either way."""

DEFAULT_VOICES, MOST_VOICES = 20, 100
"""To a page."""

TOO_LARGE = (
    f"the gateway takes at most {MOST_BODY} bytes; send the song through POST /v1/uploads and name it as "
    "audio_url=upload:<id>"
)

ERRORS: tuple[tuple[type[Exception], int], ...] = (
    (errors.UnauthenticatedError, 401),
    (errors.BudgetSpentError, 402),
    (errors.ForbiddenError, 403),
    (errors.NotFoundError, 404),
    (errors.GoneError, 404),
    (errors.NotAllowedError, 409),
    (errors.StillRunningError, 409),
    (errors.TooLargeError, 413),
    (errors.KeyReusedError, 422),
    (errors.RequestError, 400),
    (errors.TryAgainError, 429),
)
"""The first that fits; anything else is ours: 500. 422 for InvalidError is of submits alone."""


def _paths(*names: str) -> tuple[str, ...]:
    return tuple(f"{prefix}/{name}" for prefix in PREFIXES for name in names)


class MusicgptDialect:
    name: str = NAME
    submits: tuple[str, ...] = _paths("Cover", "cover")
    statuses: tuple[str, ...] = _paths("byId")
    balances: tuple[str, ...] = ()
    catalogs: tuple[str, ...] = _paths("getAllVoices", "searchVoices")

    def api_key(self, headers: Mapping[str, str]) -> str:
        """The vendor's keys go without a scheme; some clients write `Bearer` all the same."""
        text = headers.get("authorization", "").strip()
        scheme, _, key = text.partition(" ")
        return key.strip() if scheme.lower() == "bearer" else text

    def parse(self, knock: Knock, tenant: str) -> Wish:
        """Where a file and a URL come together the file is the song."""
        if len(knock.body) > MOST_BODY:
            raise errors.TooLargeError(TOO_LARGE)
        form = read_form(knock.headers.get("content-type", ""), knock.body)
        fields = Fields(form.fields, lenient=True)
        file = form.files.get("audio_file") or None
        source = None
        if not file and fields.require("audio_url", "audio_url or audio_file must be given"):
            source = fields.source("audio_url", tenant)
        voice = fields.text("voice_id", LONGEST_VOICE) if fields.require("voice_id") else None
        pitch = fields.whole("pitch", -MOST_PITCH, MOST_PITCH)
        visit = Visit(NAME, fields.hook("webhook_url"), echo(form.fields, ECHOED))
        fields.check()
        return Wish(CoverRequest(source=source or Source(), voice=voice, pitch=pitch, visit=visit), file)

    def accepted(self, job: Job) -> Reply:
        """`message` and an integer `eta` are what the SDKs insist on; `conversion_type` breaks one of them."""
        if job.state is State.FAILED:
            status, words = conversion.refusal(job)
            return Reply(status, {"success": False, "error": words})
        answer: shapes.Accepted = {
            "success": True,
            **conversion.ids(job),
            "eta": int(job.leg.rhythm.first),
            "credit_estimate": conversion.usd(job.leg.usd),
            "message": "Message published to queue",
            "status": "IN_QUEUE",
        }
        return Reply(200, answer)

    def job_id(self, query: Mapping[str, str]) -> str:
        """Other conversions are other products of the vendor's: none of them was ever begun here."""
        kind, task, other = (query.get(name, "").strip() for name in ("conversionType", "task_id", "conversion_id"))
        if kind.upper() != "COVER":
            raise errors.InvalidError(Violation("conversionType", "required", "conversionType must be COVER"))
        if bool(task) == bool(other):
            raise errors.InvalidError(Violation("task_id", "required", "task_id or conversion_id is wanted, not both"))
        found = from_task_uuid(task) if task else from_conversion_uuid(other)
        if found is None:
            raise errors.NotFoundError("no such conversion")
        return found

    def status(self, job: Job, link: AudioLink) -> Reply:
        told: shapes.Told = {"success": True, "conversion": conversion.flat(job, link)}
        return Reply(200, told)

    def refusal(self, error: Exception, knock: Knock) -> Reply:
        """The vendor's submit names faults under `error`, its GETs under `message`, with 400 for what is invalid."""
        asks = knock.path in (*self.statuses, *self.catalogs)
        status = next((status for kind, status in ERRORS if isinstance(error, kind)), 500)
        words = conversion.UNTOLD if status == 500 else str(error) or conversion.UNTOLD
        if isinstance(error, errors.InvalidError):
            status, words = 400 if asks else 422, in_words(error, FIELDS if asks else _names(knock))
        headers = {"Retry-After": str(seconds(error))} if isinstance(error, errors.TryAgainError) else {}
        return Reply(status, {"success": False, "message" if asks else "error": words}, headers)

    def callbacks(self, job: Job, link: AudioLink) -> tuple[Callback, ...]:
        """The vendor calls once, at the end."""
        if Notice.ERROR in notices(job):
            return (Callback(Notice.ERROR, conversion.failed(job)),)
        first = kept(job)[:1] if Notice.COMPLETE in notices(job) else ()
        return tuple(Callback(Notice.COMPLETE, conversion.complete(job, track, link)) for track in first)

    def balance(self, amount: float | None) -> Reply:
        """The vendor has no such call."""
        return Reply(404, {"success": False, "message": "no such path"})

    def voice_query(self, query: Mapping[str, str]) -> VoiceQuery:
        """Raises InvalidError. More than MOST_VOICES is taken as that: the answer says so."""
        words = query.get("query", "").strip()
        if len(words) > LONGEST_VOICE:
            raise errors.InvalidError(Violation("query", "too-long", f"query takes at most {LONGEST_VOICE} characters"))
        limit = _number(query, "limit", DEFAULT_VOICES, least=1)
        return VoiceQuery(words or None, min(limit, MOST_VOICES), _number(query, "page", 0, least=0))

    def voices(self, found: Voices, asked: VoiceQuery) -> Reply:
        """SDKs refuse an answer that lacks any of the five."""
        told: shapes.Voices = {
            "success": True,
            "voices": [{"voice_id": voice.id, "voice_name": voice.name} for voice in found.voices],
            "limit": asked.limit,
            "page": asked.page,
            "total": found.total,
        }
        return Reply(200, told)


def _names(knock: Knock) -> Mapping[str, str]:
    """FIELDS, but a song that came as a file is called by that field's name."""
    try:
        files = read_form(knock.headers.get("content-type", ""), knock.body).files
    except errors.RequestError:
        return FIELDS
    return {**FIELDS, "source": "audio_file"} if files.get("audio_file") else FIELDS


def _number(query: Mapping[str, str], name: str, default: int, least: int) -> int:
    text = query.get(name, "").strip() or str(default)
    if not (text.isascii() and text.isdigit() and len(text) < 9 and int(text) >= least):
        raise errors.InvalidError(Violation(name, "out-of-range", f"{name} must be a whole number, {least} or more"))
    return int(text)


DIALECT = MusicgptDialect()
