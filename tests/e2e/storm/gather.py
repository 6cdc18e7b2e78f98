"""Looks at everything from outside: the API, the bucket, the vendors' ledgers, the queues of dead letters, the logs."""

import hashlib
import re
import time
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

import httpx

from local.stack import Running
from tests.e2e.storm.evidence import TERMINAL, Case, Json, Stored

MOST_ATTEMPTS = 8
CALLBACK = re.compile(r"/callbacks/\w+/([0-9a-f]{32})/(\d+)/")
DEAD_LETTERS = ("Advance", "Transfer", "Deliver", "Dispatch", "Upload")
REDRIVEN = ("Advance", "Transfer", "Deliver")
TRIES = 10


class Gather:
    def __init__(self, running: Running) -> None:
        self.running, self.stack = running, running.stack
        key = {"Authorization": f"Bearer {self.stack.api_key}"}
        self.api = httpx.Client(base_url=self.stack.api_url, headers=key, timeout=60)
        self.s3, self.sqs = running.client("s3"), running.client("sqs")
        self.redriven = 0

    def close(self) -> None:
        self.api.close()

    def states(self) -> dict[str, str]:
        """Job -> state, of all that there are."""
        found: dict[str, str] = {}
        cursor: str | None = ""
        while cursor is not None:
            page = self.get("/v1/covers", limit="100", **({"cursor": cursor} if cursor else {}))
            found |= {one["id"]: one["state"] for one in page["covers"]}
            cursor = page["next_cursor"]
        return found

    def case(self, job: str) -> Case:
        cover = self.get(f"/v1/covers/{job}")
        timeline = self.get(f"/v1/covers/{job}/timeline")["entries"]
        played = {track["number"]: self._played(track["audio_url"]) for track in cover["tracks"] if track["audio_url"]}
        return Case(job, order_of(cover), cover, timeline, self.deliveries(job), self.folder(job), played)

    def _played(self, url: str) -> str:
        """As a player would: by the API's link, to wherever that leads."""
        for _ in range(TRIES):
            answer = self.api.get(url, follow_redirects=True)
            if answer.status_code < 500:
                break
            time.sleep(0.5)
        return hashlib.sha256(answer.content).hexdigest() if answer.status_code == 200 else str(answer.status_code)

    def deliveries(self, job: str) -> Json:
        return self.get(f"/v1/covers/{job}/deliveries")

    def folder(self, job: str) -> dict[str, Stored]:
        prefix = f"covers/owner/{job}/"
        listed = self.s3.list_objects_v2(Bucket=self.stack.covers_bucket, Prefix=prefix)
        found: dict[str, Stored] = {}
        for one in listed.get("Contents", []):
            body: bytes = self.s3.get_object(Bucket=self.stack.covers_bucket, Key=one["Key"])["Body"].read()
            digest = hashlib.sha256(body).hexdigest()
            found[str(one["Key"]).removeprefix(prefix)] = Stored(len(body), digest, one["LastModified"].timestamp())
        return found

    def get(self, path: str, **query: str) -> Json:
        """Again while a killed worker is all that answers."""
        for tried in range(TRIES):
            try:
                answer = self.api.get(path, params=query)
                if answer.status_code < 500 and answer.status_code != 429:
                    said: Json = answer.raise_for_status().json()
                    return said
            except httpx.TransportError:
                if tried == TRIES - 1:
                    raise
            time.sleep(0.5)
        raise AssertionError(f"{path} does not answer")

    def prices(self) -> dict[str, float]:
        return {one["provider"]: one["estimated_usd"] for one in self.get("/v1/providers")["providers"]}


def order_of(cover: Json) -> int | None:
    """Which order a job is, by the number that went along in whatever words."""
    request = cover["request"]
    words = (
        (request.get("metadata") or {}).get("order", "") and f"order {request['metadata']['order']}",
        request.get("prompt"),
        request.get("title"),
        request.get("callback_url"),
        request["source"].get("object"),
    )
    found = (re.search(r"(?i)(?:order[ -]|/client/)(\d+)\b", word) for word in words if word)
    return next((int(one[1]) for one in found if one), None)


def unfinished(states: Mapping[str, str]) -> list[str]:
    return [job for job, state in states.items() if state not in TERMINAL]


def wait_for(condition: Callable[[], Any], seconds: float, pause: float = 1.0) -> bool:
    until = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > until:
            return False
        time.sleep(pause)
    return True


def seconds_until(moment: str) -> float:
    return datetime.fromisoformat(moment).timestamp() - time.time()
