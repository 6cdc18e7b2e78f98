"""Our own API's words: the canonical request as JSON."""

from collections.abc import Mapping
from dataclasses import replace
from math import isclose
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainValidator,
    StringConstraints,
    ValidationError,
    ValidationInfo,
    WithJsonSchema,
    model_validator,
)
from pydantic_core import ErrorDetails, PydanticCustomError

from reprise.dialects.body import AUTO
from reprise.dialects.fields import upload_key as upload_key
from reprise.domain.endpoint import EVENT_TYPES
from reprise.domain.request import DEADLINE_SECONDS, CoverRequest, Output, Source, Webhook, WhenUnknown
from reprise.domain.violation import Violation
from reprise.errors import InvalidError
from reprise.net.urls import MOST_CHARACTERS, url_fault
from reprise.settings import Network

MOST_METADATA = 20
LONGEST_TEXT = 5000
LONGEST_VALUE = 500
"""Characters of a metadata value: a job with the longest texts must fit into one item of 400 KB, and grow there."""

MOST_PROVIDERS = 10

Text = Annotated[str, StringConstraints(max_length=LONGEST_TEXT), AfterValidator(str.strip)]
Label = Annotated[str, StringConstraints(max_length=256), AfterValidator(str.strip)]
Value = Annotated[str, StringConstraints(max_length=LONGEST_VALUE), AfterValidator(str.strip)]
"""Counted as they come, with the space around them: a limit that JSON Schema can say."""


def _in_hundredths(value: float) -> float:
    """0.1 + 0.2 of a client's arithmetic is meant as 0.3."""
    if not isclose(value, round(value, 2), rel_tol=1e-9):
        raise ValueError("takes steps of 0.01")
    return round(value, 2)


Weight = Annotated[
    float,
    Field(ge=0, le=1, allow_inf_nan=False, json_schema_extra={"multipleOf": 0.01}),
    AfterValidator(_in_hundredths),
]


def _whole(value: Any) -> Any:
    """60.0 is a whole number to JSON Schema, and to clients that know one kind of number."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


WHOLE = BeforeValidator(_whole)


def _providers(value: Any) -> tuple[str, ...]:
    """`auto`, a name, or names in order; metadata of a dropped song is text, and its names stand between commas."""
    names = value.split(",") if isinstance(value, str) else value
    if not isinstance(names, list | tuple) or not all(isinstance(name, str) for name in names):
        raise PydanticCustomError("type", "must be `auto`, a provider's name or a list of names")
    found = tuple(name.strip() for name in names)
    if not found or not all(found) or len(found) > MOST_PROVIDERS:
        raise PydanticCustomError("malformed", f"must name 1 to {MOST_PROVIDERS} providers")
    return () if found == (AUTO,) else found


_BLANK = r"\s\x1c-\x1f"
"""All that `str.strip` takes away."""

_NAME = rf"[^,]*[^,{_BLANK}][^,]*"
PROVIDERS = {
    "anyOf": [
        {"type": "string", "pattern": rf"^{_NAME}(,{_NAME}){{0,{MOST_PROVIDERS - 1}}}$"},
        {
            "type": "array",
            "minItems": 1,
            "maxItems": MOST_PROVIDERS,
            "items": {"type": "string", "pattern": rf"[^{_BLANK}]"},
        },
    ],
}
"""As `_providers` reads it: `auto`, a name, names between commas, or a list of names, best first."""


class _Strict(BaseModel):
    """A model's validator is built with its first use: most functions use one of them."""

    model_config = ConfigDict(extra="forbid", defer_build=True)


def _public(url: str, info: ValidationInfo) -> str:
    """`info.context` is the networks that the operator allows."""
    fault = url_fault(url, info.context or ())
    if fault:
        raise PydanticCustomError("refused", "{fault}", {"fault": fault})
    return url


PUBLIC = {
    "type": "string",
    "format": "uri",
    "pattern": "^[Hh][Tt][Tt][Pp][Ss]://[!-~]+$",
    "maxLength": MOST_CHARACTERS,
    "description": "Public: no private address or name, no user name. 422 `refused` says what is wrong with it.",
}
"""As near to `url_fault` as a pattern comes. An operator may allow networks of their own, over plain http too."""

PublicUrl = Annotated[str, AfterValidator(_public), WithJsonSchema(PUBLIC)]


def _either(schema: dict[str, Any]) -> None:
    """One of the two is there; the other is missing, or null."""
    schema["oneOf"] = [
        {"required": [one], "properties": {one: {"type": "string"}, other: {"type": "null"}}}
        for one, other in (("url", "upload"), ("upload", "url"))
    ]


class SourceBody(_Strict):
    """Exactly one: a public https `url`, or the id of an `upload`. `name` is what the file was called, for lists."""

    model_config = ConfigDict(json_schema_extra=_either)

    url: PublicUrl | None = None
    upload: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{32}$")] | None = None
    name: Label | None = None

    @model_validator(mode="after")
    def _one_of(self) -> "SourceBody":
        if (self.url is None) == (self.upload is None):
            raise ValueError("give either url or upload")
        return self


class OutputBody(_Strict):
    format: Literal["mp3", "wav", "flac", "pcm"] | None = None
    sample_rate: Annotated[int, Field(ge=8000, le=192_000), WHOLE] | None = None
    bitrate: Annotated[int, Field(ge=32_000, le=512_000), WHOLE] | None = None


