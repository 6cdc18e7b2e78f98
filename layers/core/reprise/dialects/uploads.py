"""POST /v1/uploads: what song is coming, so that its form can be signed for exactly that."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from mimetypes import guess_type
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError

from reprise.dialects.native import upload_key, violations_of
from reprise.domain.capabilities import Violation
from reprise.errors import InvalidError

AUDIO = r"^(audio|video)/[\w.+-]{1,60}$|^application/ogg$"


class UploadBody(BaseModel):
    model_config = ConfigDict(extra="forbid")

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
    kind = upload.content_type or guess_type(upload.filename or "")[0] or ""
    if not re.match(AUDIO, kind):
        fault = "give the song's type, such as audio/mpeg, or a filename that tells it"
        raise InvalidError(Violation("content_type", "required", fault))
    return Upload(new_id, upload_key(tenant, new_id), kind)
