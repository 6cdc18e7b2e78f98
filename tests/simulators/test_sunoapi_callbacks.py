"""The switches that spoil a callback, each doing what it says."""

import time
from typing import Any

import pytest

from tests.simulators.kit import Buyer, wait_for


def told(sunoapi: Buyer, count: int, **switches: Any) -> list[str]:
    """Buy one song with these switches on and wait for its callbacks."""
    sunoapi.switch(**switches)
    sunoapi.task()
    wait_for(lambda: len(sunoapi.taker.got) >= count)
    time.sleep(0.05)
    return sunoapi.taker.stages


def last_record(sunoapi: Buyer) -> dict[str, Any]:
    record: dict[str, Any] = sunoapi.status(sunoapi.ledger()["rows"][-1]["task"])["data"]
    return record


def test_stages_can_be_skipped(sunoapi: Buyer) -> None:
    assert told(sunoapi, 1, skip_text=True, skip_first=True) == ["complete"]


def test_each_callback_can_be_sent_several_times(sunoapi: Buyer) -> None:
    assert told(sunoapi, 9, duplicate_each=3) == ["text"] * 3 + ["first"] * 3 + ["complete"] * 3


def test_callbacks_can_come_in_another_order(sunoapi: Buyer) -> None:
    assert told(sunoapi, 3, reorder="reverse") == ["complete", "first", "text"]
    sunoapi.taker.got.clear()
    assert sorted(told(sunoapi, 3, reorder="shuffle")) == ["complete", "first", "text"]


def test_one_stage_can_be_late_while_the_others_pass_it(sunoapi: Buyer) -> None:
    assert told(sunoapi, 3, delay_callbacks={"text": 0.5}) == ["first", "complete", "text"]


@pytest.mark.parametrize(("given", "late"), [(True, "text"), ("first", "first"), ("complete", "complete")])
def test_a_stage_can_come_again_after_the_end(sunoapi: Buyer, given: bool | str, late: str) -> None:
    assert told(sunoapi, 4, late_stage=given) == ["text", "first", "complete", late]


def test_dropping_every_callback_ends_in_callback_exception_with_rows_or_in_nothing(sunoapi: Buyer) -> None:
    sunoapi.switch(drop_callbacks=True)
    record = sunoapi.until(sunoapi.task(), "CALLBACK_EXCEPTION")
    assert len(record["response"]["sunoData"]) == 2
    assert record["errorCode"] is None
    assert sunoapi.taker.url("/cb/t0k3n") in record["errorMessage"]
    sunoapi.switch(callback_exception=False)
    task = sunoapi.task()
    sunoapi.until(task, "SUCCESS")
    time.sleep(0.1)
    assert sunoapi.status(task)["data"]["status"] == "SUCCESS"
    assert sunoapi.taker.got == []


def test_single_stages_can_be_dropped(sunoapi: Buyer) -> None:
    assert told(sunoapi, 2, drop_callbacks=["complete"]) == ["text", "first"]
    assert sunoapi.until(sunoapi.ledger()["rows"][0]["task"], "SUCCESS")


def test_a_receiver_that_refuses_is_asked_three_more_times(sunoapi: Buyer) -> None:
    sunoapi.taker.answer = lambda document: 503
    sunoapi.switch(skip_text=True, skip_first=True)
    sunoapi.until(sunoapi.task(), "CALLBACK_EXCEPTION")
    calls = sunoapi.ledger()["callbacks"]
    assert [(call["attempt"], call["answer"]) for call in calls] == [(n, "503") for n in (1, 2, 3, 4)]


def test_a_receiver_that_recovers_is_served(sunoapi: Buyer) -> None:
    answers = iter([400, 201, 200])
    sunoapi.taker.answer = lambda document: next(answers)
    assert told(sunoapi, 3, skip_text=True, skip_first=True) == ["complete"] * 3
    assert last_record(sunoapi)["status"] == "SUCCESS"


def test_a_receiver_that_is_too_slow_is_given_up_and_any_2xx_may_do(sunoapi: Buyer) -> None:

    def dawdle(document: dict[str, Any]) -> int:
        time.sleep(0.4)
        return 200

    sunoapi.taker.answer = dawdle
    sunoapi.switch(receiver_timeout=0.1, retry_max=1, skip_text=True, skip_first=True)
    sunoapi.until(sunoapi.task(), "CALLBACK_EXCEPTION")
    assert sunoapi.ledger()["totals"]["callbacks_answered"] == {"ReadTimeout": 2}
    sunoapi.taker.answer = lambda document: 201
    sunoapi.switch(receiver_timeout=None, receiver_status="2xx")
    assert sunoapi.until(sunoapi.task(), "SUCCESS")


def test_a_slow_receiver_never_holds_the_next_stage_up(sunoapi: Buyer) -> None:
    sunoapi.taker.answer = lambda document: 503 if document["data"]["callbackType"] == "text" else 200
    sunoapi.switch(retry_spacing=100)
    sunoapi.task()
    wait_for(lambda: "complete" in sunoapi.taker.stages)
    assert sunoapi.taker.stages.count("text") == 1


