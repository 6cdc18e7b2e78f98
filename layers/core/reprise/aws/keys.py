"""API keys in the table as the doors see them: found, and counted by the minute."""

import hmac
import time
from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from reprise.aws.key_items import digest_in, key_key, key_of
from reprise.domain.key import ApiKey, digest_of, id_of
from reprise.ports import Clock

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

REMEMBERED = 30
"""Seconds that a warm function trusts a key it has seen: a revoked one works at most so long."""

COUNTED = timedelta(minutes=5)
"""How long a minute's count is kept; DynamoDB takes it away some time later."""


class DynamoKeys:
    """`monotonic` in seconds; it is what the memory of seen keys goes by."""

    def __init__(
        self,
        table: str,
        client: "Callable[[], DynamoDBClient]",
        clock: Clock,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._table = table
        self._client = client
        self._clock = clock
        self._monotonic = monotonic
        self._seen: dict[str, tuple[ApiKey, float]] = {}

    def find(self, key: str) -> ApiKey | None:
        digest = digest_of(key)
        seen, until = self._seen.pop(digest, (None, 0.0))
        if seen is None or until <= self._monotonic():
            seen, until = self._read(id_of(key) or digest, digest), self._monotonic() + REMEMBERED
        if seen is not None:
            self._seen[digest] = seen, until
        return seen

    def _read(self, key_id: str, digest: str) -> ApiKey | None:
        item = self._client().get_item(TableName=self._table, Key=key_key(key_id)).get("Item")
        if item is None or not hmac.compare_digest(digest_in(item), digest):
            return None
        found = key_of(item)
        return None if found.revoked_at else found

    def admit(self, key: ApiKey) -> int:
        if key.per_minute is None:
            return 0
        now = self._clock.now()
        minute = now.replace(second=0, microsecond=0)
        place = {"pk": {"S": f"KEY#{key.id}"}, "sk": {"S": f"MINUTE#{minute:%Y-%m-%dT%H:%M}"}}
        try:
            self._client().update_item(
                TableName=self._table,
                Key=place,
                UpdateExpression="ADD requests :one SET expires_at = :expires",
                ConditionExpression="attribute_not_exists(requests) OR requests < :most",
                ExpressionAttributeValues={
                    ":one": {"N": "1"},
                    ":most": {"N": str(key.per_minute)},
                    ":expires": {"N": str(int((minute + COUNTED).timestamp()))},
                },
            )
        except ClientError as error:
            if error.response["Error"]["Code"] != "ConditionalCheckFailedException":
                raise
            return 60 - now.second
        return 0
