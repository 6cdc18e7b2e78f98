"""The switches that spoil submits, status and media, each doing what it says."""

import time
from typing import Any

import httpx
import pytest

from simulators.aimusicapi.switches import SWITCHES
from tests.simulators.aimusicapi_buyer import CREDITS, STATUS, AimusicapiBuyer
from tests.simulators.kit import wait_for


def clips_of(aimusicapi: AimusicapiBuyer) -> list[dict[str, Any]]:
    clips: list[dict[str, Any]] = aimusicapi.until(aimusicapi.task(), "SUCCESS")["response_data"]
    return clips


def test_every_switch_of_the_fact_page_is_there_and_says_what_it_takes(aimusicapi: AimusicapiBuyer) -> None:
    known = aimusicapi.http.get(f"{aimusicapi.sim.url}/_control/faults").json()["known"]
    assert set(known) == set(SWITCHES)
    assert all(one["takes"] and one["about"] for one in known.values())
    assert set(known) >= {
        "stages", "callback_shape", "duplicate_each", "reorder", "callback_on_failure", "success_while_text",
        "one_clip_stuck", "duration_empty", "duration", "response_data", "fail_where", "type", "id_keys",
        "not_found_for", "http_mirrors_code", "200_with_code", "msg_key", "edge_403_without_UA", "html_502", "credits",
        "refund_on_fail", "rate_limit", "submit", "media", "prompt_rule", "require_style_title", "unknown_type_word",
    }  # fmt: skip


@pytest.mark.parametrize(
    "body",
    [{"submit": "455"}, {"media": "441"}, {"type": "SUCCESS"}, {"require_style_title": "maybe"}, {"id_keys": "data"}],
)
def test_what_the_vendor_does_not_know_is_no_value_for_a_switch(aimusicapi: AimusicapiBuyer, body: Any) -> None:
    assert aimusicapi.http.post(f"{aimusicapi.sim.url}/_control/faults", json=body).status_code == 400


# --- submit ---


def test_a_submit_can_be_refused_with_each_code_and_is_not_charged(aimusicapi: AimusicapiBuyer) -> None:
    for code in (400, 401, 402, 403, 404, 429, 500):
        aimusicapi.switch(submit=code, times=1)
        answer = aimusicapi.submit()
        assert (answer.status_code, answer.json()["code"]) == (code, code)
        assert set(answer.json()) == {"code", "msg" if code == 400 else "message"}
    assert aimusicapi.ledger()["totals"]["purchases"] == 0
    assert aimusicapi.submit().status_code == 200


@pytest.mark.parametrize(
    ("how", "error"),
    [("hang", httpx.ReadTimeout), ("reset_after_accept", httpx.TransportError), ("500_after_accept", None)],
)
def test_a_charged_submit_can_go_unanswered_and_the_song_is_made_all_the_same(
    aimusicapi: AimusicapiBuyer, how: str, error: type[Exception] | None
) -> None:
    aimusicapi.switch(submit=how, times=1)
    if error:
        aimusicapi.http.timeout = httpx.Timeout(0.4)
        with pytest.raises(error):
            aimusicapi.submit()
        aimusicapi.http.timeout = httpx.Timeout(10)
    else:
        assert aimusicapi.submit().status_code == 500
    wait_for(lambda: "complete" in aimusicapi.stages)
    assert aimusicapi.ledger()["rows"][0]["reply"] == how


def test_a_submit_can_go_unanswered_without_being_charged(aimusicapi: AimusicapiBuyer) -> None:
    aimusicapi.http.timeout = httpx.Timeout(0.4)
    for how, error in (("hang_before_accept", httpx.ReadTimeout), ("reset_before_accept", httpx.TransportError)):
        aimusicapi.switch(submit=how)
        with pytest.raises(error):
            aimusicapi.submit()
    aimusicapi.switch(submit="html_502")
    assert aimusicapi.submit().status_code == 502
    assert aimusicapi.ledger()["totals"]["purchases"] == 0


@pytest.mark.parametrize("stage", ["text", "first", "complete"])
def test_callbacks_can_come_before_the_reply_to_the_submit(aimusicapi: AimusicapiBuyer, stage: str) -> None:
    aimusicapi.switch(callback_before_submit_reply=stage)
    aimusicapi.submit()
    assert stage in aimusicapi.stages


