"""A purchase from end to end, the ways in which it is refused, its source and the upload helper."""

import base64
import re
from typing import Any

import httpx
import pytest

from simulators.ledger import job_of
from simulators.sunoapi import SunoapiSimulator, task, uploads
from tests.simulators.kit import KEY, Buyer, song, wait_for

ROW = {
    "id", "audio_url", "source_audio_url", "stream_audio_url", "source_stream_audio_url", "image_url",
    "source_image_url", "prompt", "model_name", "title", "tags", "createTime", "duration",
}  # fmt: skip
RECORD = {
    "taskId", "parentMusicId", "param", "response", "status", "type", "operationType", "errorCode", "errorMessage",
    "createTime",
}  # fmt: skip
CREDIT = "/api/v1/generate/credit"


def test_a_song_is_bought_told_in_three_stages_and_fetched(sunoapi: Buyer) -> None:
    answer = sunoapi.submit()
    assert answer.status_code == 200
    task_id = answer.json()["data"]["taskId"]
    assert answer.json() == {"code": 200, "msg": "success", "data": {"taskId": task_id}}
    assert re.fullmatch(r"[0-9a-f]{32}", task_id)
    wait_for(lambda: len(sunoapi.taker.got) == 3)
    assert sunoapi.taker.stages == ["text", "first", "complete"]
    for document, headers in sunoapi.taker.got:
        assert (set(document), document["code"]) == ({"code", "msg", "data"}, 200)
        assert (set(document["data"]), document["data"]["task_id"]) == ({"callbackType", "task_id", "data"}, task_id)
        assert headers["content-type"] == "application/json"
        assert not [name for name in headers if "signature" in name or name == "authorization"]
    assert sunoapi.taker.of("text")["data"]["data"] == []
    rows = sunoapi.taker.of("complete")["data"]["data"]
    assert [set(row) for row in rows] == [ROW, ROW]
    assert sunoapi.taker.of("first")["data"]["data"] == rows[:1]
    assert rows[0]["prompt"] == "[Instrumental]"
    assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", rows[0]["createTime"])
    songs = [sunoapi.http.get(row["audio_url"]).content for row in rows]
    assert songs[0] != songs[1]
    assert min(map(len, songs)) > 10_000
    assert sunoapi.http.get(rows[0]["source_audio_url"]).content == songs[0]
    assert sunoapi.http.get(rows[0]["image_url"]).content.startswith(b"\xff\xd8")
    assert sunoapi.taker.fetched == ["/song.wav"]


def test_the_status_goes_from_pending_to_success_in_camel_case(sunoapi: Buyer) -> None:
    sunoapi.sim.clock.pace = 0.12
    task_id = sunoapi.task()
    seen: list[str] = []
    while "SUCCESS" not in seen:
        record = sunoapi.status(task_id)["data"]
        assert set(record) == RECORD
        shown = len(record["response"]["sunoData"]) if record["response"] else 0
        assert shown == {"PENDING": 0, "TEXT_SUCCESS": 0, "FIRST_SUCCESS": 1, "SUCCESS": 2}[record["status"]]
        if record["status"] not in seen:
            seen.append(record["status"])
    assert seen == ["PENDING", "TEXT_SUCCESS", "FIRST_SUCCESS", "SUCCESS"]
    assert record["response"]["taskId"] == record["taskId"] == task_id
    rows = record["response"]["sunoData"]
    assert set(rows[0]) == {re.sub("_([a-z])", lambda found: found[1].upper(), name) for name in ROW}
    assert isinstance(rows[0]["createTime"], int)
    assert record["operationType"] == "upload_cover"
    assert record["errorCode"] is record["errorMessage"] is None
    assert "sig=secret" in record["param"]  # the vendor echoes what should be kept: so does its fake
    assert "t0k3n" in record["param"]


def test_a_stream_has_a_beginning_until_the_song_is_done_and_then_nothing(sunoapi: Buyer) -> None:
    sunoapi.sim.clock.pace = 0.2
    task_id = sunoapi.task()
    row = sunoapi.until(task_id, "FIRST_SUCCESS")["response"]["sunoData"][0]
    streams = [row["streamAudioUrl"], row["sourceStreamAudioUrl"]]
    whole = sunoapi.http.get(row["audioUrl"]).content
    assert [0 < len(sunoapi.http.get(url).content) < len(whole) for url in streams] == [True, True]
    sunoapi.until(task_id, "SUCCESS")
    answers = [sunoapi.http.get(url) for url in streams]
    assert [(answer.status_code, answer.content) for answer in answers] == [(200, b"")] * 2


