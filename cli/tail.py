"""Events as they come, without an address that they could be sent to: the list and the timelines are asked.

The newest hundred covers are looked at. What is told is no webhook: it is not signed, and has no tenant.
"""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

from reprise.client import NotFoundError, Reprise
from reprise.domain.job import State

LOOKED_AT = 100
EVERY_SECONDS = 2.0


def events(client: Reprise, only: str, sleep: Callable[[float], None]) -> Iterator[dict[str, Any]]:
    """From now on; of one cover alone from its beginning, until it is over."""
    if only:
        yield from _of_one(client, only, sleep)
        return
    known = _updated(client)
    since = max(known.values(), default=datetime.min.replace(tzinfo=UTC))  # by the stack's clock, not by ours
    told: set[str] = set()
    while True:
        sleep(EVERY_SECONDS)
        now = _updated(client)
        changed = [cover for cover, at in now.items() if known.get(cover) != at]
        found = [one for cover in changed for one in _events(client, cover) if one["id"] not in told]
        fresh = [one for one in found if datetime.fromisoformat(one["at"]) > since]
        yield from sorted(fresh, key=lambda one: one["at"])
        told |= {one["id"] for one in fresh}
        known = now


def _of_one(client: Reprise, cover: str, sleep: Callable[[float], None]) -> Iterator[dict[str, Any]]:
    told = 0
    while True:
        over = State(client.covers.get(cover)["state"]).terminal
        found = _events(client, cover)[told:]
        yield from found
        told += len(found)
        if over:
            return
        sleep(EVERY_SECONDS)


def _updated(client: Reprise) -> dict[str, datetime]:
    covers = client.covers.list(limit=LOOKED_AT)["covers"]
    return {one["id"]: datetime.fromisoformat(one["updated_at"]) for one in covers}


def _events(client: Reprise, cover: str) -> list[dict[str, Any]]:
    try:
        entries = client.covers.timeline(cover)
    except NotFoundError:  # deleted in this moment
        return []
    return [
        {
            "id": f"{cover}-{entry['event']}",
            "type": entry["type"],
            "job": cover,
            "sequence": entry["event"],
            "at": entry["at"],
            "status": entry["state"],
            "message": entry["message"],
            "data": entry["data"],
        }
        for entry in entries
        if entry["event"]
    ]
