"""POST /v1/covers?dry_run=true: what each provider would make of a wish, and what it would cost. Nobody is paid."""

from typing import Any

import pytest
from reprise.errors import FetchError

from tests.golden import golden, request
from tests.integration.house import STUDIO, VENDORS, House, Reply
from tests.integration.test_submit import GOOD
from tests.integration.test_survey import refuse
from tests.integration.test_work import a_song

UPLOAD = "0a1b2c3d4e5f60718293a4b5c6d7e8f9"
CUSTOM = {"source": GOOD["source"], "style": "dub", "title": "Fog", "lyrics": "la la la la la la"}


@pytest.fixture
def shop(house: House) -> House:
    house.open_all()
    house.open_studio()
    return house


def consider(house: House, body: Any = None, dry_run: str = "true", **headers: str | None) -> Reply:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return house.http("submit", request("submit", body, named, {"dry_run": dry_run}))


def options(reply: Reply) -> dict[str, dict[str, Any]]:
    assert reply.status == 200
    return {one["provider"]: one for one in reply.body["providers"]}


def rules(option: dict[str, Any]) -> set[tuple[str, str]]:
    return {(one["field"], one["rule"]) for one in option["reasons"]}


@pytest.mark.parametrize("dry_run", ["true", "1", "TRUE", ""])
def test_nothing_is_stored_and_nobody_is_paid_or_even_asked(shop: House, dry_run: str) -> None:
    reply = consider(shop, {**GOOD, "provider": "auto"}, dry_run, idempotency_key="order-1")
    assert reply.status == 200
    assert (shop.items(), shop.vendor.calls, shop.objects("INBOX_BUCKET")) == ([], [], {})
    assert set(shop.stack.called("DynamoDB")) == {"DynamoDB.GetItem", "DynamoDB.Scan"}
    assert shop.submit({**GOOD, "provider": "auto"}, key="order-1").status == 202
    assert len(shop.vendor.bought) == 1


@pytest.mark.parametrize("dry_run", ["false", "0", "False"])
def test_what_is_not_dry_is_bought(shop: House, dry_run: str) -> None:
    assert consider(shop, dry_run=dry_run).status == 202
    assert len(shop.vendor.bought) == 1


@pytest.mark.parametrize("dry_run", ["maybe", "yes", "2", " true", "true,true"])
def test_a_wish_that_may_be_dry_or_not_is_refused(shop: House, dry_run: str) -> None:
    reply = consider(shop, dry_run=dry_run)
    assert (reply.status, reply.rules) == (422, {("dry_run", "not-one-of")})
    assert (shop.vendor.bought, shop.jobs()) == ([], [])


def test_every_provider_says_whether_it_could_and_the_first_that_can_is_chosen(shop: House) -> None:
    reply = consider(shop, {**GOOD, "provider": "auto"})
    told = options(reply)
    assert set(told) == {*VENDORS, STUDIO}
    assert {name for name, one in told.items() if one["able"]} == {"kie", "sunoapi", "aimusicapi", "aimlapi"}
    assert rules(told["musicgpt"]) >= {("voice", "required"), ("prompt", "unsupported")}
    assert rules(told[STUDIO]) == {("provider", "not-named")}
    bought = shop.submit({**GOOD, "provider": "auto"}).body
    assert (reply.body["chosen"], told["kie"]["model"]) == (bought["provider"], bought["model"])
    assert told["kie"]["estimated_usd"] == bought["estimated_usd"] == 0.06
    assert [name for name in told if told[name]["able"]] == [bought["provider"], *bought["next_providers"]]


def test_each_says_what_it_would_leave_out_cut_and_cost(shop: House) -> None:
    wish = {
        **CUSTOM,
        "style": "s" * 900,
        "title": "t" * 80,
        "prompt": "p" * 1500,
        "negative_style": "banjo",
        "pitch": 2,
    }
    told = options(consider(shop, {**wish, "provider": list(VENDORS)}))
    assert list(told) == list(VENDORS)
    assert told["kie"]["dropped"] == ["pitch", "prompt"]
    assert set(told["aimlapi"]["dropped"]) == {"negative_style", "pitch"}
    assert told["aimlapi"]["clipped"] == ["style", "title"]
    assert "beyond 300 characters" in " ".join(told["aimlapi"]["warnings"])
    assert [(one["estimated_credits"], one["estimated_usd"]) for one in told.values()] == [
        (12, 0.06),
        (12, 0.06),
        (10, 0.06),
        (390_000, 0.195),
        (None, 0.103),
    ]


def test_what_would_be_dropped_is_what_a_real_submit_drops(shop: House) -> None:
    wish = {**CUSTOM, "negative_style": "banjo", "pitch": 2, "provider": "aimlapi"}
    told = options(consider(shop, wish))["aimlapi"]
    assert [*told["dropped"], *told["clipped"]] == shop.submit(wish).body["dropped"]


