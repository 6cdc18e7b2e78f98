"""Inbox and Covers on S3."""

import base64
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from email.errors import MessageError
from email.header import decode_header, make_header
from pathlib import Path
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from reprise.domain.job import KeptFile
from reprise.ports import UploadTicket

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

UPLOAD_LIFE = timedelta(hours=1)
SOURCE_LINK_SECONDS = 6 * 3600
AUDIO_LINK_SECONDS = 900
MISSING = ("404", "NoSuchKey", "NotFound", "403", "AccessDenied")
"""Without ListBucket S3 answers 403 for what is not there."""


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

    def has(self, key: str) -> bool:
        return self.wishes(key) is not None

    def link(self, key: str) -> str:
        return self._client().generate_presigned_url(
            "get_object", Params={"Bucket": self._bucket, "Key": key}, ExpiresIn=SOURCE_LINK_SECONDS
        )

    def wishes(self, key: str) -> Mapping[str, str] | None:
        try:
            metadata = self._client().head_object(Bucket=self._bucket, Key=key)["Metadata"]
            return {name: _plain(value) for name, value in metadata.items()}
        except ClientError as error:
            if error.response["Error"]["Code"] in MISSING:
                return None
            raise

    def read(self, key: str) -> bytes | None:
        try:
            return self._client().get_object(Bucket=self._bucket, Key=key)["Body"].read(1_000_000)
        except ClientError as error:
            if error.response["Error"]["Code"] in MISSING:
                return None
            raise

    def write(self, key: str, text: str) -> None:
        self._client().put_object(Bucket=self._bucket, Key=key, Body=text.encode(), ContentType=_type_of(key))


class S3Covers:
    def __init__(self, bucket: str, client: "Callable[[], S3Client]") -> None:
        self._bucket = bucket
        self._client = client

    def keep(self, file: KeptFile, path: Path) -> KeptFile:
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
                    Metadata={"sha256": file.sha256, "seconds": str(file.seconds)},
                )
        except ClientError as error:
            if error.response["Error"]["Code"] not in ("PreconditionFailed", "412"):
                raise
            return self._kept(file.key)
        return file

    def _kept(self, key: str) -> KeptFile:
        head = self._client().head_object(Bucket=self._bucket, Key=key)
        return KeptFile(
            key=key,
            size=head["ContentLength"],
            sha256=head["Metadata"]["sha256"],
            seconds=float(head["Metadata"]["seconds"]),
            content_type=head["ContentType"],
        )

    def write(self, key: str, text: str) -> None:
        self._client().put_object(Bucket=self._bucket, Key=key, Body=text.encode(), ContentType=_type_of(key))

    def link(self, key: str, filename: str) -> str:
        disposition = f'inline; filename="{filename}"'
        params = {"Bucket": self._bucket, "Key": key, "ResponseContentDisposition": disposition}
        return self._client().generate_presigned_url("get_object", Params=params, ExpiresIn=AUDIO_LINK_SECONDS)

    def delete(self, prefix: str) -> None:
        pages = self._client().get_paginator("list_objects_v2").paginate(Bucket=self._bucket, Prefix=prefix)
        for found in (found for page in pages for found in page.get("Contents", [])):
            self._client().delete_object(Bucket=self._bucket, Key=found["Key"])


def _plain(value: str) -> str:
    """S3 keeps and returns text beyond ASCII as RFC 2047 encoded words."""
    try:
        return str(make_header(decode_header(value)))
    except (LookupError, ValueError, MessageError):
        return value


def _type_of(key: str) -> str:
    return "application/json" if key.endswith(".json") else "text/plain; charset=utf-8"