@pytest.mark.parametrize("rows", ["placeholder", "with_url"])
def test_text_can_have_rows_that_are_no_result(sunoapi: Buyer, rows: str) -> None:
    told(sunoapi, 1, text_rows=rows)
    found = sunoapi.taker.of("text")["data"]["data"]
    assert [bool(row["audio_url"]) for row in found] == [rows == "with_url"] * 2


@pytest.mark.parametrize(("given", "shown"), [("null", None), ("0", 0)])
def test_first_can_have_only_a_stream_and_no_duration(sunoapi: Buyer, given: str, shown: int | None) -> None:
    told(sunoapi, 3, first_without_audio=True, first_duration=given)
    row = sunoapi.taker.of("first")["data"]["data"][0]
    assert (row["audio_url"], row["duration"]) == ("", shown)
    assert row["stream_audio_url"]
    assert sunoapi.taker.of("complete")["data"]["data"][0]["audio_url"]


def test_complete_can_have_one_row_or_rows_without_urls(sunoapi: Buyer) -> None:
    told(sunoapi, 3, complete_rows=1)
    assert len(sunoapi.taker.of("complete")["data"]["data"]) == 1
    assert len(sunoapi.until(sunoapi.ledger()["rows"][0]["task"], "SUCCESS")["response"]["sunoData"]) == 1
    sunoapi.taker.got.clear()
    told(sunoapi, 3, complete_rows=2, complete_without_urls=True)
    assert [row["audio_url"] for row in sunoapi.taker.of("complete")["data"]["data"]] == [None, None]


@pytest.mark.parametrize("place", ["data.taskId", "taskId"])
def test_callbacks_can_have_the_id_elsewhere(sunoapi: Buyer, place: str) -> None:
    told(sunoapi, 3, task_id_location=place)
    for document, _ in sunoapi.taker.got:
        assert "task_id" not in document["data"]
        where = document if place == "taskId" else document["data"]
        assert where["taskId"] == sunoapi.ledger()["rows"][0]["task"]


def test_callbacks_can_be_spelt_in_odd_ways(sunoapi: Buyer) -> None:
    stages = told(
        sunoapi, 3, upper_case_type=True, code_as_string=True, createTime="epoch_ms", status_createTime="string",
        extra_fields=True, null_data=["text"], missing_data=["first"],
    )  # fmt: skip
    assert stages == ["TEXT", "FIRST", "COMPLETE"]
    document = sunoapi.taker.of("COMPLETE")
    assert document["code"] == "200"
    assert "traceId" in document
    assert isinstance(document["data"]["data"][0]["createTime"], int)
    assert sunoapi.taker.of("TEXT")["data"]["data"] is None
    assert "data" not in sunoapi.taker.of("FIRST")["data"]
    record = sunoapi.until(sunoapi.ledger()["rows"][0]["task"], "SUCCESS")
    assert "flags" in record
    assert isinstance(record["response"]["sunoData"][0]["createTime"], str)


@pytest.mark.parametrize(
    ("code", "told_as", "status"),
    [
        (400, 400, "SENSITIVE_WORD_ERROR"), (413, 400, "GENERATE_AUDIO_FAILED"), (451, 451, "GENERATE_AUDIO_FAILED"),
        (500, 500, "GENERATE_AUDIO_FAILED"),
    ],
)  # fmt: skip
def test_a_song_can_fail_with_each_code(sunoapi: Buyer, code: int, told_as: int, status: str) -> None:
    assert told(sunoapi, 2, error_code=code) == ["text", "error"]
    document = sunoapi.taker.of("error")
    assert (document["code"], document["data"]["data"]) == (told_as, None)
    record = last_record(sunoapi)
    assert (record["status"], record["errorCode"]) == (status, 413 if code == 451 else code)
    assert record["errorMessage"]
    assert record["response"] is None
    assert sunoapi.ledger()["totals"]["balance"] == 988


def test_what_failed_can_cost_nothing(sunoapi: Buyer) -> None:
    told(sunoapi, 2, error_code=500, refund_on_fail=True)
    totals = sunoapi.ledger()["totals"]
    assert (totals["balance"], totals["credits_refunded"]) == (1000, 12)


def test_an_error_can_be_told_in_odd_ways(sunoapi: Buyer) -> None:
    told(
        sunoapi, 2, error_code=500, error_data="[]", error_with_code_200=True, error_message="Artist X found",
        error_type="failed", fail_status="CREATE_TASK_FAILED",
    )  # fmt: skip
    document = sunoapi.taker.of("failed")
    assert (document["code"], document["msg"], document["data"]["data"]) == (200, "Artist X found", [])
    record = last_record(sunoapi)
    assert (record["status"], record["errorMessage"]) == ("CREATE_TASK_FAILED", "Artist X found")
