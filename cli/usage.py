"""`reprise usage`: what a month came to."""

import json
from typing import Annotated

import typer
from reprise.http.shapes.usage import ProviderUsage, Usage

from cli import profiles, show
from cli.options import AsJson
from cli.profiles import Chosen
from local.show import length

COUNTED = ("covers", "succeeded", "failed", "canceled", "under_way", "takes")
PARTS = ("delivered", "undelivered", "open")


def usage(
    month: Annotated[str | None, typer.Option(metavar="YYYY-MM", help="This one (UTC) without it.")] = None,
    as_json: AsJson = False,
    profile: Chosen = "",
) -> None:
    """What a month came to, by provider: covers, music, and USD by the price lists, delivered, undelivered or open."""
    with profiles.connect(profile) as client:
        found = client.usage(month)
    if as_json:
        typer.echo(json.dumps(found, indent=2))
        return
    titles = [name.replace("_", " ").upper() for name in (*COUNTED, "music", "usd", *PARTS)]
    show.table(("PROVIDER", *titles), [_row(one) for one in found["providers"]])
    for line in _said(found):
        show.note(line)


def _row(one: ProviderUsage) -> tuple[str, ...]:
    counted = [str(one[name]) for name in COUNTED]  # type: ignore[literal-required]
    parts = [one[f"{name}_usd"] for name in PARTS]  # type: ignore[literal-required]
    money = [f"{usd:.2f}" for usd in (one["estimated_usd"], *parts)]
    return one["provider"], *counted, length(one["seconds"]), *money


def _said(found: Usage) -> list[str]:
    total = sum(one["estimated_usd"] for one in found["providers"])
    said = [f"{found['month']}: some {total:.2f} USD by the price lists; the bills are theirs."]
    if any(one["undelivered_usd"] for one in found["providers"]):
        said.append("Undelivered: taken by a provider that made no music; look at its account for a refund.")
    if any(one["open_usd"] for one in found["providers"]):
        said.append("Open: under way, or nobody knows whether the provider took it.")
    if budget := found["budget"]:
        said.append(
            f"Of this key's {budget['limit_usd']:g} USD a month {budget['committed_usd']:.2f} are gone or put by."
        )
    return said
