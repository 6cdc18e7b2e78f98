"""Keys are made, listed and revoked; the secret of one is seen once, on stdout alone."""

import json
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from reprise.aws import clients
from reprise.aws.purses import purse_key

from tests.cli.here import Here
from tests.golden import request


def made(here: Here, *options: str) -> str:
    """A new key, the secret itself."""
    done = here.run("keys", "create", *options)
    assert done.exit_code == 0, done.output
    return done.stdout.strip()


def listed(here: Here, *options: str) -> list[dict[str, Any]]:
    return list(json.loads(here.run("keys", "list", "--json", *options).stdout))


def knock(here: Here, key: str) -> int:
    """The status that a list of covers answers to this key."""
    event = request("read-list", None, {"authorization": f"Bearer {key}"})
    return here.house.http("read", event).status


def test_the_key_alone_is_on_stdout_and_it_opens_the_door(here: Here) -> None:
    done = here.run("keys", "create", "--name", "phone")
    (key,) = done.stdout.splitlines()
    assert key.startswith("rk_")
    assert "Key " in done.stderr
    assert key not in done.stderr
    assert knock(here, key) == 200


def test_what_was_asked_for_is_what_the_list_says(here: Here) -> None:
    bounds = ("--budget-usd", "20.50", "--per-minute", "60")
    key = made(here, "--tenant", "ann", "--name", "phone", "--scope", "read", "--scope", "admin", *bounds)
    (one,) = listed(here, "--tenant", "ann")
    assert one.pop("id") == key.split("_")[1]
    assert datetime.fromisoformat(one.pop("created_at")) <= datetime.now(UTC)
    assert Decimal(one.pop("budget_usd")) == Decimal("20.5")
    assert one == {
        "tenant": "ann",
        "name": "phone",
        "scopes": ["read", "admin"],
        "spent_usd": "0",
        "per_minute": 60,
        "revoked_at": None,
    }
    assert listed(here) == []  # another tenant's


def test_without_wishes_a_key_may_submit_and_read_without_bounds(here: Here) -> None:
    made(here)
    (one,) = listed(here)
    assert (one["scopes"], one["budget_usd"], one["per_minute"]) == (["read", "submit"], None, None)


def test_the_table_has_what_was_spent_this_month(here: Here) -> None:
    made(here, "--budget-usd", "20")
    (one,) = listed(here)
    place = purse_key(one["id"], f"{datetime.now(UTC):%Y-%m}")
    clients.dynamodb().put_item(TableName=here.house.stack.names["Table"], Item={**place, "usd": {"N": "1.25"}})
    header, row = here.run("keys", "list").stdout.splitlines()
    assert header.split()[:3] == ["ID", "NAME", "SCOPES"]
    assert row.split()[:6] == [one["id"], "-", "read,", "submit", "20", "1.25"]


def test_of_a_key_without_a_budget_nobody_counts_what_it_spent(here: Here) -> None:
    made(here)
    (one,) = listed(here)
    assert one["spent_usd"] is None
    assert here.run("keys", "list").stdout.splitlines()[1].split()[4:6] == ["-", "-"]


def test_a_key_s_name_gives_no_orders_to_the_terminal(here: Here) -> None:
    made(here, "--name", "\x1b[31mphone\x07")
    told = here.run("keys", "list").stdout
    assert "phone" in told
    assert not {"\x1b", "\x07"} & set(told)


def test_a_revoked_key_opens_nothing_and_is_listed_as_revoked(here: Here) -> None:
    key = made(here)
    (one,) = listed(here)
    done = here.run("keys", "revoke", one["id"])
    assert done.exit_code == 0, done.output
    assert f"Key {one['id']} of owner is revoked" in done.stderr
    assert listed(here)[0]["revoked_at"]
    assert knock(here, key) == 401


@pytest.mark.parametrize(("answer", "revoked"), [("y\n", True), ("n\n", False), ("", False)])
def test_at_a_terminal_it_is_asked_for_first(
    here: Here, monkeypatch: pytest.MonkeyPatch, answer: str, revoked: bool
) -> None:
    made(here)
    (one,) = listed(here)
    monkeypatch.setattr("cli.keys.asks", lambda: True)
    done = here.run("keys", "revoke", one["id"], input=answer)
    assert (done.exit_code == 0, bool(listed(here)[0]["revoked_at"])) == (revoked, revoked)
    assert "for good?" in done.stderr


def test_who_says_yes_is_not_asked(here: Here, monkeypatch: pytest.MonkeyPatch) -> None:
    made(here)
    (one,) = listed(here)
    monkeypatch.setattr("cli.keys.asks", lambda: True)
    assert here.run("keys", "revoke", one["id"], "--yes").exit_code == 0


def test_a_key_that_there_is_not_cannot_be_revoked(here: Here, capsys: pytest.CaptureFixture[str]) -> None:
    assert here.main("keys", "revoke", "0123456789ab") == 1
    assert capsys.readouterr().err == "there is no key '0123456789ab'\n"


@pytest.mark.parametrize(
    "options",
    [
        ("--budget-usd", "-1"),
        ("--budget-usd", "plenty"),
        ("--budget-usd", "nan"),
        ("--per-minute", "0"),
        ("--per-minute", "x"),
        ("--scope", "all"),
        ("--tenant", " "),
        ("--tenant", "../x"),
        ("--tenant", ".."),
        ("--tenant", "a/b"),
        ("--tenant", "a#b"),
        ("--tenant", "ann\n"),
        ("--tenant", "анна"),
        ("--tenant", "x" * 101),
    ],
)
def test_a_wish_that_makes_no_sense_is_wrong_usage_and_makes_no_key(here: Here, options: tuple[str, str]) -> None:
    assert here.main("keys", "create", *options) == 2
    assert listed(here) == []


@pytest.mark.parametrize("tenant", ["owner", "Ann_2", "ann.example-3", "x" * 100])
def test_a_tenant_is_a_plain_name(here: Here, tenant: str) -> None:
    made(here, "--tenant", tenant)
    assert [one["tenant"] for one in listed(here, "--tenant", tenant)] == [tenant]


def test_a_tenant_that_is_none_is_told_what_one_is(here: Here, capsys: pytest.CaptureFixture[str]) -> None:
    here.main("keys", "create", "--tenant", "../x")
    assert "tenant: 1 to 100 of a-z" in capsys.readouterr().err


def test_a_tenant_without_keys_is_told(here: Here) -> None:
    assert "nobody has no keys" in here.run("keys", "list", "--tenant", "nobody").stderr
