"""Each switch does what it says, and the control endpoint refuses what it does not know."""

import hashlib
import time
from typing import Any

import httpx
import pytest

from simulators.kie.shapes import signature
from simulators.kie.switches import SWITCHES
from tests.simulators.kit import Buyer, wait_for


def rows_of(kie: Buyer, **changes: Any) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = kie.until(kie.task(**changes), "SUCCESS")["response"]["sunoData"]
    return rows


# --- the control endpoint ---


def test_unknown_switches_are_refused_with_the_list_of_known_ones(kie: Buyer) -> None:
    refused = kie.http.post(f"{kie.sim.url}/_control/faults", json={"sumbit": "hang", "media": "404"})
    assert refused.status_code == 400
    assert "sumbit" in refused.json()["error"]
    assert refused.json()["known"] == sorted(SWITCHES)
    assert set(kie.http.get(f"{kie.sim.url}/_control/faults").json()["active"]) == {"poll_limit"}


@pytest.mark.parametrize(
    "body",
    [
        {"submit": "explode"}, {"media": 7}, {"duplicate_each": "two"}, {"rate_limit": "fast"}, {"rate_limit": 3},
        {"skip_text": "yes"}, {"delay_callbacks": -1}, {"delay_callbacks": {"first": "x"}}, {"credits": True},
        {"submit": "hang", "times": 0}, {"submit": {"value": "hang", "times": "1"}}, {"credits": 5, "times": 1}, [], 7,
    ],
)  # fmt: skip
def test_values_that_a_switch_does_not_take_are_refused(kie: Buyer, body: Any) -> None:
    assert kie.http.post(f"{kie.sim.url}/_control/faults", json=body).status_code == 400
    assert set(kie.http.get(f"{kie.sim.url}/_control/faults").json()["active"]) == {"poll_limit"}


def test_faults_are_merged_limited_taken_out_and_cleared(kie: Buyer) -> None:
    url = f"{kie.sim.url}/_control/faults"
    kie.switch(media={"value": "404", "times": 2}, skip_text=True)
    kie.switch(submit=429, times=1)
    active = kie.http.get(url).json()["active"]
    assert active["media"] == {"value": "404", "times": 2}
    assert active["skip_text"] == {"value": True, "times": None}
    assert active["submit"] == {"value": "429", "times": 1}
    kie.switch(skip_text=None)
    assert [kie.submit().json()["code"] for _ in range(2)] == [429, 200]
    assert set(kie.http.get(url).json()["active"]) == {"media", "poll_limit"}
    assert kie.ledger()["faults_injected"] == {"submit": 1}
    assert kie.http.delete(url).json()["active"] == {}


def test_every_switch_says_what_it_takes_and_what_it_is_for(kie: Buyer) -> None:
    known = kie.http.get(f"{kie.sim.url}/_control/faults").json()["known"]
    assert set(known) == set(SWITCHES)
    assert all(one["takes"] and one["about"] for one in known.values())
    assert kie.http.get(f"{kie.sim.url}/_control/other").status_code == 404


# --- submit ---


@pytest.mark.parametrize("code", [401, 402, 404, 409, 422, 429, 433, 451, 455, 500])
def test_a_submit_can_be_refused_with_http_200_and_is_not_charged(kie: Buyer, code: int) -> None:
    kie.switch(submit=code, times=1)
    answer = kie.submit()
    assert (answer.status_code, answer.json()["code"]) == (200, code)
    assert ("data" in answer.json()) is (code != 401)
    assert kie.ledger()["totals"]["purchases"] == 0
    assert kie.submit().json()["code"] == 200


@pytest.mark.parametrize("code", [408, 501, 505])
def test_some_codes_come_with_http_500(kie: Buyer, code: int) -> None:
    kie.switch(submit=code)
    assert (kie.submit().status_code, kie.submit().json()["code"]) == (500, code)


@pytest.mark.parametrize(
    ("how", "error"),
    [("hang_after", httpx.ReadTimeout), ("reset_after_accept", httpx.TransportError), ("500_after_accept", None)],
)
def test_a_charged_submit_can_go_unanswered_and_the_song_is_made_all_the_same(
    kie: Buyer, how: str, error: type[Exception] | None
) -> None:
    kie.switch(submit="hang" if how == "hang_after" else how, times=1)
    if error:
        kie.http.timeout = httpx.Timeout(0.4)
        with pytest.raises(error):
            kie.submit()
        kie.http.timeout = httpx.Timeout(10)
    else:
        assert kie.submit().json()["code"] == 500
    wait_for(lambda: "complete" in kie.taker.stages)
    row = kie.ledger()["rows"][0]
    assert row["reply"] == ("hang" if how == "hang_after" else how)
    assert kie.taker.of("complete")["data"]["task_id"] == row["task"]