def test_an_idea_gets_a_title_and_lyrics_of_its_own(sunoapi: Buyer) -> None:
    sunoapi.task(customMode=False, instrumental=False, prompt="a calm sea", style=..., title=...)
    wait_for(lambda: "complete" in sunoapi.taker.stages)
    row = sunoapi.taker.of("complete")["data"]["data"][0]
    assert row["title"] == "A Calm Sea"
    assert row["prompt"].startswith("[Verse]")


def test_a_wrong_key_is_refused_everywhere_before_anything_else(sunoapi: Buyer) -> None:
    sunoapi.switch(maintenance=True)
    refused = {"code": 401, "msg": "key not accepted", "data": None}
    for path in ("/api/v1/generate/upload-cover", "/api/file-url-upload"):
        assert sunoapi.post(path, "nonsense", key="x").json() == refused
    for path in ("/api/v1/generate/record-info", CREDIT, "/elsewhere"):
        assert sunoapi.get(path, key="x").json() == refused
    assert sunoapi.http.get(f"{sunoapi.sim.url}{CREDIT}").json() == refused


def test_refusals_come_with_http_200_until_the_switch_mirrors_the_documented_ones(sunoapi: Buyer) -> None:
    wanted = {"code": 400, "msg": "Please enter callBackUrl", "data": None}
    answer = sunoapi.submit(callBackUrl=...)
    assert (answer.status_code, answer.json()) == (200, wanted)
    sunoapi.switch(http_mirrors_code=True)
    answer = sunoapi.submit(callBackUrl=...)
    assert (answer.status_code, answer.json()) == (400, wanted)
    assert sunoapi.get(CREDIT, key="x").status_code == 401
    sunoapi.switch(credits=0)
    answer = sunoapi.submit()
    assert (answer.status_code, answer.json()["code"]) == (200, 429)


def test_bodies_that_are_not_json_and_unknown_paths_are_refused_in_the_envelope(sunoapi: Buyer) -> None:
    url, headers = f"{sunoapi.sim.url}/api/v1/generate/upload-cover", {"Authorization": f"Bearer {KEY}"}
    for content in (b"{", b"", b'{"styleWeight": NaN}', b"\xff"):
        assert sunoapi.http.post(url, content=content, headers=headers).json()["code"] == 400
    for answer in (sunoapi.http.put(url, content=b"{}", headers=headers), sunoapi.get("/nowhere")):
        assert answer.json() == {"code": 404, "msg": "no such method or path", "data": None}


def test_too_long_a_prompt_has_a_code_of_its_own(sunoapi: Buyer) -> None:
    assert sunoapi.submit(prompt="x" * 5001).json() == {
        "code": 413, "msg": "prompt too long for this model", "data": None,
    }  # fmt: skip
    assert sunoapi.ledger()["totals"]["purchases"] == 0


def test_an_empty_account_says_429_and_songs_cost_by_model(sunoapi: Buyer) -> None:
    sunoapi.switch(credits=33, stuck_pending=True)
    assert sunoapi.get(CREDIT).json() == {"code": 200, "msg": "success", "data": 33}
    assert [sunoapi.submit(model=model).json()["code"] for model in ("V4", "V3_5", "V5")] == [200] * 3
    answer = sunoapi.submit(model="V4")
    assert (answer.status_code, answer.json()) == (
        200, {"code": 429, "msg": "The current credits are insufficient. Please top up.", "data": None},
    )  # fmt: skip
    assert sunoapi.get(CREDIT).json()["data"] == 1


@pytest.mark.parametrize("code", [430, 405])
def test_twenty_submits_in_ten_seconds_and_no_more(sunoapi: Buyer, code: int) -> None:
    sunoapi.switch(stuck_pending=True, rate_code=code)
    codes = [sunoapi.submit().json()["code"] for _ in range(21)]
    assert codes == [200] * 20 + [code]
    sunoapi.switch(rate_limit="off")
    assert sunoapi.submit().json()["code"] == 200
    assert sunoapi.ledger()["totals"]["purchases"] == 21


def test_an_account_without_credit_hears_that_before_it_hears_of_its_rate(sunoapi: Buyer) -> None:
    sunoapi.switch(credits=0, rate_limit="0/10s")
    assert sunoapi.submit().json()["code"] == 429
    sunoapi.switch(credits=100)
    assert sunoapi.submit().json()["code"] == 430


def test_unknown_tasks_have_no_record_and_a_query_needs_an_id(sunoapi: Buyer) -> None:
    assert sunoapi.status("f" * 32) == {"code": 422, "msg": "recordInfo is null", "data": None}
    assert sunoapi.status("")["code"] == 400


