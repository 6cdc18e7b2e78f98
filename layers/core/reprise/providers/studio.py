"""The studio: our own offline engine behind a service of our own (`studio/`), which re-arranges the song and sings
nothing new. Its page is docs/studio-service.md.

It costs nothing and repeats a submit under the same Idempotency-Key. Yet an answer that does not come is Unknown here
as everywhere: within this call there is no time to ask again, and its callback finds the job. It has no host but the
owner's, so it is off until `base-url` is set.
"""

import hashlib
import hmac
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import quote

from reprise.domain.capabilities import Capabilities, OutputChoices, SourceLimits
from reprise.domain.facts import Accepted, Broke, Pending, Progress, Refused, Unknown, Via
from reprise.domain.job import ErrorClass, ProviderError, Rhythm, Stage, Take
from reprise.errors import ForgedCallbackError
from reprise.ports import CallbackMessage, Order, Voice, Voices
from reprise.providers.client import (
    Answer,
    NoAnswerError,
    NotSentError,
    VendorHttp,
    VendorSettings,
    configured,
    unanswered,
)
from reprise.providers.loose import amount, first_id, is_link, mapping, parse_object, said, text, texts

CAPABILITIES = Capabilities(
    provider="studio",
    modes=False,
    fields=frozenset({
        "prompt", "style", "title", "instrumental", "negative_style", "style_weight", "weirdness", "audio_weight",
        "voice", "pitch", "output",
    }),
    models={},
    output=OutputChoices(
        formats=frozenset({"mp3", "wav"}), sample_rates=frozenset({44_100}), bitrates=frozenset({192_000})
    ),
    source=SourceLimits(most_seconds=480, least_seconds=5, most_bytes=100_000_000),
    tracks=2,
    usd=0,
    stages=(Stage.TEXT, Stage.FIRST, Stage.COMPLETE),
    rhythm=Rhythm(first=30, every=15),
    by_name=True,
)  # fmt: skip
"""A song of three minutes takes seconds; by the first poll the callbacks have come, unless others were ahead."""

LIMITS: Mapping[str, Capabilities] = {"seed": CAPABILITIES, "docs": CAPABILITIES}

SIGNATURE_WINDOW = 300
"""Seconds that a signature's timestamp may differ from our clock."""

MOST_LYRICS, MOST_UNDERSTOOD = 20_000, 500

E = ErrorClass
SUBMIT_ERRORS: Mapping[int, ErrorClass] = {
    400: E.FIX_REQUEST,
    401: E.AUTH,
    403: E.AUTH,
    404: E.FIX_REQUEST,
    409: E.AMBIGUOUS,  # our key came with other words: the job that it made may be ours
    413: E.FIX_REQUEST,
    422: E.FIX_REQUEST,
    429: E.RATE_LIMITED,
    500: E.AMBIGUOUS,
    502: E.AMBIGUOUS,
    503: E.RETRY_LATER,  # a load balancer without anybody behind it
    504: E.AMBIGUOUS,
}
"""A code that is not here is ambiguous: the job may exist."""

TASK_ERRORS: Mapping[str, ErrorClass] = {
    "no_melody": E.FIX_REQUEST,
    "not_audio": E.FIX_REQUEST,
    "protected": E.FIX_REQUEST,
    "too_short": E.FIX_REQUEST,
    "too_long": E.FIX_REQUEST,
    "too_large": E.FIX_REQUEST,
    "source_unfetchable": E.SOURCE_UNFETCHABLE,
}
"""Of a task that failed. What is not here (a worker that died, memory, time) may work another time."""

STAGES: Mapping[str, Stage] = {"text": Stage.TEXT, "first": Stage.FIRST, "complete": Stage.COMPLETE}
LOST = "no_such_task"


