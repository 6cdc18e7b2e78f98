"""API keys in the table: looked up by SHA-256, never stored themselves."""

import hashlib
import secrets
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

REMEMBERED = 60
"""Seconds that a warm function trusts a key it has seen: a revoked one works at most so long."""


class DynamoKeys:
    def __init__(self, table: str, client: "Callable[[], DynamoDBClient]") -> None:
        self._table = table
        self._client = client
        self._seen: dict[str, tuple[str, float]] = {}

    def tenant_of(self, digest: str) -> str | None:
        tenant, until = self._seen.get(digest, ("", 0.0))
        if until > time.monotonic():
            return tenant
        answer = self._client().get_item(TableName=self._table, Key=_key(digest))
        if "Item" not in answer:
            return None
        tenant = str(answer["Item"]["owner"]["S"])
        self._seen[digest] = (tenant, time.monotonic() + REMEMBERED)
        return tenant


def create_key(table: str, tenant: str, client: "DynamoDBClient") -> str:
    """Makes a key and returns it: the only time that it can be seen. 256 random bits, so a bare hash is enough."""
    key = f"rk_{secrets.token_urlsafe(32)}"
    digest = hashlib.sha256(key.encode()).hexdigest()
    client.put_item(TableName=table, Item={**_key(digest), "owner": {"S": tenant}})
    return key


def _key(digest: str) -> dict[str, dict[str, str]]:
    return {"pk": {"S": f"KEY#{digest}"}, "sk": {"S": "KEY"}}
