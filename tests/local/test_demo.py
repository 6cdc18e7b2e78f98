"""What the demo says and how it names files; the demo itself runs in tests/e2e."""

from pathlib import Path

import httpx
import pytest

from local.demo import _json, save, upload, watch, write_new
from local.errors import LocalError
from local.show import length, size, words_for

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


def test_an_earlier_take_is_not_overwritten(tmp_path: Path) -> None:
    names = [write_new(tmp_path, "Song (1)", ".mp3", content).name for content in (b"one", b"two", b"three")]
    assert names == ["Song (1).mp3", "Song (1) 2.mp3", "Song (1) 3.mp3"]
    assert (tmp_path / "Song (1).mp3").read_bytes() == b"one"


def test_a_name_fits_the_file_system_whatever_the_style(tmp_path: Path) -> None:
    job = JOB | {"request": {"title": "Lied", "style": "ö" * 400}}
    path, _ = save(client(httpx.Response(200, content=b"mp3")), job, {"number": 1}, tmp_path)
    assert len(path.name.encode()) <= 255
    assert path.name.startswith("Lied - öö")


def test_a_full_disk_is_told_without_a_traceback(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("a file")
    with pytest.raises(LocalError, match="A take could not be saved"):
        save(client(httpx.Response(200, content=b"mp3")), JOB, {"number": 1}, tmp_path / "out")


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


def test_a_broken_rule_is_named_and_no_log_is_pointed_to() -> None:
    errors = [{"field": "style", "rule": "too-long", "message": "2 characters, at most 1"}]
    answer = client(httpx.Response(422, json={"title": "No", "errors": errors})).get("/")
    with pytest.raises(LocalError) as caught:
        _json(answer)
    assert "style: 2 characters, at most 1" in str(caught.value)
    assert "log" not in str(caught.value)


def test_a_failure_of_ours_points_to_the_log() -> None:
    with pytest.raises(LocalError) as caught:
        _json(client(httpx.Response(500, json={"message": "Internal Server Error"})).get("/"))
    assert ".local/demo/logs" in str(caught.value)


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


@pytest.mark.parametrize(("count", "shown"), [(300, "0.3 kB"), (99_999, "100.0 kB"), (100_000, "0.1 MB")])
def test_sizes(count: int, shown: str) -> None:
    assert size(count) == shown
