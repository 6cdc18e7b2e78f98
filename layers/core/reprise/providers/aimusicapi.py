"""aimusicapi.org upload-cover. Facts and their sources: the vendor's pages for `POST /v2/upload-cover/generate` and
`GET /v2/upload-cover/status`, and the callback page of its plain generation.

A callback is a bare array of clips that names no task: the job comes from our URL. `tags` of a request are what is to
be avoided, those of a clip are its style.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from reprise.domain.capabilities import Capabilities, Length, Model, SourceLimits
from reprise.domain.facts import Accepted, Broke, Pending, Progress, Refused, Unknown, Via
from reprise.domain.job import ErrorClass, ProviderError, Rhythm, Stage
from reprise.domain.request import CoverRequest, Mode
from reprise.errors import MalformedError
from reprise.ports import CallbackMessage, Order
from reprise.providers.aimusicapi_clips import DONE_WORDS, read_feed, task_error, verdict
from reprise.providers.client import (
    Answer,
    NoAnswerError,
    NotSentError,
    VendorHttp,
    VendorSettings,
    configured,
    unanswered,
)
from reprise.providers.loose import amount, first_id, mapping, number, parse, said

BASE_URL = "https://aimusicapi.org/api"
USER_AGENT = "reprise/0.1"
"""The edge answers 403 with a page to clients that it does not like."""

CAPABILITIES = Capabilities(
    provider="aimusicapi",
    fields=frozenset({"style_weight", "weirdness", "audio_weight"}),
    custom_fields=frozenset({"negative_style", "vocal_gender"}),
    models={
        "chirp-v4-0": Model(3000, 200, 80, credits=8),
        "chirp-v4-5": Model(5000, 1000, 100),
        "chirp-v4-5-plus": Model(5000, 1000, 100),
        "chirp-v4-5-all": Model(5000, 1000, 80, source_seconds=60),
        "chirp-v5": Model(5000, 1000, 100, credits=12),
        "chirp-v5-5": Model(5000, 1000, 100, credits=12),
    },
    default_model="chirp-v4-5",
    idea=Length(500),
    source=SourceLimits(most_seconds=480),
    tracks=2,
    credits=10,
    usd=0.06,
    stages=(Stage.TEXT, Stage.FIRST, Stage.COMPLETE),
    rhythm=Rhythm(first=60, every=30),
)
"""The price in USD is kie.ai's, which sells the same engine: this shop's is not published."""

LIMITS: Mapping[str, Capabilities] = {"seed": CAPABILITIES, "docs": CAPABILITIES}

E = ErrorClass
SUBMIT_ERRORS: Mapping[int, ErrorClass] = {
    400: E.FIX_REQUEST,
    401: E.AUTH,
    402: E.NO_CREDIT,
    403: E.AUTH,
    404: E.FIX_REQUEST,
    429: E.RATE_LIMITED,
    500: E.AMBIGUOUS,
    502: E.AMBIGUOUS,
    503: E.RETRY_LATER,
    504: E.AMBIGUOUS,
}
"""A code that is not here is ambiguous: the job may exist, and it is paid."""

EDGE_ERRORS: Mapping[int, ErrorClass] = {**SUBMIT_ERRORS, 403: E.FIX_REQUEST, 503: E.AMBIGUOUS}
"""The same without the vendor's envelope: what stands in front of it spoke, and what lies behind may have acted."""


