"""What our own API is asked, as models: the OpenAPI document is made of them.

Nothing that is deployed loads this. Bodies are read by tables in `reprise.dialects`, and a test holds both together:
they take the same bodies and tell the same of others.
"""

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
    ValidationInfo,
    WithJsonSchema,
    model_validator,
)
from pydantic_core import PydanticCustomError

from reprise.dialects import native, uploads
from reprise.dialects.body import AUTO
from reprise.domain.endpoint import EVENT_TYPES
from reprise.domain.request import DEADLINE_SECONDS
from reprise.net.urls import MOST_CHARACTERS, url_fault

Text = Annotated[str, StringConstraints(max_length=native.LONGEST_TEXT), AfterValidator(str.strip)]
Label = Annotated[str, StringConstraints(max_length=native.LONGEST_LABEL), AfterValidator(str.strip)]
Value = Annotated[str, StringConstraints(max_length=native.LONGEST_VALUE), AfterValidator(str.strip)]
"""Counted as they come, with the space around them: a limit that JSON Schema can say."""


def _in_hundredths(value: float) -> float:
    if not isclose(value, round(value, 2), rel_tol=1e-9):
        raise PydanticCustomError("step", "must be a multiple of 0.01")
    return round(value, 2)


def _within(limits: tuple[int, int], **more: Any) -> Any:
    least, most = limits
    return Field(ge=least, le=most, **more)


Weight = Annotated[
    float,
    _within(native.WEIGHT, allow_inf_nan=False, json_schema_extra={"multipleOf": 0.01}),
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
    if not found or not all(found) or len(found) > native.MOST_PROVIDERS:
        raise PydanticCustomError("malformed", f"must name 1 to {native.MOST_PROVIDERS} providers")
    return () if found == (AUTO,) else found


_BLANK = r"\s\x1c-\x1f"
"""All that `str.strip` takes away."""

_NAME = rf"[^,]*[^,{_BLANK}][^,]*"
PROVIDERS = {
    "anyOf": [
        {"type": "string", "pattern": rf"^{_NAME}(,{_NAME}){{0,{native.MOST_PROVIDERS - 1}}}$"},
        {
            "type": "array",
            "minItems": 1,
            "maxItems": native.MOST_PROVIDERS,
            "items": {"type": "string", "pattern": rf"[^{_BLANK}]"},
        },
    ],
}
"""As `_providers` reads it: `auto`, a name, names between commas, or a list of names, best first."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


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
    upload: Annotated[str, StringConstraints(pattern=native.UPLOAD)] | None = None
    name: Label | None = None

    @model_validator(mode="after")
    def _one_of(self) -> "SourceBody":
        given = [one for one in (self.url, self.upload) if one is not None]
        if len(given) != 1:
            raise PydanticCustomError("too-many" if given else "required", "give either url or upload")
        return self


class OutputBody(_Strict):
    format: native.Format | None = None
    sample_rate: Annotated[int, _within(native.SAMPLE_RATE), WHOLE] | None = None
    bitrate: Annotated[int, _within(native.BITRATE), WHOLE] | None = None


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
    vocal_gender: native.Gender | None = None
    style_weight: Weight | None = None
    weirdness: Weight | None = None
    audio_weight: Weight | None = None
    voice: Label | None = None
    pitch: Annotated[int, _within(native.PITCH), WHOLE] | None = None
    output: OutputBody | None = None
    max_usd: Annotated[float, Field(gt=0, le=native.MOST_USD, allow_inf_nan=False)] | None = None
    deadline: Annotated[int, _within(native.DEADLINE), WHOLE] = DEADLINE_SECONDS
    strict: bool = False
    when_unknown: Literal["fail", "resubmit"] = "fail"
    metadata: Annotated[dict[Label, Value], Field(max_length=native.MOST_METADATA)] = Field(default_factory=dict)


def _event(type: str) -> str:
    if type not in EVENT_TYPES:
        raise PydanticCustomError("not-one-of", "must be one of {types}", {"types": ", ".join(EVENT_TYPES)})
    return type


EventType = Annotated[str, AfterValidator(_event), WithJsonSchema({"type": "string", "enum": list(EVENT_TYPES)})]


class WebhookBody(_Strict):
    """`events` are types of public events; none, or an empty list, means all."""

    url: PublicUrl
    events: Annotated[list[EventType], Field(max_length=len(EVENT_TYPES))] = Field(default_factory=list)


class CoverBody(Wishes):
    """A song and a wish. `lyrics`, or `style` and `title`, fix the cover; a `prompt` leaves more to the provider."""

    source: SourceBody
    webhook: WebhookBody | None = None


def _telling() -> str:
    """A pattern for file names that tell their type. JSON Schema's patterns know no flags."""
    either = ("".join(f"[{one.upper()}{one}]" if one.isalpha() else one for one in suffix) for suffix in uploads.TYPES)
    return rf"\.({'|'.join(either)})$"


def _type_or_name(schema: dict[str, Any]) -> None:
    """A type, or a name that tells it."""
    schema["anyOf"] = [
        {"required": ["content_type"], "properties": {"content_type": {"type": "string"}}},
        {"required": ["filename"], "properties": {"filename": {"type": "string", "pattern": _telling()}}},
    ]


class UploadBody(_Strict):
    """The song's type, or a file name that tells it."""

    model_config = ConfigDict(json_schema_extra=_type_or_name)

    filename: Annotated[str, StringConstraints(max_length=uploads.LONGEST_NAME)] | None = None
    content_type: Annotated[str, StringConstraints(pattern=uploads.AUDIO)] | None = None
