"""`reprise styles`: what the studio can make of a song, from the pages of its styles alone."""

import json
from typing import Annotated, Any

import typer

from cli import show
from studio import instruments
from studio.style import Style, styles

TAKES = 2


def listed(as_json: Annotated[bool, typer.Option("--json", help="For programs.")] = False) -> None:
    """List the styles of our own provider, the studio: tempo, feel and instruments."""
    every = [described(one) for one in styles().values()]
    if as_json:
        typer.echo(json.dumps(every, indent=2, ensure_ascii=False))
    else:
        show.table(("STYLE", "TEMPO", "FEEL", "TAKE ONE", "TAKE TWO'S LEAD", "WHAT IT IS"), map(_row, every))


def described(style: Style) -> dict[str, Any]:
    """`tempo`: beats a minute, from and to. `takes`: the instruments of each, the tune's first."""
    return {
        "name": style.name,
        "title": style.title,
        "about": style.about,
        "tempo": list(style.tempo),
        "feel": feel(style),
        "metre": style.metre or "as the song",
        "takes": [list(instruments.of_take(style, take)) for take in range(TAKES)],
        "words": list(style.words),
    }


def feel(style: Style) -> str:
    """A swing of 0.5 is straight, of 0.67 a triplet."""
    swing = "straight" if style.swing == 0.5 else f"swung, {style.swing:.0%}"
    return f"{swing}, in {style.metre}" if style.metre else swing


def _row(one: dict[str, Any]) -> tuple[str, ...]:
    low, high = one["tempo"]
    first, second = one["takes"]
    return one["name"], f"{low:g}-{high:g}", one["feel"], ", ".join(first), second[0], one["about"]
