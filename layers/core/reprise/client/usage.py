"""What a month came to, by provider."""

from typing import TYPE_CHECKING, Any, cast

from reprise.client.transport import Transport

if TYPE_CHECKING:
    from reprise.http.shapes.usage import ProviderUsage, Usage

DIGITS = 6
"""Of sums in USD: adding up pages brings none that were not there."""


def usage(transport: Transport, month: str | None) -> "Usage":
    """All pages as one; those that follow are of the month that the first one names."""
    whole: Usage = transport.json("GET", "/v1/usage", params={"month": month} if month else None)
    rows = {one["provider"]: one for one in whole["providers"]}
    while whole["next_cursor"]:
        asked = {"month": whole["month"], "cursor": whole["next_cursor"]}
        page: Usage = transport.json("GET", "/v1/usage", params=asked)
        for one in page["providers"]:
            before = rows.get(one["provider"])
            rows[one["provider"]] = _sum(before, one) if before else one
        whole = {**whole, "next_cursor": page["next_cursor"]}
    return {**whole, "providers": sorted(rows.values(), key=lambda one: (-one["estimated_usd"], one["provider"]))}


def _sum(one: Any, other: Any) -> "ProviderUsage":
    added = {name: round(one[name] + other[name], DIGITS) for name in one if name != "provider"}
    return cast("ProviderUsage", {"provider": one["provider"], **added})
