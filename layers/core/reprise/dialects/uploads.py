"""POST /v1/uploads: what song is coming, so that its form can be signed for exactly that."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from reprise.dialects.fields import upload_key
from reprise.dialects.reading import Place, Table, fields, nullable
from reprise.dialects.values import at_most, matching
from reprise.domain.violation import Violation
from reprise.errors import InvalidError

LONGEST_NAME = 255
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

UPLOAD: Table = {"filename": nullable(at_most(LONGEST_NAME)), "content_type": nullable(matching(AUDIO))}


@dataclass(frozen=True, slots=True)
class Upload:
    id: str
    key: str
    content_type: str


def parse_upload(body: Mapping[str, Any], tenant: str, new_id: str) -> Upload:
    """Raises InvalidError. The file name only tells the type where none is given: no key is made of it."""
    place = Place()
    found = fields(body, place, UPLOAD)
    place.check()
    _, dot, suffix = (found.get("filename") or "").rpartition(".")
    kind = found.get("content_type") or (TYPES.get(suffix.lower()) if dot else None)
    if kind is None:
        fault = "give the song's type, such as audio/mpeg, or a filename that tells it"
        raise InvalidError(Violation("content_type", "required", fault))
    return Upload(new_id, upload_key(tenant, new_id), kind)
