"""`reprise cover`: from a song to takes in a folder. And `watch`, its second half."""

import json
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer
from reprise.client import Reprise, UnreachableError, WaitedTooLongError
from reprise.http.shapes.covers import Cover

from cli import profiles, show, story
from cli.considered import tell
from cli.options import AsJson, CoverId, Out, Watch
from cli.profiles import Chosen
from local.errors import LocalError
from local.show import Progress, length, size

STILL_RUNNING, INTERRUPTED = 3, 130
Seconds = Annotated[int | None, typer.Option("--timeout", min=1, metavar="SECONDS", help="Watch no longer than this.")]


def cover(
    song: Annotated[str, typer.Argument(metavar="SONG", help="An audio file, or a https link to one.")],
    style: Annotated[str | None, typer.Option("--style", "-s", help="What it should sound like.")] = None,
    prompt: Annotated[str | None, typer.Option(help="An idea in your own words.")] = None,
    lyrics: Annotated[str | None, typer.Option(help="Sung word for word; @FILE reads them from a file.")] = None,
    title: Annotated[str | None, typer.Option(help="Of the takes.")] = None,
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
    _usable(out)
    with profiles.connect(profile) as client:
        if dry_run:
            tell(client.covers.consider(song, **wish), as_json)
            return
        if not watch:
            _ordered(client.covers.create(song, **wish), as_json)
            return
        name = Path(song)
        order = partial(_order, client, song, wish)
        _finish(client, order, name.name, out, timeout, as_json, untitled=name.stem)


def watch(
    cover_id: CoverId, out: Out = Path(), timeout: Seconds = None, as_json: AsJson = False, profile: Chosen = ""
) -> None:
    """Follow a cover to its end and save its takes; of one that is done, just save them. Exit codes as of `cover`."""
    _usable(out)
    with profiles.connect(profile) as client:
        _finish(client, lambda: cover_id, f"Cover {cover_id[:8]}", out, timeout, as_json)


def _order(client: Reprise, song: str, wish: dict[str, Any]) -> str:
    return client.covers.create(song, **wish)["id"]


def _finish(
    client: Reprise,
    order: Callable[[], str],
    title: str,
    out: Path,
    seconds: float | None,
    as_json: bool,
    *,
    untitled: str = "",
) -> None:
    """`untitled` names takes without a title: as the song, which `watch` does not know."""
    cover_id = ""
    try:
        with Progress(title, show.notes()) as progress:
            cover_id = order()
            done = client.covers.wait(cover_id, on_stage=lambda now: progress.show(dict(now)), seconds=seconds)
        files = client.covers.save(done, out, untitled=untitled)
    except (KeyboardInterrupt, WaitedTooLongError) as left:
        _goes_on(cover_id)
        raise typer.Exit(INTERRUPTED if isinstance(left, KeyboardInterrupt) else STILL_RUNNING) from left
    except UnreachableError:
        if cover_id:  # else its own words say whether the order may have arrived
            _goes_on(cover_id)
        raise
    except OSError as error:
        again = f"reprise watch {cover_id} --out FOLDER"
        raise LocalError(f"The takes could not be saved: {error}", again) from error
    _told(done, files, as_json)
    if done["state"] != "succeeded":
        _explain(done)


def _goes_on(cover_id: str) -> None:
    known = f"The cover goes on. To have it: reprise watch {cover_id}"
    show.note(known if cover_id else "It may have been ordered all the same: reprise list")


def _told(done: Cover, files: list[Path], as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps({"cover": done, "files": [str(path) for path in files]}, indent=2))
        return
    kept = [track for track in done["tracks"] if track["status"] == "kept"]
    for path, track in zip(files, kept, strict=True):
        more = f"  {length(track['duration_seconds'])}  {size(path.stat().st_size)}" if sys.stdout.isatty() else ""
        typer.echo(f"{path}{more}")
    if files:
        show.note(f"Hear it beside the song: reprise listen {done['id']}")


def _ordered(made: Cover, as_json: bool) -> None:
    typer.echo(json.dumps({"cover": made, "files": []}, indent=2) if as_json else made["id"])
    if made["state"] == "failed":
        _explain(made)
    show.note(f"Ordered. To have it: reprise watch {made['id']}")


def _explain(cover: Cover) -> NoReturn:
    for line in story.failure(cover):
        show.note(line)
    raise typer.Exit(1)


def _words(lyrics: str | None) -> str | None:
    if lyrics is None or not lyrics.startswith("@"):
        return lyrics
    try:
        return Path(lyrics[1:]).read_text()
    except (OSError, UnicodeDecodeError) as error:
        raise LocalError(f"The lyrics cannot be read: {error}", "give @ and a text file in UTF-8") from error


def _usable(out: Path) -> None:
    """Before anything is paid."""
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise LocalError(f"{out} cannot take the covers: {error.strerror}", "give --out another folder") from error
