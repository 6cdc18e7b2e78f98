"""AI/ML API, model `minimax/music-cover`. Facts and their sources: the vendor's page for `POST /v2/generate/audio`
(docs.aimlapi.com, "music-cover") and its pages on errors and billing.

The vendor never calls back: a job is learnt by polling alone. Submit and status answer with one object. An empty
account is HTTP 403. The texts that a failure is sorted by are our own guess, except for MiniMax's codes in them.
"""

import re
from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from reprise.domain.assess import joined
from reprise.domain.capabilities import Capabilities, Length, Model, OutputChoices, SourceLimits
from reprise.domain.facts import Accepted, Broke, Pending, Progress, Refused, Unknown, Via
from reprise.domain.job import ErrorClass, ProviderError, Rhythm, Stage, Take
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
from reprise.providers.loose import amount, first_id, is_link, mapping, said, text

BASE_URL = "https://api.aimlapi.com"
PATH = "/v2/generate/audio"
MOST_NAME = 100

CAPABILITIES = Capabilities(
    provider="aimlapi",
    modes=False,
    fields=frozenset({"prompt", "style", "title", "lyrics", "output"}),
    joined=("prompt", "style", "title"),
    idea=Length(2000, least=10, soft=300),
    lyrics=Length(3000, least=10, soft=1000),
    models={"minimax/music-cover": Model()},
    default_model="minimax/music-cover",
    output=OutputChoices(
        formats=frozenset({"mp3", "wav", "pcm"}),
        sample_rates=frozenset({16_000, 24_000, 32_000, 44_100}),
        bitrates=frozenset({32_000, 64_000, 128_000, 256_000}),
    ),
    source=SourceLimits(most_seconds=360, least_seconds=6, most_bytes=50 * 1024 * 1024),
    tracks=1,
    credits=390_000,
    usd=0.195,
    rhythm=Rhythm(first=75, every=15, pushes=False),
)
"""Both sample runs on the vendor's page take about 90 s."""

LIMITS: Mapping[str, Capabilities] = {
    "seed": CAPABILITIES,
    "docs": replace(CAPABILITIES, idea=Length(300, least=10), lyrics=Length(1000, least=10)),
}
"""`docs` are the limits of MiniMax itself, which stands behind this shop."""

E = ErrorClass
SUBMIT_ERRORS: Mapping[int, ErrorClass] = {
    400: E.FIX_REQUEST,
    401: E.AUTH,
    402: E.NO_CREDIT,  # not documented; other shops' code for it
    403: E.NO_CREDIT,
    404: E.FIX_REQUEST,
    413: E.FIX_REQUEST,
    429: E.RATE_LIMITED,
    500: E.AMBIGUOUS,
    502: E.AMBIGUOUS,
    503: E.RETRY_LATER,
    504: E.AMBIGUOUS,
}
"""A code that is not here is ambiguous: the job may exist, and it is paid."""

EDGE_ERRORS: Mapping[int, ErrorClass] = {**SUBMIT_ERRORS, 503: E.AMBIGUOUS}
"""The same without a message of the vendor's: what stands in front of it spoke, and what lies behind may have acted."""

SUBMIT_WORDS: tuple[tuple[int, tuple[str, ...], ErrorClass], ...] = (
    (403, ("verif", "permission"), E.AUTH),
    (500, ("maintenance",), E.RETRY_LATER),
    (500, ("validation",), E.FIX_REQUEST),  # a 400 from further up, wrapped
)
"""Where a code's text has one of the words, it has this class instead; the last that fits."""

DONE_WORDS = ("completed", "complete", "succeeded", "success", "done", "ready", "finished")
FAILED_WORDS = ("error", "failed", "cancelled", "timeout", "expired")

MINIMAX: Mapping[str, ErrorClass] = {
    "1001": E.RETRY_LATER,
    "1002": E.RATE_LIMITED,
    "1004": E.RETRY_LATER,  # the shop's own key, as is 2049, and 1008 its own account
    "1008": E.RETRY_LATER,
    "1026": E.CONTENT_REFUSED,
    "1027": E.CONTENT_REFUSED,
    "1033": E.RETRY_LATER,
    "1039": E.RETRY_LATER,
    "1041": E.RETRY_LATER,
    "1042": E.RETRY_LATER,
    "2013": E.FIX_REQUEST,
    "2049": E.RETRY_LATER,
}
"""1000 and 1024 mean no more than that it failed, and stand in texts as plain numbers too."""

FAILURE_TEXTS: tuple[tuple[re.Pattern[str], ErrorClass], ...] = (
    (re.compile(r"sensitive|moderation|violat|guideline|copyright"), E.CONTENT_REFUSED),
    (re.compile(r"download|fetch"), E.SOURCE_UNFETCHABLE),
    (re.compile(r"(longer|shorter|larger) than (allowed|\d)|is too (long|short|large)|not supported"), E.FIX_REQUEST),
    (re.compile(r"(?<![a-z])url"), E.SOURCE_UNFETCHABLE),  # not "hourly"
    (re.compile(r"validation"), E.FIX_REQUEST),
)
"""Of a failure without one of MiniMax's codes; the first that fits, else it may be tried again."""

