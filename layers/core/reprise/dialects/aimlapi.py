"""AI/ML API's `minimax/music-cover`, answered by us. Facts: the vendor's page for `POST /v2/generate/audio` and its
pages on errors and billing; limits are those of our provider.

There are no callbacks: clients poll the path that they submit to. Their loops end at the first status that is neither
`queued` nor `generating`, error bodies included, so that a known id is never answered with an error.
"""

import binascii
import re
from base64 import b64decode
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from math import isfinite
from typing import Any
from uuid import uuid4

from reprise.dialects.codes import code_of, pause
from reprise.dialects.dialect import (
    MOST_BODY,
    UNMETERED,
    AudioLink,
    Callback,
    Knock,
    Reply,
    VoiceQuery,
    Wish,
    kept,
    widened,
)
from reprise.dialects.fields import Fields, bearer, echo, in_words, json_object
from reprise.dialects.ids import from_short, short
from reprise.domain.capabilities import Length
from reprise.domain.job import ErrorClass, Failure, Job, State
from reprise.domain.request import CoverRequest, Output, Source, Visit
from reprise.domain.violation import Violation
from reprise.errors import (
    BudgetSpentError,
    InvalidError,
    NotFoundError,
    TooLargeError,
)
from reprise.ports import Voices
from reprise.providers.aimlapi import CAPABILITIES
from reprise.redact import redact

NAME = "aimlapi"
PATH = "/v2/generate/audio"
SONG = "reference_audio_url"

OTHER_WAY = f"upload the song through POST /v1/uploads and send {SONG}: upload:<id>"

FIELDS: Mapping[str, str] = {"source": SONG, "output": "audio_setting"}
"""Canonical name -> the client's, where they differ."""

E = ErrorClass
REFUSED: Mapping[str, int] = {
    E.FIX_REQUEST: 400,
    E.CONTENT_REFUSED: 400,
    E.SOURCE_UNFETCHABLE: 400,
    E.NO_CREDIT: 403,
    E.RATE_LIMITED: 429,
    E.RETRY_LATER: 503,
    E.AUTH: 500,
}
"""Why a submit bought nothing -> HTTP status; an empty account is 403 here. Any other failure, and any of a job that a
vendor took, may have been paid for: the client gets its id and reads the end from the status, since an error would
invite a second submit."""

UNTOLD = "internal error"
OWN_WORDS: Mapping[str, str] = {E.AUTH: UNTOLD, E.NO_CREDIT: "you have run out of credits"}
"""Instead of a provider's: trouble with our own key there is none of the client's, whose key is right."""

MOST_WORDS = 1000
CANCELED = "the generation was canceled"
FAILED = "GenerationError"

_LINK = re.compile(r"\s*(https?://|upload:)", re.IGNORECASE)
_DATA = re.compile(r"data:[^,]{0,200};base64,", re.IGNORECASE)
_BLANKS = str.maketrans("", "", " \t\r\n")


def _utc() -> datetime:
    return datetime.now(UTC)


def _uuid() -> str:
    return str(uuid4())


