"""`reprise`: one command, groups below it. Exit codes: 0 good, 1 something is wrong, 2 wrong usage or unreachable."""

import sys

import typer
from botocore.exceptions import BotoCoreError, ClientError
from reprise.errors import ConfigurationError, InvalidError, RepriseError

from cli import dlq, doctor, keys, styles
from local.errors import LocalError

app = typer.Typer(
    help="Looks after a Reprise stack: its keys, its dead letters, its health; and tells the styles of the studio.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.add_typer(keys.app, name="keys")
app.add_typer(dlq.app, name="dlq")
app.command("doctor")(doctor.doctor)
app.command("styles")(styles.listed)


def main() -> None:
    """Errors that are nobody's bug are told in words, on stderr."""
    try:
        app(prog_name="reprise")
    except LocalError as error:
        _leave(str(error), 2)
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
    typer.echo(words, err=True)
    sys.exit(code)
