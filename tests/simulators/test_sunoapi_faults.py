"""The switches that spoil submits, status and media, each doing what it says."""

import time
from typing import Any

import httpx
import pytest

from simulators.sunoapi.switches import SWITCHES
from tests.simulators.kit import Buyer, wait_for


def rows_of(sunoapi: Buyer) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = sunoapi.until(sunoapi.task(), "SUCCESS")["response"]["sunoData"]
    return rows


def test_every_switch_of_the_fact_page_is_there_and_says_what_it_takes(sunoapi: Buyer) -> None:
    known = sunoapi.http.get(f"{sunoapi.sim.url}/_control/faults").json()["known"]
    assert set(known) == set(SWITCHES)
    assert all(one["takes"] and one["about"] for one in known.values())
    assert set(known) >= {
        "skip_text", "skip_first", "text_rows", "first_without_audio", "complete_rows", "duplicate_each", "reorder",
        "drop_callbacks", "callback_before_submit_reply", "retry_max", "receiver_timeout", "createTime", "error_code",
        "error_data", "task_id_location", "pending_with_error", "success_without_urls", "record_info_null_for",
        "unknown_status_word", "media", "http_mirrors_code", "rate_limit", "rate_code", "credits", "submit",
        "v4_5all_one_minute", "maintenance", "require_callBackUrl",
    }  # fmt: skip


@pytest.mark.parametrize(
    "body",
    [
        {"submit": "422"}, {"submit": 451}, {"media": "418"}, {"rate_code": 429}, {"error_code": 501},
        {"pending_with_error": "500"}, {"complete_rows": 3}, {"hmac_key": "k"}, {"models": "old"},
    ],
)  # fmt: skip
def test_what_the_vendor_does_not_know_is_no_value_for_a_switch(sunoapi: Buyer, body: Any) -> None:
    assert sunoapi.http.post(f"{sunoapi.sim.url}/_control/faults", json=body).status_code == 400


# --- submit ---


def test_a_submit_can_be_refused_with_http_200_and_is_not_charged(sunoapi: Buyer) -> None:
    for code in (400, 401, 404, 405, 413, 429, 430, 455, 500):
        sunoapi.switch(submit=code, times=1)
        answer = sunoapi.submit()
        assert (answer.status_code, answer.json()["code"], answer.json()["data"]) == (200, code, None)
    assert sunoapi.ledger()["totals"]["purchases"] == 0
    assert sunoapi.submit().json()["code"] == 200


@pytest.mark.parametrize(("how", "status"), [("bare_429", 429), ("bare_500", 500), ("html_502", 502)])
def test_something_in_front_can_answer_without_the_envelope(sunoapi: Buyer, how: str, status: int) -> None:
    sunoapi.switch(submit=how)
    answer = sunoapi.submit()
    assert answer.status_code == status
    assert not answer.headers["content-type"].startswith("application/json")
    assert sunoapi.ledger()["totals"]["purchases"] == 0


@pytest.mark.parametrize(
    ("how", "error"),
    [("hang", httpx.ReadTimeout), ("reset_after_accept", httpx.TransportError), ("500_after_accept", None)],
)
def test_a_charged_submit_can_go_unanswered_and_the_song_is_made_all_the_same(
    sunoapi: Buyer, how: str, error: type[Exception] | None
) -> None:
    sunoapi.switch(submit=how, times=1)
    if error:
        sunoapi.http.timeout = httpx.Timeout(0.4)
        with pytest.raises(error):
            sunoapi.submit()
        sunoapi.http.timeout = httpx.Timeout(10)
    else:
        assert sunoapi.submit().json()["code"] == 500
    wait_for(lambda: "complete" in sunoapi.taker.stages)
    row = sunoapi.ledger()["rows"][0]
    assert row["reply"] == how
    assert sunoapi.taker.of("complete")["data"]["task_id"] == row["task"]


@pytest.mark.parametrize(
    ("how", "error"), [("hang_before_accept", httpx.ReadTimeout), ("reset_before_accept", httpx.TransportError)]
)
def test_a_submit_can_go_unanswered_without_being_charged(sunoapi: Buyer, how: str, error: type[Exception]) -> None:
    sunoapi.switch(submit=how)
    sunoapi.http.timeout = httpx.Timeout(0.4)
    with pytest.raises(error):
        sunoapi.submit()
    assert sunoapi.ledger()["totals"]["purchases"] == 0