def test_the_ledger_has_one_row_for_each_charged_submit_and_no_secret(sunoapi: Buyer) -> None:
    tasks = [sunoapi.task(), sunoapi.task(model="V4"), sunoapi.task(callBackUrl=sunoapi.taker.url("/cb/0ther"))]
    sunoapi.submit(model=...)
    for one in tasks:
        sunoapi.until(one, "SUCCESS")
    wait_for(lambda: sunoapi.ledger()["totals"]["callbacks_sent"] == 9)
    ledger = sunoapi.ledger()
    assert [row["task"] for row in ledger["rows"]] == tasks
    assert ledger["purchases_per_job"][job_of(sunoapi.taker.url("/cb/t0k3n?x=1"))] == 2
    totals = ledger["totals"]
    assert (totals["purchases"], totals["jobs"], totals["most_per_job"]) == (3, 2, 2)
    assert (totals["credits_spent"], totals["balance"]) == (34, 966)
    assert totals["callbacks_answered"] == {"200": 9}
    assert {row["outcome"] for row in ledger["rows"]} == {"complete"}
    assert not [secret for secret in ("t0k3n", "0ther", "secret", "song.wav") if secret in str(ledger["rows"])]


def test_without_callback_urls_the_song_tells_the_jobs_apart(sunoapi: Buyer) -> None:
    sunoapi.switch(require_callBackUrl=False, stuck_pending=True)
    for path in ("/a", "/a", "/b"):
        sunoapi.task(callBackUrl=..., uploadUrl=sunoapi.taker.url(path))
    totals = sunoapi.ledger()["totals"]
    assert (totals["jobs"], totals["most_per_job"]) == (2, 2)


def test_a_reset_forgets_everything_and_abandons_what_runs(sunoapi: Buyer) -> None:
    sunoapi.switch(delay_callbacks=0.3)
    old = sunoapi.task()
    sunoapi.http.post(f"{sunoapi.sim.url}/_control/reset").raise_for_status()
    assert sunoapi.status(old)["code"] == 422
    assert sunoapi.ledger()["totals"]["purchases"] == 0
    sunoapi.until(sunoapi.task(), "SUCCESS")
    wait_for(lambda: len(sunoapi.taker.got) == 3)
    assert old not in str(sunoapi.taker.got)


def test_a_simulator_leaves_nothing_behind_when_it_stops_in_the_middle(sunoapi: Buyer) -> None:
    with SunoapiSimulator(key=KEY, pace=5) as other:
        Buyer(other, sunoapi.taker, sunoapi.http).task()
        url = other.url
    assert not other._threads
    with pytest.raises(httpx.ConnectError):
        sunoapi.http.get(url)


# --- the source ---


@pytest.mark.parametrize("path", ["/missing", "http://127.0.0.1:9/x", "not a url", "http://[bad"])
def test_what_cannot_be_fetched_is_told_as_451_and_recorded_as_413(sunoapi: Buyer, path: str) -> None:
    url = sunoapi.taker.url(path) if path.startswith("/") else path
    task_id = sunoapi.task(uploadUrl=url)
    wait_for(lambda: sunoapi.taker.got)
    assert sunoapi.taker.got[0][0] == {
        "code": 451,
        "msg": "Audio covering failed",
        "data": {"callbackType": "error", "task_id": task_id, "data": None},
    }
    record = sunoapi.until(task_id, "GENERATE_AUDIO_FAILED")
    assert record["errorCode"] == 413
    assert record["errorMessage"] == f"Can't fetch the uploaded audio. uploadUrl: {url}"
    assert sunoapi.ledger()["rows"][0]["outcome"] == "failed 451"


def test_the_record_of_a_lost_source_can_say_451(sunoapi: Buyer) -> None:
    sunoapi.switch(fetch_error_code=451)
    record = sunoapi.until(sunoapi.task(uploadUrl=sunoapi.taker.url("/missing")), "GENERATE_AUDIO_FAILED")
    assert record["errorCode"] == 451


@pytest.mark.parametrize("body", [b"<html>hello</html>" * 99, b""])
def test_what_is_no_audio_fails_with_400(sunoapi: Buyer, body: bytes) -> None:
    sunoapi.taker.files["/in"] = (200, body, "audio/mpeg")
    record = sunoapi.until(sunoapi.task(uploadUrl=sunoapi.taker.url("/in")), "GENERATE_AUDIO_FAILED")
    assert (record["errorCode"], record["errorMessage"]) == (400, "Unsupported audio format.")
    wait_for(lambda: sunoapi.taker.got)
    assert sunoapi.taker.of("error")["code"] == 400


