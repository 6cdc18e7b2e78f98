"""What the table knows of each provider: its health, and who holds its slots. One item each, guarded by a version."""

import json
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from reprise.aws.items import text_of
from reprise.aws.versions import save
from reprise.codec import decode, encode
from reprise.domain.health import Health
from reprise.errors import ConflictError
from reprise.ports import SLOT_FRESH

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

REMEMBERED = 5
"""Seconds that a warm function trusts what it read of a provider's health."""

MOST_RACES = 5


class DynamoHealth:
    def __init__(self, table: str, client: "Callable[[], DynamoDBClient]") -> None:
        self._items = _Items(table, client)
        self._seen: dict[str, tuple[Health, float]] = {}

    def load(self, provider: str) -> Health:
        health, until = self._seen.get(provider, (Health(), 0.0))
        if until > time.monotonic():
            return health
        item = self._items.load(_key(provider, "HEALTH"))
        return self._remember(provider, decode(Health, json.loads(item["body"]["S"])) if item else Health())

    def save(self, provider: str, health: Health) -> None:
        body = {"body": {"S": json.dumps(encode(health), ensure_ascii=False)}}
        try:
            self._items.save({**_key(provider, "HEALTH"), **body}, health.version)
        except ConflictError:
            self._seen.pop(provider, None)
            raise
        self._remember(provider, health)

    def _remember(self, provider: str, health: Health) -> Health:
        self._seen[provider] = (health, time.monotonic() + REMEMBERED)
        return health


class DynamoSlots:
    def __init__(self, table: str, client: "Callable[[], DynamoDBClient]") -> None:
        self._items = _Items(table, client)

    def take(self, provider: str, job_id: str, most: int, now: datetime, busy: Callable[[str], bool | None]) -> bool:
        for _ in range(MOST_RACES):
            item = self._items.load(_key(provider, "SLOTS"))
            holders = {name: value["S"] for name, value in item["holders"]["M"].items()} if item else {}
            holders = free_slots(holders, job_id, most, now, busy)
            if job_id not in holders and len(holders) >= most:
                return False
            holders[job_id] = text_of(now)
            told = {"holders": {"M": {name: {"S": since} for name, since in holders.items()}}}
            try:
                self._items.save({**_key(provider, "SLOTS"), **told}, _version(item) + 1)
            except ConflictError:
                continue
            return True
        return False

    def leave(self, provider: str, job_id: str) -> None:
        item = self._items.load(_key(provider, "SLOTS"))
        holders = item["holders"]["M"] if item else {}
        if job_id in holders:
            rest = {"holders": {"M": {name: since for name, since in holders.items() if name != job_id}}}
            with suppress(ConflictError):
                self._items.save({**_key(provider, "SLOTS"), **rest}, _version(item) + 1)


def free_slots(
    holders: Mapping[str, str], job_id: str, most: int, now: datetime, busy: Callable[[str], bool | None]
) -> dict[str, str]:
    """Those who keep their slot: all while there is room, else those who are at work or about to be."""
    if job_id in holders or len(holders) < most:
        return dict(holders)
    young = text_of(now - timedelta(seconds=SLOT_FRESH))
    told = {holder: busy(holder) for holder in holders}
    return {one: since for one, since in holders.items() if told[one] or (told[one] is None and since > young)}


class _Items:
    def __init__(self, table: str, client: "Callable[[], DynamoDBClient]") -> None:
        self._table = table
        self._client = client

    def load(self, key: dict[str, Any]) -> dict[str, Any] | None:
        answer: dict[str, Any] = self._client().get_item(TableName=self._table, Key=key, ConsistentRead=True)  # type: ignore[assignment]
        return answer.get("Item")

    def save(self, item: dict[str, Any], version: int) -> None:
        save(self._client(), self._table, {**item, "version": {"N": str(version)}}, version)


def _version(item: Mapping[str, Any] | None) -> int:
    return int(item["version"]["N"]) if item else 0


def _key(provider: str, kind: str) -> dict[str, Any]:
    return {"pk": {"S": f"PROVIDER#{provider}"}, "sk": {"S": kind}}