class Wishes(_Strict):
    """All that can be wished for, but the song itself."""

    provider: Annotated[tuple[str, ...], PlainValidator(_providers), WithJsonSchema(PROVIDERS)] = Field(
        default=(), json_schema_extra={"default": AUTO}
    )
    model: Label | None = None
    prompt: Text | None = None
    lyrics: Text | None = None
    style: Text | None = None
    title: Text | None = None
    instrumental: bool = False
    negative_style: Text | None = None
    vocal_gender: Literal["male", "female"] | None = None
    style_weight: Weight | None = None
    weirdness: Weight | None = None
    audio_weight: Weight | None = None
    voice: Label | None = None
    pitch: Annotated[int, Field(ge=-12, le=12), WHOLE] | None = None
    output: OutputBody | None = None
    max_usd: Annotated[float, Field(gt=0, le=1000, allow_inf_nan=False)] | None = None
    deadline: Annotated[int, Field(ge=60, le=86_400), WHOLE] = DEADLINE_SECONDS
    strict: bool = False
    when_unknown: Literal["fail", "resubmit"] = "fail"
    metadata: Annotated[dict[Label, Value], Field(max_length=MOST_METADATA)] = Field(default_factory=dict)


def _event(type: str) -> str:
    if type not in EVENT_TYPES:
        raise PydanticCustomError("not-one-of", "must be one of {types}", {"types": ", ".join(EVENT_TYPES)})
    return type


EventType = Annotated[str, AfterValidator(_event), WithJsonSchema({"type": "string", "enum": list(EVENT_TYPES)})]


class WebhookBody(_Strict):
    """`events` are types of public events; none, or an empty list, means all."""

    url: PublicUrl
    events: Annotated[list[EventType], Field(max_length=len(EVENT_TYPES))] = Field(default_factory=list)

    def told(self) -> Webhook:
        return Webhook(self.url, tuple(dict.fromkeys(self.events)))


class CoverBody(Wishes):
    """A song and a wish. `lyrics`, or `style` and `title`, fix the cover; a `prompt` leaves more to the provider."""

    source: SourceBody
    webhook: WebhookBody | None = None


def parse_cover(body: Mapping[str, Any], tenant: str, networks: tuple[Network, ...]) -> CoverRequest:
    """Raises InvalidError with every broken rule."""
    try:
        cover = CoverBody.model_validate(body, strict=True, context=networks)
    except ValidationError as error:
        raise InvalidError(*violations_of(error)) from error
    upload, name = cover.source.upload, cover.source.name or None
    source = Source(key=upload_key(tenant, upload)) if upload is not None else Source(url=cover.source.url)
    source = replace(source, name=name)
    return replace(_request(cover, source), webhook=cover.webhook.told() if cover.webhook else None)


def parse_webhook(body: Mapping[str, Any], networks: tuple[Network, ...]) -> Webhook:
    """Raises InvalidError with every broken rule."""
    try:
        return WebhookBody.model_validate(body, strict=True, context=networks).told()
    except ValidationError as error:
        raise InvalidError(*violations_of(error)) from error


def parse_wishes(preset: Mapping[str, object], metadata: Mapping[str, str], source: Source) -> CoverRequest:
    """Wishes of a dropped song. All values may be text. A preset is a request of its own, strict about names;
    of the object's metadata, which any tool adds to, names that we do not know are kept as metadata."""
    known = {name: value for name, value in metadata.items() if name in Wishes.model_fields and name != "metadata"}
    rest = {name: value for name, value in metadata.items() if name not in Wishes.model_fields}
    try:
        own = Wishes.model_validate(preset).metadata
        return _request(Wishes.model_validate({**preset, **known, "metadata": {**own, **rest}}), source)
    except ValidationError as error:
        raise InvalidError(*violations_of(error)) from error


def _request(wishes: Wishes, source: Source) -> CoverRequest:
    values = wishes.model_dump(exclude={"source", "provider", "output", "when_unknown", "webhook"})
    texts = {name: value or None for name, value in values.items() if isinstance(value, str)}
    output = Output(**wishes.output.model_dump()) if wishes.output else None
    return CoverRequest(
        **{**values, **texts},
        source=source,
        providers=wishes.provider,
        output=output,
        when_unknown=WhenUnknown(wishes.when_unknown),
    )


def violations_of(error: ValidationError) -> list[Violation]:
    return [_violation(one) for one in error.errors()]


LIMITS = ("max_length", "min_length", "le", "ge", "lt", "gt")
RULES = {
    "string_too_long": ("too-long", "at most {max_length} characters"),
    "string_too_short": ("too-short", "at least {min_length} characters"),
    "too_long": ("too-many", "at most {max_length} entries"),
    "less_than_equal": ("too-large", "at most {le}"),
    "greater_than_equal": ("too-small", "at least {ge}"),
    "extra_forbidden": ("unknown", "there is no such field"),
    "missing": ("required", "this field is required"),
    "model_type": ("type", "must be an object"),
    "dict_type": ("type", "must be an object"),
    "string_type": ("type", "must be a text"),
    "bool_type": ("type", "must be true or false"),
    "int_type": ("type", "must be a whole number"),
    "float_type": ("type", "must be a number"),
    "literal_error": ("not-one-of", "must be {expected}"),
    "string_pattern_mismatch": ("malformed", "is not of the right form"),
}
"""pydantic's error type -> our rule and words, filled from the error's context. Others keep pydantic's."""


def _violation(one: ErrorDetails) -> Violation:
    field = ".".join(str(part) for part in one["loc"]) or "body"
    context, value = one.get("ctx", {}), one.get("input")
    rule, words = RULES.get(one["type"], (one["type"].replace("_", "-"), None))
    message = words.format(**context) if words else one["msg"].removeprefix("Value error, ")
    limit = next((context[name] for name in LIMITS if name in context), None)
    counted = isinstance(value, str) or (limit is not None and isinstance(value, list | dict))
    return Violation(field, rule, message, length=len(value) if counted else None, limit=limit)
