"""A caller of the running stack: the API over HTTP, the buckets, the topic, the fake vendor's ledger."""

import json
import time
from collections.abc import Mapping
from typing import Any

import httpx

from local.stack import Running

Job = dict[str, Any]
TERMINAL = ("succeeded", "failed", "canceled")


class Caller:
    def __init__(self, running: Running) -> None:
        self.running, self.stack = running, running.stack
        key = {"Authorization": f"Bearer {self.stack.api_key}"}
        self.api = httpx.Client(base_url=self.stack.api_url, headers=key, timeout=60)
        self.kie = httpx.Client(base_url=self.stack.simulators["kie"], timeout=60)
        self.s3, self.sqs = running.client("s3"), running.client("sqs")
        self.events_queue = self._subscribe()
        self._events: dict[str, list[dict[str, Any]]] = {}

    def close(self) -> None:
        self.api.close()
        self.kie.close()

    def upload(self, song: bytes) -> str:
        form = self.api.post("/v1/uploads", json={"filename": "song.mp3", "content_type": "audio/mpeg"}).json()
        httpx.post(form["url"], data=form["fields"], files={"file": ("song.mp3", song)}).raise_for_status()
        return str(form["upload"])

    def order(self, source: Mapping[str, str], key: str | None = None, **wishes: Any) -> Job:
        usual = {"provider": "kie", "style": "lo-fi jazz", "title": "A Song", "instrumental": True}
        body = {"source": dict(source), **usual, **wishes}
        headers = {"Idempotency-Key": key} if key else {}
        answer = self.api.post("/v1/covers", json=body, headers=headers)
        assert answer.status_code == 202, answer.text
        job: Job = answer.json()
        return job

    def cover(self, job_id: str, wait: int = 0) -> Job:
        job: Job = self.api.get(f"/v1/covers/{job_id}", params={"wait": wait}).json()
        return job

    def finish(self, job: Job, seconds: float = 60) -> Job:
        """The job once it has ended; a job that does not end is the failure."""
        until = time.monotonic() + seconds
        while job["state"] not in TERMINAL:
            assert time.monotonic() < until, self.story(job["id"])
            job = self.cover(job["id"], wait=5)
        return job

    def story(self, job_id: str) -> list[str]:
        """The timeline, a line each: what a failing test shows."""
        entries = self.api.get(f"/v1/covers/{job_id}/timeline").json()["entries"]
        return [f"{entry['at']} {entry['type']}: {entry['message']}" for entry in entries]

    def misbehave(self, **faults: Any) -> None:
        self.kie.post("/_control/faults", json=faults).raise_for_status()

    def behave(self) -> None:
        self.kie.delete("/_control/faults").raise_for_status()

    def ledger(self) -> dict[str, Any]:
        ledger: dict[str, Any] = self.kie.get("/_control/ledger").json()
        return ledger

    def events(self, job_id: str, until: str = "cover.succeeded", seconds: float = 15) -> list[dict[str, Any]]:
        """What the topic published about a job, in the order of arrival."""
        end = time.monotonic() + seconds
        while True:
            self._hear(wait=0)
            mine = self._events.get(job_id, [])
            if any(event["type"] == until for event in mine) or time.monotonic() > end:
                self._hear(wait=1)  # one that came twice would come now
                return self._events.get(job_id, [])
            time.sleep(0.2)

    def covers_of_inbox(self, key: str, seconds: float = 20) -> list[Job]:
        """The jobs that a dropped song made."""
        until = time.monotonic() + seconds
        while True:
            page = self.api.get("/v1/covers", params={"limit": 100}).json()["covers"]
            jobs = [self.cover(one["id"]) for one in page]
            mine = [job for job in jobs if job["request"]["source"].get("object") == key]
            if mine or time.monotonic() > until:
                return mine
            time.sleep(0.3)

    def _hear(self, wait: int) -> None:
        while True:
            answer = self.sqs.receive_message(
                QueueUrl=self.events_queue, MaxNumberOfMessages=10, WaitTimeSeconds=wait, MessageAttributeNames=["All"]
            )
            for message in answer.get("Messages", []):
                event = json.loads(message["Body"])
                attributes = {name: one["StringValue"] for name, one in message.get("MessageAttributes", {}).items()}
                self._events.setdefault(event["job"], []).append({**event, "attributes": attributes})
                self.sqs.delete_message(QueueUrl=self.events_queue, ReceiptHandle=message["ReceiptHandle"])
            if not answer.get("Messages"):
                return

    def _subscribe(self) -> str:
        url: str = self.sqs.create_queue(QueueName="listener")["QueueUrl"]
        arn = self.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
        allow = {
            "Effect": "Allow",
            "Principal": {"Service": "sns.amazonaws.com"},
            "Action": "sqs:SendMessage",
            "Resource": arn,
        }
        policy = json.dumps({"Version": "2012-10-17", "Statement": [allow]})
        self.sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": policy})
        self.running.client("sns").subscribe(
            TopicArn=self.stack.topic_arn, Protocol="sqs", Endpoint=arn, Attributes={"RawMessageDelivery": "true"}
        )
        return url
