"""A purchase from end to end, and the ways in which it is refused."""

import re
from typing import Any

import httpx
import pytest

from simulators.kie import KieSimulator
from simulators.kie.shapes import signature
from simulators.ledger import job_of
from tests.simulators.kit import KEY, Buyer, wait_for

ROW = {
    "id", "audio_url", "source_audio_url", "stream_audio_url", "source_stream_audio_url", "image_url",
    "source_image_url", "prompt", "model_name", "title", "tags", "createTime", "duration",
}  # fmt: skip


def test_a_song_is_bought_told_in_three_stages_and_fetched(kie: Buyer) -> None:
    answer = kie.submit()
    assert answer.status_code == 200
    assert answer.json().keys() == {"code", "msg", "data"}
    assert (answer.json()["code"], answer.json()["msg"]) == (200, "success")
    task = answer.json()["data"]["taskId"]
    assert re.fullmatch(r"[0-9a-f]{32}", task)
    wait_for(lambda: len(kie.taker.got) == 3)
    assert kie.taker.stages == ["text", "first", "complete"]
    assert all(document["data"]["task_id"] == task and document["code"] == 200 for document, _ in kie.taker.got)
    assert kie.taker.of("text")["data"]["data"] == []
    assert len(kie.taker.of("first")["data"]["data"]) == 1
    rows = kie.taker.of("complete")["data"]["data"]
    assert [set(row) for row in rows] == [ROW, ROW]
    assert rows[0] == kie.taker.of("first")["data"]["data"][0]
    assert rows[0]["prompt"] == "[Instrumental]"
    assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", rows[0]["createTime"])
    songs = [kie.http.get(row["audio_url"]).content for row in rows]
    assert songs[0] != songs[1]
    assert min(map(len, songs)) > 10_000
    assert kie.http.get(rows[0]["source_audio_url"]).content == songs[0]
    assert len(kie.http.get(rows[0]["stream_audio_url"]).content) < len(songs[0])
    assert kie.http.get(rows[0]["image_url"]).content.startswith(b"\xff\xd8")
    assert kie.taker.fetched == ["/song.wav"]


def test_the_status_goes_from_pending_to_success_in_camel_case(kie: Buyer) -> None:
    task = kie.task()
    first = kie.status(task)
    assert first["data"]["status"] in ("PENDING", "TEXT_SUCCESS")
    assert first["data"]["response"] is None
    record = kie.until(task, "SUCCESS")
    assert record["response"]["taskId"] == record["taskId"] == task
    rows = record["response"]["sunoData"]
    assert set(rows[0]) == {re.sub("_([a-z])", lambda found: found[1].upper(), name) for name in ROW}
    assert isinstance(rows[0]["createTime"], int)
    assert len(rows) == 2
    assert record["operationType"] == "upload_cover"
    assert record["errorCode"] is record["errorMessage"] is None
    assert "sig=secret" in record["param"]  # the vendor echoes what should be kept: so does its fake


def test_an_idea_gets_a_title_and_lyrics_of_its_own(kie: Buyer) -> None:
    kie.task(customMode=False, instrumental=False, prompt="a calm sea", style=..., title=...)
    wait_for(lambda: "complete" in kie.taker.stages)
    row = kie.taker.of("complete")["data"]["data"][0]
    assert row["title"] == "A Calm Sea"
    assert row["prompt"].startswith("[Verse]")


def test_a_wrong_key_is_refused_everywhere_before_anything_else(kie: Buyer) -> None:
    refused = {"code": 401, "msg": "You do not have access permissions"}
    assert kie.post("/api/v1/generate/upload-cover", "nonsense", key="x").json() == refused
    for path in ("/api/v1/generate/record-info", "/api/v1/chat/credit", "/elsewhere"):
        assert kie.get(path, key="x").json() == refused
    assert kie.http.get(f"{kie.sim.url}/api/v1/chat/credit").status_code == 200


def test_refusals_come_with_http_200_until_the_switch_mirrors_them(kie: Buyer) -> None:
    wanted = {"code": 422, "msg": "Please enter callBackUrl", "data": None}
    answer = kie.submit(callBackUrl=...)
    assert (answer.status_code, answer.json()) == (200, wanted)
    kie.switch(http_mirrors_code=True)
    answer = kie.submit(callBackUrl=...)
    assert (answer.status_code, answer.json()) == (422, wanted)
    assert kie.get("/api/v1/chat/credit", key="x").status_code == 401


def test_bodies_that_are_not_json_and_unknown_paths_are_refused_in_the_envelope(kie: Buyer) -> None:
    url, headers = f"{kie.sim.url}/api/v1/generate/upload-cover", {"Authorization": f"Bearer {KEY}"}
    for content in (b"{", b"", b'{"styleWeight": NaN}', b"\xff"):
        assert kie.http.post(url, content=content, headers=headers).json()["code"] == 422
    assert kie.http.put(url, content=b"{}", headers=headers).json() == kie.get("/nowhere").json()
    assert kie.get("/nowhere").json() == {"code": 404, "msg": "no such endpoint", "data": None}


def test_twelve_credits_a_song_until_none_are_left(kie: Buyer) -> None:
    kie.switch(credits=30)
    assert kie.get("/api/v1/chat/credit").json() == {"code": 200, "msg": "success", "data": 30}
    assert [kie.submit().json()["code"] for _ in range(3)] == [200, 200, 402]
    assert kie.get("/api/v1/chat/credit").json()["data"] == 6


