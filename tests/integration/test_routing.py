"""Which provider is paid, and who is next when one cannot: by choice, by price, by budget, by who is switched on."""

import json
from typing import Any

import httpx
import pytest
from reprise.domain.job import State

from tests.golden import TASK, golden, request
from tests.integration.house import House
from tests.integration.test_submit import GOOD
from tests.integration.test_upload import told
from tests.integration.test_work import Life, asked

EMPTY = {"kie": 402, "sunoapi": 429, "aimusicapi": 402}
"""Each vendor's code of an account without credit, told with HTTP 200."""

AUTO = {**GOOD, "provider": "auto"}


@pytest.fixture
def shop(house: House) -> House:
    house.open_all()
    return house


def empty(house: House, *vendors: str) -> None:
    for vendor in vendors:
        body = {"code": EMPTY.get(vendor), "msg": "no credit", "message": "no credit"}
        answer = httpx.Response(403 if vendor == "aimlapi" else 200, json=body)
        house.vendor.says[vendor] = lambda _, answer=answer: answer  # type: ignore[misc]


def live(house: House, body: Any) -> str:
    job_id = str(house.submit(body).body["id"])
    Life(house, job_id).settle()
    return job_id


def published(house: House, type: str) -> list[dict[str, Any]]:
    messages = [json.loads(one["Message"]) for one in house.stack.asked("SNS.Publish")]
    return [one for one in messages if one["type"] == type]


# --- the choice ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("choice", "paid", "ahead"),
    [
        ("auto", "kie", ["sunoapi", "aimusicapi", "aimlapi"]),
        (None, "kie", ["sunoapi", "aimusicapi", "aimlapi"]),
        ("aimlapi", "aimlapi", []),
        (["aimusicapi", "aimlapi"], "aimusicapi", ["aimlapi"]),
        (["sunoapi", "sunoapi"], "sunoapi", []),
        (["musicgpt", "sunoapi"], "sunoapi", []),
    ],
)
def test_the_caller_chooses_or_leaves_it_to_the_price(shop: House, choice: Any, paid: str, ahead: list[str]) -> None:
    body = {name: value for name, value in GOOD.items() if name != "provider"}
    reply = shop.submit(body if choice is None else {**body, "provider": choice})
    assert (reply.status, reply.body["provider"], reply.body["next_providers"]) == (202, paid, ahead)
    assert shop.vendor.payees == [paid]


def test_the_owners_own_price_goes_before_the_list_price(shop: House) -> None:
    shop.set_parameter("aimlapi/usd", "0.01")
    assert shop.submit(AUTO).body["provider"] == "aimlapi"


def test_a_list_that_none_of_can_serve_says_why_for_each(shop: House) -> None:
    reply = shop.submit({**GOOD, "prompt": "p" * 2100, "provider": ["kie", "aimlapi"]})
    assert (reply.status, reply.rules) == (422, {("prompt", "too-long")})
    reply = shop.submit({**GOOD, "prompt": "p" * 600, "provider": ["kie", "musicgpt"]})
    assert reply.rules == {("provider", "none-able")}
    assert (shop.vendor.bought, shop.jobs()) == ([], [])


def test_only_one_is_paid_while_its_slots_are_full_and_the_second_waits(shop: House) -> None:
    wish = {"source": GOOD["source"], "voice": "velvet-alto", "provider": "musicgpt"}
    assert shop.submit(wish).body["state"] == "running"
    assert shop.submit(wish).body["state"] == "queued"
    assert shop.vendor.payees == ["musicgpt"]


# --- the next one ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("choice", "broke", "paid"),
    [
        (["kie", "sunoapi"], ["kie"], ["kie", "sunoapi"]),
        (["sunoapi", "kie"], ["sunoapi"], ["sunoapi", "kie"]),
        ("auto", ["kie", "sunoapi"], ["kie", "sunoapi", "aimusicapi"]),
        ("auto", ["kie", "sunoapi", "aimusicapi"], ["kie", "sunoapi", "aimusicapi", "aimlapi"]),
    ],
)
def test_an_empty_account_turns_the_job_to_the_next_provider(
    shop: House, choice: Any, broke: list[str], paid: list[str]
) -> None:
    empty(shop, *broke)
    job_id = live(shop, {**GOOD, "provider": choice})
    job = shop.job(job_id)
    assert (job.state, job.provider, job.attempt) == (State.RUNNING, paid[-1], len(paid))
    assert shop.vendor.payees == paid
    switched = published(shop, "cover.switched")
    assert [one["data"]["failed"] for one in switched] == broke
    assert {one["data"]["reason"] for one in switched} == {"no-credit"}
    assert [one["provider"] for one in switched] == paid[1:]
    lines = shop.http("read", request("read-timeline", id=job_id)).body["entries"]
    assert [line["message"] for line in lines if line["type"] == "cover.switched"] == [
        f"{one} could not (no credit): turning to {another}" for one, another in zip(broke, paid[1:], strict=True)
    ]


