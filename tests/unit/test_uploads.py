"""What song is coming: its type, or a file name that tells it, the same on every machine."""

import re

import pytest
from reprise.dialects.uploads import TYPES, parse_upload
from reprise.domain.audio import AAC, FLAC, M4A, MP3, OGG, WAV
from reprise.errors import InvalidError
from reprise.http.shapes.bodies import UploadBody


def kind(**body: str | None) -> str:
    return parse_upload(body, "owner", "0" * 32).content_type


@pytest.mark.parametrize("suffix", TYPES)
def test_a_name_tells_the_type_in_capitals_too(suffix: str) -> None:
    assert kind(filename=f"a song.{suffix}") == kind(filename=f"A.SONG.{suffix.upper()}") == TYPES[suffix]


@pytest.mark.parametrize("one", [MP3, WAV, FLAC, OGG, M4A, AAC], ids=lambda one: one.suffix)
def test_every_type_that_is_taken_has_its_suffix(one: object) -> None:
    assert kind(filename=f"song.{one.suffix}") == one.content_type  # type: ignore[attr-defined]


def test_a_type_outweighs_a_name() -> None:
    assert kind(filename="song.mp3", content_type="audio/x-wav") == "audio/x-wav"


@pytest.mark.parametrize("name", ["", "mp3", "song", "song.", "song.txt", "song.mp3.exe", "song.mp3\n", None])
def test_what_tells_nothing_is_refused_and_the_document_says_so(name: str | None) -> None:
    with pytest.raises(InvalidError) as caught:
        kind(filename=name)
    assert [(one.field, one.rule) for one in caught.value.violations] == [("content_type", "required")]
    telling = UploadBody.model_json_schema()["anyOf"][1]["properties"]["filename"]["pattern"]
    assert name is None or not re.search(telling.replace("$", r"\Z"), name)


def test_a_type_is_of_ascii_letters() -> None:
    with pytest.raises(InvalidError):
        kind(content_type="audio/\u00e9")
