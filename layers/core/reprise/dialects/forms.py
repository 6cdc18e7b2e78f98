"""Bodies that are forms: text fields by name, files apart. JSON is taken where a form is meant.

Multipart is read with `multipart`: it is one module without dependencies that bounds parts and headers, where the
standard library's `email` reads mail, with nested messages, transfer encodings and no bounds.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

from multipart import MultipartSegment, PushMultipartParser, parse_options_header  # type: ignore[import-untyped]

from reprise.dialects.dialect import MOST_BODY
from reprise.dialects.fields import json_object
from reprise.errors import MalformedError

MULTIPART = "multipart/form-data"
URLENCODED = "application/x-www-form-urlencoded"
JSON = "application/json"

MOST_FIELDS = 100


@dataclass(frozen=True, slots=True)
class Form:
    """Of a name that comes twice the last counts. Values are texts, but those of JSON are what they are."""

    fields: Mapping[str, Any]
    files: Mapping[str, bytes] = field(default_factory=dict)


def read_form(content_type: str, body: bytes) -> Form:
    """Raises MalformedError. Without a content type the body's first character tells JSON from a form."""
    kind, options = parse_options_header(content_type)
    kind = kind or (JSON if body.lstrip()[:1] == b"{" else URLENCODED)
    if kind == JSON:
        return Form(json_object(body, MOST_BODY))
    try:
        if kind == MULTIPART:
            return _multipart(options.get("boundary", ""), body)
        if kind == URLENCODED:
            return _urlencoded(body)
    except ValueError as error:  # multipart's own errors are ValueErrors too
        raise MalformedError(f"the body is not {kind} in UTF-8, or has more than {MOST_FIELDS} fields") from error
    raise MalformedError(f"send {MULTIPART}, {URLENCODED} or {JSON}")


def _urlencoded(body: bytes) -> Form:
    return Form(dict(parse_qsl(body.decode(), keep_blank_values=True, errors="strict", max_num_fields=MOST_FIELDS)))


def _multipart(boundary: str, body: bytes) -> Form:
    """Header texts are read as Latin-1, which takes any byte: of file names, in whatever encoding, nothing is used."""
    fields: dict[str, Any] = {}
    files: dict[str, bytes] = {}
    part: MultipartSegment | None = None
    chunks: list[bytes] = []
    parser = PushMultipartParser(boundary, max_segment_count=MOST_FIELDS, header_charset="latin-1")
    for event in parser.parse(body):
        if isinstance(event, MultipartSegment):
            part, chunks = event, []
        elif event is not None:
            chunks.append(event)
        elif part is not None and _is_file(part):
            files[part.name] = b"".join(chunks)
        elif part is not None:
            fields[part.name] = b"".join(chunks).decode()
    parser.close()
    return Form(fields, files)


def _is_file(part: MultipartSegment) -> bool:
    """A file has a name, if only an empty one; some clients send `filename*` (RFC 8187) for what is not ASCII."""
    dispositions = [value for name, value in part.headerlist if name == "Content-Disposition"]
    return part.filename is not None or any("filename*" in value.lower() for value in dispositions)
