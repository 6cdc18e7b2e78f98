"""How API keys look in the table. The key itself is never stored, only its SHA-256.

`KEY#<id>` / `KEY` opens doors; `TENANT#<tenant>` / `KEY#<id>` says the same without the digest, so that a tenant's keys
are one query. Until release 0.2 a key was `KEY#<sha256>` with an `owner`, and nothing beside.
"""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from reprise.aws.items import Item, text_of
from reprise.domain.key import ApiKey, Scope

LISTED = "KEY#"


def key_key(key_id: str) -> Item:
    return {"pk": {"S": f"KEY#{key_id}"}, "sk": {"S": "KEY"}}


def listed_key(tenant: str, key_id: str) -> Item:
    return {"pk": {"S": f"TENANT#{tenant}"}, "sk": {"S": f"{LISTED}{key_id}"}}


def key_attributes(key: ApiKey) -> Item:
    """All but its place and its digest."""
    item: Item = {
        "owner": {"S": key.tenant},
        "name": {"S": key.name},
        "scopes": {"SS": sorted(key.scopes)},
    }
    if key.created_at:
        item["created_at"] = {"S": text_of(key.created_at)}
    if key.budget_usd is not None:
        item["budget_usd"] = {"N": format(key.budget_usd, "f")}
    if key.per_minute is not None:
        item["per_minute"] = {"N": str(key.per_minute)}
    return item


def key_of(item: Mapping[str, Any]) -> ApiKey:
    """Scopes of a later release, which this one knows no door for, are passed over."""
    place = item["pk"] if item["sk"]["S"] == "KEY" else item["sk"]
    known = {scope.value: scope for scope in Scope}
    scopes = item["scopes"]["SS"] if "scopes" in item else known  # a key of release 0.2 opens everything
    return ApiKey(
        id=place["S"].removeprefix("KEY#"),
        tenant=item["owner"]["S"],
        name=item.get("name", {}).get("S", ""),
        scopes=frozenset(known[scope] for scope in scopes if scope in known),
        created_at=_moment(item, "created_at"),
        budget_usd=Decimal(item["budget_usd"]["N"]) if "budget_usd" in item else None,
        per_minute=int(item["per_minute"]["N"]) if "per_minute" in item else None,
        revoked_at=_moment(item, "revoked_at"),
    )


def digest_in(item: Mapping[str, Any]) -> str:
    return str(item["digest"]["S"] if "digest" in item else item["pk"]["S"].removeprefix("KEY#"))


def _moment(item: Mapping[str, Any], name: str) -> datetime | None:
    return datetime.fromisoformat(item[name]["S"]) if name in item else None
