"""MusicGPT's Cover (its new name is Wav): the same song in another voice. Facts and their sources: the vendor's pages
for `POST /Cover`, `GET /byId` and its voices, and what its own SDKs read.

A song in our inbox goes inside the call, as a file of a multipart form, which needs no link that the vendor can reach;
one that is too large for that, or that lies elsewhere, goes as a link in an urlencoded form.

A failure webhook is documented nowhere and may be wrong, so it fails no job: it is told as a sign of life that names
the task, and the failure is final once `byId` says so. Broke would make the job turn to another provider, and pay
there, while this one may still deliver. Any other webhook that ends nothing is told in the same way.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from reprise.domain.audio import audio_type
from reprise.domain.capabilities import Capabilities, SourceLimits
from reprise.domain.facts import Accepted, Broke, Pending, Progress, Refused, Unknown, Via
from reprise.domain.job import ErrorClass, ProviderError, Rhythm, Stage, Take
from reprise.ports import CallbackMessage, Order, Voice, Voices
from reprise.providers.client import (
    Answer,
    File,
    NoAnswerError,
    NotSentError,
    VendorHttp,
    VendorSettings,
    configured,
    unanswered,
)
from reprise.providers.loose import amount, first_id, is_link, mapping, number, parse_object, said, text

BASE_URL = "https://api.musicgpt.com/api/public/v1"

CAPABILITIES = Capabilities(
    provider="musicgpt",
    modes=False,
    fields=frozenset({"voice", "pitch"}),
    required=("voice",),
    models={},
    source=SourceLimits(pages=True, file_bytes=10_000_000),
    tracks=1,
    usd=0.103,
    stages=(Stage.COMPLETE,),
    parallel=1,
    rhythm=Rhythm(first=60, every=15),
)
"""The price is the pay-as-you-go one of a song of four minutes, 0.063 + 4 * 0.01 USD; one job at once is the least
plan's. Credits are told in a unit that no page ties to a price, so none are named. The vendor names no size either: ten
megabytes are sent well within the 20 seconds that a paid call may take."""

LIMITS: Mapping[str, Capabilities] = {"seed": CAPABILITIES, "docs": CAPABILITIES}

MOST_ETA = 3600
"""Seconds; a guess beyond it is none."""

MOST_LYRICS = 20_000

E = ErrorClass
SUBMIT_ERRORS: Mapping[int, ErrorClass] = {
    400: E.SOURCE_UNFETCHABLE,
    401: E.AUTH,
    402: E.NO_CREDIT,
    403: E.AUTH,
    404: E.FIX_REQUEST,
    422: E.FIX_REQUEST,
    429: E.RATE_LIMITED,
}
"""A code that is not here (409, 5xx) is ambiguous: the job may exist, and it is paid."""

PARAMETER_WORDS = ("parameter", "malformed", "required", "both empty")

Words = tuple[tuple[tuple[str, ...], ErrorClass], ...]
FAILURE_WORDS: Words = (
    (("download", "fetch", "unreachable", "not accessible"), E.SOURCE_UNFETCHABLE),
    (("content", "policy", "guideline", "moderation", "copyright", "sensitive"), E.CONTENT_REFUSED),
)
"""Of a conversion that failed; it has no codes."""

REFUSAL_WORDS: Words = (
    (PARAMETER_WORDS, E.FIX_REQUEST),
    (("credit", "balance"), E.NO_CREDIT),
    (("parallel limit", "rate limit", "too many"), E.RATE_LIMITED),
    (("api key", "key not accepted", "unauthorized"), E.AUTH),
    *FAILURE_WORDS,
)
"""Of a refusal inside a 200. Words that are not here leave it open whether the job was taken: ambiguous."""

DONE_WORD = "COMPLETED"
FAILED_WORDS = ("ERROR", "FAILED")
ERROR_KEYS = ("error", "message", "detail")
MP3_KEYS = ("audio_url", "conversion_path", "conversion_path_1")
WAV_KEYS = ("audio_url_wav", "conversion_path_wav", "conversion_path_wav_1")


class MusicGpt:
    def __init__(self, settings: VendorSettings, http: VendorHttp | None) -> None:
        self._settings = settings
        self._http = http
        self._base = (settings.base_url or BASE_URL).rstrip("/")
        self.capabilities = configured(LIMITS, settings)

    def submit(self, order: Order) -> Accepted | Refused | Unknown:
        try:
            answer = self._send("POST", "/Cover", form=submit_form(order), files=submit_files(order))
        except (NotSentError, NoAnswerError) as error:
            return unanswered(order.attempt, error)
        return submit_outcome(order.attempt, answer)

    def poll(self, task_id: str, attempt: int) -> Progress | Pending | Broke:
        try:
            answer = self._send("GET", "/byId", params={"conversionType": "COVER", "task_id": task_id})
        except (NotSentError, NoAnswerError) as error:
            return Pending(attempt, f"status not known: {error}")
        return status_outcome(attempt, task_id, answer)

    def hear(self, message: CallbackMessage, now: datetime) -> Progress | None:
        """Never Broke: see above. None where a body neither completes nor names a task to ask for."""
        body = parse_object(message.body)
        task_id = first_id(body.get("task_id"))
        word = _word(body)
        done = word == DONE_WORD or (not word and body.get("success") is True)
        if done and body.get("success") is not False and _links(body):
            return _complete(message.attempt, Via.CALLBACK, task_id, body)
        return Progress(message.attempt, Via.CALLBACK, Stage.NONE, task_id) if task_id else None

    def balance(self) -> float | None:
        """No endpoint tells it."""
        return None

    def voices(self, query: str | None, limit: int, page: int) -> Voices | None:
        params = {"limit": str(limit), "page": str(page)}
        path = "/searchVoices" if query else "/getAllVoices"
        try:
            answer = self._send("GET", path, params={"query": query, **params} if query else params)
        except (NotSentError, NoAnswerError):
            return None
        body = mapping(answer.json)
        rows = body.get("voices")
        if not _is_success(answer) or not isinstance(rows, list):
            return None
        found = tuple(_voices(rows))
        total = number(body.get("total"))
        return Voices(found, page * limit + len(found) if total is None else total)

    def _send(self, method: str, path: str, **rest: Any) -> Answer:
        """The key goes without a scheme word."""
        if self._http is None:
            raise NotSentError("this function does not call providers")
        return self._http.send(method, self._base + path, {"Authorization": self._settings.api_key}, **rest)


def submit_form(order: Order) -> dict[str, str]:
    """The canonical request in the vendor's words. There are none for what the cover should be like."""
    request = order.request
    fields = {
        "audio_url": None if submit_files(order) else order.source_url,
        "voice_id": request.voice,
        "pitch": None if request.pitch is None else str(request.pitch),
        "webhook_url": order.callback_url,
    }
    return {name: value for name, value in fields.items() if value is not None}


