"""How answers look: tables for people on stdout, notes on stderr. Piped lines are not folded."""

from collections.abc import Iterable, Sequence
from datetime import timedelta

from rich.console import Console
from rich.markup import escape
from rich.table import Table

PIPED_WIDTH = 250
LONG_PAUSE = 2.0
"""Seconds; shorter ones nobody wonders about."""


def out() -> Console:
    """Made anew each time: what stdout is may change between two commands of one process."""
    console = Console(highlight=False)
    return console if console.is_terminal else Console(highlight=False, width=PIPED_WIDTH)


def notes() -> Console:
    return Console(stderr=True, highlight=False, soft_wrap=True)


def note(words: str) -> None:
    notes().print(escape(words))


def pause(why: str, seconds: float) -> None:
    """Why the command stands still."""
    if seconds >= LONG_PAUSE:
        note(f"{why}; asking again in {seconds:.0f} s")


def table(columns: Sequence[str], rows: Iterable[Sequence[str]], styles: Sequence[str | None] = ()) -> None:
    """`styles` are of the rows, one each."""
    drawn = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for column in columns:
        drawn.add_column(column, overflow="fold")
    for place, row in enumerate(rows):
        drawn.add_row(*map(escape, row), style=styles[place] if styles else None)
    out().print(drawn)


def age(seconds: float) -> str:
    """Two units at most: `45 s`, `3 min`, `5 h 10 min`, `2 d 3 h`."""
    whole = timedelta(seconds=max(0, int(seconds)))
    hours, minutes = whole.seconds // 3600, whole.seconds // 60 % 60
    if whole.days:
        return f"{whole.days} d {hours} h"
    if hours:
        return f"{hours} h {minutes} min"
    return f"{minutes} min" if minutes else f"{whole.seconds} s"
