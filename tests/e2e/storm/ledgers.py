"""What the vendors wrote down: who bought what, and what was made of it."""

import re
from collections.abc import Iterable, Mapping

import httpx

from simulators.ledger import job_of
from tests.e2e.storm.evidence import Json, Purchase

MOST_ATTEMPTS = 8
CALLBACK = re.compile(r"/callbacks/\w+/([0-9a-f]{32})/(\d+)/")


def read(urls: Mapping[str, str]) -> dict[str, Json]:
    return {name: httpx.get(f"{url}/_control/ledger").json() for name, url in urls.items()}


def purchases(ledgers: Mapping[str, Json], jobs: Iterable[str]) -> list[Purchase]:
    """By the callback URL; where a vendor has none, by the id that we send with each call."""
    marks = {job_of(f"{job}-{n}"): (job, n) for job in jobs for n in range(1, MOST_ATTEMPTS + 1)}
    found: list[Purchase] = []
    for provider, ledger in ledgers.items():
        for row in ledger["rows"]:
            url = CALLBACK.search(row["callback_url"])
            job, attempt = (url[1], int(url[2])) if url else marks.get(row["job"], (None, None))
            kept = {name: row[name] for name in ("task", "at", "credits", "refunded", "outcome", "reply")}
            found.append(Purchase(provider=provider, job=job, attempt=attempt, **kept))
    return found


def made(ledgers: Mapping[str, Json]) -> dict[str, dict[str, int]]:
    """Task -> SHA-256 in hex -> bytes."""
    found: dict[str, dict[str, int]] = {}
    for ledger in ledgers.values():
        for one in ledger["made"]:
            found.setdefault(one["task"], {})[one["sha256"]] = one["bytes"]
    return found
