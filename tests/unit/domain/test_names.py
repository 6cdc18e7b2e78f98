"""What an untitled cover is told from others by."""

from typing import Any

import pytest
from reprise.domain.names import name_of, song_of
from reprise.domain.request import Source

from tests.factories import a_request

UPLOAD = "uploads/owner/0123"


@pytest.mark.parametrize(
    ("source", "song"),
    [
        (Source(key=UPLOAD, name="harbour fog.mp3"), "harbour fog"),
        (Source(key=UPLOAD, name="C:\\songs\\fog.wav"), "fog"),
        (Source(key=UPLOAD), None),
        (Source(key="inbox/lofi-jazz/fog.final.mp3"), "fog.final"),
        (Source(url="https://songs.example/a/Harbour%20Fog.mp3?sig=1"), "Harbour Fog"),
        (Source(url="https://songs.example/a/fog.MP3", name="other.mp3"), "other"),
        (Source(url="https://songs.example/d/1cUeJ0m5"), None),
        (Source(url="https://songs.example"), None),
    ],
)
def test_a_song_is_called_as_its_file(source: Source, song: str | None) -> None:
    assert song_of(source) == song


@pytest.mark.parametrize(
    ("wishes", "name"),
    [
        ({"title": "Harbour Fog", "style": "dub"}, "Harbour Fog"),
        ({"style": "lo-fi jazz", "prompt": "slowly"}, "a - lo-fi jazz"),
        ({"prompt": "like rain\non a roof"}, "a - like rain on a roof"),
        ({"prompt": None, "voice": "velvet-alto"}, "a - velvet-alto"),
        ({"prompt": None}, "a"),
        ({"prompt": "la " * 2000}, ("a - " + "la " * 100)[:200]),
        ({"source": Source(key=UPLOAD)}, "make it lo-fi jazz"),
        ({"source": Source(key=UPLOAD), "prompt": None}, None),
    ],
)
def test_a_cover_is_called_by_its_title_or_else_by_song_and_wish(wishes: dict[str, Any], name: str | None) -> None:
    assert name_of(a_request(**wishes)) == name
