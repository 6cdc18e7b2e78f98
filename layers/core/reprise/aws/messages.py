"""Queue on SQS, Notifier on SNS."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice
from typing import TYPE_CHECKING, Any

from reprise.ports import MOST_DELAY

if TYPE_CHECKING:
    from mypy_boto3_sns import SNSClient
    from mypy_boto3_sqs import SQSClient

MOST_IN_BATCH = 10
"""Messages; an SQS limit."""


class SqsQueue:
    def __init__(self, url: str, client: "Callable[[], SQSClient]") -> None:
        self._url = url
        self._client = client

    def send(self, message: Mapping[str, Any], delay_seconds: int = 0) -> None:
        delay = max(0, min(delay_seconds, MOST_DELAY))
        self._client().send_message(QueueUrl=self._url, MessageBody=json.dumps(message), DelaySeconds=delay)

    def send_many(self, messages: Iterable[Mapping[str, Any]]) -> int:
        """Raises RuntimeError where SQS did not take some: who sends them comes again with all of them."""
        count = 0
        for batch in _batches(messages):
            entries = [{"Id": str(place), "MessageBody": json.dumps(one)} for place, one in enumerate(batch)]
            answer = self._client().send_message_batch(QueueUrl=self._url, Entries=entries)  # type: ignore[arg-type]
            if answer.get("Failed"):
                raise RuntimeError(f"SQS did not take {len(answer['Failed'])} of {len(entries)} messages")
            count += len(entries)
        return count


class SnsNotifier:
    def __init__(self, topic: str, client: "Callable[[], SNSClient]") -> None:
        self._topic = topic
        self._client = client

    def publish(self, message: Mapping[str, Any], attributes: Mapping[str, str]) -> None:
        self._client().publish(
            TopicArn=self._topic,
            Message=json.dumps(message, ensure_ascii=False),
            MessageAttributes={
                name: {"DataType": "String", "StringValue": value} for name, value in attributes.items()
            },
        )


def _batches(messages: Iterable[Mapping[str, Any]]) -> Iterator[list[Mapping[str, Any]]]:
    rest = iter(messages)
    while batch := list(islice(rest, MOST_IN_BATCH)):
        yield batch
