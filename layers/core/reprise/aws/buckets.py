"""Inbox and Covers on S3."""

import base64
from collections.abc import Callable
from contextlib import closing
from datetime import datetime, timedelta
from email.errors import MessageError
from email.header import decode_header, make_header
from pathlib import Path
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from reprise.domain.job import KeptFile
from reprise.errors import TooMuchAudioError
from reprise.ports import HEAD_BYTES, Found, UploadTicket

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

UPLOAD_LIFE = timedelta(hours=1)
SOURCE_LINK_SECONDS = 6 * 3600
AUDIO_LINK_SECONDS = 900
MISSING = ("404", "NoSuchKey", "NotFound")
"""Whoever may list the bucket is told so; others get 403, which is never taken for missing."""

PIECE = 1_048_576
"""Bytes held in memory while a song is copied to a file."""


class S3Inbox:
    def __init__(self, bucket: str, client: "Callable[[], S3Client]") -> None:
        self._bucket = bucket
        self._client = client

    def offer(self, key: str, content_type: str, max_bytes: int, now: datetime) -> UploadTicket:
        form = self._client().generate_presigned_post(
            self._bucket,
            key,
            Fields={"Content-Type": content_type},
            Conditions=[{"Content-Type": content_type}, ["content-length-range", 1, max_bytes]],
            ExpiresIn=int(UPLOAD_LIFE.total_seconds()),
        )
        return UploadTicket(url=form["url"], fields=form["fields"], expires_at=now + UPLOAD_LIFE)

    def link(self, key: str) -> str:
        return self._client().generate_presigned_url(
            "get_object", Params={"Bucket": self._bucket, "Key": key}, ExpiresIn=SOURCE_LINK_SECONDS
        )

    def look(self, key: str) -> Found | None:
        try:
            found = self._client().get_object(Bucket=self._bucket, Key=key, Range=f"bytes=0-{HEAD_BYTES - 1}")
        except ClientError as error:
            code = error.response["Error"]["Code"]
            if code == "InvalidRange":
                return Found(0, b"")
            if code in MISSING:
                return None
            raise
        metadata = {name: _plain(value) for name, value in found["Metadata"].items()}
        size = found.get("ContentRange", "").rpartition("/")[2] or found["ContentLength"]
        return Found(int(size), found["Body"].read(HEAD_BYTES), metadata)

    def read(self, key: str, most: int = 1_000_000) -> bytes | None:
        try:
            found = self._client().get_object(Bucket=self._bucket, Key=key)
            with closing(found["Body"]) as body:
                return body.read() if found["ContentLength"] <= most else None
        except ClientError as error:
            if error.response["Error"]["Code"] in MISSING:
                return None
            raise

    def download(self, key: str, path: Path, max_bytes: int) -> bool:
        try:
            found = self._client().get_object(Bucket=self._bucket, Key=key)
        except ClientError as error:
            if error.response["Error"]["Code"] in MISSING:
                return False
            raise
        with closing(found["Body"]) as body:
            if found["ContentLength"] > max_bytes:
                raise TooMuchAudioError(f"more than {max_bytes} bytes", found["ContentLength"])
            with path.open("wb") as file:
                file.writelines(body.iter_chunks(PIECE))
        return True

    def write(self, key: str, text: str) -> None:
        self._client().put_object(Bucket=self._bucket, Key=key, Body=text.encode(), ContentType=_type_of(key))

    def remove(self, key: str) -> None:
        self._client().delete_object(Bucket=self._bucket, Key=key)

    def store(self, key: str, content: bytes) -> None:
        self._client().put_object(Bucket=self._bucket, Key=key, Body=content)


class S3Covers:
    def __init__(self, bucket: str, client: "Callable[[], S3Client]") -> None:
        self._bucket = bucket
        self._client = client

    def keep(self, file: KeptFile, path: Path) -> None:
        """S3 checks the SHA-256 itself, and refuses a second writer (conditional put)."""
        try:
            with path.open("rb") as body:
                self._client().put_object(
                    Bucket=self._bucket,
                    Key=file.key,
                    Body=body,
                    ContentType=file.content_type,
                    ChecksumSHA256=base64.b64encode(bytes.fromhex(file.sha256)).decode(),
                    IfNoneMatch="*",
                )
        except ClientError as error:
            if error.response["Error"]["Code"] not in ("PreconditionFailed", "412"):
                raise

    def write(self, key: str, text: str) -> None:
        self._client().put_object(Bucket=self._bucket, Key=key, Body=text.encode(), ContentType=_type_of(key))

    def link(self, key: str, filename: str, method: str = "GET") -> str:
        disposition = f'inline; filename="{filename}"'
        params = {"Bucket": self._bucket, "Key": key, "ResponseContentDisposition": disposition}
        return self._client().generate_presigned_url(
            "get_object", Params=params, ExpiresIn=AUDIO_LINK_SECONDS, HttpMethod=method
        )

    def remove(self, key: str) -> None:
        self._client().delete_object(Bucket=self._bucket, Key=key)

    def delete(self, prefix: str) -> None:
        pages = self._client().get_paginator("list_objects_v2").paginate(Bucket=self._bucket, Prefix=prefix)
        for found in (found for page in pages for found in page.get("Contents", [])):
            self.remove(found["Key"])


def _plain(value: str) -> str:
    """S3 keeps and returns text beyond ASCII as RFC 2047 encoded words."""
    try:
        return str(make_header(decode_header(value)))
    except (LookupError, ValueError, MessageError):
        return value


def _type_of(key: str) -> str:
    return "application/json" if key.endswith(".json") else "text/plain; charset=utf-8"