def test_twenty_submits_in_ten_seconds_and_no_more(kie: Buyer) -> None:
    kie.switch(stuck_pending=True)
    codes = [kie.submit().json()["code"] for _ in range(21)]
    assert codes == [200] * 20 + [429]
    kie.switch(rate_limit="off")
    assert kie.submit().json()["code"] == 200
    assert kie.ledger()["totals"]["purchases"] == 21


def test_three_polls_a_second_for_one_task_and_no_more(kie: Buyer) -> None:
    kie.switch(poll_limit="3/s")
    task = kie.task()
    assert [kie.status(task)["code"] for _ in range(4)] == [200, 200, 200, 429]
    assert kie.status("another")["code"] == 422


def test_unknown_tasks_and_clip_ids_are_told_apart(kie: Buyer) -> None:
    assert kie.status("f" * 32) == {"code": 422, "msg": "recordInfo is null", "data": None}
    clip = kie.until(kie.task(), "SUCCESS")["response"]["sunoData"][0]["id"]
    assert kie.status(clip)["code"] == 404


def test_the_download_helper_makes_links_of_its_own_files_only(kie: Buyer) -> None:
    row = kie.until(kie.task(), "SUCCESS")["response"]["sunoData"][0]
    link = kie.post("/api/v1/common/download-url", {"url": row["audioUrl"]}).json()["data"]
    assert kie.http.get(link).content == kie.http.get(row["audioUrl"]).content
    bodies: list[Any] = [{"url": "https://elsewhere.example/x.mp3"}, {"url": 7}, {}, []]
    for body in bodies:
        assert kie.post("/api/v1/common/download-url", body).json()["code"] == 422


@pytest.mark.parametrize(
    ("key", "task", "timestamp", "wanted"),
    [
        (
            "gateway-demo-key-0001", "5c790000000000000000000000000001", 1795200000,
            "IJpBC1l55447oHUIHfv6CWAL/8vuU05/CL/FktJvCso=",
        ),
        (
            "coverhook-test-key", "a41f00c2d7e84b6f9a13c5e2b7d40891", 1795210005,
            "hNRUZfxIbiVprthxn3uFZcYe1OkZAkPVtYom/xEvUfQ=",
        ),
    ],
)  # fmt: skip
def test_the_signature_matches_the_vectors(key: str, task: str, timestamp: int, wanted: str) -> None:
    assert signature(key, task, timestamp) == wanted


def test_callbacks_are_signed_only_when_there_is_a_key(kie: Buyer) -> None:
    kie.task()
    wait_for(lambda: len(kie.taker.got) == 3)
    assert not [1 for _, headers in kie.taker.got if "x-webhook-signature" in headers]
    kie.switch(hmac_key="s3cret")
    task = kie.task()
    wait_for(lambda: len(kie.taker.got) == 6)
    for _, headers in kie.taker.got[3:]:
        stamp = int(headers["x-webhook-timestamp"])
        assert headers["x-webhook-signature"] == signature("s3cret", task, stamp)


def test_the_ledger_has_one_row_for_each_charged_submit_and_no_secret(kie: Buyer) -> None:
    tasks = [kie.task(), kie.task(), kie.task(callBackUrl=kie.taker.url("/cb/0ther"))]
    kie.submit(model=...)
    for task in tasks:
        kie.until(task, "SUCCESS")
    wait_for(lambda: kie.ledger()["totals"]["callbacks_sent"] == 9)
    ledger = kie.ledger()
    job = job_of(kie.taker.url("/cb/t0k3n?x=1"))
    assert [row["task"] for row in ledger["rows"]] == tasks
    assert ledger["purchases_per_job"][job] == 2
    totals = ledger["totals"]
    assert (totals["purchases"], totals["jobs"], totals["most_per_job"]) == (3, 2, 2)
    assert (totals["credits_spent"], totals["balance"]) == (36, 964)
    assert totals["callbacks_answered"] == {"200": 9}
    assert {row["outcome"] for row in ledger["rows"]} == {"complete"}
    assert ledger["rows"][0]["callback_url"] == kie.taker.url("/cb/***")
    assert not [secret for secret in ("t0k3n", "0ther", "secret", "song.wav") if secret in str(ledger["rows"])]
    assert ledger["counts"]["requests"]["POST /api/v1/generate/upload-cover"] == 4


def test_a_reset_forgets_everything_and_abandons_what_runs(kie: Buyer) -> None:
    kie.switch(delay_callbacks=0.3)
    task = kie.task()
    kie.http.post(f"{kie.sim.url}/_control/reset").raise_for_status()
    assert kie.status(task)["code"] == 422
    assert kie.ledger()["totals"]["purchases"] == 0
    assert kie.ledger()["totals"]["balance"] == 1000
    kie.switch(poll_limit="off")
    kie.until(kie.task(), "SUCCESS")
    wait_for(lambda: len(kie.taker.got) == 3)
    assert task not in str(kie.taker.got)


def test_a_simulator_leaves_nothing_behind_when_it_stops_in_the_middle(kie: Buyer) -> None:
    with KieSimulator(key=KEY, pace=5) as other:
        buyer = Buyer(other, kie.taker, kie.http)
        buyer.task()
        url = other.url
    assert not other._threads
    with pytest.raises(httpx.ConnectError):
        kie.http.get(url)