@pytest.mark.parametrize(
    ("how", "error"), [("hang_before_accept", httpx.ReadTimeout), ("reset_before_accept", httpx.TransportError)]
)
def test_a_submit_can_go_unanswered_without_being_charged(kie: Buyer, how: str, error: type[Exception]) -> None:
    kie.switch(submit=how)
    kie.http.timeout = httpx.Timeout(0.4)
    with pytest.raises(error):
        kie.submit()
    assert kie.ledger()["totals"]["purchases"] == 0


def test_a_proxy_can_answer_in_html(kie: Buyer) -> None:
    kie.switch(submit="html_502")
    assert (kie.submit().status_code, kie.submit().text[:6]) == (502, "<html>")


@pytest.mark.parametrize("stage", ["text", "first", "complete"])
def test_callbacks_can_come_before_the_reply_to_the_submit(kie: Buyer, stage: str) -> None:
    kie.switch(callback_before_submit_reply=stage)
    kie.submit()
    assert stage in kie.taker.stages


def test_without_that_switch_the_reply_is_first_however_fast_the_song(kie: Buyer) -> None:
    kie.sim.clock.pace = 0
    order: list[str] = []

    def note(document: dict[str, Any]) -> int:
        order.append("callback")
        return 200

    kie.taker.answer = note
    kie.submit()
    order.append("reply")
    wait_for(lambda: len(order) == 4)
    assert order[0] == "reply"


@pytest.mark.parametrize("place", ["data.taskId", "data.task_id", "taskId", "data.id"])
def test_the_new_id_can_stand_in_four_places(kie: Buyer, place: str) -> None:
    kie.switch(submit_id_location=place)
    found: Any = kie.submit().json()
    for name in place.split("."):
        found = found[name]
    assert found == kie.ledger()["rows"][0]["task"]


def test_maintenance_closes_every_endpoint(kie: Buyer) -> None:
    kie.switch(maintenance=True)
    assert kie.submit().json()["code"] == kie.get("/api/v1/chat/credit").json()["code"] == 455
    kie.switch(maintenance=None, require_callBackUrl=False, limits_profile="docs")
    long_idea = kie.task(customMode=False, prompt="x" * 450, callBackUrl=...)
    assert kie.until(long_idea, "SUCCESS")
    assert kie.taker.got == []


# --- callbacks ---


def told(kie: Buyer, count: int, **switches: Any) -> list[str]:
    """Buy one song with these switches on and wait for its callbacks."""
    kie.switch(**switches)
    kie.task()
    wait_for(lambda: len(kie.taker.got) >= count)
    time.sleep(0.05)
    return kie.taker.stages


def test_stages_can_be_skipped(kie: Buyer) -> None:
    assert told(kie, 1, skip_text=True, skip_first=True) == ["complete"]


def test_each_callback_can_be_sent_several_times(kie: Buyer) -> None:
    assert told(kie, 9, duplicate_each=3) == ["text"] * 3 + ["first"] * 3 + ["complete"] * 3


def test_callbacks_can_come_in_another_order(kie: Buyer) -> None:
    assert told(kie, 3, reorder="reverse") == ["complete", "first", "text"]
    kie.taker.got.clear()
    assert sorted(told(kie, 3, reorder="shuffle")) == ["complete", "first", "text"]


def test_one_stage_can_be_late_while_the_others_pass_it(kie: Buyer) -> None:
    assert told(kie, 3, delay_callbacks={"text": 0.5}) == ["first", "complete", "text"]


def test_a_stage_can_come_again_after_the_end(kie: Buyer) -> None:
    assert told(kie, 4, late_stage=True) == ["text", "first", "complete", "first"]


def test_dropping_every_callback_ends_in_callback_exception_with_rows(kie: Buyer) -> None:
    kie.switch(drop_callbacks=True)
    record = kie.until(kie.task(), "CALLBACK_EXCEPTION")
    assert len(record["response"]["sunoData"]) == 2
    assert record["errorCode"] is None
    assert kie.taker.url("/cb/t0k3n") in record["errorMessage"]
    assert kie.taker.got == []


def test_single_stages_can_be_dropped(kie: Buyer) -> None:
    assert told(kie, 2, drop_callbacks=["complete"]) == ["text", "first"]
    assert kie.until(kie.ledger()["rows"][0]["task"], "SUCCESS")


