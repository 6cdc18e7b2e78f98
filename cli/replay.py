"""How one dead letter goes through again. To play it returns when it certainly did, and raises StaysError when not."""

from collections.abc import Callable
from dataclasses import dataclass

from cli.invoke import StaysError, invoke, parsed
from cli.letters import Letter
from cli.lines import Lines
from cli.queues import DeadLetters, Way
from cli.target import Target


def _never(letter: Letter) -> str:
    return ""


@dataclass(frozen=True, slots=True)
class Player:
    """`came_back` says why a letter is one that was played a moment ago and failed again; empty for all others."""

    play: Callable[[Letter], None]
    came_back: Callable[[Letter], str] = _never


def player(target: Target, queue: DeadLetters) -> Player:
    if queue.way is Way.BACK:
        return Player(_back(target, target.id(queue.source)))
    if queue.way is Way.UPLOAD:
        return Player(_upload(target))
    lines = Lines(target)
    return Player(lines.play, lines.came_back)


def _back(target: Target, url: str) -> Callable[[Letter], None]:
    """To the queue that it came from, as it was. SQS has taken it when it answers."""
    sqs = target.client("sqs")

    def play(letter: Letter) -> None:
        sqs.send_message(QueueUrl=url, MessageBody=letter.body, MessageAttributes=letter.attributes)

    return play


def _upload(target: Target) -> Callable[[Letter], None]:
    def play(letter: Letter) -> None:
        event = parsed(letter)
        if not event.get("Records"):
            raise StaysError("it is no S3 event: there is nothing in it to play")
        invoke(target, "UploadFunction", event)

    return play
