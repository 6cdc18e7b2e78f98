"""The upload helper: it turns a file, a link or Base64 into a link that a submit can name, for three days."""

import base64
import binascii
import mimetypes
import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote, unquote, urlsplit

import httpx

from simulators.faults import Faults
from simulators.media import Shelf
from simulators.sources import SourceError, fetched
from simulators.wire import Reply, Request

FOLDER = "/uploads/"
URL_SECONDS, URL_BYTES, BASE64_BYTES = 30.0, 100_000_000, 10_000_000


class UploadError(ValueError):
    """Nothing that can be kept. The message is the vendor's answer."""


@dataclass(slots=True)
class Uploads:
    client: Callable[[], httpx.Client]
    faults: Faults
    now: Callable[[], float]
    shelf: Shelf = field(default_factory=Shelf)
    kept: dict[str, float] = field(default_factory=dict)

    def stream(self, request: Request, host: str) -> dict[str, Any]:
        fields = _parts(request)
        if "file" not in fields:
            raise UploadError("Please enter file")
        if not _text(fields, "uploadPath"):
            raise UploadError("Please enter uploadPath")
        sent_as, body = fields["file"]
        return self._keep(host, body, _text(fields, "uploadPath"), _text(fields, "fileName") or sent_as)

    def link(self, request: Request, host: str) -> dict[str, Any]:
        wanted = _object(request)
        url = _entered(wanted, "fileUrl")
        try:
            body = fetched(self.client(), url, URL_BYTES, URL_SECONDS)
        except SourceError as error:
            raise UploadError("fileUrl could not be downloaded") from error
        name = str(wanted.get("fileName") or urlsplit(url).path.rpartition("/")[2])
        return self._keep(host, body, str(wanted.get("uploadPath") or ""), name)

    def base64(self, request: Request, host: str) -> dict[str, Any]:
        wanted = _object(request)
        head, _, text = _entered(wanted, "base64Data").rpartition(",")  # a data URL has a head
        try:
            body = base64.b64decode(text, validate=True)
        except (binascii.Error, ValueError) as error:
            raise UploadError("base64Data is not Base64") from error
        if len(body) > BASE64_BYTES:
            raise UploadError("base64Data is too large")
        suffix = mimetypes.guess_extension(head.removeprefix("data:").partition(";")[0]) or ""
        return self._keep(host, body, str(wanted.get("uploadPath") or ""), str(wanted.get("fileName") or ""), suffix)

    def serve(self, request: Request) -> Reply:
        path = unquote(request.path)
        dead = self.now() > self.kept.get(path, 0.0) + self.faults.look("uploads_live")
        return self.shelf.serve(Request(request.method, path, {}, request.headers, b""), "404" if dead else None)

    def _keep(self, host: str, body: bytes, folder: str, name: str, suffix: str = "") -> dict[str, Any]:
        """The same name again takes the place of the old file."""
        file_name = name.rpartition("/")[2] or secrets.token_hex(8) + suffix
        file_path = f"{folder.strip('/')}/{file_name}".lstrip("/")
        mime = mimetypes.guess_type(file_name)[0] or "application/octet-stream"
        self.shelf.put(FOLDER + file_path, body, mime)
        self.kept[FOLDER + file_path] = self.now()
        return {
            "fileName": file_name,
            "filePath": file_path,
            "downloadUrl": host + FOLDER + quote(file_path),
            "fileSize": len(body),
            "mimeType": mime,
            "uploadedAt": datetime.fromtimestamp(self.now(), UTC).isoformat(timespec="milliseconds"),
        }


def _parts(request: Request) -> dict[str, tuple[str, bytes]]:
    """The fields of a multipart form: name -> (file name, content)."""
    found = re.search(r'boundary="?([^";]+)', request.headers.get("content-type", ""))
    if not found:
        raise UploadError("multipart/form-data expected")
    fields = {}
    for part in request.body.split(b"--" + found[1].encode())[1:-1]:
        head, _, content = part.partition(b"\r\n\r\n")
        name = re.search(rb'[; ]name="([^"]*)"', head)
        sent_as = re.search(rb'filename="([^"]*)"', head)
        if name:
            file_name = sent_as[1].decode(errors="replace") if sent_as else ""
            fields[name[1].decode(errors="replace")] = (file_name, content.removesuffix(b"\r\n"))
    return fields


def _text(fields: dict[str, tuple[str, bytes]], name: str) -> str:
    return fields.get(name, ("", b""))[1].decode(errors="replace").strip()


def _object(request: Request) -> dict[str, Any]:
    try:
        wanted = request.json()
    except ValueError as error:
        raise UploadError("request body is not valid JSON") from error
    if not isinstance(wanted, dict):
        raise UploadError("request body must be a JSON object")
    return wanted


def _entered(wanted: dict[str, Any], name: str) -> str:
    value = wanted.get(name)
    if not isinstance(value, str) or not value.strip():
        raise UploadError(f"Please enter {name}")
    return value
