"""`reprise cover`: from a song to takes in a folder. And `watch`, its second half."""

from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer
from reprise.client import Reprise

from cli import profiles
from cli.considered import tell
from cli.finish import finish, ordered, usable
from cli.options import AsJson, CoverId, Out, Watch
from cli.profiles import Chosen
from local.errors import LocalError

Seconds = Annotated[int | None, typer.Option("--timeout", min=1, metavar="SECONDS", help="Watch no longer than this.")]


def cover(
    song: Annotated[str, typer.Argument(metavar="SONG", help="An audio file, or a https link to one.")],
    style: Annotated[str | None, typer.Option("--style", "-s", help="What it should sound like.")] = None,
    prompt: Annotated[str | None, typer.Option(help="An idea in your own words.")] = None,
    lyrics: Annotated[str | None, typer.Option(help="Sung word for word; @FILE reads them from a file.")] = None,
    title: Annotated[
        str | None, typer.Option(help="Of the takes. With --style it takes --lyrics or --instrumental.")
    ] = None,
    provider: Annotated[
        list[str] | None, typer.Option(metavar="NAME", help="Who makes it; several, best first, once each.")
    ] = None,
    model: Annotated[str | None, typer.Option(help="A provider's name for it.")] = None,
    voice: Annotated[str | None, typer.Option(help="Who sings, where the provider has voices.")] = None,
    pitch: Annotated[int | None, typer.Option(min=-12, max=12, help="Semitones.")] = None,
    instrumental: Annotated[bool, typer.Option("--instrumental", help="Nobody sings.")] = False,
    avoid: Annotated[str | None, typer.Option(help="What it should not sound like.")] = None,
    max_usd: Annotated[float | None, typer.Option(metavar="USD", help="What it may cost at most, estimated.")] = None,
    strict: Annotated[bool, typer.Option("--strict", help="Rather none than one that leaves a wish out.")] = False,
    out: Out = Path(),
    watch: Watch = True,
    timeout: Seconds = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="What each provider would make of it; nobody is paid.")
    ] = False,
    as_json: AsJson = False,
    profile: Chosen = "",
) -> None:
    """Make a cover: upload, watch, save the takes. Their paths are on stdout.

    Exit codes: 0 good, 1 no music, 2 wrong usage or out of reach; it goes on: 3 after --timeout, 130 after Ctrl-C.
    """
    said: dict[str, Any] = {
        "style": style, "prompt": prompt, "lyrics": _words(lyrics), "title": title, "provider": provider or None,
        "model": model, "voice": voice, "pitch": pitch, "instrumental": instrumental or None, "negative_style": avoid,
        "max_usd": max_usd, "strict": strict or None,
    }  # fmt: skip
    wish = {name: value for name, value in said.items() if value is not None}
    if not wish.keys() & {"style", "prompt", "lyrics", "voice"}:
        raise LocalError("It is not said what the cover should be.", 'say it: --style "lo-fi jazz"')
    usable(out)
    with profiles.connect(profile) as client:
        if dry_run:
            tell(client.covers.consider(song, **wish), as_json)
            return
        if not watch:
            ordered(client.covers.create(song, **wish), as_json)
            return
        finish(client, partial(_order, client, song, wish), Path(song).name, out, timeout, as_json)


def watch(
    cover_id: CoverId, out: Out = Path(), timeout: Seconds = None, as_json: AsJson = False, profile: Chosen = ""
) -> None:
    """Follow a cover to its end and save its takes; of one that is done, just save them. Exit codes as of `cover`."""
    usable(out)
    with profiles.connect(profile) as client:
        finish(client, lambda: cover_id, f"Cover {cover_id[:8]}", out, timeout, as_json)


def _order(client: Reprise, song: str, wish: dict[str, Any]) -> str:
    return client.covers.create(song, **wish)["id"]


def _words(lyrics: str | None) -> str | None:
    if lyrics is None or not lyrics.startswith("@"):
        return lyrics
    try:
        return Path(lyrics[1:]).read_text()
    except (OSError, UnicodeDecodeError) as error:
        raise LocalError(f"The lyrics cannot be read: {error}", "give @ and a text file in UTF-8") from error
