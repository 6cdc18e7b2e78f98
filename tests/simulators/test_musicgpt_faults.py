"""Each switch of the MusicGPT fake does what it says."""

import json
import time
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from simulators.musicgpt.shapes import MESSAGES
from simulators.musicgpt.switches import ERROR_CODES, SWITCHES
from tests.simulators.kit import KEY, wait_for
from tests.simulators.musicgpt_buyer import API, MusicgptBuyer, buying


@pytest.fixture
def mgpt() -> Iterator[MusicgptBuyer]:
    with buying() as buyer:
        yield buyer


def test_every_switch_says_what_it_takes_and_unknown_ones_are_refused(mgpt: MusicgptBuyer) -> None:
    url = f"{mgpt.sim.url}/_control/faults"
    known = mgpt.http.get(url).json()["known"]
    assert set(known) == set(SWITCHES)
    assert all(one["takes"] and one["about"] for one in known.values())
    for wrong in ({"sumbit": 500}, {"wav": True, "byid": "round"}, {"byid_limit": "fast"}, {"eta": -1}, {"plan": "x"}):
        assert mgpt.http.post(url, json=wrong).status_code == 400
    assert mgpt.http.get(url).json()["active"] == {}


# --- submit ---


@pytest.mark.parametrize("code", ERROR_CODES)
def test_a_submit_can_be_refused_with_every_code_and_is_not_charged(mgpt: MusicgptBuyer, code: str) -> None:
    mgpt.switch(submit=int(code), times=1)
    answer = mgpt.submit()
    assert (answer.status_code, answer.json()) == (int(code), {"success": False, "error": MESSAGES[int(code)]})
    assert mgpt.ledger()["totals"]["purchases"] == 0
    assert mgpt.submit().status_code == 200


def test_a_refusal_can_come_inside_a_200_or_from_a_proxy(mgpt: MusicgptBuyer) -> None:
    mgpt.switch(submit="refused_200")
    assert (mgpt.submit().status_code, mgpt.submit().json()["success"]) == (200, False)
    mgpt.switch(submit="html_502")
    assert (mgpt.submit().status_code, mgpt.submit().text[:6]) == (502, "<html>")
    assert mgpt.ledger()["totals"]["purchases"] == 0


@pytest.mark.parametrize("how", ["hang", "reset_after_accept", "500_after_accept"])
def test_an_accepted_submit_can_go_unanswered_and_the_cover_is_made_all_the_same(mgpt: MusicgptBuyer, how: str) -> None:
    mgpt.switch(submit=how, times=1)
    if how == "500_after_accept":
        assert mgpt.submit().status_code == 500
    else:
        mgpt.http.timeout = httpx.Timeout(0.4)
        with pytest.raises(httpx.ReadTimeout if how == "hang" else httpx.TransportError):
            mgpt.submit()
        mgpt.http.timeout = httpx.Timeout(10)
    wait_for(lambda: mgpt.taker.got)
    row = mgpt.ledger()["rows"][0]
    assert (row["reply"], row["task"]) == (how, mgpt.taker.got[0][0]["task_id"])


@pytest.mark.parametrize("how", ["hang_before_accept", "reset_before_accept"])
def test_a_submit_can_go_unanswered_without_being_charged(mgpt: MusicgptBuyer, how: str) -> None:
    mgpt.switch(submit=how)
    mgpt.http.timeout = httpx.Timeout(0.3)
    with pytest.raises(httpx.TransportError):
        mgpt.submit()
    assert mgpt.ledger()["totals"]["purchases"] == 0


def test_the_reply_can_be_short_or_say_its_status_twice_or_leave_the_message_out(mgpt: MusicgptBuyer) -> None:
    mgpt.switch(submit_reply="short", times=1)
    assert mgpt.submit().json().keys() == {"success", "task_id", "conversion_id", "eta"}
    mgpt.switch(submit_reply="duplicate_status_key", times=1)
    answer = mgpt.submit()
    pairs = json.loads(answer.text, object_pairs_hook=list)
    assert [value for name, value in pairs if name == "status"] == ["IN_QUEUE", "IN_QUEUE"]
    assert answer.json()["message"]
    mgpt.switch(omit_message=True)
    assert "message" not in mgpt.submit().json()


