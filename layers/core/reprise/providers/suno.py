"""The wire that kie.ai and sunoapi.org share: one back end behind two shops. What differs is data, in a Profile.

Codes come in the body, mostly with HTTP 200: `code != 200` is an error whatever the HTTP status says.
"""

import base64
import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, ClassVar

from reprise.domain.capabilities import Capabilities
from reprise.domain.facts import Accepted, Broke, Pending, Progress, Refused, Unknown, Via
from reprise.domain.job import ErrorClass, ProviderError, Stage, Take
from reprise.domain.request import CoverRequest, Mode
from reprise.errors import ForgedCallbackError
from reprise.ports import CallbackMessage, Order
from reprise.providers.client import (
    Answer,
    NoAnswerError,
    NotSentError,
    VendorHttp,
    VendorSettings,
    configured,
    unanswered,
)
from reprise.providers.loose import amount, first_id, is_link, mapping, number, parse_object, said, text

SIGNATURE_WINDOW = 300
"""Seconds that a signature's timestamp may differ from our clock; no vendor documents any."""

MOST_LYRICS = 20_000

E = ErrorClass
STAGES: Mapping[str, Stage] = {
    "text": Stage.TEXT,
    "first": Stage.FIRST,
    "complete": Stage.COMPLETE,
    "TEXT_SUCCESS": Stage.TEXT,
    "FIRST_SUCCESS": Stage.FIRST,
    "SUCCESS": Stage.COMPLETE,
    "CALLBACK_EXCEPTION": Stage.COMPLETE,  # only where rows have links; it says that *we* were not reachable
}
DONE_WORDS = ("SUCCESS", "CALLBACK_EXCEPTION")
FAILED_WORDS: Mapping[str, ErrorClass] = {
    "CREATE_TASK_FAILED": E.RETRY_LATER,
    "GENERATE_AUDIO_FAILED": E.RETRY_LATER,
    "SENSITIVE_WORD_ERROR": E.CONTENT_REFUSED,
}


@dataclass(frozen=True, slots=True)
class Profile:
    """One shop. Codes mean what their place says: `submit_errors` in a submit's answer, `bare_errors` as an HTTP
    status without the vendor's envelope, `task_errors` in an error callback and as a record's `errorCode`.

    `task_words` give a task error's code another class where its message has one of the words. `stages` are those
    of `callbackType` in lower case and of a record's `status`. A submit's code that is in no table is ambiguous: the
    job may exist, and it is paid. `signed` says that callbacks are signed where the owner has the signing key.
    """

    base_url: str
    balance_path: str
    limits: Mapping[str, Capabilities]
    submit_errors: Mapping[int, ErrorClass]
    task_errors: Mapping[int, ErrorClass]
    task_words: tuple[tuple[int, tuple[str, ...], ErrorClass], ...]
    bare_errors: Mapping[int, ErrorClass]
    stages: Mapping[str, Stage]
    failed_words: Mapping[str, ErrorClass]
    signed: bool


