"""GET /v1/providers: who there is, who is switched on, how they are doing, and what the owner's settings change."""

import json
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import httpx
import pytest

from tests.golden import golden, request
from tests.integration.house import STUDIO, VENDORS, House, Reply
from tests.integration.test_submit import GOOD

NO_CREDIT = httpx.Response(200, json={"code": 402, "msg": "The current credits are insufficient", "data": None})


def providers(house: House) -> dict[str, dict[str, Any]]:
    reply = house.http("survey", golden("survey"))
    assert reply.status == 200
    return {one["provider"]: one for one in reply.body["providers"]}


def refuse(house: House, times: int, answer: httpx.Response = NO_CREDIT) -> list[Reply]:
    house.vendor.says["kie"] = lambda _: answer
    return [house.submit({**GOOD, "provider": "kie"}) for _ in range(times)]


def test_all_are_there_and_those_without_a_key_say_where_to_put_one(house: House) -> None:
    told = providers(house)
    assert set(told) == {*VENDORS, STUDIO}
    assert {name for name, one in told.items() if one["enabled"]} == {"kie"}
    for name in {*VENDORS, STUDIO} - {"kie"}:
        assert told[name]["reason"] == f"{name} is switched off: /reprise/reprise/{name}/api-key is not set"
    assert (told["kie"]["reason"], told["kie"]["healthy"]) == (None, True)


def test_with_all_keys_all_are_on_and_say_what_they_take(house: House) -> None:
    house.open_all()
    house.open_studio()
    told = providers(house)
    assert all(one["enabled"] and one["reason"] is None for one in told.values())
    assert told["kie"]["default_model"] == "V4_5"
    assert {one["name"] for one in told["aimusicapi"]["models"]} >= {"chirp-v5", "chirp-v4-5"}
    assert (told["musicgpt"]["required"], told["musicgpt"]["parallel"]) == (["voice"], 1)
    assert told["aimlapi"]["source"]["least_seconds"] == 6
    assert [told[name]["calls_back"] for name in VENDORS] == [True, True, True, False, True]


def test_nobody_is_asked_and_nothing_is_written(house: House) -> None:
    house.open_all()
    providers(house)
    assert house.vendor.calls == []
    assert set(house.stack.called()) == {"DynamoDB.GetItem", "SSM.GetParametersByPath"}


@pytest.mark.parametrize("header", [None, "Bearer wrong"])
def test_without_a_key_nothing_is_told(house: House, header: str | None) -> None:
    reply = house.http("survey", request("survey", headers={"authorization": header}))
    assert (reply.status, reply.headers["www-authenticate"]) == (401, "Bearer")
    assert "providers" not in reply.body


def test_nothing_of_it_is_secret(house: House) -> None:
    house.open_all()
    house.set_parameter("kie/hmac-key", "signing-key-of-the-tests")
    house.set_parameter("kie/base-url", "https://user:pa55word@proxy.example/kie?token=5ec7e7")
    text = json.dumps(providers(house))
    assert not [secret for secret in ("of-the-tests", "pa55word", "5ec7e7", "proxy.example") if secret in text]


# --- health ----------------------------------------------------------------------------------------------------


def test_three_refusals_in_a_row_and_it_is_passed_over_for_a_minute(house: House) -> None:
    house.open_all()
    refuse(house, 2)
    assert (providers(house)["kie"]["healthy"], providers(house)["kie"]["failures_in_a_row"]) == (True, 2)
    refuse(house, 1)
    told = providers(house)["kie"]
    assert (told["healthy"], told["failures_in_a_row"], told["enabled"]) == (False, 3, True)
    assert told["reason"] == "no-credit (402)"
    assert told["passed_over_until"] == (house.clock.at + timedelta(minutes=1)).isoformat()
    house.clock.at += timedelta(minutes=1)
    assert providers(house)["kie"]["healthy"] is True


def test_who_is_passed_over_is_not_chosen_and_one_good_answer_heals(house: House) -> None:
    house.open_all()
    refuse(house, 3)
    choice = {**GOOD, "provider": ["kie", "sunoapi"]}
    assert house.submit(choice).body["provider"] == "sunoapi"
    house.clock.at += timedelta(minutes=1)
    del house.vendor.says["kie"]
    assert house.submit(choice).body["provider"] == "kie"
    told = providers(house)["kie"]
    assert (told["failures_in_a_row"], told["reason"], told["passed_over_until"]) == (0, None, None)


def test_a_vendor_that_repeats_the_key_in_its_complaint_is_not_repeated(house: House) -> None:
    house.open_all()
    words = "Invalid key kie-key-of-the-tests"
    replies = refuse(house, 3, httpx.Response(200, json={"code": 401, "msg": words, "data": None}))
    lines = house.http("read", request("read-timeline", id=replies[0].body["id"])).body
    everything = json.dumps([providers(house), [reply.body for reply in replies], lines])
    assert "kie-key-of-the-tests" not in everything


