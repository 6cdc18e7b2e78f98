"""`reprise providers`."""

import json

import typer
from reprise.http.shapes.providers import Provider

from cli import profiles, show
from cli.options import AsJson
from cli.profiles import Chosen
from local.show import length


def providers(as_json: AsJson = False, profile: Chosen = "") -> None:
    """What each provider can do, and how it is doing."""
    with profiles.connect(profile) as client:
        found = client.providers()
    if as_json:
        typer.echo(json.dumps(found, indent=2))
        return
    rows, styles = [_row(one) for one in found], [_style(one) for one in found]
    show.table(("PROVIDER", "IS", "USD", "TAKES", "SONG UP TO", "MODELS", "TAKES WISHES FOR"), rows, styles)
    for one in found:
        if one["reason"] and one["enabled"]:
            show.note(f"{one['provider']}: {one['reason']}")


def _row(one: Provider) -> tuple[str, ...]:
    song = one["source"]["most_seconds"]
    state = "passed over" if one["enabled"] and not one["healthy"] else "on" if one["enabled"] else "off"
    models = ", ".join(model["name"] for model in one["models"]) or "-"
    usd, most = f"{one['estimated_usd']:g}", length(song) if song else "-"
    return one["provider"], state, usd, str(one["tracks"]), most, models, ", ".join(one["fields"])


def _style(one: Provider) -> str | None:
    if not one["enabled"]:
        return "dim"
    return None if one["healthy"] else "yellow"
