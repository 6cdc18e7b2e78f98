"""A purchase from end to end, the ways in which it is refused, and its source."""

import dataclasses
import re
from typing import Any

import httpx
import pytest

from simulators.aimusicapi import AimusicapiSimulator
from simulators.aimusicapi.rules import MODELS
from simulators.ledger import job_of
from tests.simulators.aimusicapi_buyer import CREDITS, GENERATE, STATUS, AimusicapiBuyer
from tests.simulators.kit import KEY, wait_for

CLIP = {
    "id", "audio_url", "image_url", "image_large_url", "created_at", "timestamp", "status", "title", "prompt", "tags",
    "duration", "model_name", "extra_message", "fail_message", "error_message",
}  # fmt: skip
ISO = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z"


def test_a_song_is_bought_told_in_three_stages_and_fetched(aimusicapi: AimusicapiBuyer) -> None:
    answer = aimusicapi.submit()
    assert answer.status_code == 200
    task = answer.json()["workId"]
    assert answer.json() == {"code": 200, "message": "success", "workId": task, "data": {"task_id": task}}
    assert re.fullmatch(r"upcov[0-9a-z]{22}", task)
    wait_for(lambda: len(aimusicapi.heard) == 3)
    text, first, complete = aimusicapi.heard
    for clips in (text, first, complete):
        assert [set(clip) for clip in clips] == [CLIP | {"createTime"}] * 2
        assert [clip["id"] for clip in clips] == [clip["id"] for clip in text]
        assert task not in str(clips)
    assert [(clip["status"], clip["audio_url"], clip["duration"]) for clip in text] == [("text", "", "")] * 2
    assert [clip["status"] for clip in first] == ["first", "text"]
    assert first[0]["duration"] > 0.5
    assert "/stream/?item_id=" in first[1]["audio_url"]
    assert first[1]["duration"] == ""
    assert [clip["status"] for clip in complete] == ["complete"] * 2
    assert complete[0]["audio_url"] == first[0]["audio_url"]
    assert re.fullmatch(ISO, complete[0]["createTime"])
    assert complete[0]["tags"] == "slow country waltz"
    songs = [aimusicapi.http.get(clip["audio_url"]).content for clip in complete]
    assert songs[0] != songs[1]
    assert min(map(len, songs)) > 10_000
    assert 0 < len(aimusicapi.http.get(first[1]["audio_url"]).content) < len(songs[1])
    assert aimusicapi.http.get(complete[0]["image_url"]).content.startswith(b"\xff\xd8")
    assert aimusicapi.taker.fetched == ["/song.wav"]


def test_the_status_goes_from_in_progress_to_success_and_the_clips_say_how_far_it_is(
    aimusicapi: AimusicapiBuyer,
) -> None:
    aimusicapi.sim.clock.pace = 0.12
    task = aimusicapi.task()
    seen: list[tuple[str, tuple[str, ...]]] = []
    while not seen or seen[-1][0] != "SUCCESS":
        answer = aimusicapi.status(task)
        assert (answer["code"], answer["message"]) == (200, "success")
        record = answer["data"]
        assert set(record) == {"type", "request_body", "response_data", "created_at"}
        step = record["type"], tuple(clip["status"] for clip in record["response_data"] or ())
        if step not in seen:
            seen.append(step)
    assert seen == [
        ("IN_PROGRESS", ()), ("IN_PROGRESS", ("text", "text")), ("IN_PROGRESS", ("first", "text")),
        ("SUCCESS", ("complete", "complete")),
    ]  # fmt: skip
    assert set(record["response_data"][0]) == CLIP
    assert re.fullmatch(ISO, record["created_at"])
    assert record["request_body"] == aimusicapi.body()  # the vendor echoes links: so does its fake


def test_both_spellings_of_each_path_are_served(aimusicapi: AimusicapiBuyer) -> None:
    aimusicapi.switch(stuck_pending=True)
    task = aimusicapi.post(GENERATE.removeprefix("/api"), aimusicapi.body()).json()["workId"]
    for path in (f"{STATUS}?task_id={task}", CREDITS):
        assert aimusicapi.get(path).json() == aimusicapi.get(path.removeprefix("/api")).json()
        assert aimusicapi.get(path).status_code == 200


