"""A dry run as a table: who could do it, and why the others cannot."""

import json

import typer
from reprise.http.shapes.providers import DryRun, Option

from cli import show


def tell(found: DryRun, as_json: bool) -> None:
    """Exit code 1 says that nobody can."""
    if as_json:
        typer.echo(json.dumps(found, indent=2))
    else:
        rows = [_row(one, found["chosen"]) for one in found["providers"]]
        show.table(("PROVIDER", "", "USD", "MODEL", "WHY NOT, OR WHAT IS LEFT OUT"), rows)
        show.note("Nobody was paid.")
    if found["chosen"] is None:
        raise typer.Exit(1)


def _row(one: Option, chosen: str | None) -> tuple[str, ...]:
    can = "chosen" if one["provider"] == chosen else "could" if one["able"] else "cannot"
    reasons = [f"{reason['field']}: {reason['message']}" for reason in one["reasons"]]
    left_out = [f"without {name}" for name in one["dropped"]] + [f"cuts {name}" for name in one["clipped"]]
    usd = "-" if one["estimated_usd"] is None else f"{one['estimated_usd']:g}"
    return one["provider"], can, usd, one["model"] or "-", "; ".join([*reasons, *left_out, *one["warnings"]]) or "-"