def submit_files(order: Order) -> dict[str, File] | None:
    kind = audio_type(order.song) if order.song else None
    if order.song is None or kind is None:
        return None
    return {"audio_file": (f"song.{kind.suffix}", order.song, kind.content_type)}


def submit_outcome(attempt: int, answer: Answer) -> Accepted | Refused | Unknown:
    """An error that names a task, or calls itself a success, is no sure refusal."""
    body = mapping(answer.json)
    task_id = first_id(body.get("task_id"))
    message = _error_text(body, f"HTTP {answer.status}")
    if _is_success(answer):
        return Accepted(attempt, task_id, _eta(body)) if task_id else Unknown(attempt, "accepted without a task id")
    kind = E.AMBIGUOUS if task_id or body.get("success") is True else _refusal(answer.status, body, message.lower())
    if kind is E.AMBIGUOUS:
        return Unknown(attempt, f"{answer.status}: {message}")
    return Refused(attempt, ProviderError(kind, str(answer.status), message))


def status_outcome(attempt: int, task_id: str, answer: Answer) -> Progress | Pending | Broke:
    """COMPLETED without a link is asked again; a failure counts in a `success: false` as well."""
    body = mapping(answer.json)
    record = mapping(body.get("conversion"))
    if not 200 <= answer.status < 300 or not record:
        return Pending(attempt, f"status not known yet: {answer.status} {_error_text(body, '')}".strip())
    word = _word(record)
    if word in FAILED_WORDS:
        return Broke(attempt, Via.POLL, _failure(word, record), task_id)
    if word == DONE_WORD and body.get("success") is not False and _links(record):
        return _complete(attempt, Via.POLL, task_id, record)
    return Pending(attempt, f"{said(word, 'no status')}: still running")