class AiMusicApi:
    def __init__(self, settings: VendorSettings, http: VendorHttp | None) -> None:
        self._settings = settings
        self._http = http
        self._base = (settings.base_url or BASE_URL).rstrip("/")
        self.capabilities = configured(LIMITS, settings)

    def submit(self, order: Order) -> Accepted | Refused | Unknown:
        try:
            answer = self._send("POST", "/v2/upload-cover/generate", json=submit_body(order, self.capabilities))
        except (NotSentError, NoAnswerError) as error:
            return unanswered(order.attempt, error)
        return submit_outcome(order.attempt, answer)

    def poll(self, task_id: str, attempt: int) -> Progress | Pending | Broke:
        try:
            answer = self._send("GET", "/v2/upload-cover/status", params={"task_id": task_id})
        except (NotSentError, NoAnswerError) as error:
            return Pending(attempt, f"status not known: {error}")
        return status_outcome(attempt, task_id, answer)

    def hear(self, message: CallbackMessage, now: datetime) -> Progress | Broke | None:
        body = parse(message.body)
        if not isinstance(body, dict | list) or body == []:
            raise MalformedError("the body is neither clips nor a JSON object")
        feed = read_feed(body)
        code = number(mapping(body).get("code"))
        if code not in (200, None):
            error = task_error(feed, str(code), _words(mapping(body), f"code {code}"))
            return Broke(message.attempt, Via.CALLBACK, error, feed.task_id)
        done = feed.word in DONE_WORDS or (not feed.word and len(feed.kept) >= CAPABILITIES.tracks)
        return verdict(message.attempt, Via.CALLBACK, feed, feed.task_id, done=done)

    def balance(self) -> float | None:
        try:
            answer = self._send("GET", "/v2/credits")
        except (NotSentError, NoAnswerError):
            return None
        body = mapping(answer.json)
        told = answer.status < 400 and number(body.get("code")) in (200, None)
        return amount(mapping(body.get("data")).get("credits")) if told else None

    def _send(self, method: str, path: str, **rest: Any) -> Answer:
        if self._http is None:
            raise NotSentError("this function does not call providers")
        headers = {"Authorization": f"Bearer {self._settings.api_key}", "User-Agent": USER_AGENT}
        return self._http.send(method, self._base + path, headers, **rest)


def submit_body(order: Order, capabilities: Capabilities) -> dict[str, Any]:
    """The canonical request in the vendor's words. Non-custom mode leaves style, title, tags and gender away."""
    request = order.request
    body: dict[str, Any] = {
        "upload_url": order.source_url,
        "model": order.model or capabilities.default_model,
        "custom_mode": request.mode is Mode.CUSTOM,
        "make_instrumental": request.instrumental,
        "callback_url": order.callback_url,
        "style_weight": request.style_weight,
        "weirdness_constraint": request.weirdness,
        "audio_weight": request.audio_weight,
    }
    body |= _custom(request) if request.mode is Mode.CUSTOM else {"prompt": request.idea}
    return {name: value for name, value in body.items() if value is not None}


def submit_outcome(attempt: int, answer: Answer) -> Accepted | Refused | Unknown:
    body = mapping(answer.json)
    told = number(body.get("code"))
    code = told or answer.status
    message = _words(body, f"HTTP {answer.status}")
    if code == 200 and 200 <= answer.status < 300:
        task_id = first_id(body.get("workId"), body.get("id"), mapping(body.get("data")).get("task_id"))
        return Accepted(attempt, task_id) if task_id else Unknown(attempt, "accepted without a task id")
    kind = (SUBMIT_ERRORS if told else EDGE_ERRORS).get(code, E.AMBIGUOUS)
    if kind is E.AMBIGUOUS:
        return Unknown(attempt, f"{code}: {message}")
    return Refused(attempt, ProviderError(kind, str(code), message))


def status_outcome(attempt: int, task_id: str, answer: Answer) -> Progress | Pending | Broke:
    """Legacy routes answer without an envelope: the HTTP status is the code there."""
    body = mapping(answer.json)
    code = number(body.get("code")) or answer.status
    if code != 200 or not 200 <= answer.status < 300:
        return Pending(attempt, f"status not known yet: {code} {_words(body, '')}".strip())
    feed = read_feed(body)
    fact = verdict(attempt, Via.POLL, feed, task_id, done=feed.word in DONE_WORDS) if feed.word else None
    return fact or Pending(attempt, f"{said(feed.word, 'no type')}: still running")


def _words(body: Mapping[str, Any], otherwise: str) -> str:
    """The text is `msg` with a 400 and `message` with the others."""
    return said(body.get("message") or body.get("msg"), otherwise)


def _custom(request: CoverRequest) -> dict[str, Any]:
    return {
        "prompt": None if request.instrumental else request.lyrics,
        "style": request.style,
        "title": request.title,
        "tags": request.negative_style,
        "gender": request.vocal_gender,
    }