class AimlApiDialect:
    name = NAME
    submits: tuple[str, ...] = (PATH,)
    statuses: tuple[str, ...] = (PATH,)
    balances: tuple[str, ...] = ("/v2/billing",)
    catalogs: tuple[str, ...] = ()

    def __init__(self, now: Callable[[], datetime] = _utc, new_id: Callable[[], str] = _uuid) -> None:
        """Both stamp error bodies."""
        self._now = now
        self._new_id = new_id

    def api_key(self, headers: Mapping[str, str]) -> str:
        return bearer(headers)

    def parse(self, knock: Knock, tenant: str) -> Wish:
        if len(knock.body) > MOST_BODY:
            raise TooLargeError(f"at most {MOST_BODY} bytes of body: {OTHER_WAY}")
        limits = widened(CAPABILITIES, knock.limits)
        values = json_object(knock.body, MOST_BODY)
        fields = Fields(values)
        model = fields.choice("model", limits.models) if fields.require("model") else None
        prompt = _within(fields, "prompt", limits.idea) if fields.require("prompt") else None
        lyrics = _within(fields, "lyrics", limits.lyrics)
        output = _output(fields, values.get("audio_setting"))
        source, file = _song(fields, values.get(SONG), tenant) if fields.require(SONG) else (None, None)
        fields.check()
        shown = {**values, SONG: f"[Base64, {len(file)} bytes]"} if file else values
        visit = Visit(NAME, echo=echo(shown, ("model", "prompt", "lyrics", SONG)))
        request = CoverRequest(
            source=source or Source(), model=model, prompt=prompt, lyrics=lyrics, output=output, visit=visit
        )
        return Wish(request, file)

    def accepted(self, job: Job) -> Reply:
        failure = job.failure
        if failure and failure.reason in REFUSED and job.task_id is None:
            status = REFUSED[failure.reason]
            return self._refused(status, _words(failure), PATH, pause(status))
        return _object(job, status="queued")

    def job_id(self, query: Mapping[str, str]) -> str:
        generation = query.get("generation_id", "").strip()
        if not generation:
            raise InvalidError(Violation("generation_id", "required", "generation_id is required"))
        job_id = from_short(generation)
        if job_id is None:
            raise NotFoundError("no such generation")
        return job_id

    def status(self, job: Job, link: AudioLink) -> Reply:
        tracks = kept(job)
        if job.state is State.SUCCEEDED and tracks:
            return _object(job, status="completed", audio_file={"url": link(job, tracks[0])})
        if job.state.terminal:
            error = {"name": FAILED, "message": _words(job.failure)}
            return _object(job, status="error", audio_file=None, error=error)
        waits = job.state in (State.QUEUED, State.SUBMITTING)
        return _object(job, status="queued" if waits else "generating")

    def refusal(self, error: Exception, knock: Knock) -> Reply:
        if isinstance(error, BudgetSpentError):
            return self._refused(REFUSED[E.NO_CREDIT], OWN_WORDS[E.NO_CREDIT], knock.path)
        status = code_of(error)
        words = in_words(error, FIELDS) if isinstance(error, InvalidError) else str(error) or UNTOLD
        return self._refused(status, UNTOLD if status == 500 else words, knock.path, pause(status, error))

    def callbacks(self, job: Job, link: AudioLink) -> tuple[Callback, ...]:
        """The vendor has none, and clients cannot name a URL for them."""
        return ()

    def balance(self, amount: float | None) -> Reply:
        usd = amount if amount is not None and isfinite(amount) else UNMETERED
        return Reply(200, {"current_balance": usd, "currency": "USD"})

    def voice_query(self, query: Mapping[str, str]) -> VoiceQuery:
        raise NotFoundError("no such route")

    def voices(self, found: Voices, asked: VoiceQuery) -> Reply:
        raise NotFoundError("no such route")

    def _refused(self, status: int, words: str, path: str, headers: Mapping[str, str] | None = None) -> Reply:
        body = {
            "requestId": self._new_id(),
            "statusCode": status,
            "timestamp": self._now().isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "path": path,
            "message": words,
        }
        return Reply(status, body, headers or {})


def _object(job: Job, **rest: Any) -> Reply:
    """Submit and status answer with the same object."""
    generation = short(job.id)
    return Reply(200, {"id": generation, **rest}, {"x-inference-id": generation})


def _words(failure: Failure | None) -> str:
    """A job without a failure that ended without music was canceled."""
    if failure is None:
        return CANCELED
    return OWN_WORDS.get(failure.reason) or redact(failure.message)[:MOST_WORDS]


def _within(fields: Fields, name: str, length: Length | None) -> str | None:
    return fields.text(name, length.most, length.least) if length else fields.text(name)


def _output(fields: Fields, setting: object) -> Output | None:
    """Numbers may come as texts: the vendor's page writes its own defaults so."""
    if setting is None or setting == "":
        return None
    if not isinstance(setting, dict):
        fields.fault("audio_setting", "type", "audio_setting must be an object")
        return None
    inner, choices = Fields(setting, lenient=True), CAPABILITIES.output
    output = Output(
        format=inner.choice("format", sorted(choices.formats)),
        sample_rate=_one_of(inner, "sample_rate", choices.sample_rates),
        bitrate=_one_of(inner, "bitrate", choices.bitrates),
    )
    for one in inner.faults:
        name = f"audio_setting.{one.field}"
        fields.fault(name, one.rule, f"audio_setting.{one.message}", one.length, one.limit)
    return output if output != Output() else None


def _one_of(fields: Fields, name: str, known: frozenset[int]) -> int | None:
    value = fields.whole(name, 0, 10**9)
    if value is None or value in known:
        return value
    fields.fault(name, "not-one-of", f"{name} must be one of {', '.join(str(one) for one in sorted(known))}")
    return None


def _song(fields: Fields, value: object, tenant: str) -> tuple[Source | None, bytes | None]:
    """A link, or the song itself in Base64, bare or as a `data:` URI. Raises TooLargeError."""
    if not isinstance(value, str) or _LINK.match(value):
        return fields.source(SONG, tenant), None
    head = _DATA.match(value := value.lstrip())
    file = _decoded(value[head.end() :] if head else value)
    if not file:
        fields.fault(SONG, "malformed", f"{SONG} must be an http(s) URL, a data: URI or Base64")
        return None, None
    most = CAPABILITIES.source.most_bytes
    if most is not None and len(file) > most:
        raise TooLargeError(f"at most {most} bytes of song here: {OTHER_WAY}")
    return Source(), file


def _decoded(text: str) -> bytes:
    """Empty where it is no Base64."""
    try:
        return b64decode(text.translate(_BLANKS), validate=True)
    except (binascii.Error, ValueError):
        return b""


DIALECT = AimlApiDialect()
