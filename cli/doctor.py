"""`reprise doctor`: is everything there that a cover needs?"""

import json
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from typing import Annotated

import typer
from botocore.exceptions import ClientError

from cli import show, target
from cli.checks import CHECKS
from cli.finding import Check, Finding, Verdict, fail
from cli.target import Local, Stack, Target

AT_ONCE = 8
STYLES = {Verdict.OK: "green", Verdict.WARN: "yellow", Verdict.FAIL: "bold red", Verdict.NOT_CHECKED: "dim"}


def doctor(
    stack: Stack = "",
    local: Local = False,
    as_json: Annotated[bool, typer.Option("--json", help="For programs.")] = False,
) -> None:
    """Look at everything that covers depend on. Exit code 1 says that something fails."""
    found = examine(target.find(stack, local), CHECKS)
    if as_json:
        typer.echo(json.dumps([{"check": name, **asdict(one)} for name, one in found.items()], indent=2))
    else:
        _print(found)
    if any(one.verdict is Verdict.FAIL for one in found.values()):
        raise typer.Exit(1)


def examine(here: Target, checks: Mapping[str, Check]) -> dict[str, Finding]:
    with ThreadPoolExecutor(AT_ONCE) as several:
        return dict(zip(checks, several.map(lambda one: carefully(one, here), checks.values()), strict=True))


def carefully(check: Check, here: Target) -> Finding:
    """A check that breaks is a finding too."""
    try:
        return check(here)
    except ClientError as error:
        said = error.response["Error"]
        told = f"AWS refused {error.operation_name}: {said.get('Code')}: {said.get('Message')}"
        return fail(told, "docs/operations.md lists the rights that the doctor needs")
    except Exception as error:
        return fail(f"could not be checked: {type(error).__name__}: {error}", "mend what it says, then ask again")


def _print(found: Mapping[str, Finding]) -> None:
    rows = [(one.verdict.value, name, one.said, _advice(one)) for name, one in found.items()]
    show.table(("", "CHECK", "FOUND", "WHAT TO DO"), rows, [STYLES[one.verdict] for one in found.values()])


def _advice(one: Finding) -> str:
    return "; ".join(filter(None, (one.mend, one.runbook)))
