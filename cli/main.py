"""`reprise`: one command, groups below it.

Exit codes: 0 good, 1 something is wrong, 2 wrong usage or unreachable, 3 a cover goes on, 130 after Ctrl-C.
"""

import sys
import tomllib
from collections.abc import Callable
from typing import Annotated

import typer
from botocore.exceptions import BotoCoreError, ClientError
from reprise.client import ApiError, SongError, UnreachableError, WrongUsageError
from reprise.client import InvalidError as RefusedError
from reprise.errors import ConfigurationError, InvalidError, RepriseError

from cli import cover, covers, deploy, dlq, doctor, here, keys, login, mcp, providers, show, styles, usage, webhooks
from cli.profiles import CHECKOUT
from local.errors import LocalError

app = typer.Typer(
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
MAKING, OWNING = "Covers", "For the owner of a stack"
COMMANDS: dict[str, Callable[..., None]] = {
    "cover": cover.cover, "watch": cover.watch, "list": covers.list_, "show": covers.show_,
    "timeline": covers.timeline, "listen": covers.listen, "retry": covers.retry, "cancel": covers.cancel,
    "rm": covers.rm, "styles": styles.listed, "providers": providers.providers, "usage": usage.usage,
    "login": login.login, "mcp": mcp.mcp,
}  # fmt: skip
for name, command in COMMANDS.items():
    app.command(name, rich_help_panel=MAKING)(command)
app.add_typer(login.app, name="profile", rich_help_panel=MAKING)
app.add_typer(webhooks.app, name="webhooks", rich_help_panel=MAKING)
app.add_typer(keys.app, name="keys", rich_help_panel=OWNING)
app.add_typer(dlq.app, name="dlq", rich_help_panel=OWNING)
app.add_typer(here.app, name="local", rich_help_panel=OWNING)
app.command("deploy", rich_help_panel=OWNING)(deploy.deploy)
app.command("doctor", rich_help_panel=OWNING)(doctor.doctor)


def _version(asked: bool) -> None:
    if asked:
        known = tomllib.loads((CHECKOUT / "pyproject.toml").read_text())["project"]
        typer.echo(f"reprise {known['version']}")
        raise typer.Exit


@app.callback()
def about(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Say which release this is.")
    ] = False,
) -> None:
    """Makes covers with a Reprise stack, and looks after it."""


def main() -> None:
    """Errors that are nobody's bug are told in words, on stderr."""
    try:
        app(prog_name="reprise")
    except LocalError as error:
        _leave(str(error), 2)
    except ApiError as error:
        wrong_usage = isinstance(error, UnreachableError | WrongUsageError | SongError | RefusedError)
        _leave(f"{error}\nTo mend it: {error.mend}", 2 if wrong_usage else 1)
    except BotoCoreError as error:
        _leave(str(unreachable(error)), 2)
    except ClientError as error:
        _leave(str(refused(error)), 2)
    except (RepriseError, ConfigurationError) as error:
        _leave(str(error), 2 if isinstance(error, InvalidError) else 1)


def unreachable(error: BotoCoreError) -> LocalError:
    mend = "it takes AWS credentials (AWS_PROFILE, or `aws configure`), AWS_DEFAULT_REGION and a connection"
    return LocalError(f"AWS could not be asked: {str(error).rstrip('.')}.", mend)


def refused(error: ClientError) -> LocalError:
    said = error.response["Error"]
    mend = "use credentials that are valid and have the rights that docs/operations.md lists"
    return LocalError(f"AWS refused {error.operation_name}: {said.get('Code')}: {said.get('Message')}", mend)


def _leave(words: str, code: int) -> None:
    typer.echo(show.plain(words), err=True)
    sys.exit(code)