@pytest.mark.parametrize("eta", [0, 71, "33"])
def test_the_eta_can_be_anything(mgpt: MusicgptBuyer, eta: Any) -> None:
    mgpt.switch(eta=eta)
    assert mgpt.submit().json()["eta"] == eta


def test_the_webhook_can_come_before_the_reply(mgpt: MusicgptBuyer) -> None:
    mgpt.switch(webhook_before_reply=True)
    task = mgpt.task()
    assert [document["task_id"] for document, _ in mgpt.taker.got] == [task]
    mgpt.switch(webhook="none")
    assert mgpt.poll(mgpt.task()).json()["conversion"]["status"] == "COMPLETED"


@pytest.mark.parametrize(
    ("accept", "served"),
    [("forms", "mu"), ("multipart", "m"), ("urlencoded", "u"), ("json", "j"), ("all", "muj")],
)
def test_encodings_can_be_unknown_and_then_nothing_was_sent(mgpt: MusicgptBuyer, accept: str, served: str) -> None:
    mgpt.switch(accept=accept)
    url, headers = f"{mgpt.sim.url}{API}/Cover", {"Authorization": KEY}
    plain = {name: (None, value) for name, value in mgpt.fields().items()}
    answers = {
        "m": mgpt.http.post(url, files=plain, headers=headers),
        "u": mgpt.submit(),
        "j": mgpt.http.post(url, json=mgpt.fields(pitch=-2), headers=headers),
    }
    assert {name: answer.status_code for name, answer in answers.items()} == {
        name: 200 if name in served else 422 for name in answers
    }


def test_audio_path_can_be_a_name_of_the_source(mgpt: MusicgptBuyer) -> None:
    link = mgpt.taker.url("/song.wav")
    assert mgpt.submit(audio_url=..., audio_path=link).status_code == 422
    mgpt.switch(accept_audio_path=True)
    assert mgpt.end(mgpt.task(audio_url=..., audio_path=link))["status"] == "COMPLETED"


def test_a_bad_source_can_be_told_later(mgpt: MusicgptBuyer) -> None:
    mgpt.switch(source_fail="task_error")
    end = mgpt.end(mgpt.task(audio_url=mgpt.taker.url("/missing")))
    assert (end["status"], end["status_msg"]) == ("FAILED", "source file could not be downloaded")
    assert mgpt.end(mgpt.task())["status"] == "COMPLETED"


def test_errors_can_stand_under_other_keys_and_have_details(mgpt: MusicgptBuyer) -> None:
    mgpt.switch(credits=0, error_details=True)
    assert mgpt.submit().json() == {
        "success": False, "error": "not enough credit", "required_credits": 1, "available_credits": 0,
    }  # fmt: skip
    mgpt.switch(error_key="message")
    assert mgpt.submit().json()["message"] == "not enough credit"
    mgpt.switch(error_key="detail")
    assert mgpt.submit().json() == {"detail": "not enough credit"}
    row = mgpt.submit(voice_id="").json()["detail"][0]
    assert row["loc"] == ["body", "voice_id"]
    mgpt.switch(error_key="error")
    assert mgpt.get("/byId").json() == {"success": False, "error": "conversionType is required"}


def test_rates_can_be_limited(mgpt: MusicgptBuyer) -> None:
    mgpt.switch(rate_limit="1/60s", byid_limit="2/min")
    answers = [mgpt.submit() for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 429]
    assert [mgpt.poll(answers[0].json()["task_id"]).status_code for _ in range(3)] == [200, 200, 429]
    mgpt.switch(byid_limit="off", rate_limit=None)
    assert mgpt.poll(mgpt.task()).status_code == 200


def test_maintenance_closes_every_endpoint(mgpt: MusicgptBuyer) -> None:
    link = mgpt.end(mgpt.task())["audio_url"]
    mgpt.switch(maintenance=True)
    for answer in (mgpt.submit(), mgpt.poll("x"), mgpt.get("/getAllVoices")):
        assert answer.status_code == 503
    assert mgpt.http.get(link).status_code == 200


# --- webhook ---


def test_the_new_brand_has_another_link_key_and_no_wav(mgpt: MusicgptBuyer) -> None:
    document = mgpt.told(webhook="new")[0]
    assert document.keys() == {
        "success", "conversion_type", "task_id", "conversion_id", "conversion_path", "conversion_duration", "message",
    }  # fmt: skip
    assert document["message"] == "Conversion Completed"
    assert mgpt.http.get(document["conversion_path"]).status_code == 200