class Studio:
    def __init__(self, settings: VendorSettings, http: VendorHttp | None) -> None:
        self._settings = settings
        self._http = http
        self._base = (settings.base_url or "").rstrip("/")
        self.capabilities = configured(LIMITS, settings)

    def submit(self, order: Order) -> Accepted | Refused | Unknown:
        key = {"Idempotency-Key": f"{order.job_id}-{order.attempt}"} if order.job_id else {}
        try:
            answer = self._send("POST", "/v1/tasks", key, json=submit_body(order))
        except (NotSentError, NoAnswerError) as error:
            return unanswered(order.attempt, error)
        return submit_outcome(order.attempt, answer)

    def poll(self, task_id: str, attempt: int) -> Progress | Pending | Broke:
        try:
            answer = self._send("GET", f"/v1/tasks/{quote(task_id, safe='')}")
        except (NotSentError, NoAnswerError) as error:
            return Pending(attempt, f"status not known: {error}")
        return status_outcome(attempt, task_id, answer)

    def hear(self, message: CallbackMessage, now: datetime) -> Progress | Broke | None:
        seal = None
        if self._settings.hmac_key:
            seal = check_signature(self._settings.hmac_key, message, now)
        body = parse_object(message.body)
        task_id, kind = first_id(body.get("task_id")), body.get("type")
        if kind == "failed":
            return Broke(message.attempt, Via.CALLBACK, _failure(body), task_id, seal)
        if not isinstance(kind, str) or kind not in STAGES:
            return None
        return _progress(message.attempt, Via.CALLBACK, STAGES[kind], task_id, body, seal)

    def balance(self) -> float | None:
        """There is nothing to pay with."""
        return None

    def voices(self, query: str | None, limit: int, page: int) -> Voices | None:
        try:
            answer = self._send("GET", "/v1/voices")
        except (NotSentError, NoAnswerError):
            return None
        rows = mapping(answer.json).get("voices")
        if answer.status != 200 or not isinstance(rows, list):
            return None
        known = ((first_id(row.get("id")), text(row.get("name"))) for row in map(mapping, rows))
        found = [Voice(one, name or one) for one, name in known if one]
        fits = [voice for voice in found if not query or query.lower() in voice.name.lower()]
        return Voices(tuple(fits[page * limit : (page + 1) * limit]), len(fits))

    def _send(self, method: str, path: str, more: Mapping[str, str] | None = None, **rest: Any) -> Answer:
        if self._http is None:
            raise NotSentError("this function does not call providers")
        headers = {"Authorization": f"Bearer {self._settings.api_key}", **(more or {})}
        return self._http.send(method, self._base + path, headers, **rest)


def submit_body(order: Order) -> dict[str, Any]:
    """The canonical request in the studio's words. The job's id is the seed: asked again, it makes the same takes."""
    request = order.request
    body = {
        "source_url": order.source_url,
        "callback_url": order.callback_url,
        "instrumental": request.instrumental,
        "format": request.output.format if request.output else None,
        "seed": order.job_id or None,
    }
    body |= {name: getattr(request, name) for name in sorted(CAPABILITIES.fields - {"instrumental", "output"})}
    return {name: value for name, value in body.items() if value is not None}


def submit_outcome(attempt: int, answer: Answer) -> Accepted | Refused | Unknown:
    body = mapping(answer.json)
    task_id = first_id(body.get("task_id"))
    if 200 <= answer.status < 300:
        return Accepted(attempt, task_id) if task_id else Unknown(attempt, "accepted without a task id")
    error = mapping(body.get("error"))
    message = said(error.get("message"), f"HTTP {answer.status}")
    kind = E.AMBIGUOUS if task_id else SUBMIT_ERRORS.get(answer.status, E.AMBIGUOUS)
    if kind is E.AMBIGUOUS:
        return Unknown(attempt, f"{answer.status}: {message}")
    return Refused(attempt, ProviderError(kind, said(text(error.get("code"), 100), str(answer.status)), message))