@pytest.mark.parametrize("stage", ["text", "first", "complete"])
def test_callbacks_can_come_before_the_reply_to_the_submit(sunoapi: Buyer, stage: str) -> None:
    sunoapi.switch(callback_before_submit_reply=stage)
    sunoapi.submit()
    assert stage in sunoapi.taker.stages


def test_without_that_switch_the_reply_is_first_however_fast_the_song(sunoapi: Buyer) -> None:
    sunoapi.sim.clock.pace = 0
    order: list[str] = []

    def note(document: dict[str, Any]) -> int:
        order.append("callback")
        return 200

    sunoapi.taker.answer = note
    sunoapi.submit()
    order.append("reply")
    wait_for(lambda: len(order) == 4)
    assert order[0] == "reply"


@pytest.mark.parametrize("place", ["data.taskId", "data.task_id", "taskId", "id"])
def test_the_new_id_can_stand_in_four_places(sunoapi: Buyer, place: str) -> None:
    sunoapi.switch(submit_id_location=place, stuck_pending=True)
    found: Any = sunoapi.submit().json()
    for name in place.split("."):
        found = found[name]
    assert found == sunoapi.ledger()["rows"][0]["task"]


def test_maintenance_closes_every_endpoint(sunoapi: Buyer) -> None:
    url = rows_of(sunoapi)[0]["audioUrl"]
    sunoapi.switch(maintenance=True, http_mirrors_code=True)
    for answer in (sunoapi.submit(), sunoapi.get("/api/v1/generate/credit"), sunoapi.post("/api/file-url-upload", {})):
        assert (answer.status_code, answer.json()["code"]) == (455, 455)
    assert sunoapi.http.get(url).status_code == 200


def test_models_and_callback_urls_can_be_asked_for_differently(sunoapi: Buyer) -> None:
    sunoapi.switch(models="docs", require_callBackUrl=False)
    assert sunoapi.submit(model="V3_5").json()["code"] == 400
    assert sunoapi.until(sunoapi.task(callBackUrl=...), "SUCCESS")
    assert sunoapi.taker.got == []


# --- status ---


def test_a_task_can_be_pending_for_ever(sunoapi: Buyer) -> None:
    sunoapi.switch(stuck_pending=True, pending_rows=True)
    record = sunoapi.status(sunoapi.task())["data"]
    assert (record["status"], record["errorCode"]) == ("PENDING", None)
    assert record["response"]["sunoData"] == [{"id": "", "audioUrl": "", "duration": None}] * 2


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ("413 copyright", "Uploaded audio matches existing work of art."),
        ("413 fetch", "Can't fetch the uploaded audio."),
    ],
)
def test_a_pending_task_can_have_failed_with_either_meaning_of_413(sunoapi: Buyer, given: str, message: str) -> None:
    sunoapi.switch(pending_with_error=given)
    task = sunoapi.task()
    wait_for(lambda: sunoapi.status(task)["data"]["errorCode"])
    record = sunoapi.status(task)["data"]
    assert (record["status"], record["errorCode"], record["errorMessage"]) == ("PENDING", 413, message)
    assert record["response"] == {"taskId": task, "sunoData": []}
    assert sunoapi.taker.got == []


def test_success_can_be_without_urls_for_some_polls_and_heal(sunoapi: Buyer) -> None:
    sunoapi.switch(success_without_urls=True, times=2)
    task = sunoapi.task()
    seen = [sunoapi.until(task, "SUCCESS")["response"]["sunoData"][0]["audioUrl"] for _ in range(3)]
    assert seen[:2] == [None, None]
    assert seen[2]


def test_a_new_task_can_be_unknown_for_a_while(sunoapi: Buyer) -> None:
    sunoapi.switch(record_info_null_for=0.4)
    task = sunoapi.task()
    assert sunoapi.status(task) == {"code": 422, "msg": "recordInfo is null", "data": None}
    sunoapi.switch(record_info_null_as=404)
    assert sunoapi.status(task)["code"] == 404
    assert sunoapi.until(task, "SUCCESS")


