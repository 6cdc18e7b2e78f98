"""Forms as clients' libraries write them, and whatever else may come."""

import json
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from reprise.dialects.forms import JSON, MOST_FIELDS, MULTIPART, URLENCODED, Form, read_form
from reprise.errors import MalformedError

FIELDS = {"voice_id": "Zoë", "url": "https://a.example/?a=1&b=2", "empty": ""}
BOUNDARY = "9f2c7a41d0b84e6f"
SONG = bytes(range(256)) + b"\r\n--" + BOUNDARY.encode()[:-1] + b"\r\n\r\n--\r\n"
"""Every byte, and all but the last letter of the boundary."""


def written(**content: Any) -> tuple[str, bytes]:
    """As httpx writes it."""
    request = httpx.Request("POST", "https://api.example", **content)
    return request.headers["content-type"], request.read()


def part(disposition: str, value: bytes = b"x", *headers: str) -> bytes:
    lines = (f"Content-Disposition: form-data; {disposition}", *headers)
    return f"--{BOUNDARY}\r\n".encode() + "\r\n".join(lines).encode() + b"\r\n\r\n" + value + b"\r\n"


def multipart(*parts: bytes) -> Form:
    return read_form(f"{MULTIPART}; boundary={BOUNDARY}", b"".join(parts) + f"--{BOUNDARY}--\r\n".encode())


@pytest.mark.parametrize(
    "content",
    [
        {"data": FIELDS},
        {"json": FIELDS},
        {"files": {name: (None, value) for name, value in FIELDS.items()}},
    ],
    ids=["urlencoded", "json", "multipart"],
)
def test_the_same_fields_come_out_of_each_encoding(content: dict[str, Any]) -> None:
    form = read_form(*written(**content))
    assert form == Form(FIELDS)


def test_a_file_comes_out_whole_beside_the_fields() -> None:
    form = read_form(*written(data={"pitch": "0"}, files={"audio_file": ("a song.wav", SONG, "audio/wav")}))
    assert form == Form({"pitch": "0"}, {"audio_file": SONG})


@pytest.mark.parametrize(
    "disposition",
    [
        'name="audio_file"; filename="a.wav"',
        'name="audio_file"; filename=""',
        "name=audio_file; filename=a.wav",
        "name=\"audio_file\"; filename*=UTF-8''zo%C3%AB.wav",
        'name="audio_file"; filename="a \\"quoted\\" one.wav"',
        'name="audio_file"; filename="C:\\songs\\a.wav"',
    ],
)
def test_a_part_with_a_file_name_is_a_file_however_it_is_quoted(disposition: str) -> None:
    assert multipart(part(disposition, SONG, "Content-Type: audio/wav")).files == {"audio_file": SONG}


def test_a_file_name_may_be_in_any_encoding() -> None:
    body = part('name="audio_file"; filename="zo?.wav"').replace(b"?", b"\xeb")
    assert multipart(body).files == {"audio_file": b"x"}


def test_a_text_part_may_say_that_it_is_text() -> None:
    assert multipart(part('name="voice_id"', "Zoë".encode(), "Content-Type: text/plain; charset=utf-8")).fields == {
        "voice_id": "Zoë"
    }


def test_of_a_name_that_comes_twice_the_last_counts() -> None:
    assert multipart(part('name="a"', b"1"), part('name="a"', b"2")).fields == {"a": "2"}
    assert read_form(URLENCODED, b"a=1&a=2").fields == {"a": "2"}


@pytest.mark.parametrize(("body", "fields"), [(b'{"pitch": 1}', {"pitch": 1}), (b"pitch=1", {"pitch": "1"}), (b"", {})])
def test_without_a_content_type_the_body_tells(body: bytes, fields: dict[str, Any]) -> None:
    assert read_form("", body).fields == fields


@pytest.mark.parametrize("kind", ["Application/JSON", "application/json; charset=utf-8"])
def test_a_content_type_is_read_as_http_writes_it(kind: str) -> None:
    assert read_form(kind, b"{}") == Form({})


ENDLESS = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="a"\r\n\r\n'.encode()
WITH_BOUNDARY = f"{MULTIPART}; boundary={BOUNDARY}"


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("text/plain", b"pitch=1"),
        ("audio/wav", SONG),
        ("multipart/mixed; boundary=x", b"--x--"),
        (JSON, b""),
        (JSON, b"[]"),
        (JSON, b'{"a": "\\ud800"}'),
        (URLENCODED, b"a=%ff"),
        (URLENCODED, b"a=\xff"),
        (URLENCODED, b"&".join([b"a=1"] * (MOST_FIELDS + 1))),
        (MULTIPART, b"--x--"),
        (f"{MULTIPART}; boundary=", b"--"),
        (f"{MULTIPART}; boundary=\ud800", b"--"),
        (WITH_BOUNDARY, b""),
        (WITH_BOUNDARY, ENDLESS + b"cut off"),
        (WITH_BOUNDARY, part('name="a"', b"\xff") + f"--{BOUNDARY}--".encode()),
        (WITH_BOUNDARY, part('name="a"') * (MOST_FIELDS + 1) + f"--{BOUNDARY}--".encode()),
        (WITH_BOUNDARY, part('name="a"', b"x", f"X: {'x' * 5000}") + f"--{BOUNDARY}--".encode()),
    ],
)
def test_what_cannot_be_read_is_malformed(kind: str, body: bytes) -> None:
    with pytest.raises(MalformedError):
        read_form(kind, body)


FRAGMENTS = st.sampled_from([b"--", BOUNDARY.encode(), b"\r\n", b"\n", ENDLESS, b'{"a":', b"=&%"])


@given(
    st.sampled_from([MULTIPART, WITH_BOUNDARY, URLENCODED, JSON, ""]) | st.text(),
    st.binary() | st.lists(FRAGMENTS).map(b"".join),
)
def test_any_bytes_are_a_form_or_malformed(kind: str, body: bytes) -> None:
    try:
        form = read_form(kind, body)
    except MalformedError:
        return
    json.dumps([*form.fields.values()], ensure_ascii=False).encode()
    assert all(isinstance(value, bytes) for value in form.files.values())
