"""Dead letters, played again one by one. A letter is deleted only after it went through: what is heard twice, nobody
minds; what is lost, nobody hears."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from botocore.exceptions import BotoCoreError, ClientError

from cli.invoke import StaysError
from cli.letters import MOST_IN_BATCH, Letter, Mailbox
from cli.replay import Player


@dataclass(frozen=True, slots=True)
class Stay:
    """A letter that is still there, and why."""

    letter: str
    why: str


@dataclass(slots=True)
class Outcome:
    """What became of a queue's letters. `broken` says why the rest was not tried."""

    gone: int = 0
    stays: list[Stay] = field(default_factory=list)
    broken: str = ""

    @property
    def good(self) -> bool:
        return not (self.stays or self.broken)


Progress = Callable[[Outcome], None]


class Redrive:
    """One run over one queue. Each letter is played at most once; those that stay are hidden until the run is over."""

    def __init__(self, mailbox: Mailbox, player: Player, progress: Progress) -> None:
        self._mailbox = mailbox
        self._player = player
        self._progress = progress
        self._open: dict[str, Letter] = {}
        self._done: set[str] = set()
        self.outcome = Outcome()

    def __call__(self, most: int | None = None) -> Outcome:
        """At most so many letters. Raises nothing of AWS: an answer that is none ends the run."""
        try:
            for letter in self._letters(most):
                self._one(letter)
                self._progress(self.outcome)
            self._look_after(most)
        except (BotoCoreError, ClientError) as error:
            self.outcome.broken = str(error)
        finally:
            self._put_back()
        return self.outcome

    def _letters(self, most: int | None) -> Iterator[Letter]:
        """Those not tried yet. SQS may show one twice, also one that was just deleted: that one is deleted again."""
        tried = 0
        while most is None or tried < most:
            taken = self._mailbox.take(MOST_IN_BATCH if most is None else min(MOST_IN_BATCH, most - tried))
            if not taken:
                return
            new = [one for one in taken if one.id not in self._done and one.id not in self._open]
            self._open |= {one.id: one for one in taken if one.id not in self._done}
            for again in (one for one in taken if one.id in self._done):
                self._mailbox.delete(again)
            tried += len(new)
            yield from new

    def _look_after(self, most: int | None) -> None:
        """Where it was not the end of the queue that ended the run: is there what came back?"""
        if most is not None and self.outcome.gone:
            for letter in self._letters(None):
                self._is_back(letter)

    def _is_back(self, letter: Letter) -> bool:
        why = self._player.came_back(letter)
        if why:
            self.outcome.stays.append(Stay(letter.id, why))
            self.outcome.gone -= 1
        return bool(why)

    def _one(self, letter: Letter) -> None:
        if self._is_back(letter):
            return
        try:
            self._player.play(letter)
        except StaysError as error:
            self.outcome.stays.append(Stay(letter.id, str(error)))
            return
        self._delete(letter)

    def _delete(self, letter: Letter) -> None:
        try:
            self._mailbox.delete(letter)
        except (BotoCoreError, ClientError) as error:
            why = f"it went through, but could not be deleted and will go through once more: {error}"
            self.outcome.stays.append(Stay(letter.id, why))
            return
        del self._open[letter.id]
        self._done.add(letter.id)
        self.outcome.gone += 1

    def _put_back(self) -> None:
        """What stays is to be seen again at once; if AWS is away, it comes back by itself later."""
        for letter in self._open.values():
            try:
                self._mailbox.put_back(letter)
            except (BotoCoreError, ClientError) as error:
                self.outcome.broken = self.outcome.broken or str(error)