def test_a_receiver_that_refuses_is_asked_three_more_times(kie: Buyer) -> None:
    kie.taker.answer = lambda document: 503
    kie.switch(skip_text=True, skip_first=True)
    kie.until(kie.task(), "CALLBACK_EXCEPTION")
    assert kie.taker.stages == ["complete"] * 4
    calls = kie.ledger()["callbacks"]
    assert [(call["attempt"], call["answer"]) for call in calls] == [(n, "503") for n in (1, 2, 3, 4)]


def test_a_receiver_that_recovers_is_served(kie: Buyer) -> None:
    answers = iter([500, 204, 200])
    kie.taker.answer = lambda document: next(answers)
    assert told(kie, 3, skip_text=True, skip_first=True) == ["complete"] * 3
    assert kie.status(kie.ledger()["rows"][0]["task"])["data"]["status"] == "SUCCESS"


def test_a_receiver_that_is_too_slow_is_given_up_and_any_2xx_may_do(kie: Buyer) -> None:

    def dawdle(document: dict[str, Any]) -> int:
        time.sleep(0.4)
        return 200

    kie.taker.answer = dawdle
    kie.switch(receiver_timeout=0.1, retry_max=1, skip_text=True, skip_first=True)
    kie.until(kie.task(), "CALLBACK_EXCEPTION")
    assert kie.ledger()["totals"]["callbacks_answered"] == {"ReadTimeout": 2}
    kie.taker.answer = lambda document: 201
    kie.switch(receiver_timeout=None, receiver_status="2xx")
    assert kie.until(kie.task(), "SUCCESS")


def test_a_slow_receiver_never_holds_the_next_stage_up(kie: Buyer) -> None:
    kie.taker.answer = lambda document: 503 if document["data"]["callbackType"] == "text" else 200
    kie.switch(retry_spacing=100)
    kie.task()
    wait_for(lambda: "complete" in kie.taker.stages)
    assert kie.taker.stages.count("text") == 1


@pytest.mark.parametrize("rows", ["placeholder", "with_url"])
def test_text_can_have_rows_that_are_no_result(kie: Buyer, rows: str) -> None:
    told(kie, 1, text_rows=rows)
    found = kie.taker.of("text")["data"]["data"]
    assert [bool(row["audio_url"]) for row in found] == [rows == "with_url"] * 2


def test_first_can_have_only_a_stream_and_no_duration(kie: Buyer) -> None:
    told(kie, 3, first_without_audio=True, first_duration="null")
    row = kie.taker.of("first")["data"]["data"][0]
    assert (row["audio_url"], row["duration"]) == ("", None)
    assert row["stream_audio_url"]
    assert kie.taker.of("complete")["data"]["data"][0]["audio_url"]


def test_complete_can_have_one_row_or_rows_without_urls(kie: Buyer) -> None:
    told(kie, 3, takes=1)
    assert len(kie.taker.of("complete")["data"]["data"]) == 1
    kie.taker.got.clear()
    told(kie, 3, takes=2, complete_without_urls=True)
    assert [row["audio_url"] for row in kie.taker.of("complete")["data"]["data"]] == [None, None]


@pytest.mark.parametrize("place", ["data.taskId", "taskId"])
def test_callbacks_can_have_the_id_elsewhere(kie: Buyer, place: str) -> None:
    told(kie, 3, task_id_location=place)
    for document, _ in kie.taker.got:
        assert "task_id" not in document["data"]
        assert (document if place == "taskId" else document["data"])["taskId"] == kie.ledger()["rows"][0]["task"]


def test_callbacks_can_be_spelt_in_odd_ways(kie: Buyer) -> None:
    stages = told(
        kie, 3, upper_case_type=True, code_as_string=True, createTime="epoch_ms", extra_fields=True, null_data=["text"]
    )
    assert stages == ["TEXT", "FIRST", "COMPLETE"]
    document = kie.taker.of("COMPLETE")
    assert document["code"] == "200"
    assert "traceId" in document
    assert isinstance(document["data"]["data"][0]["createTime"], int)
    assert kie.taker.of("TEXT")["data"]["data"] is None
    assert "flags" in kie.status(kie.ledger()["rows"][0]["task"])["data"]


def test_signatures_can_be_missing_false_or_old(kie: Buyer) -> None:
    told(kie, 3, hmac_key="k", no_signature=True)
    assert "x-webhook-signature" not in kie.taker.got[0][1]
    kie.switch(no_signature=None)
    told(kie, 6, bad_signature=True)
    told(kie, 9, bad_signature=None, signature_age=900)
    for index, good in ((3, False), (6, True)):
        document, headers = kie.taker.got[index]
        stamp = int(headers["x-webhook-timestamp"])
        made = signature("k", document["data"]["task_id"], stamp)
        assert (made == headers["x-webhook-signature"]) is good
    assert abs(time.time() - int(kie.taker.got[6][1]["x-webhook-timestamp"]) - 900) < 5