def test_each_attempt_has_a_callback_address_of_its_own_provider(shop: House) -> None:
    empty(shop, "kie")
    job_id = live(shop, {**GOOD, "provider": ["kie", "sunoapi"]})
    links = [paid["callBackUrl"].rpartition("/")[0] for paid in shop.vendor.paid]
    assert links == [
        f"https://covers.example/callbacks/kie/{job_id}/1",
        f"https://covers.example/callbacks/sunoapi/{job_id}/2",
    ]


def test_music_that_the_first_provider_makes_after_all_is_kept_beside_and_moves_nothing(shop: House) -> None:
    empty(shop, "kie")
    job_id = live(shop, {**GOOD, "provider": ["kie", "sunoapi"]})
    before = shop.job(job_id)
    assert shop.callback("complete", job_id).status == 200
    after = shop.job(job_id)
    assert (after.state, after.stage, after.provider) == (before.state, before.stage, "sunoapi")
    tracks = shop.http("read", request("read-cover", query={}, id=job_id)).body["tracks"]
    assert [track["alternative"] for track in tracks] == [True, True]


def test_where_all_accounts_are_empty_the_cover_fails_and_says_so(shop: House) -> None:
    empty(shop, "kie", "sunoapi")
    job = shop.job(live(shop, {**GOOD, "provider": ["kie", "sunoapi"]}))
    assert job.failure is not None
    assert (job.state, job.failure.reason, job.spent) == (State.FAILED, "no-credit", 0)
    assert shop.vendor.payees == ["kie", "sunoapi"]
    assert shop.public_events(job.id) == ["cover.switched", "cover.failed"]


def test_a_retry_after_all_refused_begins_with_the_first_provider_again(shop: House) -> None:
    empty(shop, "kie", "sunoapi")
    failed = live(shop, {**GOOD, "provider": ["kie", "sunoapi"]})
    shop.vendor.calls.clear()
    del shop.vendor.says["kie"]
    again = shop.http("manage", request("manage-retry", id=failed)).body["id"]
    Life(shop, again).settle()
    assert shop.vendor.payees == ["kie"]


@pytest.mark.parametrize("code", [422, 500])
def test_a_refusal_that_is_the_wishs_own_fault_or_unsure_goes_to_nobody_else(shop: House, code: int) -> None:
    shop.vendor.says["kie"] = lambda _: httpx.Response(200, json={"code": code, "msg": "no", "data": None})
    live(shop, {**GOOD, "provider": ["kie", "sunoapi"]})
    assert shop.vendor.payees == ["kie"]


def test_a_provider_that_lost_its_key_after_the_submit_is_passed_over_on_the_way(shop: House) -> None:
    empty(shop, "kie")
    job_id = str(shop.submit({**GOOD, "provider": ["kie", "sunoapi", "aimusicapi"]}).body["id"])
    shop.unset_parameter("sunoapi/api-key")
    Life(shop, job_id).settle()
    assert shop.vendor.payees == ["kie", "aimusicapi"]


def test_a_message_that_comes_twice_turns_and_pays_once(shop: House) -> None:
    empty(shop, "kie")
    job_id = str(shop.submit({**GOOD, "provider": ["kie", "sunoapi"]}).body["id"])
    for _ in range(3):
        shop.invoke("advance", asked("advance", {"job": job_id}))
    assert shop.vendor.payees == ["kie", "sunoapi"]


def test_a_repeated_submit_gets_the_job_that_turned(shop: House) -> None:
    empty(shop, "kie")
    first = shop.submit(AUTO, key="order-1").body["id"]
    Life(shop, first).settle()
    again = shop.submit(AUTO, key="order-1")
    assert (again.body["id"], again.body["provider"]) == (first, "sunoapi")
    assert shop.vendor.payees == ["kie", "sunoapi"]


