"""API keys as their owner sees them: made, listed, revoked, and what they have spent. `keys.py` is what doors see."""

import secrets
from collections.abc import Iterable
from contextlib import suppress
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from reprise.aws.items import text_of
from reprise.aws.key_items import LISTED, key_attributes, key_key, key_of, listed_key
from reprise.aws.purses import purse_key, spent_of_item
from reprise.domain.key import DEFAULT, ApiKey, Scope, digest_of, faults
from reprise.domain.purse import money
from reprise.domain.violation import Violation
from reprise.errors import InvalidError, NotFoundError

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


def create_key(
    table: str,
    client: "DynamoDBClient",
    *,
    tenant: str,
    name: str = "",
    scopes: Iterable[str] = DEFAULT,
    budget_usd: Decimal | float | None = None,
    per_minute: int | None = None,
) -> tuple[ApiKey, str]:
    """What is known of a new key, and the key: the only time that it can be seen. Raises InvalidError."""
    budget, asked = _decimal(budget_usd), frozenset(scopes)
    found = faults(tenant, name, asked, budget, per_minute)
    if found:
        raise InvalidError(*found)
    made = ApiKey(
        id=secrets.token_hex(6),
        tenant=tenant,
        name=name,
        scopes=frozenset(map(Scope, asked)),
        created_at=datetime.now(UTC),
        budget_usd=budget if budget is None else money(budget),
        per_minute=per_minute,
    )
    key = f"rk_{made.id}_{secrets.token_urlsafe(32)}"
    attributes = key_attributes(made)
    opens = {**key_key(made.id), **attributes, "digest": {"S": digest_of(key)}}
    puts = [opens, {**listed_key(tenant, made.id), **attributes}]
    client.transact_write_items(
        TransactItems=[
            {"Put": {"TableName": table, "Item": item, "ConditionExpression": "attribute_not_exists(pk)"}}
            for item in puts
        ]
    )
    return made, key


def keys_of(table: str, client: "DynamoDBClient", tenant: str) -> list[ApiKey]:
    """The oldest first, revoked ones too. Those of release 0.2 and before are in no list."""
    pages = client.get_paginator("query").paginate(
        TableName=table,
        KeyConditionExpression="pk = :tenant AND begins_with(sk, :listed)",
        ExpressionAttributeValues={":tenant": {"S": f"TENANT#{tenant}"}, ":listed": {"S": LISTED}},
        ConsistentRead=True,
    )
    found = [key_of(item) for page in pages for item in page["Items"]]
    return sorted(found, key=lambda key: (str(key.created_at), key.id))


def spent_of(table: str, client: "DynamoDBClient", key_id: str, month: str) -> Decimal:
    """USD that a key's jobs of a month (`2026-11`) have cost by estimate, with what is put by for those that wait."""
    answer = client.get_item(TableName=table, Key=purse_key(key_id, month), ConsistentRead=True)
    return spent_of_item(answer.get("Item", {}))


def revoke_key(table: str, client: "DynamoDBClient", key_id: str) -> ApiKey:
    """The key works no more, within a minute. Revoked twice, it stays revoked since the first time.

    A key of release 0.2 or before is revoked by its SHA-256. Raises NotFoundError.
    """
    item = client.get_item(TableName=table, Key=key_key(key_id), ConsistentRead=True).get("Item")
    if item is None:
        raise NotFoundError(f"there is no key {key_id!r}")
    places = [key_key(key_id), *([listed_key(item["owner"]["S"], key_id)] if "digest" in item else [])]
    change: dict[str, Any] = {
        "TableName": table,
        "UpdateExpression": "SET revoked_at = if_not_exists(revoked_at, :now)",
        "ConditionExpression": "attribute_exists(pk)",
        "ExpressionAttributeValues": {":now": {"S": text_of(datetime.now(UTC))}},
    }
    client.transact_write_items(TransactItems=[{"Update": {**change, "Key": place}} for place in places])  # type: ignore[typeddict-item]
    answer = client.get_item(TableName=table, Key=key_key(key_id), ConsistentRead=True)
    return key_of(answer["Item"])


def _decimal(usd: Decimal | float | None) -> Decimal | None:
    """Raises InvalidError for what is no number."""
    with suppress(InvalidOperation):
        return None if usd is None else Decimal(str(usd))
    raise InvalidError(Violation("budget_usd", "type", "an amount of USD"))