def test_status_words_and_answers_can_be_strange(sunoapi: Buyer) -> None:
    task = sunoapi.task()
    sunoapi.until(task, "SUCCESS")
    sunoapi.switch(unknown_status_word="GENERATING", times=1)
    assert [sunoapi.status(task)["data"]["status"] for _ in range(2)] == ["GENERATING", "SUCCESS"]
    for code in (405, 422, 430, 455, 500):
        sunoapi.switch(record_info=code, times=1)
        assert [sunoapi.status(task)["code"] for _ in range(2)] == [code, 200]
    sunoapi.switch(record_info="bare_429", times=1)
    assert sunoapi.get(f"/api/v1/generate/record-info?taskId={task}").status_code == 429
    sunoapi.switch(record_info="reset", times=1)
    with pytest.raises(httpx.TransportError):
        sunoapi.status(task)


def test_polls_can_be_limited_for_each_task(sunoapi: Buyer) -> None:
    sunoapi.switch(poll_limit="2/10s")
    assert [sunoapi.status("a")["code"] for _ in range(3)] == [422, 422, 430]
    assert sunoapi.status("b")["code"] == 422


# --- media ---


@pytest.mark.parametrize(
    ("lie", "status", "size"), [("441", 441, 4), ("404", 404, 4), ("0bytes", 200, 0), ("small", 200, 2000)]
)
def test_links_can_be_gone_or_empty(sunoapi: Buyer, lie: str, status: int, size: int) -> None:
    url = rows_of(sunoapi)[0]["audioUrl"]
    sunoapi.switch(media=lie)
    answer = sunoapi.http.get(url)
    assert (answer.status_code, len(answer.content)) == (status, size)
    assert sunoapi.ledger()["faults_injected"]["media"] == 1


def test_a_link_can_be_html_slow_cut_or_ask_for_a_user_agent(sunoapi: Buyer) -> None:
    url = rows_of(sunoapi)[0]["audioUrl"]
    whole = sunoapi.http.get(url).content
    sunoapi.switch(media="html")
    assert sunoapi.http.get(url).headers["content-type"] == "text/html; charset=utf-8"
    sunoapi.switch(media="slow", media_slow_seconds=0.4)
    begun = time.monotonic()
    assert sunoapi.http.get(url).content == whole
    assert time.monotonic() - begun > 0.3
    sunoapi.switch(media="cut")
    with pytest.raises(httpx.RemoteProtocolError):
        sunoapi.http.get(url)
    sunoapi.switch(media="403_without_UA")
    assert sunoapi.http.get(url).status_code == 200
    del sunoapi.http.headers["user-agent"]
    assert sunoapi.http.get(url).status_code == 403


def test_links_can_come_alive_again_and_one_kind_can_lie_while_the_other_is_good(sunoapi: Buyer) -> None:
    row, other = rows_of(sunoapi)
    sunoapi.switch(media="404", media_first_fetches=2)
    assert [sunoapi.http.get(row["audioUrl"]).status_code for _ in range(3)] == [404, 404, 200]
    sunoapi.switch(media="441", media_on="audio", media_first_fetches=None)
    assert sunoapi.http.get(other["audioUrl"]).status_code == 441
    assert sunoapi.http.get(other["sourceAudioUrl"]).status_code == 200
    sunoapi.switch(media="same_bytes", media_on=None)
    assert sunoapi.http.get(other["audioUrl"]).content == sunoapi.http.get(row["audioUrl"]).content


def test_links_expire_in_the_way_of_their_host_and_asking_again_gives_the_same_dead_one(sunoapi: Buyer) -> None:
    task = sunoapi.task()
    row = sunoapi.until(task, "SUCCESS")["response"]["sunoData"][0]
    sunoapi.switch(media_expires_after=0.01)
    time.sleep(0.05)
    assert [sunoapi.http.get(row[name]).status_code for name in ("audioUrl", "sourceAudioUrl")] == [441, 404]
    assert sunoapi.status(task)["data"]["response"]["sunoData"][0] == row