def test_the_generic_webhook_has_a_status_instead_of_success(mgpt: MusicgptBuyer) -> None:
    document = mgpt.told(webhook="generic")[0]
    assert document.keys() == {
        "task_id", "status", "status_msg", "conversion_type", "audio_url", "title", "conversion_cost", "createdAt",
        "updatedAt",
    }  # fmt: skip
    assert (document["status"], document["conversion_type"]) == ("COMPLETED", "COVER")
    assert isinstance(document["conversion_cost"], float)


@pytest.mark.parametrize(
    ("wav", "keys"),
    [("yes", {"audio_url", "audio_url_wav"}), ("no", {"audio_url"}), ("only", {"audio_url_wav"}),
     ("empty", {"audio_url", "audio_url_wav"})],
)  # fmt: skip
def test_the_wav_link_comes_and_goes(mgpt: MusicgptBuyer, wav: str, keys: set[str]) -> None:
    document = mgpt.told(wav=wav)[0]
    assert {name for name in document if "audio" in name} == keys
    assert (document.get("audio_url_wav") == "") is (wav == "empty")
    document = mgpt.told(webhook="new")[0]
    assert {name.replace("conversion_path", "audio_url") for name in document if "path" in name} == keys


@pytest.mark.parametrize(("cost", "kind"), [("string", str), ("number", float)])
def test_the_cost_is_a_string_or_a_number(mgpt: MusicgptBuyer, cost: str, kind: type) -> None:
    for webhook in ("seed", "generic"):
        assert isinstance(mgpt.told(cost=cost, webhook=webhook)[0]["conversion_cost"], kind)
    assert isinstance(mgpt.end(mgpt.task())["conversion_cost"], kind)


def test_a_webhook_can_be_spelt_in_odd_ways(mgpt: MusicgptBuyer) -> None:
    document = mgpt.told(conversion_type="COVER", extra_fields=True, webhook_task_id="missing")[0]
    assert document["conversion_type"] == "COVER"
    assert "album" in document
    assert "task_id" not in document
    other = mgpt.told(webhook_task_id="other", webhook_without_link=True)[0]
    assert other["task_id"] not in [row["task"] for row in mgpt.ledger()["rows"]]
    assert not [name for name in other if "url" in name]
    assert "queue" in mgpt.submit().json()
    assert "progress" in mgpt.end(mgpt.task())


@pytest.mark.parametrize("name", ["duplicate_webhook", "duplicate_each"])
def test_a_webhook_can_be_sent_several_times(mgpt: MusicgptBuyer, name: str) -> None:
    documents = mgpt.told(3, **{name: 3})
    assert len(documents) == 3
    assert documents[0] == documents[1] == documents[2]


def test_a_webhook_can_be_dropped_or_late(mgpt: MusicgptBuyer) -> None:
    mgpt.switch(drop_callbacks=True)
    mgpt.end(mgpt.task())
    assert mgpt.taker.got == []
    mgpt.switch(drop_callbacks=None, delay_callbacks=0.3)
    mgpt.end(mgpt.task())
    assert mgpt.taker.got == []
    wait_for(lambda: mgpt.taker.got)


def test_a_receiver_that_recovers_is_served_and_any_2xx_will_do(mgpt: MusicgptBuyer) -> None:
    answers = iter([500, 503, 204])
    mgpt.taker.answer = lambda document: next(answers)
    assert len(mgpt.told(3)) == 3
    assert [call["answer"] for call in mgpt.ledger()["callbacks"]] == ["500", "503", "204"]


def test_a_receiver_that_never_answers_well_is_given_up(mgpt: MusicgptBuyer) -> None:
    mgpt.taker.answer = lambda document: 404
    assert len(mgpt.told(2, retry_max=1)) == 2
    assert mgpt.end(mgpt.ledger()["rows"][0]["task"])["status"] == "COMPLETED"


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_failure_can_be_told_of_a_cover_that_succeeds(mgpt: MusicgptBuyer, when: str) -> None:
    documents = mgpt.told(2, false_failure=when)
    assert [document["success"] for document in documents] == [when == "after", when == "before"]
    assert mgpt.end(documents[0]["task_id"])["status"] == "COMPLETED"
    reordered = mgpt.told(2, reorder="reverse")
    assert [document["success"] for document in reordered] == [when == "before", when == "after"]


