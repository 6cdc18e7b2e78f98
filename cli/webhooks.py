"""`reprise webhooks`: is it ours, send it again, what comes."""

import json
import os
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer
from reprise.client import verify_webhook

from cli import profiles, show
from cli.options import AsJson, CoverId
from cli.profiles import Chosen
from cli.tail import events
from local.errors import LocalError

SECRET = "REPRISE_WEBHOOK_SECRET"  # noqa: S105 - the name of a variable
app = typer.Typer(help="Webhooks: verify, replay, follow.", no_args_is_help=True)


@app.command()
def verify(
    body: Annotated[Path, typer.Argument(metavar="BODY", help="The body as it came; - is stdin.")],
    headers: Annotated[Path, typer.Option(metavar="FILE", help="The request's headers, `name: value` a line.")],
    any_age: Annotated[bool, typer.Option("--any-age", help="Take one of long ago, too.")] = False,
) -> None:
    """Is a webhook signed with your secret? The secret is read from REPRISE_WEBHOOK_SECRET, or asked for."""
    raw = sys.stdin.buffer.read() if str(body) == "-" else _read(body)
    secret = os.environ.get(SECRET) or typer.prompt("Secret (whsec_...)", hide_input=True, err=True)
    most_off = float("inf") if any_age else 300.0
    event = verify_webhook(raw, _headers(_read(headers)), secret, most_off=most_off)
    show.note(f"It is signed with this secret: {event.get('type')} of cover {event.get('job')}.")


@app.command()
def deliveries(cover_id: CoverId, as_json: AsJson = False, profile: Chosen = "") -> None:
    """What was sent of a cover, and how each receiver answered."""
    with profiles.connect(profile) as client:
        found = client.webhooks.deliveries(cover_id)
    if as_json:
        typer.echo(json.dumps(found, indent=2))
        return
    rows = []
    for one in found["deliveries"]:
        last = one["attempts"][-1] if one["attempts"] else None
        answer = "-" if last is None else str(last["status"] or last["reason"])
        rows.append((one["id"], one["event"]["type"], one["state"], str(len(one["attempts"])), answer))
    show.table(("DELIVERY", "EVENT", "IS", "ATTEMPTS", "LAST ANSWER"), rows)


@app.command()
def replay(
    cover_id: CoverId,
    delivery: Annotated[str, typer.Argument(metavar="DELIVERY", help="From `reprise webhooks deliveries`.")],
    profile: Chosen = "",
) -> None:
    """Send one once more: the same event with the same id. Takes a key with the scope `admin`."""
    with profiles.connect(profile) as client:
        again = client.webhooks.replay(cover_id, delivery)
    show.note(f"Delivery {again['id']} is {again['state']} again.")


@app.command()
def tail(
    cover: Annotated[str, typer.Option(metavar="ID", help="Of this one from its beginning; ends with it.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
    profile: Chosen = "",
) -> None:
    """Print events as they come, until Ctrl-C. It asks the API every two seconds, so no address of yours is needed."""
    with profiles.connect(profile) as client:
        try:
            for one in events(client, cover, time.sleep):
                if as_json:
                    typer.echo(json.dumps(one))
                else:
                    show.say(f"{one['at'][11:19]}  {one['job'][:8]}  {one['type']:<16} {one['message']}")
        except KeyboardInterrupt:
            return


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise LocalError(f"{path} cannot be read: {error.strerror}", "name the file that holds it") from error


def _headers(raw: bytes) -> Mapping[str, str]:
    lines = [line.partition(":") for line in raw.decode(errors="replace").splitlines()]
    return {name.strip(): value.strip() for name, colon, value in lines if colon}
