"""How answers look: tables for people on stdout, notes on stderr. Piped lines are not folded."""

import re
from collections.abc import Iterable, Sequence
from datetime import timedelta

import typer
from rich.cells import cell_len
from rich.console import Console
from rich.markup import escape
from rich.table import Table

PIPED_WIDTH = 250
IDS = ("ID", "DELIVERY")
LONGEST_ID, LONGEST_WORD = 64, 16
"""Of a terminal's columns: what is kept in one piece."""
GAP = 2
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
    drawn = Table(box=None, pad_edge=False, padding=(0, GAP, 0, 0))
    told = [[plain(cell) for cell in row] for row in rows]
    texts = [[column, *(row[place] for row in told)] for place, column in enumerate(columns)]
    console = out()
    widths = _widths(texts, console.width)
    for column, width in zip(columns, widths, strict=True):
        drawn.add_column(column, overflow="fold", width=width)
    for place, row in enumerate(told):
        drawn.add_row(*map(escape, row), style=styles[place] if styles else None)
    console.width = max(console.width, sum(widths) + GAP * (len(widths) - 1))
    console.print(drawn, crop=False)


def _widths(texts: Sequence[Sequence[str]], most: int) -> list[int]:
    """Of columns, each with its heading first: what is there goes to the narrowest that lacks some, and none gets less
    than its ids and common words take. A terminal that is too narrow for that wraps the lines itself."""
    widths, wanted = [*map(_least, texts)], [max(map(cell_len, column)) for column in texts]
    for _ in range(most - sum(widths) - GAP * (len(widths) - 1)):
        lacking = [place for place, width in enumerate(widths) if width < wanted[place]]
        if not lacking:
            break
        widths[min(lacking, key=widths.__getitem__)] += 1
    return widths


def _least(texts: Sequence[str]) -> int:
    """An id is there to be copied: it is never cut in two."""
    longest = max(cell_len(word) for text in texts for word in text.split() or [""])
    return min(longest, LONGEST_ID if texts[0] in IDS else LONGEST_WORD)


def age(seconds: float) -> str:
    """Two units at most: `45 s`, `3 min`, `5 h 10 min`, `2 d 3 h`."""
    whole = timedelta(seconds=max(0, int(seconds)))
    hours, minutes = whole.seconds // 3600, whole.seconds // 60 % 60
    if whole.days:
        return f"{whole.days} d {hours} h"
    if hours:
        return f"{hours} h {minutes} min"
    return f"{minutes} min" if minutes else f"{whole.seconds} s"