def test_ideas_need_little_and_get_a_title_and_lyrics_of_their_own(aimusicapi: AimusicapiBuyer) -> None:
    idea: dict[str, Any] = {
        "custom_mode": ...,
        "make_instrumental": ...,
        "style": ...,
        "title": ...,
        "callback_url": ...,
    }
    clip = aimusicapi.until(aimusicapi.task(prompt="a calm sea", **idea), "SUCCESS")["response_data"][0]
    assert clip["title"] == "A Calm Sea"
    assert clip["prompt"].startswith("[Verse]")
    idea |= {"make_instrumental": True}
    clip = aimusicapi.until(aimusicapi.task(**idea), "SUCCESS")["response_data"][0]
    assert (clip["title"], clip["prompt"], clip["tags"]) == ("Untitled", "[Instrumental]", "")
    aimusicapi.switch(prompt_rule="tips", require_style_title="off")
    assert aimusicapi.submit(**idea).json() == {"code": 400, "msg": "prompt is required"}
    assert aimusicapi.submit(style=..., title=...).status_code == 200


def test_a_wrong_key_is_refused_everywhere_before_anything_else(aimusicapi: AimusicapiBuyer) -> None:
    refused = {"code": 401, "message": "invalid or missing key"}
    answers = [aimusicapi.post(GENERATE, "nonsense", key="x")]
    answers += [aimusicapi.get(path, key="x") for path in (STATUS, CREDITS, "/elsewhere")]
    answers += [aimusicapi.http.get(f"{aimusicapi.sim.url}{CREDITS}")]
    assert [(answer.status_code, answer.json()) for answer in answers] == [(401, refused)] * 5


def test_http_says_what_the_code_says_until_it_is_switched_and_400_has_a_key_of_its_own(
    aimusicapi: AimusicapiBuyer,
) -> None:
    answer = aimusicapi.submit(upload_url=...)
    assert (answer.status_code, answer.json()) == (400, {"code": 400, "msg": "upload_url is required"})
    for switch in ({"200_with_code": True}, {"200_with_code": None, "http_mirrors_code": False}):
        aimusicapi.switch(**switch)
        answer = aimusicapi.submit(upload_url=...)
        assert (answer.status_code, answer.json()["code"]) == (200, 400)
        assert aimusicapi.get(STATUS, key="x").status_code == 200
    aimusicapi.switch(msg_key="message")
    assert aimusicapi.submit(upload_url=...).json() == {"code": 400, "message": "upload_url is required"}
    aimusicapi.switch(msg_key="msg")
    assert aimusicapi.get("/nowhere").json() == {"code": 404, "msg": "no such route"}


def test_a_submit_is_json_and_says_so(aimusicapi: AimusicapiBuyer) -> None:
    url, headers = f"{aimusicapi.sim.url}{GENERATE}", {"Authorization": f"Bearer {KEY}"}
    kind = {"Content-Type": "application/json; charset=utf-8"}
    for content in (b"{", b"", b'{"style_weight": NaN}', b"\xff"):
        answer = aimusicapi.http.post(url, content=content, headers=headers | kind)
        assert (answer.status_code, answer.json()["msg"]) == (400, "request body is not valid JSON")
    answer = aimusicapi.http.post(url, content=b"{}", headers=headers)
    assert answer.json()["msg"] == "Content-Type must be application/json"


def test_songs_cost_by_model_and_an_empty_account_says_402(aimusicapi: AimusicapiBuyer) -> None:
    aimusicapi.switch(credits=31, stuck_pending=True)
    codes = [aimusicapi.submit(model=model).status_code for model in ("chirp-v4-0", "chirp-v4-5-all", "chirp-v5")]
    assert codes == [200] * 3
    answer = aimusicapi.submit(model="chirp-v4-0")
    assert (answer.status_code, answer.json()) == (402, {"code": 402, "message": "balance too low"})
    assert aimusicapi.get(CREDITS).json() == {
        "code": 200, "message": "success", "data": {"credits": 1, "used_credits": 30},
    }  # fmt: skip


def test_too_many_submits_are_refused_but_only_when_they_could_be_paid(aimusicapi: AimusicapiBuyer) -> None:
    aimusicapi.switch(stuck_pending=True)
    assert [aimusicapi.submit().status_code for _ in range(21)] == [200] * 20 + [429]
    aimusicapi.switch(credits=0)
    assert aimusicapi.submit().status_code == 402
    aimusicapi.switch(credits=100, rate_limit="off")
    assert aimusicapi.submit().status_code == 200


def test_unknown_tasks_are_not_found_and_a_query_needs_an_id(aimusicapi: AimusicapiBuyer) -> None:
    answer = aimusicapi.get(f"{STATUS}?task_id=upcov1")
    assert (answer.status_code, answer.json()) == (404, {"code": 404, "message": "no such task"})
    assert aimusicapi.get(STATUS).json() == {"code": 400, "msg": "task_id is required"}


