"""A queue behind the topic: each event as it comes, and what lay in the bucket at that moment."""

import json
import threading
import time
from typing import Any

from local.stack import Running
from tests.e2e.storm.evidence import ENDS, Heard, Json

QUEUE = "storm-events"


class Listener:
    def __init__(self, running: Running) -> None:
        self.heard: list[Heard] = []
        self.notices: list[Json] = []
        self.ended: dict[str, str] = {}
        self._running, self._over = running, threading.Event()
        self._sqs, self._s3 = running.client("sqs"), running.client("s3")
        self._queue = self._subscribe()
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._over.set()
        self._thread.join(10)

    def _listen(self) -> None:
        while not self._over.is_set():
            answer = self._sqs.receive_message(QueueUrl=self._queue, MaxNumberOfMessages=10, WaitTimeSeconds=1)
            for message in answer.get("Messages", []):
                self._hear(json.loads(message["Body"]))
                self._sqs.delete_message(QueueUrl=self._queue, ReceiptHandle=message["ReceiptHandle"])

    def _hear(self, body: Json) -> None:
        if "job" not in body:
            self.notices.append(body)
            return
        found = self._folder(body) if body["type"] == "cover.succeeded" else None
        self.heard.append(Heard(time.time(), body, found))
        if body["type"] in ENDS:
            self.ended[body["job"]] = body["type"]

    def _folder(self, body: Json) -> list[str]:
        folder = f"covers/{body['tenant']}/{body['job']}/"
        listed = self._s3.list_objects_v2(Bucket=self._running.stack.covers_bucket, Prefix=folder)
        return [str(one["Key"]).removeprefix(folder) for one in listed.get("Contents", [])]

    def _subscribe(self) -> str:
        url: str = self._sqs.create_queue(QueueName=QUEUE)["QueueUrl"]
        arn = self._sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
        allow: dict[str, Any] = {
            "Effect": "Allow",
            "Principal": {"Service": "sns.amazonaws.com"},
            "Action": "sqs:SendMessage",
            "Resource": arn,
        }
        policy = json.dumps({"Version": "2012-10-17", "Statement": [allow]})
        self._sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": policy})
        self._running.client("sns").subscribe(
            TopicArn=self._running.stack.topic_arn,
            Protocol="sqs",
            Endpoint=arn,
            Attributes={"RawMessageDelivery": "true"},
        )
        return url