# --- failures and status ---


def test_a_cover_can_fail_and_is_told_in_two_ways_or_not_at_all(mgpt: MusicgptBuyer) -> None:
    document = mgpt.told(fail=True)[0]
    assert document == {
        "success": False, "conversion_type": "Cover", "task_id": document["task_id"],
        "conversion_id": document["conversion_id"], "error": "conversion failed",
    }  # fmt: skip
    document = mgpt.told(fail="voice model unavailable", webhook_failure="status_failed", fail_word="ERROR")[0]
    assert document == {
        "task_id": document["task_id"], "status": "ERROR", "status_msg": "voice model unavailable",
        "conversion_type": "COVER",
    }  # fmt: skip
    end = mgpt.end(document["task_id"])
    assert end == {
        "task_id": document["task_id"], "status": "ERROR", "status_msg": "voice model unavailable", "audio_url": None,
    }  # fmt: skip
    mgpt.switch(webhook_failure="none")
    mgpt.taker.got.clear()
    assert mgpt.end(mgpt.task())["status"] == "ERROR"
    time.sleep(0.05)
    assert mgpt.taker.got == []
    assert mgpt.ledger()["rows"][2]["outcome"] == "failed"
    assert mgpt.ledger()["totals"]["credits_refunded"] == 0


def test_the_numbered_record_has_its_own_keys_and_tells_the_webhook(mgpt: MusicgptBuyer) -> None:
    mgpt.sim.clock.pace = 0.05
    mgpt.switch(byid="numbered")
    task = mgpt.task()
    seen = mgpt.poll(task).json()["conversion"]
    assert (seen["conversion_path_1"], seen["conversion_duration_1"]) == ("", None)
    end = mgpt.end(task)
    assert end.keys() == {
        "task_id", "feature", "status", "message", "webhook_url", "conversion_id_1", "conversion_path_1",
        "conversion_path_wav_1", "conversion_duration_1", "createdAt", "updatedAt",
    }  # fmt: skip
    assert (end["feature"], end["webhook_url"]) == ("COVER", mgpt.taker.url("/cb/t0k3n?x=1"))
    assert (end["conversion_path_wav_1"], end["createdAt"][-6:]) == ("", "+00:00")
    assert mgpt.http.get(end["conversion_path_1"]).status_code == 200
    mgpt.switch(wav="only")
    end = mgpt.end(mgpt.task())
    assert (end["conversion_path_1"], end["conversion_path_wav_1"][-4:]) == ("", ".wav")


def test_the_flat_record_can_have_only_a_wav(mgpt: MusicgptBuyer) -> None:
    mgpt.switch(wav="only")
    end = mgpt.end(mgpt.task())
    assert (end["audio_url"], end["audio_url_wav"][-4:]) == (None, ".wav")


@pytest.mark.parametrize(
    ("words", "seen"),
    [
        ("sdk", ["IN_QUEUE", "IN_PROGRESS", "COMPLETED", "FAILED"]),
        ("pending_processing", ["PENDING", "PROCESSING", "COMPLETED", "FAILED"]),
        ("lowercase", ["in_queue", "in_progress", "completed", "failed"]),
    ],
)
def test_the_status_has_three_vocabularies(mgpt: MusicgptBuyer, words: str, seen: list[str]) -> None:
    mgpt.switch(status_words=words)
    told: tuple[dict[str, Any], ...] = (
        {"stuck": "IN_QUEUE"},
        {"stuck": "IN_PROGRESS"},
        {"stuck": None},
        {"fail": True},
    )
    for switches, word in zip(told, seen, strict=True):
        mgpt.switch(**switches)
        reached(mgpt, mgpt.task(), word)


def reached(mgpt: MusicgptBuyer, task: str, word: str) -> None:
    wait_for(lambda: mgpt.poll(task).json()["conversion"]["status"] == word)


def test_a_task_can_be_stuck_without_a_webhook(mgpt: MusicgptBuyer) -> None:
    mgpt.switch(stuck="IN_PROGRESS")
    task = mgpt.task()
    time.sleep(0.3)
    assert mgpt.poll(task).json()["conversion"]["status"] == "IN_PROGRESS"
    assert mgpt.taker.got == []
    assert mgpt.ledger()["rows"][0]["outcome"] == "stuck"


