"""`reprise login` and `reprise profile`: the stacks that you work with."""

import sys
from typing import Annotated

import typer
from reprise.client import ForbiddenError, Reprise

from cli import profiles, show
from cli.profiles import LOCAL, Config
from local.errors import LocalError

app = typer.Typer(help="The stacks that you work with.", no_args_is_help=True)
Name = Annotated[str, typer.Argument(metavar="NAME", autocompletion=profiles.complete)]


def login(
    name: Annotated[str, typer.Argument(metavar="NAME", help="What you call the stack.")] = "default",
    url: Annotated[str, typer.Option(metavar="URL", help="Its ApiUrl; asked for without it.")] = "",
) -> None:
    """Keep a stack's address and your API key, which is asked for at a terminal and else read from stdin."""
    if name == LOCAL:
        raise LocalError("`local` is the stack of this machine; it needs no login.", "take another name")
    here = profiles.usable(url or typer.prompt("Address of the stack (ApiUrl)", err=True))
    key = _key()
    with Reprise(here, key, on_pause=show.pause) as client:
        try:
            client.covers.list(limit=1)
        except ForbiddenError:
            show.note("The key is good, and may not read.")
    config = Config.read()
    config.urls[name], config.used = here, name
    config.write()
    show.note(f"Profile {name} is {here}, and in use.")
    profiles.remember(name, key)


@app.command("list")
def list_() -> None:
    """All of them; * is the one in use."""
    config = Config.read()
    rows = [("*" if name == config.used else "", name, url) for name, url in config.urls.items()]
    show.table(("", "NAME", "ADDRESS"), rows)
    if not rows:
        show.note("None yet: `reprise login`. Without one, commands go to the local stack.")


@app.command()
def use(name: Name) -> None:
    """Take this one from now on; `local` is the stack of this machine."""
    config = Config.read()
    if name != LOCAL and name not in config.urls:
        raise LocalError(f"There is no profile {name}.", f"`reprise login {name}`")
    config.used = name
    config.write()


@app.command()
def rm(name: Name) -> None:
    """Forget its address and its key. The key stays good: `reprise keys revoke` ends it."""
    config = Config.read()
    if name == LOCAL:
        raise LocalError("`local` is the stack of this machine, and always there.", "`reprise local down` stops it")
    if config.urls.pop(name, None) is None:
        raise LocalError(f"There is no profile {name}.", "`reprise profile list`")
    config.used = "" if config.used == name else config.used
    config.write()
    profiles.forget(name)


def _key() -> str:
    if sys.stdin.isatty():
        return str(typer.prompt("API key", hide_input=True, err=True)).strip()
    key = sys.stdin.readline().strip()
    if not key:
        raise LocalError("No API key came.", "type it at a terminal, or pipe it in")
    return key
