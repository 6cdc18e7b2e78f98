"""`reprise local`: the stack on this machine."""

import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from cli import show
from cli.profiles import CHECKOUT, LOCAL_HOME
from local.errors import LocalError, tail

app = typer.Typer(help="The stack on this machine: no AWS account, no Docker.", no_args_is_help=True)
LOOK_SECONDS = 0.5


def home() -> Path:
    return Path(os.environ.get(LOCAL_HOME) or CHECKOUT / ".local")


@app.command()
def up(
    pace: Annotated[float, typer.Option(min=0.01, help="The fake providers' speed: 0.1 is ten times as fast.")] = 1.0,
) -> None:
    """Start it, and let it stay. Commands without a profile go there."""
    from local.runner import up_detached  # the translator of templates comes with it: not everybody's second

    if home() != CHECKOUT / ".local":
        raise LocalError(f"{LOCAL_HOME} names another folder.", "unset it: the stack that is started is in .local")
    if code := up_detached(pace=pace):
        raise typer.Exit(code)


@app.command()
def down() -> None:
    """Stop it. Its covers and audio are gone with it."""
    from local.runner import down as stop

    show.note("Stopped. Its covers and audio are gone with it." if stop(home()) else "No stack was running.")


@app.command()
def logs(
    function: Annotated[
        str,
        typer.Argument(metavar="FUNCTION", help="Such as submit; without it, all."),
    ] = "",
    lines: Annotated[int, typer.Option("--lines", "-n", min=0, metavar="N", help="The last so many of each.")] = 20,
    follow: Annotated[bool, typer.Option("--follow", "-f", help="And what comes, until Ctrl-C.")] = False,
) -> None:
    """What its functions log."""
    files = _logs_of(function)
    ends = {path: path.stat().st_size for path in files}
    for path in files:
        for line in tail(path, lines) if lines else ():
            show.say(f"{path.stem}  {line}")
    if follow:
        try:
            _follow(ends, time.sleep)
        except KeyboardInterrupt:
            return


def _logs_of(function: str) -> list[Path]:
    """Raises LocalError where there are none."""
    every = sorted((home() / "logs").glob("*.log"))
    found = [path for path in every if function.lower() in path.stem.lower()]
    if found:
        return found
    if not every:
        raise LocalError("There are no logs.", "`reprise local up` first")
    raise LocalError(f"There is no log of {function}.", f"name one of: {', '.join(path.stem for path in every)}")


def _follow(ends: dict[Path, int], sleep: Callable[[float], None]) -> None:
    while True:
        for path, end in ends.items():
            with path.open("rb") as file:
                file.seek(end)
                whole = file.read().rpartition(b"\n")[0]
            for line in whole.decode(errors="replace").splitlines():
                show.say(f"{path.stem}  {line}")
            ends[path] = end + len(whole) + bool(whole)
        sleep(LOOK_SECONDS)
