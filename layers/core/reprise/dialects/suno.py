"""The dialect that kie.ai and sunoapi.org share: one back end behind two shops. What differs is data, in a Profile.

HTTP is 200 throughout; the code in the body says how it went. Requests and records are camelCase, callbacks are not.
"""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from reprise import errors
from reprise.dialects import suno_record as record
from reprise.dialects.codes import seconds
from reprise.dialects.dialect import UNMETERED, AudioLink, Callback, Knock, Reply, VoiceQuery, Wish, notices, widened
from reprise.dialects.fields import LONGEST_TEXT, LONGEST_URL, Fields, bearer, echo, json_object
from reprise.domain.capabilities import Capabilities
from reprise.domain.job import ErrorClass, Failure, Job, State
from reprise.domain.request import CoverRequest, Source, Visit
from reprise.domain.violation import Violation
from reprise.ports import Voices

REQUIRED: Mapping[str, str] = {
    "uploadUrl": "Please enter uploadUrl",
    "customMode": "customMode cannot be null",
    "instrumental": "instrumental cannot be null",
    "model": "model cannot be null",
    "callBackUrl": "Please enter callBackUrl",
}
"""Asked for in every mode, in this order. Seen in answers: those of customMode, model and callBackUrl."""

CUSTOM_FIELDS = ("style", "title", "negativeTags", "vocalGender", "styleWeight", "weirdnessConstraint", "audioWeight")

VENDOR_NAMES: Mapping[str, str] = {
    "source": "uploadUrl",
    "callback_url": "callBackUrl",
    "lyrics": "prompt",
    "negative_style": "negativeTags",
    "vocal_gender": "vocalGender",
    "style_weight": "styleWeight",
    "weirdness": "weirdnessConstraint",
    "audio_weight": "audioWeight",
}

DENIED = "You do not have access permissions"
THROTTLED = "call frequency too high"
MAINTENANCE = "system maintenance"
BROKEN = "server error"
SUBMIT_WORDS: Mapping[str, str] = {
    ErrorClass.NO_CREDIT: record.NO_CREDIT,
    ErrorClass.RATE_LIMITED: THROTTLED,
    ErrorClass.RETRY_LATER: MAINTENANCE,
}


@dataclass(frozen=True, slots=True)
class Profile:
    """One shop. Its codes: `invalid` for a request that breaks a rule, `long_prompt` for that one rule, `large` for a
    body, `busy` for the throttle; `submit_codes` for a job that failed at once, by reason. Only codes of the shop's
    own submit table are told there: a client would not know whether any other means that the job exists. `own_codes`
    are that table and what each code means: where the shop itself refused, its client is told the very code.
    """

    name: str
    balance_path: str
    capabilities: Capabilities
    tasks: record.Words
    invalid: int
    long_prompt: int
    large: int
    busy: int
    submit_codes: Mapping[str, int]
    own_codes: Mapping[int, ErrorClass]


