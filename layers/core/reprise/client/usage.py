"""What was made since a moment, by provider."""

from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING, TypedDict

from reprise.client.covers import Covers
from reprise.client.errors import NotFoundError
from reprise.domain.job import State

if TYPE_CHECKING:
    from reprise.http.shapes.covers import Cover


class Usage(TypedDict):
    """`seconds` of music kept; `estimated_usd` by price lists, never a bill."""

    provider: str
    covers: int
    succeeded: int
    failed: int
    canceled: int
    under_way: int
    takes: int
    seconds: float
    estimated_usd: float


def usage(covers: Covers, since: datetime | None) -> list[Usage]:
    """Sorted by cost. A cover that turned to another provider counts, with all its attempts, for the last one."""
    first = since or datetime.now(UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    of_provider: dict[str, list[Cover]] = {}
    for cover in _since(covers, first if first.tzinfo else first.replace(tzinfo=UTC)):
        of_provider.setdefault(cover["provider"], []).append(cover)
    found = [_sum(provider, made) for provider, made in of_provider.items()]
    return sorted(found, key=lambda one: (-one["estimated_usd"], one["provider"]))


def _since(covers: Covers, first: datetime) -> "Iterator[Cover]":
    """The list says neither money nor takes: each cover is read, too."""
    for one in covers.iter():
        if datetime.fromisoformat(one["created_at"]) < first:
            return
        with suppress(NotFoundError):  # deleted in this moment
            yield covers.get(one["id"])


def _sum(provider: str, made: "list[Cover]") -> Usage:
    states = Counter(str(cover["state"]) for cover in made)
    kept = [track for cover in made for track in cover["tracks"] if track["status"] == "kept"]
    return {
        "provider": provider,
        "covers": len(made),
        "succeeded": states["succeeded"],
        "failed": states["failed"],
        "canceled": states["canceled"],
        "under_way": sum(not State(cover["state"]).terminal for cover in made),
        "takes": len(kept),
        "seconds": round(sum(track["duration_seconds"] or 0 for track in kept), 2),
        "estimated_usd": round(sum(cover["estimated_usd"] for cover in made), 4),
    }