# --- failures and status ---


@pytest.mark.parametrize("code", [400, 408, 413, 500, 501, 531])
def test_a_song_can_fail_with_each_callback_code(kie: Buyer, code: int) -> None:
    assert told(kie, 2, error_code=code) == ["text", "error"]
    document = kie.taker.of("error")
    assert (document["code"], document["data"]["data"]) == (code, [])
    record = kie.status(kie.ledger()["rows"][0]["task"])["data"]
    assert record["status"] == ("SENSITIVE_WORD_ERROR" if code == 400 else "GENERATE_AUDIO_FAILED")
    assert (record["errorCode"], record["errorMessage"]) == (code, document["msg"])
    assert kie.ledger()["totals"]["balance"] == (1000 if code == 531 else 988)
    assert kie.ledger()["totals"]["credits_refunded"] == (12 if code == 531 else 0)


def test_an_error_can_be_told_in_odd_ways(kie: Buyer) -> None:
    told(kie, 2, error_code=501, error_data="null", error_with_code_200=True, error_message="Artist X found")
    assert kie.taker.of("error")["code"] == 200
    assert kie.taker.of("error")["data"]["data"] is None
    kie.taker.got.clear()
    told(kie, 2, error_data="text", error_type="failed", fail_status="CREATE_TASK_FAILED")
    assert kie.taker.of("failed")["data"]["error"] == "Artist X found"
    assert "data" not in kie.taker.of("failed")["data"]
    assert kie.status(kie.ledger()["rows"][1]["task"])["data"]["status"] == "CREATE_TASK_FAILED"


def test_a_task_can_be_pending_for_ever_with_and_without_an_error(kie: Buyer) -> None:
    kie.switch(stuck_pending=True, times=1)
    stuck = kie.task()
    kie.switch(pending_with_error=True, times=1)
    wrong = kie.task()
    wait_for(lambda: kie.status(wrong)["data"]["errorCode"] == 500)
    assert kie.status(wrong)["data"]["status"] == kie.status(stuck)["data"]["status"] == "PENDING"
    assert kie.status(stuck)["data"]["errorCode"] is None
    assert kie.taker.got == []


def test_success_can_be_without_urls_for_some_polls_and_heal(kie: Buyer) -> None:
    kie.switch(success_without_urls=True, times=2)
    task = kie.task()
    seen = [kie.until(task, "SUCCESS")["response"]["sunoData"][0]["audioUrl"] for _ in range(3)]
    assert seen[:2] == [None, None]
    assert seen[2]


def test_a_new_task_can_be_unknown_for_a_while(kie: Buyer) -> None:
    kie.switch(record_info_null_for=0.4)
    task = kie.task()
    assert kie.status(task) == {"code": 422, "msg": "recordInfo is null", "data": None}
    kie.switch(record_info_null_as=404)
    assert kie.status(task)["code"] == 404
    assert kie.until(task, "SUCCESS")


def test_status_words_and_answers_can_be_strange(kie: Buyer) -> None:
    task = kie.task()
    kie.until(task, "SUCCESS")
    kie.switch(unknown_status_word="REVIEWING", times=1)
    assert [kie.status(task)["data"]["status"] for _ in range(2)] == ["REVIEWING", "SUCCESS"]
    kie.switch(record_info=429, times=1)
    assert [kie.status(task)["code"] for _ in range(2)] == [429, 200]
    kie.switch(record_info="reset", times=1)
    with pytest.raises(httpx.TransportError):
        kie.status(task)


# --- media ---


@pytest.mark.parametrize(
    ("lie", "status", "size"), [("404", 404, 4), ("410", 410, 4), ("500", 500, 4), ("0bytes", 200, 0)]
)
def test_links_can_be_dead_or_empty(kie: Buyer, lie: str, status: int, size: int) -> None:
    url = rows_of(kie)[0]["audioUrl"]
    kie.switch(media=lie)
    answer = kie.http.get(url)
    assert (answer.status_code, len(answer.content)) == (status, size)
    assert kie.ledger()["faults_injected"]["media"] == 1


def test_links_can_have_html_or_crumbs_for_audio(kie: Buyer) -> None:
    url = rows_of(kie)[0]["audioUrl"]
    kie.switch(media="html")
    answer = kie.http.get(url)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/html; charset=utf-8")
    kie.switch(media="small")
    assert len(kie.http.get(url).content) == 2000


