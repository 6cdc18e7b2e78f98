"""POST /v1/uploads: what song is coming, so that its form can be signed for exactly that."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError

from reprise.dialects.native import upload_key, violations_of
from reprise.domain.violation import Violation
from reprise.errors import InvalidError

AUDIO = r"^(audio|video)/[A-Za-z0-9_.+-]{1,60}$|^application/ogg$"

TYPES: Mapping[str, str] = {
    "mp3": "audio/mpeg",
    "wav": "audio/wav",
    "flac": "audio/flac",
    "ogg": "audio/ogg",
    "oga": "audio/ogg",
    "opus": "audio/ogg",
    "m4a": "audio/mp4",
    "mp4": "video/mp4",
    "aac": "audio/aac",
}
"""By suffix: what `domain/audio.py` tells by its first bytes. The machine's own table is another on each machine."""


def _telling() -> str:
    """A pattern for file names that tell their type. JSON Schema's patterns know no flags."""
    either = ("".join(f"[{one.upper()}{one}]" if one.isalpha() else one for one in suffix) for suffix in TYPES)
    return rf"\.({'|'.join(either)})$"


def _either(schema: dict[str, Any]) -> None:
    """A type, or a name that tells it."""
    schema["anyOf"] = [
        {"required": ["content_type"], "properties": {"content_type": {"type": "string"}}},
        {"required": ["filename"], "properties": {"filename": {"type": "string", "pattern": _telling()}}},
    ]


class UploadBody(BaseModel):
    """The song's type, or a file name that tells it."""

    model_config = ConfigDict(extra="forbid", defer_build=True, json_schema_extra=_either)

    filename: Annotated[str, StringConstraints(max_length=255)] | None = None
    content_type: Annotated[str, StringConstraints(pattern=AUDIO)] | None = None


@dataclass(frozen=True, slots=True)
class Upload:
    id: str
    key: str
    content_type: str


def parse_upload(body: Mapping[str, Any], tenant: str, new_id: str) -> Upload:
    """Raises InvalidError. The file name only tells the type where none is given: no key is made of it."""
    try:
        upload = UploadBody.model_validate(body, strict=True)
    except ValidationError as error:
        raise InvalidError(*violations_of(error)) from error
    _, dot, suffix = (upload.filename or "").rpartition(".")
    kind = upload.content_type or (TYPES.get(suffix.lower()) if dot else None)
    if kind is None:
        fault = "give the song's type, such as audio/mpeg, or a filename that tells it"
        raise InvalidError(Violation("content_type", "required", fault))
    return Upload(new_id, upload_key(tenant, new_id), kind)
