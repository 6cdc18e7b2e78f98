"""JSON in a binary attribute, compressed: a write is paid for by the kilobyte, and every change writes its job anew."""

import base64
import json
import zlib
from collections.abc import Mapping
from typing import Any

from reprise.aws.vocabulary import WORDS

BEST = 9


def pack(value: Any) -> dict[str, bytes]:
    """An attribute value. Its stream names the vocabulary that it was packed with (RFC 1950, DICTID)."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    press = zlib.compressobj(BEST, zdict=WORDS)
    return {"B": press.compress(text.encode()) + press.flush()}


def unpack(attribute: Mapping[str, Any]) -> Any:
    """Raises ValueError for what another release packed, with a vocabulary that this one does not have."""
    try:
        return json.loads(zlib.decompressobj(zdict=WORDS).decompress(binary(attribute)))
    except zlib.error as error:
        raise ValueError(f"not packed with this vocabulary: {error}") from error


def binary(attribute: Mapping[str, Any]) -> bytes:
    """Bytes as botocore brings them; Base64 in an event of the stream."""
    held = attribute["B"]
    return base64.b64decode(held) if isinstance(held, str) else bytes(held)