def test_what_a_vendor_repeats_of_one_callers_song_no_other_caller_is_told(house: House) -> None:
    house.open_all()
    link, words = "https://songs.alice.example/unreleased/demo.mp3", "my unreleased chorus"
    echo = {"code": 500, "msg": f"cannot read {link}: {words}", "data": None}
    house.vendor.says["kie"] = lambda _: httpx.Response(200, json=echo)
    for _ in range(3):
        house.submit({**GOOD, "provider": "kie", "source": {"url": link}, "prompt": words})
    told = providers(house)["kie"]
    assert (told["healthy"], told["reason"]) == (False, "no certain answer")
    assert not any(one in json.dumps(told) for one in (link, words))


# --- settings --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("setting", "value", "provider", "said"),
    [
        ("limits", "docs", "kie", {"idea": {"most": 500, "least": 0, "soft": None}}),
        ("limits", "docs", "aimlapi", {"lyrics": {"most": 1000, "least": 10, "soft": None}}),
        ("usd", "0.05", "sunoapi", {"estimated_usd": 0.05}),
        ("usd", "0", "sunoapi", {"estimated_usd": 0.0}),
        ("parallel", "3", "musicgpt", {"parallel": 3}),
        ("parallel", " 20\n", "kie", {"parallel": 20}),
        ("models", "V5", "kie", {"default_model": "V5"}),
        ("models", "V9, V4_5", "kie", {"default_model": "V4_5"}),
        ("models", "minimax/music-cover-2", "aimlapi", {"default_model": "minimax/music-cover-2"}),
    ],
)
def test_a_setting_changes_what_is_said(
    house: House, setting: str, value: str, provider: str, said: dict[str, Any]
) -> None:
    house.open_all()
    before = providers(house)[provider]
    house.set_parameter(f"{provider}/{setting}", value)
    house.door = ""
    told = providers(house)[provider]
    assert {name: told[name] for name in said} == said
    assert told != before


def test_a_warm_function_sees_a_setting_that_changed(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    house.open_all()
    told = []
    for second in (0, 59, 61):
        monkeypatch.setattr("reprise.aws.configuration.time", SimpleNamespace(monotonic=lambda at=second: at))
        told.append(providers(house)["kie"]["estimated_usd"])
        house.set_parameter("kie/usd", "0.05")
    assert told == [0.06, 0.06, 0.05]


def test_models_that_the_owner_names_are_the_only_ones(house: House) -> None:
    house.set_parameter("kie/models", "V9, V4_5")
    told = providers(house)["kie"]["models"]
    assert [one["name"] for one in told] == ["V9", "V4_5"]
    assert {**told[0], "name": ""} == {**told[1], "name": ""}


def test_the_first_poll_comes_when_the_owner_says(house: House) -> None:
    house.set_parameter("kie/first-poll", "200")
    job = house.job(house.cover())
    assert job.due_at is not None
    assert (job.due_at - house.clock.at).total_seconds() == 200


WRONG = [("parallel", "many"), ("usd", "-1"), ("usd", "nan"), ("first-poll", "1e3"), ("poll-every", "0")]
WRONG += [("limits", "generous"), ("parallel", "9999999")]


@pytest.mark.parametrize(("setting", "value"), WRONG)
def test_a_wrong_setting_switches_that_provider_off_and_no_other(house: House, setting: str, value: str) -> None:
    house.open_all()
    house.open_studio()
    house.set_parameter(f"kie/{setting}", value)
    told = providers(house)
    assert {name for name, one in told.items() if not one["enabled"]} == {"kie"}
    assert f"kie/{setting}" in told["kie"]["reason"]
    assert house.submit({**GOOD, "provider": "auto"}).body["provider"] == "sunoapi"
    reply = house.submit({**GOOD, "provider": "kie"})
    assert (reply.status, reply.body["type"]) == (503, "urn:reprise:problem:not-configured")
    assert f"kie/{setting}" in reply.body["detail"]


def test_callbacks_and_dropped_songs_outlive_a_wrong_setting(house: House) -> None:
    job_id = house.cover()
    house.set_parameter("kie/limits", "generous")
    house.set_parameter("kie/usd", "cheap")
    house.drop("inbox/folk/a.mp3")
    event = golden("upload")
    event["Records"][0]["s3"]["object"]["key"] = "inbox/folk/a.mp3"
    assert house.callback("text", job_id).status == 200
    house.invoke("upload", event)
    (dropped,) = (job for job in house.jobs() if job.id != job_id)
    assert dropped.provider != "kie"
