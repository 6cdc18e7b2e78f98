"""The stack's queues: what lies in them, where dead letters came from and how they go through again."""

from dataclasses import dataclass
from enum import StrEnum

from local.errors import LocalError


class Way(StrEnum):
    """How a dead letter is played again."""

    BACK = "back to its queue"
    DISPATCH = "through dispatch"
    UPLOAD = "through upload"


@dataclass(frozen=True, slots=True)
class DeadLetters:
    """A queue of the template. `source` is the queue, or the function, that its letters came from."""

    name: str
    holds: str
    source: str
    way: Way

    @property
    def short(self) -> str:
        return self.name.removesuffix("DeadLetters").lower()

    @property
    def runbook(self) -> str:
        return f"docs/runbooks/{self.short}-dead-letters.md"


DEAD_LETTERS = (
    DeadLetters("AdvanceDeadLetters", "jobs that could not be advanced", "AdvanceQueue", Way.BACK),
    DeadLetters("TransferDeadLetters", "tracks whose copying crashed", "TransferQueue", Way.BACK),
    DeadLetters("DeliverDeadLetters", "events that nobody was called back about", "DeliverQueue", Way.BACK),
    DeadLetters("DispatchDeadLetters", "lines that were not passed on", "DispatchFunction", Way.DISPATCH),
    DeadLetters("UploadDeadLetters", "dropped songs that became no job", "UploadFunction", Way.UPLOAD),
)
WORKING = {"AdvanceQueue": "advance", "TransferQueue": "transfer", "DeliverQueue": "deliver"}
"""Queue -> the function that empties it."""


def named(name: str) -> DeadLetters:
    """By its name in the template, or a short one: `advance`. Raises LocalError for one that is not."""
    plain = name.lower().replace("-", "").removesuffix("deadletters")
    for one in DEAD_LETTERS:
        if one.short == plain:
            return one
    known = ", ".join(one.short for one in DEAD_LETTERS)
    raise LocalError(f"There are no dead letters named {name!r}.", f"give one of {known}, or --all")