class Suno:
    catalogs: tuple[str, ...] = ()

    def __init__(self, profile: Profile) -> None:
        self._profile = profile
        self.name = profile.name
        self.submits: tuple[str, ...] = ("/api/v1/generate/upload-cover",)
        self.statuses: tuple[str, ...] = ("/api/v1/generate/record-info",)
        self.balances: tuple[str, ...] = (profile.balance_path,)

    def api_key(self, headers: Mapping[str, str]) -> str:
        return bearer(headers)

    def parse(self, knock: Knock, tenant: str) -> Wish:
        body = json_object(knock.body)
        fields = Fields(body)
        for name, message in REQUIRED.items():
            fields.require(name, message)
        source = fields.source("uploadUrl", tenant)
        fields.text("callBackUrl", LONGEST_URL)
        custom, instrumental = fields.boolean("customMode"), fields.boolean("instrumental")
        limits = widened(self._profile.capabilities, knock.limits)
        model = fields.choice("model", limits.models)
        wishes: dict[str, Any] = {}
        if custom:
            wishes = _custom(fields, limits, model, bool(instrumental))
        elif custom is False:
            wishes = {"prompt": _idea(fields, limits)}
        fields.check()
        heard = (*REQUIRED, "prompt", *(CUSTOM_FIELDS if custom else ()))
        visit = Visit(self.name, fields.hook("callBackUrl"), echo(body, heard))
        known: dict[str, Any] = {"model": model, "instrumental": bool(instrumental), "visit": visit}
        return Wish(CoverRequest(source=source or Source(), **known, **wishes))

    def accepted(self, job: Job) -> Reply:
        """A job that failed after its provider took it is told like any other: in its record and its callback."""
        if job.failure and job.state is State.FAILED and not job.task_id:
            reason = job.failure.reason
            words = record.told_to_caller(job.failure) or SUBMIT_WORDS.get(reason, BROKEN)
            return _reply(self._refusal_code(job.provider, job.failure), words)
        return _reply(200, "success", {"taskId": job.id})

    def job_id(self, query: Mapping[str, str]) -> str:
        asked = query.get("taskId", "").strip()
        if not asked:
            raise errors.InvalidError(Violation("taskId", "required", "Please enter taskId"))
        if not re.fullmatch("[0-9a-f]{32}", asked):
            raise errors.NotFoundError("no id of ours")
        return asked

    def status(self, job: Job, link: AudioLink) -> Reply:
        return _reply(200, "success", record.record(self._profile.tasks, job, link))

    def callbacks(self, job: Job, link: AudioLink) -> tuple[Callback, ...]:
        return tuple(Callback(one, record.callback(self._profile.tasks, one, job, link)) for one in notices(job))

    def refusal(self, error: Exception, knock: Knock) -> Reply:
        match error:
            case errors.UnauthenticatedError() | errors.ForbiddenError():
                return _reply(401, DENIED)
            case errors.BudgetSpentError():
                return _reply(self._profile.submit_codes[ErrorClass.NO_CREDIT], record.NO_CREDIT)
            case errors.InvalidError():
                return self._invalid(error)
            case errors.NotFoundError() | errors.GoneError() if knock.path in self.statuses:
                return _reply(422, "recordInfo is null")
            case errors.NotFoundError():
                return _reply(404, "no such endpoint")
            case errors.TooLargeError():
                return _reply(self._profile.large, str(error))
            case errors.RequestError():
                return _reply(self._profile.invalid, str(error))
            case errors.TryAgainError():
                return replace(_reply(self._profile.busy, THROTTLED), headers={"Retry-After": str(seconds(error))})
        return _reply(500, BROKEN)

    def balance(self, amount: float | None) -> Reply:
        known = amount is not None and math.isfinite(amount)
        return _reply(200, "success", math.floor(amount) if known and amount is not None else UNMETERED)

    def voice_query(self, query: Mapping[str, str]) -> VoiceQuery:
        raise errors.NotFoundError(f"{self.name} has no voices")

    def voices(self, found: Voices, asked: VoiceQuery) -> Reply:
        raise errors.NotFoundError(f"{self.name} has no voices")

    def _refusal_code(self, provider: str, failure: Failure) -> int:
        """What is not in `submit_codes` is not the caller's business, whatever its code."""
        usual = self._profile.submit_codes.get(failure.reason)
        if usual is None:
            return 500
        own = self._profile.own_codes.items() if provider == self.name else ()
        return next((code for code, kind in own if (str(code), kind) == (failure.code, failure.reason)), usual)

    def _invalid(self, error: errors.InvalidError) -> Reply:
        """Told is the first broken rule; that a text is too long comes after all others."""
        first = min(error.violations, key=lambda one: one.rule == "too-long", default=Violation("body", "", BROKEN))
        name = VENDOR_NAMES.get(first.field.partition(".")[0], first.field)
        message = first.message if name in first.message else f"{name}: {first.message}"
        long_prompt = (name, first.rule) == ("prompt", "too-long")
        return _reply(self._profile.long_prompt if long_prompt else self._profile.invalid, message)


def _idea(fields: Fields, capabilities: Capabilities) -> str | None:
    most = capabilities.idea.most if capabilities.idea else LONGEST_TEXT
    return _text(fields, "prompt", most)


def _custom(fields: Fields, capabilities: Capabilities, model: str | None, instrumental: bool) -> dict[str, Any]:
    limits = capabilities.models.get(model or capabilities.default_model or "")
    style = _text(fields, "style", limits.style if limits else LONGEST_TEXT)
    title = _text(fields, "title", limits.title if limits else LONGEST_TEXT)
    lyrics = None if instrumental else _text(fields, "prompt", limits.lyrics if limits else LONGEST_TEXT)
    gender = fields.choice("vocalGender", ("m", "f"))
    return {
        "lyrics": lyrics,
        "style": style,
        "title": title,
        "negative_style": fields.text("negativeTags"),
        "vocal_gender": {"m": "male", "f": "female"}.get(gender or ""),
        "style_weight": _weight(fields, "styleWeight"),
        "weirdness": _weight(fields, "weirdnessConstraint"),
        "audio_weight": _weight(fields, "audioWeight"),
    }


def _text(fields: Fields, name: str, most: int) -> str | None:
    called = "music style" if name == "style" else name
    fields.require(name, f"Please enter {name}")
    return fields.text(name, most, message=f"{called} cannot exceed {most} characters")


def _weight(fields: Fields, name: str) -> float | None:
    return fields.number(name, 0, 1, 0.01)


def _reply(code: int, message: str, data: Any = None) -> Reply:
    return Reply(200, {"code": code, "msg": message, "data": data})