def test_too_long_a_source_fails_and_one_model_takes_less(sunoapi: Buyer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(task, "SHORT_SECONDS", 0.5)
    too_long = sunoapi.until(sunoapi.task(model="V4_5ALL"), "GENERATE_AUDIO_FAILED", "SUCCESS")
    assert too_long["errorMessage"] == "The uploaded audio is too long."
    assert sunoapi.until(sunoapi.task(model="V5"), "SUCCESS")
    sunoapi.switch(v4_5all_one_minute=False)
    assert sunoapi.until(sunoapi.task(model="V4_5ALL"), "SUCCESS")
    sunoapi.switch(upload_limit=0.5)
    assert sunoapi.until(sunoapi.task(model="V5"), "GENERATE_AUDIO_FAILED")


# --- the upload helper ---


def uploaded(sunoapi: Buyer, how: str, body: Any) -> dict[str, Any]:
    answer: dict[str, Any] = sunoapi.post(f"/api/file-{how}-upload", body).json()
    return answer


def streamed(sunoapi: Buyer, content: bytes, **fields: str) -> dict[str, Any]:
    answer: dict[str, Any] = sunoapi.http.post(
        f"{sunoapi.sim.url}/api/file-stream-upload",
        files={"file": ("in take.wav", content, "audio/wav")},
        data=fields,
        headers={"Authorization": f"Bearer {KEY}"},
    ).json()
    return answer


def test_an_uploaded_file_has_a_link_that_a_song_can_be_bought_with(sunoapi: Buyer) -> None:
    answer = streamed(sunoapi, song(), uploadPath="in/mine")
    assert (set(answer), answer["success"], answer["code"]) == ({"success", "code", "msg", "data"}, True, 200)
    kept = answer["data"]
    assert kept.keys() == {"fileName", "filePath", "downloadUrl", "fileSize", "mimeType", "uploadedAt"}
    assert (kept["fileName"], kept["filePath"]) == ("in take.wav", "in/mine/in take.wav")
    assert kept["fileSize"] == len(song())
    assert sunoapi.http.get(kept["downloadUrl"]).content == song()
    assert sunoapi.until(sunoapi.task(uploadUrl=kept["downloadUrl"]), "SUCCESS")


def test_the_same_name_again_takes_the_place_of_the_old_file(sunoapi: Buyer) -> None:
    first = streamed(sunoapi, b"one\r\n--\r\n", uploadPath="in", fileName="x.bin")["data"]["downloadUrl"]
    assert sunoapi.http.get(first).content == b"one\r\n--\r\n"
    assert streamed(sunoapi, b"two", uploadPath="in", fileName="x.bin")["data"]["downloadUrl"] == first
    assert sunoapi.http.get(first).content == b"two"


def test_links_and_base64_can_be_uploaded_too(sunoapi: Buyer) -> None:
    linked = uploaded(sunoapi, "url", {"fileUrl": sunoapi.taker.url("/song.wav?x=1")})["data"]
    assert (linked["fileName"], sunoapi.http.get(linked["downloadUrl"]).content) == ("song.wav", song(1.0))
    text = base64.b64encode(song()).decode()
    for data in (text, f"data:audio/mpeg;base64,{text}"):
        kept = uploaded(sunoapi, "base64", {"base64Data": data, "uploadPath": "in"})["data"]
        assert sunoapi.http.get(kept["downloadUrl"]).content == song()
    assert kept["mimeType"] == "audio/mpeg"


def test_uploads_that_are_wrong_or_too_large_are_refused(sunoapi: Buyer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "BASE64_BYTES", 2)
    monkeypatch.setattr(uploads, "URL_BYTES", 1000)
    bodies: list[tuple[str, Any]] = [
        ("url", {}), ("url", {"fileUrl": sunoapi.taker.url("/missing")}), ("url", []), ("stream", {}),
        ("url", {"fileUrl": sunoapi.taker.url("/song.wav")}), ("base64", {"base64Data": "?"}),
        ("base64", {"base64Data": "aGVsbG8="}),
    ]  # fmt: skip
    for how, body in bodies:
        answer = uploaded(sunoapi, how, body)
        assert (answer["success"], answer["code"], answer["data"]) == (False, 400, None), body
    assert streamed(sunoapi, b"x")["msg"] == "Please enter uploadPath"


def test_uploads_are_kept_for_a_time_only(sunoapi: Buyer) -> None:
    url = streamed(sunoapi, b"x", uploadPath="in")["data"]["downloadUrl"]
    sunoapi.switch(uploads_live=0)
    assert sunoapi.http.get(url).status_code == 404
