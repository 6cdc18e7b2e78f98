"""How an order ends at the command line: watched, saved, told; and what is said where it goes on without us."""

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

import typer
from reprise.client import Reprise, UnreachableError, WaitedTooLongError
from reprise.http.shapes.covers import Cover

from cli import show, story
from local.errors import LocalError
from local.show import Progress, length, size

STILL_RUNNING, INTERRUPTED = 3, 130


def finish(
    client: Reprise,
    order: Callable[[], str],
    title: str,
    out: Path,
    seconds: float | None,
    as_json: bool,
) -> None:
    cover_id = ""
    try:
        with Progress(title, show.notes()) as progress:
            cover_id = order()
            done = client.covers.wait(cover_id, on_stage=lambda now: progress.show(dict(now)), seconds=seconds)
        files = client.covers.save(done, out)
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


def ordered(made: Cover, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps({"cover": made, "files": []}, indent=2))
    else:
        show.say(made["id"])
    if made["state"] == "failed":
        _explain(made)
    show.note(f"Ordered. To have it: reprise watch {made['id']}")


def _explain(cover: Cover) -> NoReturn:
    for line in story.failure(cover):
        show.note(line)
    raise typer.Exit(1)


def usable(out: Path) -> None:
    """Before anything is paid."""
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise LocalError(f"{out} cannot take the covers: {error.strerror}", "give --out another folder") from error
