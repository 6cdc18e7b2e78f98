"""The switches that spoil a callback, each doing what it says."""

import re
import time
from typing import Any

import pytest

from simulators.aimusicapi.simulator import _is_local
from tests.simulators.aimusicapi_buyer import AimusicapiBuyer
from tests.simulators.kit import wait_for

ALL = ["text", "first", "complete"]


def told(aimusicapi: AimusicapiBuyer, count: int, **switches: Any) -> list[Any]:
    """Buy one song with these switches on, wait for its callbacks and return their bodies."""
    aimusicapi.switch(**switches)
    aimusicapi.task()
    wait_for(lambda: len(aimusicapi.heard) >= count)
    time.sleep(0.05)
    return aimusicapi.heard


@pytest.mark.parametrize(
    ("switches", "stages"),
    [
        ({"stages": "final_only"}, ["complete"]),
        ({"skip_text": True, "skip_first": True}, ["complete"]),
        ({"drop_callbacks": ["complete"]}, ["text", "first"]),
        ({"duplicate_each": 3}, ["text"] * 3 + ["first"] * 3 + ["complete"] * 3),
        ({"reorder": "reverse"}, ["complete", "first", "text"]),
        ({"delay_callbacks": {"text": 0.5}}, ["first", "complete", "text"]),
        ({"late_stage": True}, [*ALL, "text"]),
        ({"late_stage": "first"}, [*ALL, "first"]),
    ],
)
def test_stages_can_be_left_out_repeated_shuffled_and_late(
    aimusicapi: AimusicapiBuyer, switches: dict[str, Any], stages: list[str]
) -> None:
    told(aimusicapi, len(stages), **switches)
    assert aimusicapi.stages == stages


@pytest.mark.parametrize(
    "switches",
    [{"stages": "none"}, {"drop_callbacks": True}, {"local_callbacks": "silent"}, {"stages": "none", "type": "ERROR"}],
)
def test_there_can_be_no_callback_at_all(aimusicapi: AimusicapiBuyer, switches: dict[str, Any]) -> None:
    aimusicapi.switch(**switches)
    aimusicapi.until(aimusicapi.task(), "SUCCESS", "ERROR")
    time.sleep(0.05)
    assert aimusicapi.heard == []


def test_local_addresses_are_told_from_public_ones() -> None:
    assert all(map(_is_local, ("http://localhost:1/x", "http://10.1.2.3/", "http://[::1]/", "http://192.168.0.9")))
    assert not any(map(_is_local, ("https://gw.example.net/cb", "http://8.8.8.8/", "nonsense", "", "http://[bad")))


def test_a_receiver_that_refuses_is_not_asked_again_unless_that_is_switched_on(aimusicapi: AimusicapiBuyer) -> None:
    aimusicapi.taker.answer = lambda document: 503
    told(aimusicapi, 1, stages="final_only")
    assert len(aimusicapi.heard) == 1
    told(aimusicapi, 4, retry_max=2, retry_spacing=0.5)
    attempts = [call["attempt"] for call in aimusicapi.ledger()["callbacks"]]
    assert attempts == [1, 1, 2, 3]


@pytest.mark.parametrize(("status", "answers"), [("2xx", 1), ("200", 2)])
def test_any_2xx_will_do_unless_that_is_switched_off(aimusicapi: AimusicapiBuyer, status: str, answers: int) -> None:
    aimusicapi.taker.answer = lambda document: 204
    told(aimusicapi, answers, stages="final_only", retry_max=1, receiver_status=status)
    assert len(aimusicapi.heard) == answers


def test_a_receiver_that_is_too_slow_is_given_up(aimusicapi: AimusicapiBuyer) -> None:

    def dawdle(document: dict[str, Any]) -> int:
        time.sleep(0.3)
        return 200

    aimusicapi.taker.answer = dawdle
    aimusicapi.switch(receiver_timeout=0.1, stages="final_only")
    aimusicapi.until(aimusicapi.task(), "SUCCESS")
    wait_for(lambda: aimusicapi.ledger()["totals"]["callbacks_answered"] == {"ReadTimeout": 1})


def test_callbacks_can_come_in_each_wrapper(aimusicapi: AimusicapiBuyer) -> None:
    task = ""
    bodies = {}
    for shape in ("array", "data_array", "data_object", "status_object"):
        aimusicapi.taker.got.clear()
        aimusicapi.switch(callback_shape=shape, stages="final_only")
        task = aimusicapi.task()
        wait_for(lambda: aimusicapi.heard)
        bodies[shape] = aimusicapi.heard[0]
    assert len(bodies["array"]) == 2
    assert bodies["data_array"]["code"] == 200
    assert len(bodies["data_array"]["data"]) == 2
    assert set(bodies["data_object"]) == {"data"}
    assert len(bodies["data_object"]["data"]["response_data"]) == 2
    status = aimusicapi.status(task)
    for clip in bodies["status_object"]["data"]["response_data"]:
        del clip["createTime"]
    assert bodies["status_object"] == status


