"""A cover from end to end at MusicGPT, and the ways in which it is refused."""

import json
import re
import signal
import subprocess
import sys
import uuid
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from simulators import audio
from simulators.ledger import job_of
from simulators.musicgpt import MusicgptSimulator
from tests.simulators.kit import KEY, song, wait_for
from tests.simulators.musicgpt_buyer import API, MusicgptBuyer, buying
from tests.simulators.test_sim_audio import pitch

FLAT = {
    "task_id", "conversion_id", "status", "status_msg", "audio_url", "conversion_cost", "title", "lyrics",
    "music_style", "createdAt", "updatedAt",
}  # fmt: skip


@pytest.fixture
def mgpt() -> Iterator[MusicgptBuyer]:
    with buying() as buyer:
        yield buyer


def test_a_cover_is_bought_told_by_one_webhook_and_fetched(mgpt: MusicgptBuyer) -> None:
    answer = mgpt.submit()
    reply = answer.json()
    assert answer.status_code == 200
    assert reply == {
        "success": True, "task_id": reply["task_id"], "conversion_id": reply["conversion_id"], "eta": 1,
        "credit_estimate": 1.1, "message": "Message published to queue", "status": "IN_QUEUE",
    }  # fmt: skip
    assert uuid.UUID(reply["task_id"]) != uuid.UUID(reply["conversion_id"])
    wait_for(lambda: mgpt.taker.got)
    document, headers = mgpt.taker.got[0]
    link = f"{mgpt.sim.url}/projects/{reply['conversion_id']}"
    assert document == {
        "success": True, "conversion_type": "Cover", "task_id": reply["task_id"],
        "conversion_id": reply["conversion_id"], "audio_url": f"{link}.mp3", "audio_url_wav": f"{link}.wav",
        "conversion_cost": document["conversion_cost"], "conversion_duration": document["conversion_duration"],
    }  # fmt: skip
    assert re.fullmatch(r"\d+\.\d\d", document["conversion_cost"])
    assert document["conversion_duration"] == pytest.approx(2, abs=0.4)
    assert headers["content-type"] == "application/json"
    mp3, wav = (mgpt.http.get(document[name]) for name in ("audio_url", "audio_url_wav"))
    assert (mp3.headers["content-type"], wav.content[:4]) == ("audio/mpeg", b"RIFF")
    assert audio.seconds(mp3.content) == pytest.approx(audio.seconds(wav.content), abs=0.1)
    assert mgpt.taker.fetched == ["/song.wav"]
    assert len(mgpt.taker.got) == 1


def test_the_status_goes_from_queue_over_progress_to_completed(mgpt: MusicgptBuyer) -> None:
    mgpt.sim.clock.pace = 0.1
    task = mgpt.task()
    first = mgpt.poll(task).json()
    assert first["conversion"].keys() == {"task_id", "conversion_id", "status", "status_msg", "audio_url"}
    assert (first["success"], first["conversion"]["status"], first["conversion"]["audio_url"]) == (
        True, "IN_QUEUE", None,
    )  # fmt: skip
    wait_for(lambda: mgpt.poll(task).json()["conversion"]["status"] == "IN_PROGRESS")
    end = mgpt.end(task)
    assert end.keys() == FLAT
    assert (end["status"], end["status_msg"]) == ("COMPLETED", "done")
    assert isinstance(end["conversion_cost"], float)
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", end["createdAt"])
    assert mgpt.http.get(end["audio_url"]).status_code == 200
    other = mgpt.get("/byId", conversionType="COVER", conversion_id=end["conversion_id"])
    assert other.json()["conversion"] == end


def test_an_upload_is_a_source_and_wins_over_a_url(mgpt: MusicgptBuyer) -> None:
    answer = mgpt.upload(song(2.0, "mp3"), audio_url=mgpt.taker.url("/missing"))
    assert mgpt.end(answer.json()["task_id"])["status"] == "COMPLETED"
    assert mgpt.taker.fetched == []
    row = mgpt.ledger()["rows"][0]
    assert (row["upload_url"], row["request"]["encoding"]) == ("(file)", "multipart")