def test_a_link_can_ask_for_a_user_agent(kie: Buyer) -> None:
    url = rows_of(kie)[0]["audioUrl"]
    kie.switch(media="403_without_UA")
    assert kie.http.get(url).status_code == 200
    del kie.http.headers["user-agent"]
    assert kie.http.get(url).status_code == 403


def test_a_link_can_be_slow_or_break_off(kie: Buyer) -> None:
    url = rows_of(kie)[0]["audioUrl"]
    whole = kie.http.get(url).content
    kie.switch(media="slow", media_slow_seconds=0.4)
    begun = time.monotonic()
    assert kie.http.get(url).content == whole
    assert time.monotonic() - begun > 0.3
    kie.switch(media="cut")
    with pytest.raises(httpx.RemoteProtocolError):
        kie.http.get(url)


def test_both_links_can_have_the_same_bytes(kie: Buyer) -> None:
    rows = rows_of(kie)
    kie.switch(media="same_bytes", times=2)
    one, other = (kie.http.get(row["audioUrl"]).content for row in rows)
    assert one == other
    assert kie.http.get(rows[1]["audioUrl"]).content != one


def test_links_can_come_alive_again_each_for_itself(kie: Buyer) -> None:
    rows = rows_of(kie)
    kie.switch(media="404", media_first_fetches=2)
    for row in rows:
        assert [kie.http.get(row["audioUrl"]).status_code for _ in range(4)] == [404, 404, 200, 200]


def test_one_kind_of_link_can_lie_while_the_other_and_the_helper_are_good(kie: Buyer) -> None:
    row = rows_of(kie)[0]
    kie.switch(media="404", media_on="audio")
    assert kie.http.get(row["audioUrl"]).status_code == 404
    assert kie.http.get(row["sourceAudioUrl"]).status_code == 200
    link = kie.post("/api/v1/common/download-url", {"url": row["audioUrl"]}).json()["data"]
    assert kie.http.get(link).status_code == 200
    kie.switch(download_helper="dead")
    assert kie.http.get(link).status_code == 404


def test_the_links_of_one_task_can_be_dead_while_those_of_the_next_are_good(kie: Buyer) -> None:
    kie.switch(dead_links=True)
    dead = kie.task()
    kie.switch(dead_links=None)
    for task, status in ((dead, 404), (kie.task(), 200)):
        (row, _) = kie.until(task, "SUCCESS")["response"]["sunoData"]
        assert kie.http.get(row["audioUrl"]).status_code == status
        link = kie.post("/api/v1/common/download-url", {"url": row["audioUrl"]}).json()["data"]
        assert kie.http.get(link).status_code == status


def test_links_can_expire_and_asking_again_gives_the_same_dead_one(kie: Buyer) -> None:
    task = kie.task()
    url = kie.until(task, "SUCCESS")["response"]["sunoData"][0]["audioUrl"]
    kie.switch(media_expires_after=0.01)
    time.sleep(0.05)
    assert kie.http.get(url).status_code == 404
    assert kie.status(task)["data"]["response"]["sunoData"][0]["audioUrl"] == url


def test_players_may_seek(kie: Buyer) -> None:
    url = rows_of(kie)[0]["audioUrl"]
    whole = kie.http.get(url).content
    part = kie.http.get(url, headers={"Range": "bytes=100-199"})
    assert (part.status_code, part.content) == (206, whole[100:200])
    assert kie.http.head(url).headers["content-length"] == str(len(whole))


# --- the ledger ---


def test_a_garbled_callback_is_half_of_its_body_and_the_others_are_whole(kie: Buyer) -> None:
    kie.switch(garble_callbacks=["first"])
    kie.submit()
    wait_for(lambda: "complete" in kie.taker.stages)
    answers = {call["stage"]: call["answer"] for call in kie.ledger()["callbacks"]}
    assert answers["text"] == "200" != answers["first"]
    assert "first" not in kie.taker.stages


def test_the_ledger_knows_each_file_that_was_made(kie: Buyer) -> None:
    kie.submit()
    wait_for(lambda: "complete" in kie.taker.stages)
    ledger, rows = kie.ledger(), kie.taker.of("complete")["data"]["data"]
    served = [kie.http.get(row["audio_url"]).content for row in rows]
    assert [(one["take"], one["bytes"]) for one in ledger["made"]] == [(1, len(served[0])), (2, len(served[1]))]
    assert [one["sha256"] for one in ledger["made"]] == [hashlib.sha256(song).hexdigest() for song in served]
    assert {one["task"] for one in ledger["made"]} == {ledger["rows"][0]["task"]}
    assert ledger["rows"][0]["refunded"] == 0
