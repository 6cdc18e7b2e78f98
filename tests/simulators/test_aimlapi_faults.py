"""Each switch of the AI/ML API fake does what it says."""

import time
from collections.abc import Iterator
from urllib.parse import unquote, urlsplit

import httpx
import pytest

from simulators.aimlapi.shapes import DONE_WORDS, FAILED_WORDS, MINIMAX, PROBLEMS
from simulators.aimlapi.switches import SWITCHES
from tests.simulators.aimlapi_buyer import PATH, AimlapiBuyer, buying
from tests.simulators.kit import wait_for


@pytest.fixture
def aiml() -> Iterator[AimlapiBuyer]:
    with buying() as buyer:
        yield buyer


def test_every_switch_says_what_it_takes_and_unknown_ones_are_refused(aiml: AimlapiBuyer) -> None:
    url = f"{aiml.sim.url}/_control/faults"
    known = aiml.http.get(url).json()["known"]
    assert set(known) == set(SWITCHES)
    assert all(one["takes"] and one["about"] for one in known.values())
    for wrong in ({"htpp": "500"}, {"http": "402"}, {"media": "same_bytes"}, {"fail": ""}, {"fail": False}):
        assert aiml.http.post(url, json=wrong).status_code == 400


# --- submit ---


@pytest.mark.parametrize("problem", PROBLEMS)
def test_a_submit_can_be_refused_in_every_way_and_is_not_charged(aiml: AimlapiBuyer, problem: str) -> None:
    aiml.switch(http=problem, times=1)
    answer = aiml.submit()
    status = int(problem.partition("_")[0])
    assert (answer.status_code, answer.json()["statusCode"], answer.json()["path"]) == (status, status, PATH)
    assert answer.json()["message"] == PROBLEMS[problem]
    assert aiml.ledger()["totals"]["purchases"] == 0
    assert aiml.submit().status_code == 200


def test_errors_have_two_envelopes_and_two_types_of_code(aiml: AimlapiBuyer) -> None:
    aiml.switch(http="403_credits", envelope="title")
    assert aiml.submit().json() == {"title": "Forbidden", "status": 403, "message": PROBLEMS["403_credits"]}
    aiml.switch(http="429_burst", envelope="classic", statusCode="string")
    assert aiml.submit().json()["statusCode"] == "429"


@pytest.mark.parametrize("status", [502, 503, 504])
def test_the_edge_can_answer_with_a_bare_page(aiml: AimlapiBuyer, status: int) -> None:
    aiml.switch(http=status, edge_page=True)
    assert (aiml.submit().status_code, aiml.submit().text[:6]) == (status, "<html>")
    aiml.switch(http=None, edge_page=None, submit="html_502")
    assert (aiml.submit().status_code, aiml.submit().text[:6]) == (502, "<html>")


@pytest.mark.parametrize("how", ["hang", "reset_after_accept", "500_after_accept"])
def test_an_accepted_submit_can_go_unanswered_and_the_cover_is_made_all_the_same(aiml: AimlapiBuyer, how: str) -> None:
    aiml.switch(submit=how, times=1)
    headers = {"X-Client-Request-Id": "lost-job"}
    if how == "500_after_accept":
        assert aiml.post(aiml.body(), headers).status_code == 500
    else:
        aiml.http.timeout = httpx.Timeout(0.4)
        with pytest.raises(httpx.ReadTimeout if how == "hang" else httpx.TransportError):
            aiml.post(aiml.body(), headers)
        aiml.http.timeout = httpx.Timeout(5)
    found = aiml.get("/v2/logs", client_request_id="lost-job").json()["data"]
    assert aiml.end(found[0]["inference_id"])["status"] == "completed"
    assert (aiml.ledger()["rows"][0]["reply"], aiml.ledger()["totals"]["purchases"]) == (how, 1)


@pytest.mark.parametrize("how", ["hang_before_accept", "reset_before_accept"])
def test_a_submit_can_go_unanswered_without_being_accepted(aiml: AimlapiBuyer, how: str) -> None:
    aiml.switch(submit=how)
    aiml.http.timeout = httpx.Timeout(0.3)
    with pytest.raises(httpx.TransportError):
        aiml.submit()
    assert aiml.ledger()["totals"]["purchases"] == 0


def test_an_accepted_submit_can_be_201_with_an_id_that_must_be_encoded(aiml: AimlapiBuyer) -> None:
    aiml.switch(submit_http=201, id_shape="uuid_model")
    answer = aiml.submit()
    assert answer.status_code == 201
    assert answer.json()["id"].endswith(":minimax/music-cover")
    assert aiml.end(answer.json()["id"])["status"] == "completed"