def test_clips_can_be_spelt_in_odd_ways(aimusicapi: AimusicapiBuyer) -> None:
    told(aimusicapi, 1, stages="final_only", clip_task_id=True, createTime="epoch_ms", extra_fields=True, takes=1)
    (clip,) = aimusicapi.heard[0]
    assert clip["task_id"] == aimusicapi.ledger()["rows"][0]["task"]
    assert isinstance(clip["createTime"], int)
    assert "flags" in clip
    assert "queue" in aimusicapi.status(clip["task_id"])["data"]


@pytest.mark.parametrize(
    ("switches", "pattern"),
    [
        ({"duration": "string"}, r"[01]\.\d"), ({"duration": "m:ss"}, r"0:0[01]"), ({"duration_empty": True}, ""),
    ],
)  # fmt: skip
def test_a_length_can_be_written_in_other_ways(
    aimusicapi: AimusicapiBuyer, switches: dict[str, Any], pattern: str
) -> None:
    told(aimusicapi, 1, stages="final_only", **switches)
    assert re.fullmatch(pattern, aimusicapi.heard[0][0]["duration"])


def test_complete_can_be_without_urls_or_with_mere_streams(aimusicapi: AimusicapiBuyer) -> None:
    told(aimusicapi, 1, stages="final_only", complete_without_urls=True)
    assert [clip["audio_url"] for clip in aimusicapi.heard[0]] == ["", ""]
    told(aimusicapi, 2, complete_without_urls=None, media="stream")
    assert all("?item_id=" in clip["audio_url"] for clip in aimusicapi.heard[1])
    task = aimusicapi.ledger()["rows"][1]["task"]
    assert all("?item_id=" in clip["audio_url"] for clip in aimusicapi.status(task)["data"]["response_data"])
    aimusicapi.switch(media="http_only")
    clips = aimusicapi.status(task)["data"]["response_data"]
    assert [aimusicapi.http.get(clip["audio_url"]).status_code for clip in clips] == [200, 200]


def test_one_clip_can_stay_unfinished_for_ever(aimusicapi: AimusicapiBuyer) -> None:
    told(aimusicapi, 1, stages="final_only", one_clip_stuck=True)
    clips = aimusicapi.until(aimusicapi.ledger()["rows"][0]["task"], "SUCCESS")["response_data"]
    for seen in (aimusicapi.heard[0], clips):
        assert [clip["status"] for clip in seen] == ["complete", "text"]
        assert "?item_id=" in seen[1]["audio_url"]
        assert seen[1]["duration"] == ""


@pytest.mark.parametrize(
    ("word", "where", "usual"),
    [
        ("FAILED", "fail_message", "Does Not Meet Guidelines"),
        ("ERROR", "error_message", "An error occurred during processing"),
    ],
)
def test_a_song_can_fail_with_each_word_and_costs_nothing(
    aimusicapi: AimusicapiBuyer, word: str, where: str, usual: str
) -> None:
    told(aimusicapi, 2, type=word)
    (clip,) = aimusicapi.heard[1]
    assert {name: value for name, value in clip.items() if value} == {where: usual}
    record = aimusicapi.status(aimusicapi.ledger()["rows"][0]["task"])["data"]
    assert (record["type"], record["response_data"]) == (word, [clip])
    assert aimusicapi.ledger()["totals"]["balance"] == 1000


def test_a_failure_can_be_told_in_odd_ways(aimusicapi: AimusicapiBuyer) -> None:
    aimusicapi.switch(skip_text=True, refund_on_fail=False)
    told(aimusicapi, 1, type="FAILED", fail_where="error_message", error_message="No.", callback_on_failure="object")
    data = aimusicapi.heard[0]["data"]
    assert (data["type"], data["response_data"][0]["error_message"]) == ("FAILED", "No.")
    assert aimusicapi.ledger()["totals"]["balance"] == 990
    told(aimusicapi, 2, fail_where="none", callback_on_failure="array")
    assert not any(aimusicapi.heard[1][0].values())
    aimusicapi.switch(callback_on_failure="none")
    for given, shown in (("null", None), ("[]", [])):
        aimusicapi.switch(response_data=given)
        assert aimusicapi.until(aimusicapi.task(), "FAILED")["response_data"] == shown
    assert len(aimusicapi.heard) == 2
