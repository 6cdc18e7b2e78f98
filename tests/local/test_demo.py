"""What the demo asks for and how it tells what goes wrong; the demo itself runs in tests/e2e."""

from pathlib import Path
from typing import Any, cast

import httpx
import pytest
from reprise.client import Reprise

from local.demo import told_in_words, wish
from local.errors import LocalError
from local.show import length, size, words_for
from local.stack import Stack

JOB = {"id": "j1", "state": "running", "stage": "first", "provider": "kie", "attempt": 1}
KIE = {"provider": "kie", "fields": ["style", "title", "instrumental"], "required": []}
MUSICGPT = {"provider": "musicgpt", "fields": ["voice", "pitch"], "required": ["voice"]}


def client(*answers: httpx.Response) -> Reprise:
    waiting = list(answers)
    http = httpx.Client(transport=httpx.MockTransport(lambda request: waiting.pop(0)))
    return Reprise("http://127.0.0.1:1", "rk_key", http=http, sleep=lambda seconds: None)


def asked(provider: str) -> Any:
    shop = client(httpx.Response(200, json={"providers": [KIE, MUSICGPT]}))
    return wish(shop, cast("Stack", None), provider, "Fog", "dub")


def test_a_provider_is_asked_for_what_it_can_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("local.demo._voice", lambda stack: "velvet-alto")
    assert asked("kie") == {"provider": "kie", "style": "dub", "title": "Fog", "instrumental": True}
    assert asked("musicgpt") == {"provider": "musicgpt", "voice": "velvet-alto"}


def told(*answers: httpx.Response) -> str:
    with pytest.raises(LocalError) as caught, told_in_words(Path("home")):
        client(*answers).providers()
    return str(caught.value)


def test_a_broken_rule_is_named_and_no_log_is_pointed_to() -> None:
    errors = [{"field": "style", "rule": "too-long", "message": "2 characters, at most 1"}]
    problem = {"type": "urn:reprise:problem:invalid", "title": "No", "status": 422, "errors": errors}
    said = told(httpx.Response(422, json=problem))
    assert "style: 2 characters, at most 1" in said
    assert "logs" not in said


def test_a_failure_of_ours_points_to_the_log() -> None:
    problem = {"type": "urn:reprise:problem:internal", "title": "Something went wrong", "status": 500}
    assert "home/logs" in told(*[httpx.Response(500, json=problem)] * 5)
    assert "home/logs" in told(*[httpx.Response(502, text="bad gateway")] * 5)


def test_a_full_disk_is_told_without_a_traceback() -> None:
    with pytest.raises(LocalError, match="A take could not be saved"), told_in_words(Path("home")):
        raise OSError(28, "No space left on device")


def test_words_for_a_job() -> None:
    assert words_for(JOB) == "running, first take · kie"
    assert words_for(JOB | {"state": "archiving", "attempt": 2}) == "archiving · kie, attempt 2"


@pytest.mark.parametrize(("seconds", "shown"), [(None, "?:??"), (0.4, "0:00"), (61.9, "1:01"), (600.0, "10:00")])
def test_lengths(seconds: float | None, shown: str) -> None:
    assert length(seconds) == shown


@pytest.mark.parametrize(("count", "shown"), [(300, "0.3 kB"), (99_999, "100.0 kB"), (100_000, "0.1 MB")])
def test_sizes(count: int, shown: str) -> None:
    assert size(count) == shown