def status_outcome(attempt: int, task_id: str, answer: Answer) -> Progress | Pending | Broke:
    """Pending where it does not say. A studio that has lost the task never finishes it: that is a failure."""
    body = mapping(answer.json)
    if answer.status == 404 and mapping(body.get("error")).get("code") == LOST:
        lost = ProviderError(E.RETRY_LATER, LOST, "the studio does not know the task")
        return Broke(attempt, Via.POLL, lost, task_id)
    if answer.status != 200:
        return Pending(attempt, f"status not known yet: {answer.status}")
    status, stage = body.get("status"), body.get("stage")
    if status in ("failed", "canceled"):
        return Broke(attempt, Via.POLL, _failure(body), task_id)
    if not isinstance(stage, str) or stage not in STAGES:
        return Pending(attempt, f"{said(text(status), 'no status')}: still running")
    return _progress(attempt, Via.POLL, STAGES[stage], task_id, body, None)


def check_signature(key: str, message: CallbackMessage, now: datetime) -> str:
    """HMAC-SHA256 over `<timestamp>.<body>`, in hex. Raises ForgedCallbackError; the signature's beginning comes back.

    The timestamp is in Unix seconds.
    """
    timestamp = message.headers.get("x-webhook-timestamp", "")
    given = message.headers.get("x-webhook-signature", "")
    signed = timestamp.encode(errors="replace") + b"." + message.body
    digest = hmac.new(key.encode(), signed, hashlib.sha256).hexdigest()
    fits = hmac.compare_digest(digest.encode(), given.encode(errors="replace"))
    is_time = timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= 12
    if not (fits and is_time and abs(now.timestamp() - int(timestamp)) <= SIGNATURE_WINDOW):
        raise ForgedCallbackError("the studio's signature does not fit, or is too old")
    return digest[:16]


def _progress(
    attempt: int, via: Via, stage: Stage, task_id: str | None, body: Mapping[str, Any], seal: str | None
) -> Progress:
    """COMPLETE needs a link: without one it is as far as the words. The chart stands where others have lyrics."""
    rows = body.get("takes")
    image = _picture(body.get("files"))
    takes = tuple(_take(row, image) for row in rows if isinstance(row, dict)) if isinstance(rows, list) else ()
    if stage is Stage.COMPLETE and not any(take.urls for take in takes):
        stage, takes = Stage.TEXT, ()
    report = mapping(body.get("report"))
    chart, takes = text(report.get("chart"), MOST_LYRICS), takes if stage is not Stage.TEXT else ()
    return Progress(attempt, via, stage, task_id, takes, chart, seal, _understood(report))


def _understood(report: Mapping[str, Any]) -> str | None:
    """What it took from the wish (style, tempo, colour), and the words that meant nothing to it."""
    unknown = ", ".join(texts(report.get("ignored")))
    parts = [*texts(report.get("understood")), *[f"not understood: {unknown}"] * bool(unknown)]
    return said("; ".join(parts), "")[:MOST_UNDERSTOOD] or None


def _take(row: Mapping[str, Any], image: str | None) -> Take:
    seconds, link = amount(row.get("seconds")), row.get("audio_url")
    return Take(
        id=first_id(row.get("id")) or "",
        urls=(link,) if is_link(link) else (),
        title=text(row.get("title")),
        seconds=seconds if seconds and 0 < seconds < 86400 else None,
        image_url=image,
    )


def _picture(files: Any) -> str | None:
    """The link to the picture of song and cover."""
    rows = map(mapping, files) if isinstance(files, list) else ()
    return next((row["url"] for row in rows if row.get("kind") == "picture" and is_link(row.get("url"))), None)


def _failure(body: Mapping[str, Any]) -> ProviderError:
    error = mapping(body.get("error"))
    code = text(error.get("code"), 100) or "failed"
    words = said(text(error.get("message")), "the studio failed")
    return ProviderError(TASK_ERRORS.get(code, E.RETRY_LATER), said(code, "failed"), words)