@pytest.mark.parametrize(("byid", "name"), [("flat", "audio_url"), ("numbered", "conversion_path_1")])
def test_completed_can_be_without_a_link_for_some_polls_and_heal(mgpt: MusicgptBuyer, byid: str, name: str) -> None:
    mgpt.switch(byid=byid, wav="yes")
    mgpt.switch(completed_without_link=True, times=2)
    task = mgpt.task()
    seen = [mgpt.end(task) for _ in range(3)]
    assert [bool(one[name]) for one in seen] == [False, False, True]
    assert not [value for value in seen[0].values() if str(value).endswith(".wav")]


@pytest.mark.parametrize("code", [404, 400])
def test_a_new_task_can_be_unknown_for_a_while(mgpt: MusicgptBuyer, code: int) -> None:
    mgpt.switch(not_found_for=0.3, not_found_as=code)
    task = mgpt.task()
    assert (mgpt.poll(task).status_code, mgpt.poll(task).json()["success"]) == (code, False)
    wait_for(lambda: mgpt.poll(task).status_code == 200)


def test_a_poll_can_be_answered_with_anything(mgpt: MusicgptBuyer) -> None:
    task = mgpt.task()
    mgpt.end(task)
    mgpt.switch(unknown_status_word="REVIEWING", times=1)
    assert [mgpt.poll(task).json()["conversion"]["status"] for _ in range(2)] == ["REVIEWING", "COMPLETED"]
    for code in ERROR_CODES:
        mgpt.switch(status=code, times=1)
        assert [mgpt.poll(task).status_code for _ in range(2)] == [int(code), 200]
    mgpt.switch(status="html_502", times=1)
    assert mgpt.poll(task).text.startswith("<html>")
    mgpt.http.timeout = httpx.Timeout(0.3)
    for how in ("hang", "reset"):
        mgpt.switch(status=how, times=1)
        with pytest.raises(httpx.TransportError):
            mgpt.poll(task)


# --- media ---


@pytest.mark.parametrize(
    ("lie", "status"), [("403_expired", 403), ("404", 404), ("410", 410), ("500", 500), ("0bytes", 200), ("html", 200)]
)
def test_links_can_lie(mgpt: MusicgptBuyer, lie: str, status: int) -> None:
    link = mgpt.end(mgpt.task())["audio_url"]
    mgpt.switch(media=lie)
    answer = mgpt.http.get(link)
    assert (answer.status_code, len(answer.content) < 500) == (status, True)
    assert mgpt.ledger()["faults_injected"]["media"] == 1


def test_links_can_be_slow_break_off_or_give_crumbs(mgpt: MusicgptBuyer) -> None:
    link = mgpt.end(mgpt.task())["audio_url"]
    whole = mgpt.http.get(link).content
    mgpt.switch(media="slow", media_slow_seconds=0.3)
    begun = time.monotonic()
    assert mgpt.http.get(link).content == whole
    assert time.monotonic() - begun > 0.2
    mgpt.switch(media="small")
    assert mgpt.http.get(link).content == whole[:2000]
    mgpt.switch(media="cut")
    with pytest.raises(httpx.RemoteProtocolError):
        mgpt.http.get(link)


def test_links_can_come_alive_again_and_one_form_can_be_good(mgpt: MusicgptBuyer) -> None:
    document = mgpt.told()[0]
    mgpt.switch(media="404", media_first_fetches=2, media_on="mp3")
    assert [mgpt.http.get(document["audio_url"]).status_code for _ in range(4)] == [404, 404, 200, 200]
    mgpt.switch(media_first_fetches=None)
    assert mgpt.http.get(document["audio_url"]).status_code == 404
    assert mgpt.http.get(document["audio_url_wav"]).status_code == 200


def test_the_wav_link_can_lead_to_the_mp3(mgpt: MusicgptBuyer) -> None:
    document = mgpt.told()[0]
    mgpt.switch(media="same_bytes")
    mp3, wav = (mgpt.http.get(document[name]).content for name in ("audio_url", "audio_url_wav"))
    assert mp3 == wav


def test_links_can_expire(mgpt: MusicgptBuyer) -> None:
    link = mgpt.end(mgpt.task())["audio_url"]
    mgpt.switch(media_expires_after=0.01)
    time.sleep(0.05)
    assert mgpt.http.get(link).status_code == 403