def test_a_vendors_client_is_served_by_the_next_and_its_status_stays_its_own(shop: House) -> None:
    empty(shop, "kie")
    task = shop.knock("kie", "submit").body["data"]["taskId"]
    Life(shop, task).settle()
    assert shop.vendor.payees == ["kie", "sunoapi"]
    event = request("dialects/kie/status", query={"taskId": task})
    reply = shop.http("read", event)
    assert (reply.body["code"], reply.body["data"]["taskId"]) == (200, task)
    assert "sunoapi" not in json.dumps(reply.body)


# --- the budget ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("most", "ahead"), [(0.06, ["sunoapi", "aimusicapi"]), (0.195, ["sunoapi", "aimusicapi", "aimlapi"])]
)
def test_who_costs_more_than_the_caller_allows_is_not_in_the_route(shop: House, most: float, ahead: list[str]) -> None:
    assert shop.submit({**AUTO, "max_usd": most}).body["next_providers"] == ahead


def test_a_budget_below_every_price_buys_nothing(shop: House) -> None:
    reply = shop.submit({**AUTO, "max_usd": 0.05})
    assert (reply.status, reply.rules) == (422, {("max_usd", "over-budget")})
    assert (shop.vendor.bought, shop.jobs()) == ([], [])


def test_a_refusal_costs_nothing_and_leaves_the_budget_to_the_next(shop: House) -> None:
    empty(shop, "kie")
    job = shop.job(live(shop, {**AUTO, "max_usd": 0.06}))
    assert (job.provider, job.spent) == ("sunoapi", 0.06)


def test_what_was_paid_and_failed_counts_against_the_budget(shop: House) -> None:
    """531: the first provider took the job, could not make it, and says nothing of giving the money back."""
    failure = {
        "code": 531,
        "msg": "the generation failed",
        "data": {"callbackType": "error", "task_id": TASK, "data": None},
    }
    for most, paid in ((0.11, ["kie"]), (0.12, ["kie", "sunoapi"])):
        shop.vendor.calls.clear()
        job_id = live(shop, {**AUTO, "max_usd": most})
        assert shop.callback("error", job_id, body=failure).status == 200
        Life(shop, job_id).settle()
        assert shop.vendor.payees == paid


# --- dropped songs ---------------------------------------------------------------------------------------------


def dropped(house: House, metadata: dict[str, str] | None = None) -> str:
    house.drop("inbox/folk/a.mp3", metadata)
    house.invoke("upload", told("inbox/folk/a.mp3"))
    (job,) = house.jobs()
    Life(house, job.id).settle()
    return job.id


def test_a_dropped_song_goes_to_the_cheapest_that_is_switched_on(shop: House) -> None:
    shop.unset_parameter("kie/api-key")
    job = shop.job(dropped(shop))
    assert (job.state, job.provider, shop.vendor.payees) == (State.RUNNING, "sunoapi", ["sunoapi"])


def test_a_dropped_song_whose_first_provider_is_empty_turns_to_one_that_is_switched_on(shop: House) -> None:
    shop.unset_parameter("sunoapi/api-key")
    empty(shop, "kie")
    job = shop.job(dropped(shop))
    assert (job.provider, shop.vendor.payees) == ("aimusicapi", ["kie", "aimusicapi"])


def test_a_dropped_song_names_its_providers_with_commas(shop: House) -> None:
    job = shop.job(dropped(shop, {"provider": "aimusicapi, kie"}))
    assert (shop.vendor.payees, [leg.provider for leg in job.route]) == (["aimusicapi"], ["kie"])


def test_a_dropped_song_waits_for_a_key_where_there_is_none(house: House) -> None:
    """Nothing is lost: the message comes back, and the owner reads why in the log."""
    house.unset_parameter("kie/api-key")
    house.drop("inbox/folk/a.mp3")
    house.invoke("upload", told("inbox/folk/a.mp3"))
    (job,) = house.jobs()
    event = asked("advance", {"job": job.id})
    assert house.invoke("advance", event) == {"batchItemFailures": [{"itemIdentifier": "message-0"}]}
    assert house.job(job.id).state is State.QUEUED
    house.set_parameter("kie/api-key", "kie-key-of-the-tests")
    house.door = ""
    assert house.invoke("advance", event) == {"batchItemFailures": []}
    assert house.vendor.payees == ["kie"]


def test_the_golden_song_is_bought_of_whoever_can(shop: House) -> None:
    shop.drop("inbox/lofi-jazz/Harbour Fog.mp3")
    shop.invoke("upload", golden("upload"))
    (job,) = shop.jobs()
    Life(shop, job.id).settle()
    assert shop.vendor.payees == ["kie"]
