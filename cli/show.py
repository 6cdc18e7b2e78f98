"""How answers look: tables for people on stdout, notes on stderr. Piped lines are not folded."""

import re
from collections.abc import Iterable, Sequence
from datetime import timedelta

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

PIPED_WIDTH = 250
_SEIZES = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
"""What moves a terminal's cursor, colours it or turns letters round; and lone surrogates, which it cannot show."""
LONG_PAUSE = 2.0
"""Seconds; shorter ones nobody wonders about."""


def out() -> Console:
    """Made anew each time: what stdout is may change between two commands of one process."""
    console = Console(highlight=False)
    return console if console.is_terminal else Console(highlight=False, width=PIPED_WIDTH)


def notes() -> Console:
    return Console(stderr=True, highlight=False, soft_wrap=True)


def plain(words: str) -> str:
    """Titles, names and messages come from anybody: none of them gives orders to the terminal."""
    return _SEIZES.sub("\N{REPLACEMENT CHARACTER}", words)


def say(words: str) -> None:
    """One line of stdout, which a pipe has at once."""
    typer.echo(" ".join(plain(words).splitlines()))


def note(words: str) -> None:
    notes().print(escape(plain(words)))


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
        drawn.add_row(*(escape(plain(cell)) for cell in row), style=styles[place] if styles else None)
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