def test_who_is_switched_off_says_so_and_names_no_price(house: House) -> None:
    told = options(consider(house, {**GOOD, "provider": "auto"}))
    assert told["kie"]["able"] is True
    for name in {*VENDORS, STUDIO} - {"kie"}:
        (reason,) = told[name]["reasons"]
        assert (told[name]["able"], reason["rule"], told[name]["estimated_usd"]) == (False, "switched-off", None)
        assert f"{name}/api-key is not set" in reason["message"]


def test_where_nobody_can_nobody_is_chosen(shop: House) -> None:
    reply = consider(shop, {**GOOD, "provider": "auto", "max_usd": 0.01})
    assert reply.body["chosen"] is None
    told = options(reply)
    assert all(("max_usd", "over-budget") in rules(told[name]) for name in VENDORS)
    assert rules(told[STUDIO]) == {("provider", "not-named")}, "that it costs nothing does not make it the same"
    assert consider(shop, {**GOOD, "provider": "musicgpt"}).body["chosen"] is None


def test_who_is_passed_over_is_not_the_choice(shop: House) -> None:
    refuse(shop, 3)
    assert consider(shop, {**GOOD, "provider": "auto"}).body["chosen"] == "sunoapi"
    assert consider(shop, {**GOOD, "provider": "kie"}).body["chosen"] == "kie"


def test_a_song_is_measured_and_each_says_whether_it_is_too_long_for_it(shop: House) -> None:
    song = a_song(1)
    shop.drop(f"uploads/owner/{UPLOAD}", body=song)
    shop.probe.of_sources = 400.0
    reply = consider(shop, {"source": {"upload": UPLOAD}, "prompt": "quiet jazz", "model": "V4_5ALL"})
    assert reply.body["source"] == {"seconds": 400.0, "bytes": len(song), "format": "wav"}
    told = options(reply)
    assert rules(told["sunoapi"]) == rules(told["aimusicapi"]) == {("source", "too-long")}
    assert told["kie"]["able"] is True
    assert told["kie"]["warnings"] == ["the vendor's page also names 120 s as the longest source"]
    assert ("source", "too-long") in rules(told["aimlapi"])


def test_a_song_that_nobody_could_take_is_told_by_everybody(shop: House) -> None:
    shop.songs.faults[GOOD["source"]["url"]] = FetchError("the link answered 404")
    reply = consider(shop, {**GOOD, "provider": "auto"})
    assert reply.body["chosen"] is None
    assert all(("source.url", "unfetchable") in rules(one) for one in options(reply).values())


def test_an_upload_that_never_came_is_told_by_everybody(shop: House) -> None:
    reply = consider(shop, {**GOOD, "provider": "auto", "source": {"upload": UPLOAD}})
    assert all(("source.upload", "missing") in rules(one) for one in options(reply).values())


def test_another_tenants_song_is_not_looked_at(shop: House) -> None:
    shop.drop(f"uploads/acme/{UPLOAD}", body=a_song(1))
    reply = consider(shop, {**GOOD, "source": {"upload": UPLOAD}})
    assert reply.body["source"] == {"seconds": None, "bytes": None, "format": None}


@pytest.mark.parametrize(
    ("change", "field"),
    [({"provider": "nobody"}, "provider"), ({"pitch": 99}, "pitch"), ({"source": {}}, "source"), ({"x": 1}, "x")],
)
def test_what_is_no_wish_at_all_is_refused_as_ever(shop: House, change: dict[str, Any], field: str) -> None:
    reply = consider(shop, {**GOOD, **change})
    assert reply.status == 422
    assert {one for one, _ in reply.rules} == {field}


def test_strict_wishes_are_refused_where_something_would_be_left_out(shop: House) -> None:
    told = options(consider(shop, {**GOOD, "provider": "auto", "pitch": 2, "strict": True}))
    assert {name for name, one in told.items() if ("pitch", "unsupported") not in rules(one)} == {"musicgpt", STUDIO}


def test_without_a_key_nobody_tries(shop: House) -> None:
    assert consider(shop, authorization="Bearer wrong").status == 401


def test_with_a_price_of_the_owners_own_the_cheapest_is_chosen(shop: House) -> None:
    shop.set_parameter("sunoapi/usd", "0.03")
    reply = consider(shop, {**GOOD, "provider": "auto"})
    assert (reply.body["chosen"], options(reply)["sunoapi"]["estimated_usd"]) == ("sunoapi", 0.03)


def test_the_golden_wish_is_dry_when_it_is_asked_to_be(house: House) -> None:
    event = golden("submit")
    event["queryStringParameters"] = {"dry_run": "true"}
    assert house.http("submit", event).body["chosen"] == "kie"
