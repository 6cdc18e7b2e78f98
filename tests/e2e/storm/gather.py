"""Looks at everything from outside: the API, the bucket, the vendors' ledgers, the queues of dead letters, the logs."""

import hashlib
import json
import re
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx

from local.stack import Running
from local.vendors import VENDORS
from simulators.ledger import job_of
from tests.e2e.storm.evidence import TERMINAL, Case, Json, Purchase, Stored

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

    def ledgers(self) -> dict[str, Json]:
        return {name: httpx.get(f"{url}/_control/ledger").json() for name, url in self.stack.simulators.items()}

    def redrive(self) -> int:
        """As the runbooks have it: what died five times over is sent once more."""
        moved = 0
        for name in REDRIVEN:
            for message in self._taken(f"{name}DeadLetters"):
                self.sqs.send_message(QueueUrl=self._queue(f"{name}Queue"), MessageBody=message["Body"])
                moved += 1
        for message in self._taken("UploadDeadLetters"):
            event = json.dumps(json.loads(message["Body"])["requestPayload"])
            name = self.running.deployment.functions["UploadFunction"]
            self.running.client("lambda").invoke(FunctionName=name, InvocationType="Event", Payload=event.encode())
            moved += 1
        self.redriven += moved
        return moved

    def dead_letters(self) -> dict[str, int]:
        wanted = "ApproximateNumberOfMessages"
        counts = {}
        for name in DEAD_LETTERS:
            url = self._queue(f"{name}DeadLetters")
            told = self.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
            counts[name] = int(told[wanted]) + int(told.get(f"{wanted}NotVisible", 0))
        return counts

    def secrets_in_logs(self) -> list[tuple[str, str]]:
        """Log and name of each secret that stands in it; of the values only those that this run knows."""
        fakes = self.running.simulators
        known = {"the API key": self.stack.api_key, **{f"{name}'s key": fake.key for name, fake in fakes.items()}}
        secrets = self.running.client("secretsmanager")
        for one in secrets.list_secrets()["SecretList"]:
            known[one["Name"]] = secrets.get_secret_value(SecretId=one["ARN"])["SecretString"]
        known["the webhooks' secret"] = self.get("/v1/webhooks/secret")["secret"]
        ours = [log for log in Path(self.stack.logs).glob("*.log") if log.stem not in VENDORS]
        texts = {log.name: log.read_text(errors="replace") for log in ours}
        return [*_found(texts, known), *_shaped(texts)]

    def hurry(self, seconds: int) -> None:
        """What a killed worker held comes back after this, and not after the six time-outs that AWS asks for."""
        for name in REDRIVEN:
            url = self._queue(f"{name}Queue")
            self.sqs.set_queue_attributes(QueueUrl=url, Attributes={"VisibilityTimeout": str(seconds)})

    def _taken(self, name: str) -> Iterator[Json]:
        url = self._queue(name)
        while messages := self.sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
            for message in messages:
                yield message
                self.sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])

    def _queue(self, name: str) -> str:
        return str(self.running.deployment.resources[name])


SHAPES: Mapping[str, re.Pattern[str]] = {
    "callback token": re.compile(r"\b\d{10}\.[\w-]{43}\b"),
    "API key": re.compile(r"\brk_[\w-]{20,}"),
    "webhook secret": re.compile(r"\bwhs(?:ec|k)_[\w+/=-]{20,}"),
    "presigned link": re.compile(r"(?i)x-amz-(signature|credential|security-token)(=|%3D)(?!\[redacted\])"),
}


def _found(texts: Mapping[str, str], known: Mapping[str, str]) -> list[tuple[str, str]]:
    return [(log, name) for log, text in texts.items() for name, value in known.items() if value in text]


def _shaped(texts: Mapping[str, str]) -> list[tuple[str, str]]:
    return [(log, name) for log, text in texts.items() for name, shape in SHAPES.items() if shape.search(text)]


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
