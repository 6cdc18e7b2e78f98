"""How the world misbehaves: rates, the one source of randomness, and a fuse that may blow at any port call."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import Any

from reprise.errors import ConflictError, UnrecordedError

from tests.simulation.agenda import Agenda
from tests.simulation.world import CrashError, Fuse


class PortError(Exception):
    """A port answered with an error, before or after its effect: throttled, reset, internal server error."""


TROUBLE = (PortError, ConflictError, UnrecordedError)
"""What a function may end with; its queue, stream, vendor or caller comes again. Anything else is a fault of ours."""

CONFLICT = "conditional write conflicts"
CONDITIONAL = ("commit", "create", "save", "save_keyring")
KNOWS_BETTER = "Deliveries.save"
TELLS_FACTS = ("Links", "Clients")
"""Ports that raise nothing but FetchError, by contract."""


@dataclass(frozen=True, slots=True)
class Rates:
    """Chances. Of a port call: `crash`, `error` (each before or after its effect), `conflict`, `slow`. Of a message:
    `late`, `twice`. Of a callback: `dropped`, `repeated`, `delayed`, `garbled`, `forged`. Of a purchase: the rest."""

    crash: float = 0.006
    error: float = 0.003
    conflict: float = 0.02
    slow: float = 0.12
    late: float = 0.03
    twice: float = 0.1
    dropped: float = 0.08
    repeated: float = 0.12
    delayed: float = 0.12
    garbled: float = 0.01
    forged: float = 0.01
    refused: float = 0.08
    untrue: float = 0.04
    lost_answer: float = 0.03
    no_answer: float = 0.02
    ambiguous: float = 0.02
    breaks: float = 0.07
    recovers: float = 0.02
    stuck: float = 0.02
    slow_task: float = 0.04
    racing: float = 0.08
    bad_link: float = 0.15
    broken_download: float = 0.05
    slow_port: float = 0.0005
    poll_lies: float = 0.06
    poll_unanswered: float = 0.04
    client_down: float = 0.1
    hook_down: float = 0.03
    hook_busy: float = 0.03
    hook_lost: float = 0.02
    own_url_bad: float = 0.05


CALM = Rates(**dict.fromkeys(Rates.__dataclass_fields__, 0.0))


@dataclass
class Mischief(Fuse):
    """`happens` counts what it makes happen, by kind."""

    dice: Random = field(default_factory=lambda: Random(0))
    agenda: Agenda = field(default_factory=Agenda)
    rates: Rates = field(default_factory=Rates)
    tell: Callable[[str], None] = lambda text: None
    counts: Counter[str] = field(default_factory=Counter)

    def happens(self, rate: float, kind: str) -> bool:
        if self.dice.random() >= rate:
            return False
        self.count(kind)
        return True

    def count(self, kind: str) -> None:
        self.counts[kind] += 1

    def run(self, name: str, call: Callable[[], Any]) -> Any:
        """Time passes, then one of: it works, it crashes or fails, before or after its effect, or it loses a race."""
        rates, roll = self.rates, self.dice.random()
        if roll < rates.slow_port:
            self.count("port hangs for half a minute")
            self.agenda.wait(30.0)
        elif roll < rates.slow:
            self.agenda.wait(self.dice.choice((0.01, 0.05, 0.3, 1.0, 4.0)))
        elif roll > 1 - rates.crash:
            return self._crash(name, call)
        elif roll > 1 - rates.crash - rates.error and not name.startswith(TELLS_FACTS) and ":" not in name:
            return self._fail(name, call)
        elif roll > 1 - rates.crash - rates.error - rates.conflict and _conditional(name):
            self.count(CONFLICT)
            self.tell(f"conflict at {name}")
            raise ConflictError("another was first")
        return call()

    def conflicts(self) -> bool:
        """For a port that knows better what a conflict means for it."""
        return self.happens(self.rates.conflict, CONFLICT)

    def _crash(self, name: str, call: Callable[[], Any]) -> Any:
        after = self.dice.random() < 0.5
        self.count(f"crash {'after' if after else 'before'} a port's effect")
        if after:
            call()
        self.tell(f"CRASH {'after' if after else 'before'} {name}")
        raise CrashError(name)

    def _fail(self, name: str, call: Callable[[], Any]) -> Any:
        after = self.dice.random() < 0.5
        self.count(f"error {'after' if after else 'before'} a port's effect")
        if after:
            call()
        self.tell(f"error {'after' if after else 'before'} {name}")
        raise PortError(name)


def _conditional(name: str) -> bool:
    return name.endswith(CONDITIONAL) and name != KNOWS_BETTER
