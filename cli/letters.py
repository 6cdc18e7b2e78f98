"""A queue of dead letters in our hands: what is taken out is hidden from others, then deleted or put back."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

PLAY_SECONDS = 900
"""How long a letter that is being played stays hidden: ten of them may take their function a minute each. If the
command is killed, the letters come back after that."""

PEEK_SECONDS = 30
WAIT_SECONDS = 1
"""So long SQS looks everywhere before it says that there is none."""

MOST_PEEKED = 100
MOST_IN_BATCH = 10
"""Messages; an SQS limit."""


@dataclass(frozen=True, slots=True)
class Letter:
    """One message. `sent` and `first_seen` are by AWS's clock."""

    id: str
    body: str
    sent: datetime
    first_seen: datetime
    attributes: Mapping[str, Any]
    handle: str = field(repr=False)

    @property
    def why(self) -> str:
        """What Lambda says of an event that it gave up."""
        return str(self.attributes.get("ErrorMessage", {}).get("StringValue", ""))


class Mailbox:
    def __init__(self, sqs: Any, url: str) -> None:
        self._sqs = sqs
        self._url = url

    def count(self) -> int:
        """Those in sight, which SQS knows approximately."""
        names = ["ApproximateNumberOfMessages"]
        told = self._sqs.get_queue_attributes(QueueUrl=self._url, AttributeNames=names)["Attributes"]
        return int(told["ApproximateNumberOfMessages"])

    def take(self, most: int = MOST_IN_BATCH, hidden: int = PLAY_SECONDS) -> list[Letter]:
        """None where none is in sight."""
        answer = self._sqs.receive_message(
            QueueUrl=self._url,
            MaxNumberOfMessages=min(most, MOST_IN_BATCH),
            VisibilityTimeout=hidden,
            WaitTimeSeconds=WAIT_SECONDS,
            MessageSystemAttributeNames=["SentTimestamp", "ApproximateFirstReceiveTimestamp"],
            MessageAttributeNames=["All"],
        )
        return [_letter(one) for one in answer.get("Messages", ())]

    def delete(self, letter: Letter) -> None:
        self._sqs.delete_message(QueueUrl=self._url, ReceiptHandle=letter.handle)

    def put_back(self, letter: Letter) -> None:
        self._sqs.change_message_visibility(QueueUrl=self._url, ReceiptHandle=letter.handle, VisibilityTimeout=0)

    def peek(self, most: int = MOST_PEEKED) -> list[Letter]:
        """Those that lie there, oldest first; all of them are put back."""
        seen: dict[str, Letter] = {}
        try:
            for letter in self._until_none(most):
                seen[letter.id] = letter
        finally:
            for letter in seen.values():
                self.put_back(letter)
        return sorted(seen.values(), key=lambda one: one.sent)

    def _until_none(self, most: int) -> Iterator[Letter]:
        count = 0
        while count < most and (taken := self.take(most - count, PEEK_SECONDS)):
            count += len(taken)
            yield from taken


def _letter(message: Mapping[str, Any]) -> Letter:
    told = message["Attributes"]
    return Letter(
        id=message["MessageId"],
        body=message["Body"],
        sent=_moment(told["SentTimestamp"]),
        first_seen=_moment(told["ApproximateFirstReceiveTimestamp"]),
        attributes=message.get("MessageAttributes", {}),
        handle=message["ReceiptHandle"],
    )


def _moment(milliseconds: str) -> datetime:
    return datetime.fromtimestamp(int(milliseconds) / 1000, UTC)
