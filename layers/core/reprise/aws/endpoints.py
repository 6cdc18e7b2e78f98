"""Endpoints on DynamoDB: in their tenant's partition, each with a keyring beside it once its secret was rotated."""

import json
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from reprise.aws.items import Item
from reprise.aws.versions import save
from reprise.codec import decode, encode
from reprise.domain.endpoint import Endpoint, Keyring

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


class DynamoEndpoints:
    def __init__(self, table: str, client: "Callable[[], DynamoDBClient]") -> None:
        self._table = table
        self._client = client

    def load(self, tenant: str, endpoint_id: str) -> Endpoint | None:
        item = self._item(endpoint_key(tenant, endpoint_id))
        return decode(Endpoint, json.loads(item["body"]["S"])) if item else None

    def of(self, tenant: str) -> Sequence[Endpoint]:
        answer = self._client().query(  # at most ten, far below a page
            TableName=self._table,
            KeyConditionExpression="pk = :tenant AND begins_with(sk, :webhook)",
            ExpressionAttributeValues={":tenant": {"S": f"TENANT#{tenant}"}, ":webhook": {"S": "WEBHOOK#"}},
            ConsistentRead=True,
        )
        found = [decode(Endpoint, json.loads(item["body"]["S"])) for item in answer["Items"]]
        return sorted(found, key=lambda one: (one.created_at, one.id))

    def save(self, endpoint: Endpoint) -> None:
        self._save(endpoint_key(endpoint.tenant, endpoint.id), endpoint)

    def delete(self, tenant: str, endpoint_id: str) -> None:
        for key in (endpoint_key(tenant, endpoint_id), keyring_key(tenant, endpoint_id)):
            self._client().delete_item(TableName=self._table, Key=key)

    def keyring(self, tenant: str, owner: str) -> Keyring:
        item = self._item(keyring_key(tenant, owner))
        return decode(Keyring, json.loads(item["body"]["S"])) if item else Keyring(owner)

    def save_keyring(self, tenant: str, ring: Keyring) -> None:
        self._save(keyring_key(tenant, ring.owner), ring)

    def _item(self, key: Item) -> dict[str, Any] | None:
        return self._client().get_item(TableName=self._table, Key=key, ConsistentRead=True).get("Item")

    def _save(self, key: Item, thing: Endpoint | Keyring) -> None:
        body = json.dumps(encode(thing), ensure_ascii=False, separators=(",", ":"))
        item = key | {"version": {"N": str(thing.version)}, "body": {"S": body}}
        save(self._client(), self._table, item, thing.version)


def endpoint_key(tenant: str, endpoint_id: str) -> Item:
    return {"pk": {"S": f"TENANT#{tenant}"}, "sk": {"S": f"WEBHOOK#{endpoint_id}"}}


def keyring_key(tenant: str, owner: str) -> Item:
    return {"pk": {"S": f"TENANT#{tenant}"}, "sk": {"S": f"KEYRING#{owner}"}}