def test_the_ledger_has_one_row_for_each_charged_submit_and_no_secret(aimusicapi: AimusicapiBuyer) -> None:
    tasks = [aimusicapi.task(), aimusicapi.task(), aimusicapi.task(callback_url=aimusicapi.taker.url("/cb/0ther"))]
    aimusicapi.submit(model=...)
    wait_for(lambda: aimusicapi.ledger()["totals"]["callbacks_sent"] == 9)
    ledger = aimusicapi.ledger()
    assert [row["task"] for row in ledger["rows"]] == tasks
    assert ledger["purchases_per_job"][job_of(aimusicapi.taker.url("/cb/t0k3n?x=1"))] == 2
    totals = ledger["totals"]
    assert (totals["purchases"], totals["jobs"], totals["most_per_job"]) == (3, 2, 2)
    assert (totals["credits_spent"], totals["balance"]) == (30, 970)
    assert totals["callbacks_answered"] == {"200": 9}
    assert {row["outcome"] for row in ledger["rows"]} == {"complete"}
    assert not [secret for secret in ("t0k3n", "0ther", "secret", "song.wav") if secret in str(ledger["rows"])]


def test_without_callback_urls_the_song_tells_the_jobs_apart(aimusicapi: AimusicapiBuyer) -> None:
    aimusicapi.switch(stuck_pending=True)
    for path in ("/a?sig=1", "/a?sig=2", "/b"):
        aimusicapi.task(callback_url=..., upload_url=aimusicapi.taker.url(path))
    ledger = aimusicapi.ledger()
    assert (ledger["totals"]["jobs"], ledger["totals"]["most_per_job"]) == (2, 2)
    assert ledger["rows"][0]["callback_url"] == ""


def test_a_reset_forgets_everything_and_abandons_what_runs(aimusicapi: AimusicapiBuyer) -> None:
    aimusicapi.switch(delay_callbacks=0.3)
    old = aimusicapi.task()
    aimusicapi.http.post(f"{aimusicapi.sim.url}/_control/reset").raise_for_status()
    assert aimusicapi.status(old)["code"] == 404
    assert aimusicapi.ledger()["totals"]["purchases"] == 0
    aimusicapi.until(aimusicapi.task(), "SUCCESS")
    wait_for(lambda: len(aimusicapi.heard) == 3)


def test_a_simulator_leaves_nothing_behind_when_it_stops_in_the_middle(aimusicapi: AimusicapiBuyer) -> None:
    with AimusicapiSimulator(key=KEY, pace=5) as other:
        AimusicapiBuyer(other, aimusicapi.taker, aimusicapi.http).task()
        url = other.url
    assert not other._threads
    with pytest.raises(httpx.ConnectError):
        aimusicapi.http.get(url)


# --- the source ---


@pytest.mark.parametrize("path", ["/missing", "http://127.0.0.1:9/x", "not a url", "http://[bad"])
def test_what_cannot_be_fetched_ends_in_an_error_that_costs_nothing(aimusicapi: AimusicapiBuyer, path: str) -> None:
    url = aimusicapi.taker.url(path) if path.startswith("/") else path
    record = aimusicapi.until(aimusicapi.task(upload_url=url), "ERROR")
    clip = {"id": "", "audio_url": "", "status": "", "fail_message": ""}
    clip["error_message"] = "Failed to fetch the audio from upload_url"
    assert record["response_data"] == [clip]
    wait_for(lambda: aimusicapi.heard)
    assert aimusicapi.heard == [[clip]]
    totals = aimusicapi.ledger()["totals"]
    assert (totals["balance"], totals["credits_refunded"]) == (1000, 10)
    assert aimusicapi.ledger()["rows"][0]["outcome"] == "failed ERROR"
    assert aimusicapi.get(CREDITS).json()["data"]["used_credits"] == 0


@pytest.mark.parametrize("body", [b"<html>hello</html>" * 99, b""])
def test_what_is_no_audio_ends_in_an_error(aimusicapi: AimusicapiBuyer, body: bytes) -> None:
    aimusicapi.taker.files["/in"] = (200, body, "audio/mpeg")
    record = aimusicapi.until(aimusicapi.task(upload_url=aimusicapi.taker.url("/in")), "ERROR")
    assert record["response_data"][0]["error_message"] == "The uploaded file is not audio"


def test_too_long_a_source_fails_by_model(aimusicapi: AimusicapiBuyer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(MODELS, "chirp-v4-5-all", dataclasses.replace(MODELS["chirp-v4-5-all"], seconds=0.5))
    record = aimusicapi.until(aimusicapi.task(model="chirp-v4-5-all"), "FAILED")
    assert record["response_data"][0]["fail_message"] == "The uploaded audio exceeds 0.5 seconds"
    assert aimusicapi.until(aimusicapi.task(), "SUCCESS")
