"""The work queues and those of the dead letters."""

import json
from collections.abc import Iterator

from local.stack import Running
from tests.e2e.storm.evidence import Json

DEAD_LETTERS = ("Advance", "Transfer", "Deliver", "Dispatch", "Upload")
REDRIVEN = ("Advance", "Transfer", "Deliver")


class Letters:
    def __init__(self, running: Running) -> None:
        self.running, self.sqs = running, running.client("sqs")
        self.redriven = 0

    def hurry(self, seconds: int) -> None:
        """What a killed worker held comes back after this, and not after the six time-outs that AWS asks for."""
        for name in REDRIVEN:
            url = self._queue(f"{name}Queue")
            self.sqs.set_queue_attributes(QueueUrl=url, Attributes={"VisibilityTimeout": str(seconds)})

    def waiting(self) -> int:
        """Messages that nobody has taken up yet."""
        return sum(self._count(f"{name}Queue", "") for name in REDRIVEN)

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

    def dead(self) -> dict[str, int]:
        return {
            name: sum(self._count(f"{name}DeadLetters", kind) for kind in ("", "NotVisible")) for name in DEAD_LETTERS
        }

    def _count(self, queue: str, kind: str) -> int:
        told = self.sqs.get_queue_attributes(QueueUrl=self._queue(queue), AttributeNames=["All"])["Attributes"]
        return int(told.get(f"ApproximateNumberOfMessages{kind}", 0))

    def _taken(self, name: str) -> Iterator[Json]:
        url = self._queue(name)
        while messages := self.sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
            for message in messages:
                yield message
                self.sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])

    def _queue(self, name: str) -> str:
        return str(self.running.deployment.resources[name])