class Suno:
    """The client; a shop's own class names its profile."""

    profile: ClassVar[Profile]

    def __init__(self, settings: VendorSettings, http: VendorHttp | None) -> None:
        self._settings = settings
        self._http = http
        self._base = (settings.base_url or self.profile.base_url).rstrip("/")
        self.capabilities = configured(self.profile.limits, settings)

    def submit(self, order: Order) -> Accepted | Refused | Unknown:
        try:
            answer = self._send("POST", "/api/v1/generate/upload-cover", json=submit_body(self.capabilities, order))
        except (NotSentError, NoAnswerError) as error:
            return unanswered(order.attempt, error)
        return submit_outcome(self.profile, order.attempt, answer)

    def poll(self, task_id: str, attempt: int) -> Progress | Pending | Broke:
        try:
            answer = self._send("GET", "/api/v1/generate/record-info", params={"taskId": task_id})
        except (NotSentError, NoAnswerError) as error:
            return Pending(attempt, f"status not known: {error}")
        return record_outcome(self.profile, attempt, task_id, answer)

    def hear(self, message: CallbackMessage, now: datetime) -> Progress | Broke | None:
        body = parse_object(message.body)
        data = mapping(body.get("data"))
        task_id = _task_id(body, data)
        kind = str(data.get("callbackType") or body.get("callbackType") or "").lower()
        seal = None
        if self._settings.hmac_key and self.profile.signed:
            timestamp = check_signature(self._settings.hmac_key, task_id, message.headers, now)
            seal = hashlib.sha256(f"{task_id}.{kind}.{timestamp}".encode()).hexdigest()[:16]
        code = number(body.get("code"))
        if kind in ("error", "failed") or code not in (200, None):
            words = said(data.get("error") or body.get("msg"), "the provider failed")
            return Broke(message.attempt, Via.CALLBACK, _task_error(self.profile, code, words), task_id, seal)
        stage = self.profile.stages.get(kind)
        if stage is None:
            return None
        return replace(_progress(message.attempt, Via.CALLBACK, stage, task_id, data.get("data")), seal=seal)

    def balance(self) -> float | None:
        try:
            body = mapping(self._send("GET", self.profile.balance_path).json)
        except (NotSentError, NoAnswerError):
            return None
        return amount(body.get("data")) if body.get("code") == 200 else None

    def _send(self, method: str, path: str, **rest: Any) -> Answer:
        if self._http is None:
            raise NotSentError("this function does not call providers")
        headers = {"Authorization": f"Bearer {self._settings.api_key}"}
        return self._http.send(method, self._base + path, headers, **rest)


def submit_body(capabilities: Capabilities, order: Order) -> dict[str, Any]:
    """The canonical request in the vendor's words. Non-custom mode leaves everything but the idea empty."""
    request = order.request
    body: dict[str, Any] = {
        "uploadUrl": order.source_url,
        "customMode": request.mode is Mode.CUSTOM,
        "instrumental": request.instrumental,
        "model": order.model or capabilities.default_model,
        "callBackUrl": order.callback_url,
        "prompt": request.idea,
    }
    if request.mode is Mode.CUSTOM:
        body |= _custom(request)
    return {name: value for name, value in body.items() if value is not None}


def submit_outcome(profile: Profile, attempt: int, answer: Answer) -> Accepted | Refused | Unknown:
    body = mapping(answer.json)
    told = number(body.get("code"))
    code = told or answer.status
    message = said(body.get("msg"), f"HTTP {answer.status}")
    if code == 200 and answer.status < 400:
        task_id = _task_id(body, mapping(body.get("data")))
        return Accepted(attempt, task_id) if task_id else Unknown(attempt, "accepted without a task id")
    table = profile.submit_errors if told else {**profile.submit_errors, **profile.bare_errors}
    kind = table.get(code, E.AMBIGUOUS)
    if kind is E.AMBIGUOUS:
        return Unknown(attempt, f"{code}: {message}")
    return Refused(attempt, ProviderError(kind, str(code), message))


def record_outcome(profile: Profile, attempt: int, task_id: str, answer: Answer) -> Progress | Pending | Broke:
    body = mapping(answer.json)
    data = mapping(body.get("data"))
    code = number(body.get("code")) or answer.status
    if code != 200 or answer.status >= 400 or not data:
        return Pending(attempt, f"status not known yet: {code} {said(body.get('msg'), '')}".strip())
    word = said(data.get("status"), "")
    error_code, error_text = number(data.get("errorCode")), data.get("errorMessage")
    rows = mapping(data.get("response")).get("sunoData")
    made = word in DONE_WORDS or (word not in profile.stages and _has_link(rows))  # whatever it says beside: paid for
    if word in profile.failed_words or ((error_code or error_text) and not made):
        error = _task_error(profile, error_code, said(error_text, word), profile.failed_words.get(word))
        return Broke(attempt, Via.POLL, error, task_id)
    if word in profile.stages and (word != "CALLBACK_EXCEPTION" or _has_link(rows)):
        return _progress(attempt, Via.POLL, profile.stages[word], task_id, rows)
    return Pending(attempt, f"{word or 'no status'}: still running")


