"""Reads a form in whichever of the three encodings it comes."""

import json
from dataclasses import dataclass, field
from email.message import Message
from urllib.parse import parse_qsl

from simulators.wire import Request

ENCODINGS = {
    "multipart/form-data": "multipart",
    "application/x-www-form-urlencoded": "urlencoded",
    "application/json": "json",
}


class FormError(ValueError):
    """The body is not what its content type says."""


@dataclass(slots=True)
class Form:
    encoding: str
    fields: dict[str, str] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)


def read(request: Request, accepted: str) -> Form:
    """The fields as text; in an encoding that is not accepted there are none. `accepted` is forms, all, or one."""
    header = Message()
    header["content-type"] = request.headers.get("content-type", "")
    encoding = ENCODINGS.get(header.get_content_type(), "none")
    known = {"forms": ("multipart", "urlencoded"), "all": tuple(ENCODINGS.values())}.get(accepted, (accepted,))
    if encoding not in known:
        return Form(encoding)
    if encoding == "multipart":
        return _multipart(request.body, str(header.get_param("boundary") or ""))
    if encoding == "json":
        return Form(encoding, _json_fields(request))
    return Form(encoding, dict(parse_qsl(_text(request.body), keep_blank_values=True)))


def _multipart(body: bytes, boundary: str) -> Form:
    form = Form("multipart")
    _, *parts = (b"\r\n" + body).split(b"\r\n--" + boundary.encode())
    if not boundary or not parts or not parts[-1].startswith(b"--"):
        raise FormError("no closing boundary")
    for part in parts[:-1]:
        head, blank, content = part.partition(b"\r\n\r\n")
        header = _headers(head)
        name = header.get_param("name", header="content-disposition")
        if not blank or not isinstance(name, str):
            raise FormError("a part without a name")
        if filename := header.get_filename():
            form.files[name] = content
        elif filename is None:
            form.fields[name] = _text(content)
    return form


def _headers(head: bytes) -> Message:
    header = Message()
    for line in _text(head).splitlines():
        name, colon, value = line.partition(":")
        if colon:
            header[name.strip()] = value.strip()
    return header


def _json_fields(request: Request) -> dict[str, str]:
    try:
        document = request.json()
    except ValueError as error:
        raise FormError("the body is not JSON") from error
    if not isinstance(document, dict):
        raise FormError("the body is not an object")
    return {
        name: value if isinstance(value, str) else json.dumps(value)
        for name, value in document.items()
        if value is not None
    }


def _text(content: bytes) -> str:
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        raise FormError("not UTF-8") from error