def test_rate_parallel_work_and_polls_can_be_limited(aiml: AimlapiBuyer) -> None:
    aiml.switch(parallel_limit=1, stuck="queued")
    assert [aiml.submit().status_code for _ in range(2)] == [200, 429]
    aiml.switch(parallel_limit=None, rate_limit="1/60s", poll_limit="2/60s")
    answers = [aiml.submit() for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 429]
    assert [aiml.poll(answers[0].json()["id"]).status_code for _ in range(3)] == [200, 200, 429]


def test_maintenance_closes_every_endpoint(aiml: AimlapiBuyer) -> None:
    url = aiml.bought()
    aiml.switch(maintenance=True)
    for answer in (aiml.submit(), aiml.poll("x"), aiml.get("/v2/billing")):
        assert (answer.status_code, answer.json()["message"]) == (500, "model under maintenance")
    assert aiml.http.get(url).status_code == 200


# --- status ---


@pytest.mark.parametrize("word", DONE_WORDS)
def test_done_is_spelt_in_many_ways(aiml: AimlapiBuyer, word: str) -> None:
    aiml.switch(word=word)
    end = aiml.end(aiml.task())
    assert (end["status"], bool(end["audio_file"]["url"])) == (word, True)


@pytest.mark.parametrize("word", ["waiting", "active"])
def test_pending_is_spelt_as_other_models_do(aiml: AimlapiBuyer, word: str) -> None:
    aiml.switch(pending_word=word, pending_polls=1)
    task = aiml.task()
    assert aiml.end(task)["status"] == word
    wait_for(lambda: aiml.end(task)["status"] == "completed")


@pytest.mark.parametrize("stage", ["queued", "generating"])
def test_a_task_can_be_stuck_for_ever(aiml: AimlapiBuyer, stage: str) -> None:
    aiml.switch(stuck=stage)
    task = aiml.task()
    time.sleep(0.3)
    assert aiml.poll(task).json() == {"id": task, "status": stage}
    wait_for(lambda: aiml.ledger()["rows"][0]["outcome"] == "stuck")


def test_done_can_be_without_a_file_for_some_polls_and_heal(aiml: AimlapiBuyer) -> None:
    aiml.switch(completed_without_url=True, times=2)
    task = aiml.task()
    seen = [aiml.end(task) for _ in range(3)]
    assert [one["status"] for one in seen] == ["completed"] * 3
    assert [one["audio_file"] is None for one in seen] == [True, True, False]


@pytest.mark.parametrize("word", FAILED_WORDS)
def test_a_task_can_fail_under_every_word_and_is_not_billed(aiml: AimlapiBuyer, word: str) -> None:
    aiml.switch(fail="could not separate vocals", fail_word=word)
    task = aiml.task()
    assert aiml.end(task) == {
        "id": task, "status": word, "audio_file": None,
        "error": {"name": "GenerationError", "message": "could not separate vocals"},
    }  # fmt: skip
    assert aiml.ledger()["totals"]["credits_refunded"] == 390_000
    assert aiml.ledger()["rows"][0]["outcome"] == "failed"


@pytest.mark.parametrize("code", MINIMAX)
def test_a_task_can_fail_with_each_code_of_the_model_behind(aiml: AimlapiBuyer, code: str) -> None:
    aiml.switch(minimax_code=int(code))
    assert code in aiml.end(aiml.task())["error"]["message"]


def test_an_error_has_three_shapes_and_may_stand_beside_a_pending_word(aiml: AimlapiBuyer) -> None:
    aiml.switch(fail=True, error_shape="string")
    assert aiml.end(aiml.task())["error"] == "generation failed"
    aiml.switch(error_shape="detail_list")
    row = aiml.end(aiml.task())["error"]["detail"][0]
    assert (row.keys(), row["msg"]) == ({"loc", "msg", "type", "input"}, "generation failed")
    aiml.switch(error_shape=None, pending_with_error=True)
    task = aiml.task()
    wait_for(lambda: "error" in aiml.poll(task).json())
    seen = aiml.poll(task).json()
    assert (seen["status"], seen["audio_file"], seen["error"]["message"]) == ("generating", None, "generation failed")


def test_long_texts_are_sold_and_can_fail_upstream(aiml: AimlapiBuyer) -> None:
    assert aiml.end(aiml.task(prompt="x" * 301))["status"] == "completed"
    aiml.switch(upstream_prompt_300=True)
    assert aiml.end(aiml.task(prompt="x" * 300))["status"] == "completed"
    for change in ({"prompt": "x" * 301}, {"lyrics": "y" * 1001}):
        assert "2013" in aiml.end(aiml.task(**change))["error"]["message"]


def test_a_new_generation_can_be_unknown_for_a_while(aiml: AimlapiBuyer) -> None:
    aiml.switch(not_found_for=0.3)
    task = aiml.task()
    assert aiml.poll(task).status_code == 404
    wait_for(lambda: aiml.poll(task).status_code == 200)