def test_without_that_switch_the_reply_is_first_however_fast_the_song(aimusicapi: AimusicapiBuyer) -> None:
    aimusicapi.sim.clock.pace = 0
    order: list[str] = []

    def note(document: dict[str, Any]) -> int:
        order.append("callback")
        return 200

    aimusicapi.taker.answer = note
    aimusicapi.submit()
    order.append("reply")
    wait_for(lambda: len(order) == 4)
    assert order[0] == "reply"


@pytest.mark.parametrize(("keys", "path"), [("workId", ["workId"]), ("task_id", ["data", "task_id"]), ("id", ["id"])])
def test_the_new_id_can_stand_in_one_place_only(aimusicapi: AimusicapiBuyer, keys: str, path: list[str]) -> None:
    aimusicapi.switch(id_keys=keys, stuck_pending=True)
    answer: Any = aimusicapi.submit().json()
    task = aimusicapi.ledger()["rows"][0]["task"]
    assert str(answer).count(task) == 1
    for name in path:
        answer = answer[name]
    assert answer == task


def test_the_edge_can_answer_in_html_instead(aimusicapi: AimusicapiBuyer) -> None:
    url = clips_of(aimusicapi)[0]["audio_url"]
    for switch, status in (("html_502", 502), ("maintenance", 503)):
        aimusicapi.switch(**{switch: {"value": True, "times": 2}})
        for answer in (aimusicapi.submit(), aimusicapi.get(CREDITS)):
            assert (answer.status_code, answer.text[:6]) == (status, "<html>")
        assert aimusicapi.get(CREDITS).status_code == 200
    aimusicapi.switch(edge_403_without_UA=True)
    assert aimusicapi.get(CREDITS).status_code == 200
    del aimusicapi.http.headers["user-agent"]
    assert (aimusicapi.get(CREDITS).status_code, aimusicapi.get(CREDITS).text[:6]) == (403, "<html>")
    assert aimusicapi.http.get(url).status_code == 200


# --- status ---


def test_success_can_come_while_clips_are_at_text_and_first(aimusicapi: AimusicapiBuyer) -> None:
    aimusicapi.sim.clock.pace = 0.12
    aimusicapi.switch(success_while_text=True)
    task = aimusicapi.task()
    seen: list[tuple[str, ...]] = []
    while ("complete", "complete") not in seen:
        record = aimusicapi.until(task, "SUCCESS")
        step = tuple(clip["status"] for clip in record["response_data"])
        if step not in seen:
            seen.append(step)
    assert seen == [("text", "text"), ("first", "text"), ("complete", "complete")]


def test_a_running_task_can_show_nothing_an_empty_list_or_pending_clips(aimusicapi: AimusicapiBuyer) -> None:
    aimusicapi.switch(stuck_pending=True)
    assert aimusicapi.status(aimusicapi.task())["data"]["response_data"] is None
    aimusicapi.switch(response_data="[]")
    assert aimusicapi.status(aimusicapi.task())["data"]["response_data"] == []
    aimusicapi.switch(pending_rows=True)
    clips = aimusicapi.status(aimusicapi.task())["data"]["response_data"]
    assert [(clip["status"], clip["audio_url"]) for clip in clips] == [("pending", "")] * 2
    assert aimusicapi.heard == []


def test_clips_can_be_kept_back_until_the_end(aimusicapi: AimusicapiBuyer) -> None:
    aimusicapi.sim.clock.pace = 0.12
    aimusicapi.switch(running_rows=False)
    task = aimusicapi.task()
    wait_for(lambda: "first" in aimusicapi.stages)
    assert aimusicapi.status(task)["data"]["response_data"] is None
    assert len(aimusicapi.until(task, "SUCCESS")["response_data"]) == 2


def test_a_clip_can_have_failed_while_the_task_goes_on_for_ever(aimusicapi: AimusicapiBuyer) -> None:
    aimusicapi.switch(pending_with_error=True)
    task = aimusicapi.task()
    wait_for(lambda: aimusicapi.status(task)["data"]["response_data"])
    record = aimusicapi.status(task)["data"]
    assert record["type"] == "IN_PROGRESS"
    assert record["response_data"][0]["fail_message"] == "Does Not Meet Guidelines"