def test_the_pitch_is_heard(mgpt: MusicgptBuyer) -> None:
    ends = [mgpt.end(mgpt.task(pitch=semitones)) for semitones in ("0", "-12", "7")]
    plain, low, high = (pitch(mgpt.http.get(end["audio_url"]).content) for end in ends)
    assert low == pytest.approx(plain / 2, rel=0.03)
    assert high == pytest.approx(plain * 2 ** (7 / 12), rel=0.03)


def test_another_voice_makes_another_take(mgpt: MusicgptBuyer) -> None:
    ends = [mgpt.end(mgpt.task(voice_id=voice)) for voice in ("Drake", "jazz-baritone")]
    one, other = (mgpt.http.get(end["audio_url"]).content for end in ends)
    assert one != other


@pytest.mark.parametrize(
    "path", [f"{API}/Cover", f"{API}/cover", "/v1/Cover", "/v1/cover", "/Cover", "/cover"]
)  # fmt: skip
def test_every_spelling_of_the_path_is_served_until_one_is_chosen(mgpt: MusicgptBuyer, path: str) -> None:
    assert mgpt.submit(path).status_code == 200
    mgpt.switch(host_prefix="/api/public/v1/")
    assert mgpt.submit(path).status_code == (200 if path == f"{API}/Cover" else 404)
    mgpt.switch(host_prefix="/elsewhere/v2")
    assert mgpt.submit(path).status_code == 404
    assert mgpt.submit("/elsewhere/v2/Cover").status_code == 200


def test_status_and_voices_are_served_on_every_prefix(mgpt: MusicgptBuyer) -> None:
    for prefix in (API, "/v1", ""):
        headers = {"Authorization": KEY}
        assert mgpt.http.get(f"{mgpt.sim.url}{prefix}/getAllVoices", headers=headers).json()["total"] == 25
        assert mgpt.http.get(f"{mgpt.sim.url}{prefix}/byId", headers=headers).status_code == 400


def test_voices_are_listed_in_pages_and_searched(mgpt: MusicgptBuyer) -> None:
    listed = mgpt.get("/getAllVoices", page="1", limit="20").json()
    assert (len(listed["voices"]), listed["page"], listed["limit"], listed["total"]) == (5, 1, 20, 25)
    found = mgpt.get("/searchVoices", query="velvet alto").json()
    assert [voice["voice_name"] for voice in found["voices"]] == ["Velvet Alto"]
    assert mgpt.get("/getAllVoices", limit="none").json()["success"] is False
    assert mgpt.get("/getAllVoices", limit="none").status_code == 400
    mgpt.switch(voices=3)
    assert mgpt.get("/getAllVoices").json()["total"] == 3


def test_a_key_goes_raw_and_a_wrong_one_is_refused_first(mgpt: MusicgptBuyer) -> None:
    refused = {"success": False, "error": "key not accepted"}
    assert mgpt.submit(key="x", voice_id=...).json() == refused
    assert mgpt.submit(key="x").status_code == mgpt.submit("/nowhere", key="x").status_code == 401
    for path in ("/byId", "/getAllVoices", "/searchVoices"):
        assert (mgpt.get(path, key="x").status_code, mgpt.get(path, key="x").json()) == (401, refused)
    assert mgpt.http.get(f"{mgpt.sim.url}{API}/byId").status_code == 401
    assert mgpt.submit(key=f"Bearer {KEY}").status_code == 200
    assert [row["request"]["bearer"] for row in mgpt.ledger()["rows"]] == [True]
    mgpt.switch(reject_bearer=True, auth_code=403)
    assert mgpt.submit(key=f"Bearer {KEY}").status_code == 403
    assert mgpt.submit().status_code == 200


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"audio_url": ""}, "audio_url and audio_file"), ({"audio_url": ..., "voice_id": ...}, "audio_url"),
        ({"voice_id": ..., "pitch": "99"}, "voice_id"), ({"pitch": "13"}, "pitch"),
    ],
)  # fmt: skip
def test_what_does_not_validate_is_a_422(mgpt: MusicgptBuyer, changes: dict[str, Any], field: str) -> None:
    answer = mgpt.submit(**changes)
    assert (answer.status_code, answer.json()["success"]) == (422, False)
    assert answer.json()["error"].startswith(field)
    assert mgpt.ledger()["totals"]["purchases"] == 0