def test_usage_can_be_told_in_the_object(aiml: AimlapiBuyer) -> None:
    aiml.switch(meta="credits_only")
    assert aiml.end(aiml.task())["meta"] == {"usage": {"credits_used": 390_000}}
    aiml.switch(meta="full")
    answer = aiml.submit().json()
    assert answer["meta"] == {"usage": {"credits_used": 390_000, "usd_spent": 0.195}}
    assert aiml.end(answer["id"])["meta"] == answer["meta"]


def test_the_object_can_have_nulls_details_and_unknown_fields(aiml: AimlapiBuyer) -> None:
    aiml.switch(nulls=True, file_details=True, extra_fields=True)
    first = aiml.submit().json()
    assert first.keys() == {"id", "status", "audio_file", "error", "meta", "generation_id", "progress"}
    assert first["audio_file"] is first["error"] is first["meta"] is None
    file = aiml.end(first["id"])["audio_file"]
    assert (file["content_type"], file["file_size"]) == ("audio/mpeg", len(aiml.http.get(file["url"]).content))
    assert unquote(urlsplit(file["url"]).path).endswith(f"/{file['file_name']}")


def test_a_poll_can_be_answered_with_anything(aiml: AimlapiBuyer) -> None:
    task = aiml.task()
    aiml.end(task)
    aiml.switch(unknown_status_word="reviewing", times=1)
    assert [aiml.poll(task).json()["status"] for _ in range(2)] == ["reviewing", "completed"]
    for problem in PROBLEMS:
        aiml.switch(status=problem, times=1)
        assert [aiml.poll(task).status_code for _ in range(2)] == [int(problem.partition("_")[0]), 200]
    aiml.switch(status="html_502", times=1)
    assert aiml.poll(task).text.startswith("<html>")
    aiml.http.timeout = httpx.Timeout(0.3)
    for how in ("hang", "reset"):
        aiml.switch(status=how, times=1)
        with pytest.raises(httpx.TransportError):
            aiml.poll(task)


# --- media ---


@pytest.mark.parametrize(
    ("lie", "status"), [("403", 403), ("404", 404), ("410", 410), ("500", 500), ("0bytes", 200), ("html", 200)]
)
def test_links_can_lie(aiml: AimlapiBuyer, lie: str, status: int) -> None:
    url = aiml.bought()
    aiml.switch(media=lie)
    answer = aiml.http.get(url)
    assert answer.status_code == status
    assert len(answer.content) < 500
    assert aiml.ledger()["faults_injected"]["media"] == 1


def test_links_can_be_slow_break_off_or_give_crumbs(aiml: AimlapiBuyer) -> None:
    url = aiml.bought()
    whole = aiml.http.get(url).content
    aiml.switch(media="slow", media_slow_seconds=0.4)
    begun = time.monotonic()
    assert aiml.http.get(url).content == whole
    assert time.monotonic() - begun > 0.3
    aiml.switch(media="small")
    assert aiml.http.get(url).content == whole[:2000]
    aiml.switch(media="cut")
    with pytest.raises(httpx.RemoteProtocolError):
        aiml.http.get(url)


def test_links_can_come_alive_again(aiml: AimlapiBuyer) -> None:
    url = aiml.bought()
    aiml.switch(media="404", media_first_fetches=2)
    assert [aiml.http.get(url).status_code for _ in range(4)] == [404, 404, 200, 200]


def test_links_expire_and_may_be_signed_anew(aiml: AimlapiBuyer) -> None:
    aiml.switch(link_expires_in=0.2)
    task = aiml.task()
    url = aiml.end(task)["audio_file"]["url"]
    assert aiml.http.get(url).status_code == 200
    time.sleep(0.25)
    assert aiml.http.get(url).status_code == 403
    assert aiml.end(task)["audio_file"]["url"] == url
    aiml.switch(resign_links=True, link_expires_in=60)
    fresh = aiml.end(task)["audio_file"]["url"]
    assert urlsplit(fresh).path == urlsplit(url).path
    assert aiml.http.get(fresh).status_code == 200
    assert aiml.http.get(url).status_code == 403


def test_the_file_can_be_of_another_form_and_its_name_have_plain_slashes(aiml: AimlapiBuyer) -> None:
    aiml.switch(format="wav", path_encoding="/")
    url = aiml.bought(audio_setting={"format": "mp3"})
    assert urlsplit(url).path.startswith("/moose/music/prod/tts-")
    assert aiml.http.get(url).content[:4] == b"RIFF"


def test_players_may_seek(aiml: AimlapiBuyer) -> None:
    url = aiml.bought()
    whole = aiml.http.get(url).content
    part = aiml.http.get(url, headers={"Range": "bytes=100-199"})
    assert (part.status_code, part.content) == (206, whole[100:200])
