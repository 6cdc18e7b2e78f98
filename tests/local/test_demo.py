"""What the demo says and how it names files; the demo itself runs in tests/e2e."""

from pathlib import Path

import httpx
import pytest

from local.demo import save, upload, watch
from local.errors import LocalError
from local.show import length, words_for

JOB = {
    "id": "j1", "state": "running", "stage": "first", "provider": "kie", "attempt": 1, "version": 3,
    "request": {"title": "A/B: song", "style": "lo-fi jazz"},
}  # fmt: skip


def client(*answers: httpx.Response) -> httpx.Client:
    waiting = list(answers)
    return httpx.Client(base_url="http://api", transport=httpx.MockTransport(lambda request: waiting.pop(0)))


def test_a_take_is_saved_under_a_name_that_any_file_system_takes(tmp_path: Path) -> None:
    track = {"number": 2, "content_type": "audio/mpeg"}
    path, _ = save(client(httpx.Response(200, content=b"mp3")), JOB, track, tmp_path / "out")
    assert path.name == "A_B_ song - lo-fi jazz (2).mp3"
    assert path.read_bytes() == b"mp3"


def test_every_change_is_seen_until_the_job_is_over() -> None:
    seen = []
    answers = [httpx.Response(304), httpx.Response(200, json=JOB | {"state": "succeeded", "version": 4})]
    job = watch(client(*answers), JOB, lambda job: seen.append(job["state"]))
    assert job["state"] == "succeeded"
    assert seen == ["running", "running", "succeeded"]


def test_a_refusal_is_told_in_the_apis_own_words(tmp_path: Path) -> None:
    song = tmp_path / "song.exe"
    song.write_bytes(b"x")
    problem = httpx.Response(415, json={"title": "Not audio", "detail": "song.exe is no song"})
    with pytest.raises(LocalError, match=r"415 \(Not audio: song.exe is no song\)"):
        upload(client(problem), song)


def test_a_song_that_is_too_large_is_refused_before_it_is_sent(tmp_path: Path) -> None:
    song = tmp_path / "song.mp3"
    song.write_bytes(b"x" * 11)
    form = {"upload": "u", "url": "http://bucket", "fields": {}, "max_bytes": 10}
    with pytest.raises(LocalError, match="larger than 10 bytes"):
        upload(client(httpx.Response(201, json=form)), song)


def test_words_for_a_job() -> None:
    assert words_for(JOB) == "running, first take · kie"
    assert words_for(JOB | {"state": "archiving", "attempt": 2}) == "archiving · kie, attempt 2"


@pytest.mark.parametrize(("seconds", "shown"), [(None, "?:??"), (0.4, "0:00"), (61.9, "1:01"), (600.0, "10:00")])
def test_lengths(seconds: float | None, shown: str) -> None:
    assert length(seconds) == shown
