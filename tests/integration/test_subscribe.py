"""Endpoints and secrets at their doors."""

import base64
from typing import Any

import pytest

from tests.golden import request
from tests.integration.house import House, Reply
from tests.integration.test_deliver import OTHER_KEY, endpoint, subscribe


def test_an_endpoint_is_made_with_a_secret_that_is_shown_once(house: House) -> None:
    made = subscribe(house, "create")
    assert made.status == 201
    assert made.headers["cache-control"] == "no-store"
    assert made.headers["location"] == made.body["links"]["self"]
    assert made.body["secret"].startswith("whsec_")
    assert 24 <= len(base64.b64decode(made.body["secret"].removeprefix("whsec_"))) <= 64
    view = subscribe(house, "read", id=made.body["id"]).body
    assert "secret" not in view
    assert view == {name: value for name, value in made.body.items() if name not in ("secret", "previous_until")}
    assert view["url"] == "https://hooks.example.net/reprise?token=[redacted]"
    assert view["enabled"] is True


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        ({}, ("url", "required")),
        ({"url": "http://hooks.example.net/"}, ("url", "refused")),
        ({"url": "https://127.0.0.1/"}, ("url", "refused")),
        ({"url": "https://169.254.169.254/latest"}, ("url", "refused")),
        ({"url": "https://hooks.example.net/", "events": ["cover.unknown"]}, ("events.0", "not-one-of")),
        ({"url": "https://hooks.example.net/", "secret": "mine"}, ("secret", "unknown")),
    ],
)
def test_what_breaks_a_rule_is_named_at_both_doors(house: House, body: dict[str, Any], fault: tuple[str, str]) -> None:
    refused = subscribe(house, "create", body)
    assert (refused.status, refused.rules) == (422, {fault})
    source = {"source": {"url": "https://songs.example/a.mp3"}, "prompt": "jazz", "webhook": body}
    nested = house.submit(source)
    assert (nested.status, nested.rules) == (422, {(f"webhook.{fault[0]}", fault[1])})


def test_a_cover_shows_its_webhook_without_what_is_secret_in_it(house: House) -> None:
    hook = {"url": "https://hooks.example.net/?token=5ec7e7", "events": ["cover.failed", "cover.failed"]}
    body = house.submit({"source": {"url": "https://songs.example/a.mp3"}, "prompt": "jazz", "webhook": hook}).body
    assert body["request"]["webhook"] == {
        "url": "https://hooks.example.net/?token=[redacted]",
        "events": ["cover.failed"],
    }
    assert body["links"]["deliveries"].endswith(f"/v1/covers/{body['id']}/deliveries")


def test_ten_endpoints_are_a_tenants_all_and_a_deleted_one_makes_room(house: House) -> None:
    made = [endpoint(house) for _ in range(10)]
    assert subscribe(house, "create").status == 409
    listed = subscribe(house, "list").body["webhooks"]
    assert sorted(one["id"] for one in listed) == sorted(one["id"] for one in made)
    assert subscribe(house, "delete", id=made[0]["id"]).status == 204
    assert subscribe(house, "read", id=made[0]["id"]).status == 404
    assert subscribe(house, "create").status == 201


def test_the_tenants_secret_can_be_read_and_rotated(house: House) -> None:
    before = subscribe(house, "secret").body
    assert before == subscribe(house, "secret").body
    assert before["previous_until"] is None
    after = subscribe(house, "rotate-secret").body
    assert after["secret"] != before["secret"]
    assert subscribe(house, "secret").body == after


def test_five_rotations_a_day_and_no_more(house: House) -> None:
    made = endpoint(house)
    assert [subscribe(house, "rotate", id=made["id"]).status for _ in range(6)] == [200] * 5 + [409]


ASKED = ("read", "delete", "rotate", "enable")


@pytest.mark.parametrize("name", ASKED)
def test_another_tenants_endpoint_does_not_exist(house: House, name: str) -> None:
    house.new_tenant("other", OTHER_KEY)
    made = endpoint(house)
    assert subscribe(house, name, key=OTHER_KEY, id=made["id"]).status == 404
    assert subscribe(house, name, key=OTHER_KEY, id="secret#job").status == 404
    assert subscribe(house, "read", id=made["id"]).body["enabled"] is True


def test_two_tenants_have_two_secrets(house: House) -> None:
    house.new_tenant("other", OTHER_KEY)
    assert subscribe(house, "secret").body != subscribe(house, "secret", key=OTHER_KEY).body


@pytest.mark.parametrize("name", ["create", "list", "secret", "rotate-secret", *ASKED])
def test_nobody_comes_in_without_a_key(house: House, name: str) -> None:
    reply: Reply = house.http("subscribe", request(f"subscribe-{name}", None, {"authorization": None}))
    assert reply.status == 401


def test_the_public_key_is_for_everybody(house: House) -> None:
    reply = house.http("subscribe", request("subscribe-keys"))
    assert reply.status == 200
    assert [key["crv"] for key in reply.body["keys"]] == ["Ed25519"]
    assert "d" not in reply.body["keys"][0]