def test_a_new_task_can_be_unknown_for_a_while(aimusicapi: AimusicapiBuyer) -> None:
    aimusicapi.switch(not_found_for=0.3)
    task = aimusicapi.task()
    assert aimusicapi.get(f"{STATUS}?task_id={task}").status_code == 404
    assert aimusicapi.until(task, "SUCCESS")


def test_status_words_and_answers_can_be_strange(aimusicapi: AimusicapiBuyer) -> None:
    task = aimusicapi.task()
    aimusicapi.until(task, "SUCCESS")
    aimusicapi.switch(unknown_type_word="REVIEWING", times=1)
    assert [aimusicapi.status(task)["data"]["type"] for _ in range(2)] == ["REVIEWING", "SUCCESS"]
    aimusicapi.switch(success_without_urls=True, times=1)
    assert [aimusicapi.status(task)["data"]["response_data"][0]["audio_url"] == "" for _ in range(2)] == [True, False]
    aimusicapi.switch(success_word="completed")
    assert aimusicapi.status(task)["data"]["type"] == "completed"
    aimusicapi.switch(status_shape="legacy")
    legacy = aimusicapi.status(task)
    assert set(legacy) == {"type", "request_body", "response_data", "created_at"}
    assert legacy["type"] == "complete"
    aimusicapi.switch(status_shape=None)
    for code in (401, 403, 404, 429, 500):
        aimusicapi.switch(status=code, times=1)
        answers = [aimusicapi.get(f"{STATUS}?task_id={task}") for _ in range(2)]
        assert [answer.status_code for answer in answers] == [code, 200]
    aimusicapi.switch(status="reset", times=1)
    with pytest.raises(httpx.TransportError):
        aimusicapi.status(task)


def test_polls_can_be_limited_for_each_task(aimusicapi: AimusicapiBuyer) -> None:
    aimusicapi.switch(poll_limit="2/10s")
    assert [aimusicapi.status("a")["code"] for _ in range(3)] == [404, 404, 429]
    assert aimusicapi.status("b")["code"] == 404


# --- media ---


def test_links_can_be_dead_empty_html_or_small(aimusicapi: AimusicapiBuyer) -> None:
    url = clips_of(aimusicapi)[0]["audio_url"]
    for lie, status, size in (("404", 404, 4), ("410", 410, 4), ("0bytes", 200, 0), ("small", 200, 2000)):
        aimusicapi.switch(media=lie)
        answer = aimusicapi.http.get(url)
        assert (answer.status_code, len(answer.content)) == (status, size)
    aimusicapi.switch(media="html")
    assert aimusicapi.http.get(url).headers["content-type"] == "text/html; charset=utf-8"
    aimusicapi.switch(media="cut")
    with pytest.raises(httpx.RemoteProtocolError):
        aimusicapi.http.get(url)
    assert aimusicapi.ledger()["faults_injected"]["media"] == 6


def test_links_can_come_alive_again_each_for_itself(aimusicapi: AimusicapiBuyer) -> None:
    clips = clips_of(aimusicapi)
    aimusicapi.switch(media="404", media_first_fetches=2)
    for clip in clips:
        assert [aimusicapi.http.get(clip["audio_url"]).status_code for _ in range(3)] == [404, 404, 200]
    aimusicapi.switch(media="same_bytes", media_first_fetches=None)
    one, other = (aimusicapi.http.get(clip["audio_url"]).content for clip in clips)
    assert one == other


def test_links_and_streams_die_and_asking_again_gives_the_same_dead_link(aimusicapi: AimusicapiBuyer) -> None:
    task = aimusicapi.task()
    wait_for(lambda: "complete" in aimusicapi.stages)
    stream = aimusicapi.heard[1][1]["audio_url"]
    clip = aimusicapi.until(task, "SUCCESS")["response_data"][0]
    assert aimusicapi.http.get(stream).status_code == 200
    aimusicapi.switch(media_expires_after=0.01, stream_lives=0.01)
    time.sleep(0.05)
    links = (stream, clip["audio_url"], clip["image_url"])
    assert [aimusicapi.http.get(url).status_code for url in links] == [404, 404, 404]
    assert aimusicapi.status(task)["data"]["response_data"][0]["audio_url"] == clip["audio_url"]
