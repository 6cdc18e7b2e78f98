"""GET /v1/usage: a tenant's month, page by page, and what the asking key's purse holds."""

import json
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from reprise.aws import clients
from reprise.aws.key_store import create_key
from reprise.usecases import add_up

from tests.golden import golden, request
from tests.integration.house import House
from tests.integration.test_read_and_manage import OTHER, a_failed_cover, a_finished_cover


def usage(house: House, key: str | None = None, **query: str) -> Any:
    headers = {"authorization": f"Bearer {key}"} if key else {}
    return house.http("read", request("read-usage", query=query, headers=headers)).body


def test_a_month_is_told_by_provider_with_what_it_bought(house: House) -> None:
    a_finished_cover(house)
    a_failed_cover(house)
    house.cover()
    assert house.http("read", golden("read-usage")).body == usage(house)
    assert usage(house) == {
        "month": "2026-11",
        "providers": [
            {
                "provider": "kie",
                "covers": 3,
                "succeeded": 1,
                "failed": 1,
                "canceled": 0,
                "under_way": 1,
                "takes": 2,
                "seconds": 60.0,
                "estimated_usd": 0.18,
                "delivered_usd": 0.06,
                "undelivered_usd": 0.06,
                "open_usd": 0.06,
            }
        ],
        "budget": None,
        "next_cursor": None,
    }


def test_another_month_and_another_tenant_have_nothing_of_it(house: House) -> None:
    house.cover()
    assert usage(house, month="2026-10")["providers"] == []
    house.new_tenant("acme", "rk_of-acme")
    assert house.http("read", request("read-usage", query={}, headers=OTHER)).body["providers"] == []
    house.clock.at += timedelta(days=11)
    assert (usage(house)["month"], usage(house)["providers"]) == ("2026-12", [])


def test_a_long_month_comes_in_pages_that_add_up(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(add_up, "MOST_COVERS", 2)
    for _ in range(5):
        house.clock.at += timedelta(seconds=1)
        house.cover()
    counted, query = [], {"month": "2026-11"}
    while True:
        page = usage(house, **query)
        counted.append(sum(one["covers"] for one in page["providers"]))
        if page["next_cursor"] is None:
            break
        query["cursor"] = page["next_cursor"]
    assert counted == [2, 2, 1]


def test_no_request_reads_more_than_it_may_and_nobody_scans(house: House) -> None:
    house.cover()
    house.stack.forget()
    usage(house)
    assert set(house.stack.called("DynamoDB")) == {"DynamoDB.GetItem", "DynamoDB.Query", "DynamoDB.BatchGetItem"}
    assert {one["Limit"] for one in house.stack.asked("DynamoDB.Query")} == {add_up.MOST_COVERS}


def test_a_key_with_a_budget_hears_what_of_it_is_gone(house: House) -> None:
    _, key = create_key(house.stack.environ["TABLE"], clients.dynamodb(), tenant="owner", budget_usd=Decimal("0.5"))
    assert usage(house, key)["budget"] == {"limit_usd": 0.5, "committed_usd": 0.0}
    body = json.loads(golden("submit")["body"])
    assert house.submit(body, authorization=f"Bearer {key}").status == 202
    assert usage(house, key)["budget"] == {"limit_usd": 0.5, "committed_usd": 0.06}
    assert usage(house)["budget"] is None


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"month": "2026-13"}, "month"),
        ({"month": "November"}, "month"),
        ({"month": ""}, "month"),
        ({"since": "2026-11-01"}, "since"),
        ({"cursor": "garbage"}, "cursor"),
    ],
)
def test_a_bad_question_names_its_parameter(house: House, query: dict[str, str], field: str) -> None:
    reply = house.http("read", request("read-usage", query=query))
    assert (reply.status, {one for one, _ in reply.rules}) == (422, {field})


def test_it_takes_a_key_that_may_read(house: House) -> None:
    _, key = create_key(house.stack.environ["TABLE"], clients.dynamodb(), tenant="owner", scopes=["submit"])
    for authorization, status in ((None, 401), (f"Bearer {key}", 403)):
        reply = house.http("read", request("read-usage", query={}, headers={"authorization": authorization}))
        assert reply.status == status