def test_validation_then_credit_then_places_then_the_source(mgpt: MusicgptBuyer) -> None:
    mgpt.switch(credits=0, parallel_limit=0)
    missing = mgpt.taker.url("/missing")
    assert mgpt.submit(pitch="x", audio_url=missing).status_code == 422
    assert mgpt.submit(audio_url=missing).json() == {"success": False, "error": "not enough credit"}
    mgpt.switch(credits=1)
    assert mgpt.submit(audio_url=missing).json() == {"success": False, "error": "parallel limit reached"}
    mgpt.switch(parallel_limit=1)
    assert mgpt.submit(audio_url=missing).status_code == 400
    assert [mgpt.submit().status_code for _ in range(2)] == [200, 402]


@pytest.mark.parametrize("path", ["/missing", "/html", "http://127.0.0.1:9/x", "not a url"])
def test_a_source_that_cannot_be_had_is_a_400_and_costs_nothing(mgpt: MusicgptBuyer, path: str) -> None:
    mgpt.taker.files["/html"] = (200, b"<html></html>" * 99, "text/html")
    mgpt.switch(parallel_limit=1)
    for _ in range(2):
        answer = mgpt.submit(audio_url=mgpt.taker.url(path) if path.startswith("/") else path)
        assert (answer.status_code, answer.json()["error"]) == (400, "source file could not be downloaded")
    assert mgpt.ledger()["totals"]["purchases"] == 0
    assert mgpt.submit().status_code == 200


@pytest.mark.parametrize("sent", [b"", b"no song at all"])
def test_an_upload_that_is_no_audio_fails_later(mgpt: MusicgptBuyer, sent: bytes) -> None:
    end = mgpt.end(mgpt.upload(sent).json()["task_id"])
    assert (end["status"], end["status_msg"], end["audio_url"]) == ("FAILED", "audio could not be read", None)
    wait_for(lambda: mgpt.taker.got)
    assert mgpt.taker.got[0][0]["success"] is False


def test_a_malformed_form_is_a_400(mgpt: MusicgptBuyer) -> None:
    headers = {"Authorization": KEY, "Content-Type": "multipart/form-data"}
    answer = mgpt.http.post(f"{mgpt.sim.url}{API}/Cover", content=b"x", headers=headers)
    assert (answer.status_code, answer.json()["error"][:9]) == (400, "malformed")


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ({"task_id": "T"}, "conversionType is required"),
        ({"task_id": "T", "conversionType": "Cover"}, "conversionType is not valid"),
        ({"conversionType": "COVER"}, "exactly one of"),
        ({"conversionType": "COVER", "task_id": "T", "conversion_id": "C"}, "exactly one of"),
    ],
)
def test_a_status_query_needs_a_type_and_exactly_one_id(
    mgpt: MusicgptBuyer, query: dict[str, str], message: str
) -> None:
    answer = mgpt.get("/byId", **query)
    assert (answer.status_code, answer.json()["success"]) == (400, False)
    assert answer.json()["message"].startswith(message)


def test_unknown_tasks_types_and_paths_are_404(mgpt: MusicgptBuyer) -> None:
    task = mgpt.task()
    assert mgpt.poll(str(uuid.uuid4())).status_code == 404
    assert mgpt.get("/byId", conversionType="MUSIC_AI", task_id=task).status_code == 404
    assert mgpt.get("/byID", conversionType="COVER", task_id=task).status_code == 404
    assert mgpt.get("/Cover").status_code == 404
    assert mgpt.http.get(f"{mgpt.sim.url}/projects/x.mp3").status_code == 404


