"""What every KeyStore promises, in memory and on AWS alike; and how keys are made, listed and revoked."""

import json
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from reprise.aws import clients
from reprise.aws.key_store import create_key, keys_of, revoke_key, spent_of
from reprise.aws.keys import REMEMBERED, DynamoKeys
from reprise.domain.key import DEFAULT, ApiKey, Scope, digest_of, id_of
from reprise.errors import InvalidError, NotFoundError
from reprise.memory import MemoryClock

from tests.contract.conftest import BOTH, World, aws_world
from tests.stack import Stack

# --- found at the door -------------------------------------------------------------------------------------------


@BOTH
def test_a_key_belongs_to_the_tenant_it_was_made_for(world: World) -> None:
    key = world.new_key("acme")
    for _ in range(2):
        found = world.keys.find(key)
        assert found is not None
        assert (found.tenant, found.scopes) == ("acme", DEFAULT)


@BOTH
@pytest.mark.parametrize("text", ["", "rk_", "rk_" + "0" * 43, "ключ", "rk_0123456789ab_" + "x" * 43, "\ud800"])
def test_a_key_that_nobody_made_belongs_to_nobody(world: World, text: str) -> None:
    world.new_key("acme")
    assert world.keys.find(text) is None


def test_the_id_of_a_key_with_another_secret_opens_nothing(stack: Stack) -> None:
    world = aws_world(stack)
    key = world.new_key("acme")
    forged = key[:-1] + ("A" if key[-1] != "A" else "B")
    assert id_of(forged) == id_of(key)
    assert world.keys.find(forged) is None
    assert world.keys.find(key) is not None
    assert world.keys.find(forged) is None


def test_the_table_holds_no_key_only_its_hash(stack: Stack) -> None:
    key = aws_world(stack).new_key("acme")
    found = json.dumps(clients.dynamodb().scan(TableName=stack.environ["TABLE"])["Items"])
    assert key not in found
    assert key.split("_", 2)[2] not in found
    assert digest_of(key) in found


def test_a_key_of_release_0_2_opens_everything(stack: Stack) -> None:
    key = "rk_" + "o" * 43
    item = {"pk": {"S": f"KEY#{digest_of(key)}"}, "sk": {"S": "KEY"}, "owner": {"S": "acme"}}
    clients.dynamodb().put_item(TableName=stack.environ["TABLE"], Item=item)
    found = aws_world(stack).keys.find(key)
    assert found == ApiKey(digest_of(key), "acme", "", frozenset(Scope))
    assert aws_world(stack).keys.admit(found) == 0
    assert revoke_key(stack.environ["TABLE"], clients.dynamodb(), found.id).revoked_at is not None
    assert aws_world(stack).keys.find(key) is None


class Warm:
    """A function that stays warm: its keys, and the seconds since it began."""

    def __init__(self, stack: Stack) -> None:
        self.seconds = 1000.0
        self.keys = DynamoKeys(stack.environ["TABLE"], clients.dynamodb, MemoryClock(), lambda: self.seconds)


def test_a_known_key_is_read_from_the_table_once_in_half_a_minute(stack: Stack) -> None:
    warm, key = Warm(stack), aws_world(stack).new_key("acme")
    stack.forget()
    for _ in range(3):
        warm.keys.find(key)
    assert stack.called() == ["DynamoDB.GetItem"]
    warm.seconds += REMEMBERED
    warm.keys.find(key)
    assert stack.called() == ["DynamoDB.GetItem"] * 2


def test_a_revoked_key_works_for_half_a_minute_at_most(stack: Stack) -> None:
    warm, key = Warm(stack), aws_world(stack).new_key("acme")
    assert warm.keys.find(key) is not None
    revoke_key(stack.environ["TABLE"], clients.dynamodb(), str(id_of(key)))
    assert REMEMBERED <= 30
    warm.seconds += REMEMBERED - 0.1
    assert warm.keys.find(key) is not None
    warm.seconds += 0.1
    assert warm.keys.find(key) is None
    assert Warm(stack).keys.find(key) is None


# --- counted by the minute ---------------------------------------------------------------------------------------


def known(world: World, key: str) -> ApiKey:
    found = world.keys.find(key)
    assert found is not None
    return found


@BOTH
def test_a_key_has_its_requests_of_a_minute_and_then_waits_for_the_next(world: World) -> None:
    key = known(world, world.new_key("acme", per_minute=3))
    world.clock.at = datetime(2026, 11, 20, 12, 0, 13, tzinfo=UTC)
    assert [world.keys.admit(key) for _ in range(5)] == [0, 0, 0, 47, 47]
    world.clock.at += timedelta(seconds=46.5)
    assert world.keys.admit(key) == 1
    world.clock.at += timedelta(seconds=0.5)
    assert [world.keys.admit(key) for _ in range(4)] == [0, 0, 0, 60]


