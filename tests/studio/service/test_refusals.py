"""What cannot be done is said: at once where the request shows it, else as a failed task with a code."""

from typing import Any

import pytest

from tests.studio.service.kit import Service, Town, until


@pytest.mark.parametrize(
    ("wish", "field"),
    [
        ({"source_url": None}, "source_url"),
        ({"source_url": "ftp://songs.example/a.wav"}, "source_url"),
        ({"source_url": "https://169.254.169.254/latest/meta-data"}, "source_url"),
        ({"source_url": "https://10.0.0.1/a.wav"}, "source_url"),
        ({"source_url": "file:///etc/passwd"}, "source_url"),
        ({"source_url": 7}, "source_url"),
        ({"callback_url": "https://192.168.0.1/"}, "callback_url"),
        ({"style": ["jazz"]}, "style"),
        ({"style": "x" * 5001}, "style"),
        ({"title": "\ud800"}, "title"),
        ({"instrumental": "yes"}, "instrumental"),
        ({"pitch": 13}, "pitch"),
        ({"pitch": 1.5}, "pitch"),
        ({"pitch": True}, "pitch"),
        ({"weirdness": 1.01}, "weirdness"),
        ({"style_weight": -0.1}, "style_weight"),
        ({"audio_weight": "a lot"}, "audio_weight"),
        ({"format": "ogg"}, "format"),
        ({"voice": "a famous singer"}, "voice"),
        ({"lyrics": "la la"}, "lyrics"),
    ],
)
def test_a_wish_that_breaks_a_rule_is_refused_by_the_fields_name(service: Service, wish: Any, field: str) -> None:
    answer = service.submit(**wish)
    assert (answer.status_code, answer.json()["error"]["code"]) == (422, "invalid")
    assert set(answer.json()["error"]["fields"]) == {field}


def test_all_that_is_wrong_is_named_at_once(service: Service) -> None:
    fields = service.submit(pitch=99, format="ogg", lyrics="la").json()["error"]["fields"]
    assert set(fields) == {"pitch", "format", "lyrics"}


@pytest.mark.parametrize(
    ("body", "status"),
    [(b"", 400), (b"{", 400), (b"[]", 400), (b"\xff", 400), (b"[" * 60_000, 400), (b" " * 70_000, 413)],
)
def test_a_body_that_is_no_wish_is_refused(service: Service, body: bytes, status: int) -> None:
    answer = service.http.post("/v1/tasks", content=body)
    assert (answer.status_code, set(answer.json())) == (status, {"error"})


@pytest.mark.parametrize(("method", "path", "status"), [
    ("GET", "/v1/tasks/nobodys", 404), ("POST", "/v1/tasks/nobodys/cancel", 404), ("GET", "/nowhere", 404),
    ("DELETE", "/v1/styles", 405), ("GET", "/files/a/b/c", 404),
])  # fmt: skip
def test_what_there_is_not_is_not_found(service: Service, method: str, path: str, status: int) -> None:
    answer = service.http.request(method, path)
    assert answer.status_code == status
    assert {"code", "message"} <= set(answer.json()["error"])


def test_a_key_that_is_no_text_for_a_header_is_refused(service: Service) -> None:
    assert service.submit(key="x" * 256, style="tone").status_code == 400


@pytest.mark.parametrize(
    ("wish", "code"),
    [
        ({"source": "/none.wav"}, "source_unfetchable"),
        ({"source": "/page.wav"}, "not_audio"),
        ({"source": "/inside.wav"}, "source_unfetchable"),
        ({"source": "/round.wav"}, "source_unfetchable"),
        ({"source": "/huge.wav"}, "too_large"),
        ({"style": "silence"}, "no_melody"),
    ],
)
def test_a_song_that_cannot_be_covered_fails_with_a_reason(
    service: Service, town: Town, wish: dict[str, str], code: str
) -> None:
    source = town.link(wish.pop("source", "/song.wav"))
    told = service.ended(service.begin(source_url=source, **wish))
    assert (told["status"], told["error"]["code"]) == ("failed", code)
    assert town.url not in told["error"]["message"]
    until(lambda: town.types() == ["failed"])
    assert town.heard[0].json["error"] == told["error"]
