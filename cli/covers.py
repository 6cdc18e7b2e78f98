"""Commands about covers that are there: list, show, timeline, listen, retry, cancel, rm."""

import json
import webbrowser
from datetime import UTC, datetime
from itertools import islice
from typing import Annotated, Any

import typer
from reprise.domain.job import State
from reprise.http.shapes.covers import Cover, Track

from cli import keys, profiles, show, story
from cli.options import AsJson, CoverId, Yes
from cli.profiles import Chosen
from local.show import length


def list_(
    state: Annotated[State | None, typer.Option(help="Only those.")] = None,
    limit: Annotated[int, typer.Option(min=1, metavar="N", help="The newest so many.")] = 20,
    as_json: AsJson = False,
    profile: Chosen = "",
) -> None:
    """Covers, newest first."""
    with profiles.connect(profile) as client:
        covers = client.covers.iter(state=state.value if state else None)
        found = list(islice(covers, limit))
    if as_json:
        typer.echo(json.dumps(found, indent=2))
        return
    rows = [(one["id"], one["state"], one["stage"], one["provider"], one["name"] or "-", _ago(one)) for one in found]
    show.table(("ID", "STATE", "STAGE", "PROVIDER", "NAME", "MADE"), rows)
    if not found:
        show.note('None yet: reprise cover SONG --style "lo-fi jazz"')


def show_(cover_id: CoverId, as_json: AsJson = False, profile: Chosen = "") -> None:
    """All about a cover, and what to do if it failed."""
    with profiles.connect(profile) as client:
        cover = client.covers.get(cover_id)
    if as_json:
        typer.echo(json.dumps(cover, indent=2))
        return
    show.say(story.headline(cover))
    asked = {name: value for name, value in cover["request"].items() if name not in ("deadline", "when_unknown")}
    pairs = [(name, _plain(value)) for name, value in asked.items() if value not in (None, False, {}, [])]
    show.table(("ASKED", ""), [*pairs, *([("left out", ", ".join(cover["dropped"]))] if cover["dropped"] else [])])
    if cover["tracks"]:
        show.table(("TAKE", "IS", "LENGTH", "TITLE"), [_take(track) for track in cover["tracks"]])
    _explain(cover)


def timeline(cover_id: CoverId, as_json: AsJson = False, profile: Chosen = "") -> None:
    """What happened, line by line, and what to do if it ended badly."""
    with profiles.connect(profile) as client:
        cover, entries = client.covers.get(cover_id), client.covers.timeline(cover_id)
    if as_json:
        typer.echo(json.dumps(entries, indent=2))
        return
    show.say(story.headline(cover))
    show.table(("AFTER", "WHAT", "IN WORDS"), story.rows(entries), [story.style(entry) for entry in entries])
    _explain(cover)


def listen(cover_id: CoverId, profile: Chosen = "") -> None:
    """Open the console's page of a cover: song and takes side by side. Without a browser, its address is printed."""
    with profiles.connect(profile) as client:
        cover = client.covers.get(cover_id)
    link = f"{cover['links']['self'].partition('/v1/')[0]}/console#/covers/{cover['id']}"
    try:
        opened = webbrowser.open(link)
    except webbrowser.Error:
        opened = False
    show.say(link)
    if not opened:
        show.note("No browser opens here; open the address in one, and sign in with your API key.")


def retry(cover_id: CoverId, profile: Chosen = "") -> None:
    """Make it again, in place of one that failed or was canceled. The new cover's id is on stdout."""
    with profiles.connect(profile) as client:
        again = client.covers.retry(cover_id)
    show.say(again["id"])
    show.note(f"To have it: reprise watch {again['id']}")
    if again["state"] == "failed":
        _explain(again)
        raise typer.Exit(1)


def cancel(cover_id: CoverId, profile: Chosen = "") -> None:
    """Not wanted any more. What a provider was paid for is not paid back."""
    with profiles.connect(profile) as client:
        done = client.covers.cancel(cover_id)
    show.note(f"Cover {done['id']} is {done['state']}.")


def rm(cover_id: CoverId, yes: Yes = False, profile: Chosen = "") -> None:
    """Delete a cover that has ended, with its audio, for good. Takes a key with the scope `admin`."""
    if not yes and keys.asks():
        typer.confirm(f"Delete the cover {cover_id} and its audio, for good?", abort=True, err=True)
    with profiles.connect(profile) as client:
        client.covers.delete(cover_id)
    show.note(f"Cover {cover_id} is gone.")


def _explain(cover: Cover) -> None:
    for line in story.failure(cover):
        show.note(line)


def _take(track: Track) -> tuple[str, ...]:
    name = f"{track['number']}{' (alternative)' if track['alternative'] else ''}"
    return name, track["status"], length(track["duration_seconds"]), track["reason"] or track["title"] or "-"


def _ago(one: Any) -> str:
    return show.age((datetime.now(UTC) - datetime.fromisoformat(one["created_at"])).total_seconds()) + " ago"


def _plain(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{name} {part}" for name, part in value.items() if part is not None)
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
