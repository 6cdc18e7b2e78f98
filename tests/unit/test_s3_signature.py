"""What is put into a bucket is hashed once: S3 verifies its checksum, and the signature is of the headers alone."""

import base64
import hashlib
from pathlib import Path
from typing import Any

import pytest
from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.compat import HTTPHeaders
from reprise.aws import clients
from reprise.aws.buckets import S3Covers

from tests.factories import a_file


class Nothing:
    def stream(self, **_: Any) -> list[bytes]:
        return []


@pytest.fixture
def sent() -> tuple[S3Covers, list[AWSPreparedRequest]]:
    requests: list[AWSPreparedRequest] = []

    def answer(request: AWSPreparedRequest, **_: Any) -> AWSResponse:
        requests.append(request)
        return AWSResponse(request.url, 200, HTTPHeaders(), Nothing())

    client = clients.s3.__wrapped__()
    client.meta.events.register("before-send.s3", answer)  # type: ignore[arg-type]
    return S3Covers("covers", lambda: client), requests


def text(header: str | bytes) -> str:
    return header.decode() if isinstance(header, bytes) else header


def test_a_track_is_sent_with_its_own_hash_and_no_other(
    sent: tuple[S3Covers, list[AWSPreparedRequest]], tmp_path: Path
) -> None:
    covers, requests = sent
    path = tmp_path / "take"
    path.write_bytes(b"ID3 audio")
    covers.keep(a_file(1, sha256=hashlib.sha256(b"ID3 audio").hexdigest()), path)
    (request,) = requests
    digest = base64.b64encode(hashlib.sha256(b"ID3 audio").digest()).decode()
    assert text(request.headers["x-amz-checksum-sha256"]) == digest
    assert text(request.headers["X-Amz-Content-SHA256"]) == "UNSIGNED-PAYLOAD"


def test_what_lies_beside_the_audio_has_a_checksum_too(sent: tuple[S3Covers, list[AWSPreparedRequest]]) -> None:
    covers, requests = sent
    covers.write("covers/owner/1/cover.json", "la la la")
    (request,) = requests
    assert text(request.headers["X-Amz-Trailer"]).startswith("x-amz-checksum-")
    assert text(request.headers["X-Amz-Content-SHA256"]) == "STREAMING-UNSIGNED-PAYLOAD-TRAILER"