@BOTH
def test_keys_are_counted_one_by_one(world: World) -> None:
    one, other = (known(world, world.new_key("acme", per_minute=1)) for _ in range(2))
    assert [world.keys.admit(one), world.keys.admit(other), world.keys.admit(one)] == [0, 0, 60]


def test_a_key_without_a_limit_costs_no_call(stack: Stack) -> None:
    world = aws_world(stack)
    key = known(world, world.new_key("acme"))
    stack.forget()
    assert world.keys.admit(key) == 0
    assert stack.calls == []


def test_counts_are_taken_away_when_their_minute_is_long_over(stack: Stack) -> None:
    world = aws_world(stack)
    key = known(world, world.new_key("acme", per_minute=9))
    world.keys.admit(key)
    (asked,) = stack.asked("DynamoDB.UpdateItem")[-1:]
    expires = datetime.fromtimestamp(int(asked["ExpressionAttributeValues"][":expires"]["N"]), UTC)
    assert timedelta(minutes=1) < expires - world.clock.now() < timedelta(hours=1)


# --- made, listed, revoked ---------------------------------------------------------------------------------------


def make(stack: Stack, tenant: str = "acme", **bounds: Any) -> tuple[ApiKey, str]:
    return create_key(stack.environ["TABLE"], clients.dynamodb(), tenant=tenant, **bounds)


def test_a_key_is_its_id_and_256_bits_that_nobody_sees_again(stack: Stack) -> None:
    made, key = make(stack)
    assert re.fullmatch(r"rk_[0-9a-f]{12}_[\w-]{43}", key)
    assert (made.id, made.scopes, made.budget_usd, made.per_minute) == (id_of(key), DEFAULT, None, None)
    assert make(stack)[1] != key


def test_what_a_key_is_made_with_is_what_the_doors_find(stack: Stack) -> None:
    made, key = make(stack, name="the band", scopes={"read"}, budget_usd=12.5, per_minute=60)
    assert made.scopes == {Scope.READ}
    assert (made.name, made.budget_usd, made.per_minute) == ("the band", Decimal("12.5"), 60)
    assert aws_world(stack).keys.find(key) == made


def test_the_list_is_of_one_tenant_oldest_first_with_those_that_were_revoked(stack: Stack) -> None:
    table, client = stack.environ["TABLE"], clients.dynamodb()
    mine = [make(stack, tenant="lists", name=str(number), budget_usd=number)[0] for number in range(3)]
    make(stack, tenant="lists-not")
    gone = revoke_key(table, client, mine[1].id)
    assert gone.revoked_at is not None
    stack.forget()
    assert keys_of(table, client, "lists") == [mine[0], gone, mine[2]]
    assert stack.called() == ["DynamoDB.Query"]
    assert keys_of(table, client, "nobody") == []


def test_revoked_twice_it_stays_revoked_since_the_first_time(stack: Stack) -> None:
    table, client = stack.environ["TABLE"], clients.dynamodb()
    made, _ = make(stack)
    first = revoke_key(table, client, made.id)
    assert first == replace(made, revoked_at=first.revoked_at)
    assert revoke_key(table, client, made.id) == first


@pytest.mark.parametrize("key_id", ["0" * 12, "", "nobody's"])
def test_what_is_no_key_cannot_be_revoked(stack: Stack, key_id: str) -> None:
    with pytest.raises(NotFoundError):
        revoke_key(stack.environ["TABLE"], clients.dynamodb(), key_id)


@pytest.mark.parametrize(
    ("bounds", "field"),
    [
        ({"tenant": " "}, "tenant"),
        ({"name": "n" * 101}, "name"),
        ({"scopes": ()}, "scopes"),
        ({"scopes": ("read", "write")}, "scopes"),
        ({"budget_usd": -0.01}, "budget_usd"),
        ({"budget_usd": float("nan")}, "budget_usd"),
        ({"budget_usd": Decimal("Infinity")}, "budget_usd"),
        ({"budget_usd": "much"}, "budget_usd"),
        ({"budget_usd": 1e30}, "budget_usd"),
        ({"per_minute": 0}, "per_minute"),
    ],
)
def test_a_key_that_makes_no_sense_is_not_made(stack: Stack, bounds: dict[str, Any], field: str) -> None:
    stack.forget()
    with pytest.raises(InvalidError) as raised:
        make(stack, **{"tenant": "acme", **bounds})
    assert [one.field for one in raised.value.violations] == [field]
    assert stack.calls == []


def test_a_key_that_bought_nothing_has_spent_nothing(stack: Stack) -> None:
    made, _ = make(stack)
    assert spent_of(stack.environ["TABLE"], clients.dynamodb(), made.id, "2026-11") == 0