def check_signature(key: str, task_id: str | None, headers: Mapping[str, str], now: datetime) -> int:
    """HMAC-SHA256 over `<task id>.<timestamp>`, Base64; it does not cover the body. Raises ForgedCallbackError.

    The timestamp, in Unix seconds.
    """
    timestamp = headers.get("x-webhook-timestamp", "")
    given = headers.get("x-webhook-signature", "")
    digest = hmac.new(key.encode(), f"{task_id}.{timestamp}".encode(errors="replace"), hashlib.sha256).digest()
    fits = hmac.compare_digest(base64.b64encode(digest), given.encode(errors="replace"))
    is_time = timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= 12
    if not (fits and is_time and abs(now.timestamp() - int(timestamp)) <= SIGNATURE_WINDOW):
        raise ForgedCallbackError("the vendor's signature does not fit, or is too old")
    return int(timestamp)


def _progress(attempt: int, via: Via, stage: Stage, task_id: str | None, rows: Any) -> Progress:
    """COMPLETE needs a link: `SUCCESS` with none is as far as the words, and is asked again.

    The rows of TEXT are placeholders, even those with a link: no take is made of them.
    """
    if stage is Stage.COMPLETE and not _has_link(rows):
        stage = Stage.TEXT
    kept = [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []
    words = next(filter(None, (text(row.get("prompt"), MOST_LYRICS) for row in kept)), None)
    lyrics = None if words == "[Instrumental]" else words
    takes = () if stage is Stage.TEXT else tuple(_take(row) for row in kept)
    return Progress(attempt, via, stage, task_id, takes, lyrics)


def _take(row: Mapping[str, Any]) -> Take:
    seconds = row.get("duration")
    return Take(
        id=first_id(row.get("id")) or "",
        urls=_links(row),
        title=text(row.get("title")),
        seconds=float(seconds) if isinstance(seconds, int | float) and 0 < seconds < 86400 else None,
        image_url=_image(row),
    )


def _links(row: Mapping[str, Any]) -> tuple[str, ...]:
    """Finished audio, best first. `stream_*` links are placeholders that die within minutes: never taken."""
    names = ("audio_url", "audioUrl", "source_audio_url", "sourceAudioUrl")
    links = (row.get(name) for name in names)
    return tuple(dict.fromkeys(link for link in links if is_link(link)))[:2]


def _image(row: Mapping[str, Any]) -> str | None:
    link = text(row.get("image_url") or row.get("imageUrl"))
    return link if link and is_link(link) else None


def _has_link(rows: Any) -> bool:
    return isinstance(rows, list) and any(_links(row) for row in rows if isinstance(row, dict))


def _custom(request: CoverRequest) -> dict[str, Any]:
    return {
        "prompt": None if request.instrumental else request.lyrics,
        "style": request.style,
        "title": request.title,
        "negativeTags": request.negative_style,
        "vocalGender": request.vocal_gender and request.vocal_gender[0],
        "styleWeight": request.style_weight,
        "weirdnessConstraint": request.weirdness,
        "audioWeight": request.audio_weight,
    }


def _task_error(profile: Profile, code: int | None, message: str, word: ErrorClass | None = None) -> ProviderError:
    kind = profile.task_errors.get(code or 0, word or E.RETRY_LATER)
    if word is E.CONTENT_REFUSED:
        kind = word
    for about, words, meant in profile.task_words:
        if code == about and any(one in message.lower() for one in words):
            kind = meant
    return ProviderError(kind, str(code or "failed"), message)


def _task_id(body: Mapping[str, Any], data: Mapping[str, Any]) -> str | None:
    return first_id(data.get("taskId"), data.get("task_id"), body.get("taskId"), data.get("id"))
