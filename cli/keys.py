"""`reprise keys`: who may call, how much a key may spend and how often it may knock."""

import json
import sys
from collections.abc import Iterable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Annotated, Any

import typer
from reprise.aws import key_store
from reprise.domain.key import DEFAULT, ApiKey, Scope

from cli import show, target
from cli.target import Local, Stack, Target

app = typer.Typer(help="API keys of callers.", no_args_is_help=True)

Tenant = Annotated[str, typer.Option(help="Whose key it is: a tenant sees its own covers alone.")]
COLUMNS = ("ID", "NAME", "SCOPES", "USD A MONTH", "SPENT", "A MINUTE", "CREATED", "REVOKED")


@app.command()
def create(
    tenant: Tenant = "owner",
    name: Annotated[str, typer.Option(help="What you know it by.")] = "",
    scope: Annotated[list[Scope] | None, typer.Option(help="Give it once each; submit and read without it.")] = None,
    budget_usd: Annotated[str | None, typer.Option(metavar="USD", help="The most a calendar month (UTC).")] = None,
    per_minute: Annotated[int | None, typer.Option(metavar="N", help="The most requests a minute.")] = None,
    stack: Stack = "",
    local: Local = False,
) -> None:
    """Make a key. It is printed now and never again: only its hash is stored."""
    here = target.find(stack, local)
    made, key = key_store.create_key(
        *_place(here),
        tenant=tenant,
        name=name,
        scopes=scope or DEFAULT,
        budget_usd=_usd(budget_usd),
        per_minute=per_minute,
    )
    typer.echo(key)
    show.note(f"Key {made.id} of {made.tenant}: {_scopes(made)}{_bounds(made)}. It is not shown again.")


@app.command("list")
def list_(
    tenant: Tenant = "owner",
    as_json: Annotated[bool, typer.Option("--json", help="For programs.")] = False,
    stack: Stack = "",
    local: Local = False,
) -> None:
    """A tenant's keys, the oldest first, and what those with a budget spent this month (UTC)."""
    here, month = target.find(stack, local), f"{datetime.now(UTC):%Y-%m}"
    table, client = _place(here)
    keys = key_store.keys_of(table, client, tenant)
    counted = [key.id for key in keys if key.budget_usd is not None]
    spent = {key_id: key_store.spent_of(table, client, key_id, month) for key_id in counted}
    found = [_told(key, spent.get(key.id)) for key in keys]
    if as_json:
        typer.echo(json.dumps(found, indent=2))
        return
    show.table(COLUMNS, [_row(one) for one in found])
    if not found:
        show.note(f"{tenant} has no keys in this list; those of release 0.2 and before are in none.")


@app.command()
def revoke(
    key_id: Annotated[str, typer.Argument(metavar="ID", help="From the list; no part of it is secret.")],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    stack: Stack = "",
    local: Local = False,
) -> None:
    """Make a key useless, for good and within a minute."""
    here = target.find(stack, local)
    if not yes and asks():
        typer.confirm(f"Revoke the key {key_id} of the stack {here.stack}, for good?", abort=True, err=True)
    gone = key_store.revoke_key(*_place(here), key_id)
    show.note(f"Key {gone.id} of {gone.tenant} is revoked since {gone.revoked_at:%Y-%m-%d %H:%M} UTC.")


def asks() -> bool:
    """Whether somebody is there who can answer."""
    return sys.stdin.isatty()


def _place(here: Target) -> tuple[str, Any]:
    return here.id("Table"), here.client("dynamodb")


def _usd(text: str | None) -> Decimal | None:
    try:
        return None if text is None else Decimal(text)
    except ArithmeticError as error:
        raise typer.BadParameter(f"{text!r} is no amount of USD", param_hint="--budget-usd") from error


def _amount(usd: Decimal) -> str:
    """`20.5`, not `20.500000` nor `2E+1`."""
    return format(usd.normalize(), "f")


def _known(usd: Decimal | None) -> str | None:
    return None if usd is None else _amount(usd)


def _told(key: ApiKey, spent: Decimal | None) -> dict[str, Any]:
    """Amounts are text, as exact as they are stored. What a key without a budget spends is not counted."""
    return {
        "id": key.id,
        "tenant": key.tenant,
        "name": key.name,
        "scopes": _ordered(key.scopes),
        "budget_usd": _known(key.budget_usd),
        "spent_usd": _known(spent),
        "per_minute": key.per_minute,
        "created_at": key.created_at.isoformat() if key.created_at else None,
        "revoked_at": key.revoked_at.isoformat() if key.revoked_at else None,
    }


def _row(one: dict[str, Any]) -> tuple[str, ...]:
    moments = [(one[name] or "-")[:16].replace("T", " ") for name in ("created_at", "revoked_at")]
    bounds = [str(one[name] or "-") for name in ("budget_usd", "spent_usd", "per_minute")]
    return (one["id"], one["name"] or "-", ", ".join(one["scopes"]), *bounds, *moments)


def _ordered(scopes: Iterable[Scope]) -> list[str]:
    return [scope.value for scope in Scope if scope in frozenset(scopes)]


def _scopes(key: ApiKey) -> str:
    return ", ".join(_ordered(key.scopes))


def _bounds(key: ApiKey) -> str:
    told = [f"{_amount(key.budget_usd)} USD a month"] if key.budget_usd is not None else []
    told += [f"{key.per_minute} requests a minute"] if key.per_minute is not None else []
    return "".join(f", {one}" for one in told)