LINK = re.compile(r"https?://\S+")
CODE = re.compile(r"\b\d{4}\b", re.ASCII)


class AimlApi:
    def __init__(self, settings: VendorSettings, http: VendorHttp | None) -> None:
        self._settings = settings
        self._http = http
        self._base = (settings.base_url or BASE_URL).rstrip("/")
        self.capabilities = configured(LIMITS, settings)

    def submit(self, order: Order) -> Accepted | Refused | Unknown:
        body = submit_body(order, self.capabilities)
        trace = {"X-Client-Request-Id": f"{order.job_id}-{order.attempt}"} if order.job_id else {}
        try:
            answer = self._send("POST", PATH, trace, json=body)
        except (NotSentError, NoAnswerError) as error:
            return unanswered(order.attempt, error)
        return submit_outcome(order.attempt, answer)

    def poll(self, task_id: str, attempt: int) -> Progress | Pending | Broke:
        try:
            answer = self._send("GET", PATH, params={"generation_id": task_id})
        except (NotSentError, NoAnswerError) as error:
            return Pending(attempt, f"status not known: {error}")
        return status_outcome(attempt, task_id, answer)

    def hear(self, message: CallbackMessage, now: datetime) -> Progress | Broke | None:
        """Whatever came, it is not from the vendor."""
        return None

    def balance(self) -> float | None:
        """In USD."""
        try:
            answer = self._send("GET", "/v2/billing")
        except (NotSentError, NoAnswerError):
            return None
        return amount(mapping(answer.json).get("current_balance")) if _is_good(answer) else None

    def _send(self, method: str, path: str, headers: Mapping[str, str] | None = None, **rest: Any) -> Answer:
        """A blank or line break around the key would make it another key."""
        if self._http is None:
            raise NotSentError("this function does not call providers")
        known = {"Authorization": f"Bearer {self._settings.api_key.strip()}"}
        return self._http.send(method, self._base + path, {**known, **(headers or {})}, **rest)


def submit_body(order: Order, capabilities: Capabilities) -> dict[str, Any]:
    """The canonical request in the vendor's words. Without lyrics the song keeps its own."""
    request = order.request
    body: dict[str, Any] = {
        "model": order.model or capabilities.default_model,
        "prompt": joined(request, capabilities),
        "reference_audio_url": order.source_url,
        "lyrics": request.lyrics or None,
        "audio_setting": _given(asdict(request.output)) or None if request.output else None,
    }
    return _given(body)


def submit_outcome(attempt: int, answer: Answer) -> Accepted | Refused | Unknown:
    """The HTTP status is the code. A job that failed at once is accepted too: its status tells of the failure."""
    body, code = mapping(answer.json), answer.status
    if _is_good(answer):
        task_id = first_id(body.get("id"), body.get("generation_id"))
        return Accepted(attempt, task_id) if task_id else Unknown(attempt, "accepted without a generation id")
    message = said(body.get("message"), f"HTTP {code}")
    kind = (SUBMIT_ERRORS if body.get("message") else EDGE_ERRORS).get(code, E.AMBIGUOUS)
    for about, words, meant in SUBMIT_WORDS:
        if about == code and any(one in message.lower() for one in words):
            kind = meant
    if kind is E.AMBIGUOUS:
        return Unknown(attempt, f"{code}: {message}")
    return Refused(attempt, ProviderError(kind, str(code), message))


def status_outcome(attempt: int, task_id: str, answer: Answer) -> Progress | Pending | Broke:
    """Done is a done word and a link: without one it is asked again."""
    body = mapping(answer.json)
    if not _is_good(answer):
        return Pending(attempt, f"status not known yet: {answer.status} {said(body.get('message'), '')}".strip())
    word = (text(body.get("status")) or "").strip().lower()
    link, error = mapping(body.get("audio_file")).get("url"), body.get("error")
    if word in DONE_WORDS and is_link(link):
        return Progress(attempt, Via.POLL, Stage.COMPLETE, task_id, (Take(id=task_id, urls=(link,)),))
    if word in FAILED_WORDS or (error and not link):
        return Broke(attempt, Via.POLL, task_error(error, word), task_id)
    return Pending(attempt, f"{said(word, 'no status')}: still running")


def task_error(error: Any, word: str) -> ProviderError:
    """`error` is `{name, message}`, a plain text, or a `detail` list of `{msg}`."""
    detail = mapping(error).get("detail")
    entry = detail[0] if isinstance(detail, list) and detail else detail
    told = mapping(error).get("message") or mapping(entry).get("msg") or entry or error
    message = said(told, "the provider failed")
    plain = LINK.sub("", message).lower()
    code = next((one for one in CODE.findall(plain) if one in MINIMAX), None)
    kinds = (meant for pattern, meant in FAILURE_TEXTS if pattern.search(plain))
    kind = MINIMAX[code] if code else next(kinds, E.RETRY_LATER)
    name = text(mapping(error).get("name"), MOST_NAME) or (word if word in FAILED_WORDS else "failed")
    return ProviderError(kind, code or said(name, "failed"), message)


def _is_good(answer: Answer) -> bool:
    return 200 <= answer.status < 300


def _given(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}