def test_a_plan_has_its_covers_at_a_time_and_its_polls_a_minute(mgpt: MusicgptBuyer) -> None:
    mgpt.switch(plan="free", stuck="IN_QUEUE")
    answers = [mgpt.submit() for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 429]
    polls = [mgpt.poll(answers[0].json()["task_id"]).status_code for _ in range(21)]
    assert polls == [200] * 20 + [429]
    mgpt.switch(plan="plus")
    assert [mgpt.submit().status_code for _ in range(3)] == [200, 200, 429]
    assert mgpt.poll(answers[0].json()["task_id"]).status_code == 200


def test_a_place_is_free_again_when_a_cover_ends_well_or_not(mgpt: MusicgptBuyer) -> None:
    mgpt.switch(parallel_limit=1)
    for switches in ({"fail": None}, {"fail": True}, {"fail": None}):
        mgpt.switch(**switches)
        mgpt.end(mgpt.task())


def test_without_a_webhook_there_is_only_the_status(mgpt: MusicgptBuyer) -> None:
    for absent in (..., ""):
        assert mgpt.end(mgpt.task(webhook_url=absent))["status"] == "COMPLETED"
    assert mgpt.taker.got == mgpt.ledger()["callbacks"] == []


def test_the_ledger_counts_by_webhook_or_else_by_the_song_and_has_no_secret(mgpt: MusicgptBuyer) -> None:
    tasks = [mgpt.task(), mgpt.task(), mgpt.task(webhook_url=mgpt.taker.url("/cb/0ther"))]
    for sign in ("1", "2", "3"):
        tasks += [mgpt.task(webhook_url="", audio_url=mgpt.taker.url(f"/song.wav?sig=secret{sign}"))]
    mgpt.submit(pitch="x")
    for task in tasks:
        mgpt.end(task)
    wait_for(lambda: mgpt.ledger()["totals"]["callbacks_sent"] == 3)
    ledger = mgpt.ledger()
    totals = ledger["totals"]
    assert [row["task"] for row in ledger["rows"]] == tasks
    assert (totals["purchases"], totals["jobs"], totals["most_per_job"]) == (6, 3, 3)
    assert ledger["purchases_per_job"][job_of(mgpt.taker.url("/cb/t0k3n?x=1"))] == 2
    assert ledger["purchases_per_job"][job_of(mgpt.taker.url("/song.wav"))] == 3
    assert (totals["credits_spent"], totals["balance"]) == (6, 994)
    assert {row["outcome"] for row in ledger["rows"]} == {"complete"}
    assert ledger["counts"]["requests"][f"POST {API}/Cover"] == 7
    for secret in ("t0k3n", "0ther", "secret", "song.wav"):
        assert secret not in json.dumps(ledger["rows"])


def test_a_reset_forgets_everything_and_abandons_what_runs(mgpt: MusicgptBuyer) -> None:
    mgpt.switch(delay_callbacks=0.3, parallel_limit=1)
    task = mgpt.task()
    mgpt.http.post(f"{mgpt.sim.url}/_control/reset").raise_for_status()
    assert mgpt.poll(task).status_code == 404
    assert mgpt.ledger()["totals"]["purchases"] == 0
    mgpt.end(mgpt.task())
    wait_for(lambda: mgpt.taker.got)
    assert task not in str(mgpt.taker.got)


def test_it_leaves_nothing_behind_when_it_stops_in_the_middle(mgpt: MusicgptBuyer) -> None:
    with MusicgptSimulator(key=KEY, pace=5) as other:
        MusicgptBuyer(other, mgpt.taker, mgpt.http).task()
        url = other.url
    assert not other._threads
    with pytest.raises(httpx.ConnectError):
        mgpt.http.get(url)


def test_it_says_one_line_on_the_command_line_and_ends_when_told_to() -> None:
    command = [sys.executable, "-m", "simulators.musicgpt", "--key", "k", "--credits", "7"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout
        ready = json.loads(process.stdout.readline())
        assert (ready.keys(), ready["name"]) == ({"name", "url"}, "musicgpt")
        answer = httpx.get(f"{ready['url']}{API}/getAllVoices", headers={"Authorization": "k"}, trust_env=False)
        assert answer.json()["success"] is True
        process.send_signal(signal.SIGTERM)
        rest, errors = process.communicate(timeout=10)
    assert (process.returncode, rest, errors) == (0, "", "")