def _is_success(answer: Answer) -> bool:
    return 200 <= answer.status < 300 and mapping(answer.json).get("success") is True


def _refusal(status: int, body: Mapping[str, Any], message: str) -> ErrorClass:
    if 200 <= status < 300:
        return _class_of(message, REFUSAL_WORDS, E.AMBIGUOUS) if body.get("success") is False else E.AMBIGUOUS
    if status == 400 and any(word in message for word in PARAMETER_WORDS):
        return E.FIX_REQUEST
    return SUBMIT_ERRORS.get(status, E.AMBIGUOUS)


def _failure(word: str, record: Mapping[str, Any]) -> ProviderError:
    message = said(text(record.get("status_msg")), _error_text(record, "the conversion failed"))
    return ProviderError(_class_of(message.lower(), FAILURE_WORDS, E.RETRY_LATER), word, message)


def _class_of(message: str, known: Words, otherwise: ErrorClass) -> ErrorClass:
    return next((kind for words, kind in known if any(word in message for word in words)), otherwise)


def _error_text(body: Mapping[str, Any], otherwise: str) -> str:
    """A text, or a framework's list of them: then each with the place that it is about."""
    for given in (body.get(key) for key in ERROR_KEYS):
        rows = given if isinstance(given, list) else [given]
        words = "; ".join(filter(None, map(_line, rows[:10])))
        if words:
            return said(words, otherwise)
    return otherwise


def _line(row: Any) -> str:
    if not isinstance(row, dict):
        return row if isinstance(row, str) else ""
    place, words = row.get("loc"), row.get("msg")
    about = place[-1] if isinstance(place, list) and place and isinstance(place[-1], str) else ""
    return ": ".join(filter(None, (about, words))) if isinstance(words, str) else ""


def _word(body: Mapping[str, Any]) -> str:
    return (text(body.get("status")) or "").upper()


def _eta(body: Mapping[str, Any]) -> int | None:
    seconds = number(body.get("eta"))
    return seconds if seconds and 0 < seconds <= MOST_ETA else None


def _complete(attempt: int, via: Via, task_id: str | None, body: Mapping[str, Any]) -> Progress:
    """The take is named after the task, which has but one: some answers keep the conversion's id back, and a take that
    changed its name would be taken for a second one."""
    seconds = amount(body.get("conversion_duration", body.get("conversion_duration_1")))
    take = Take(
        id=task_id or first_id(body.get("conversion_id"), body.get("conversion_id_1")) or "",
        urls=_links(body),
        title=text(body.get("title")),
        seconds=seconds if seconds and 0 < seconds < 86400 else None,
    )
    return Progress(attempt, via, Stage.COMPLETE, task_id, (take,), text(body.get("lyrics"), MOST_LYRICS))


def _links(body: Mapping[str, Any]) -> tuple[str, ...]:
    """The mp3 before the wav, which is gone days earlier."""
    return tuple(dict.fromkeys(link for key in (*MP3_KEYS, *WAV_KEYS) if is_link(link := body.get(key))))


def _voices(rows: list[Any]) -> Iterator[Voice]:
    for row in map(mapping, rows):
        voice_id = first_id(row.get("voice_id"))
        if voice_id:
            yield Voice(voice_id, text(row.get("voice_name")) or voice_id)
