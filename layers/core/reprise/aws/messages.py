"""Queue on SQS, Notifier on SNS."""

import json
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from reprise.ports import MOST_DELAY

if TYPE_CHECKING:
    from mypy_boto3_sns import SNSClient
    from mypy_boto3_sqs import SQSClient


class SqsQueue:
    def __init__(self, url: str, client: "Callable[[], SQSClient]") -> None:
        self._url = url
        self._client = client

    def send(self, message: Mapping[str, Any], delay_seconds: int = 0) -> None:
        delay = max(0, min(delay_seconds, MOST_DELAY))
        self._client().send_message(QueueUrl=self._url, MessageBody=json.dumps(message), DelaySeconds=delay)


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
