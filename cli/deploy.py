"""`reprise deploy`: a few questions, then `make build` and `sam deploy`."""

import shlex
import subprocess
from dataclasses import dataclass
from typing import Annotated, Any

import boto3
import typer
from botocore.exceptions import ClientError

from cli import keys, show
from cli.options import Yes
from cli.profiles import CHECKOUT
from local.errors import LocalError

SAM = CHECKOUT / ".venv-sam/bin/sam"
ASKED = {
    "PublicUrl": "Your own address for the API (https://...)",
    "AlarmEmail": "Who is mailed when something is wrong",
}
"""Parameters that a newcomer should think of; docs/operations.md has the others."""


@dataclass(frozen=True, slots=True)
class Plan:
    stack: str
    region: str
    account: str
    new: bool
    parameters: dict[str, str]

    @property
    def commands(self) -> list[list[str]]:
        overrides = [f"{name}={value}" for name, value in self.parameters.items()]
        more = ["--parameter-overrides", *overrides] if overrides else []
        given = ["--stack-name", self.stack, "--region", self.region, "--no-confirm-changeset"]
        return [["make", "build"], [str(SAM.relative_to(CHECKOUT)), "deploy", *given, *more]]


def deploy(
    stack: Annotated[str, typer.Option(metavar="NAME", help="What the stack is called.")] = "",
    region: Annotated[str, typer.Option(metavar="REGION", help="Where; the one of your AWS settings without it.")] = "",
    parameter: Annotated[
        list[str] | None, typer.Option(metavar="NAME=VALUE", help="Of the template; give it once each.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Print the commands, and run none.")] = False,
    yes: Yes = False,
) -> None:
    """To your AWS account, by the credentials of the shell. What is not said is asked for, unless --yes."""
    asks = keys.asks() and not yes
    stack = stack or (typer.prompt("Name of the stack", default="reprise", err=True) if asks else "reprise")
    plan = _plan(stack, region, _given(parameter or []), asks)
    where = f"account {plan.account}, {plan.region}"
    show.note(f"{'A new stack' if plan.new else 'An update of'} {plan.stack} in {where}.")
    if dry_run:
        for command in plan.commands:
            typer.echo(shlex.join(command))
        return
    if not asks and not yes:
        raise LocalError("Nobody is here to say yes.", "--yes deploys without asking, --dry-run only says how")
    if asks:
        typer.confirm("Build and deploy it?", abort=True, err=True)
    for command in plan.commands:
        _run(command)
    _next(plan)


def _plan(stack: str, region: str, given: dict[str, str], asks: bool) -> Plan:
    session = boto3.Session(region_name=region or None)
    if not session.region_name:
        raise LocalError("It is not said where.", "--region, or AWS_DEFAULT_REGION")
    account = session.client("sts").get_caller_identity()["Account"]
    known = _deployed(session, stack)
    if asks and known is None:
        for name, question in ASKED.items():
            if name not in given and (
                told := typer.prompt(f"{question}; none", default="", err=True, show_default=False)
            ):
                given[name] = told
    return Plan(stack, session.region_name, account, known is None, given)


def _given(parameters: list[str]) -> dict[str, str]:
    for one in parameters:
        if not one.partition("=")[0].isalnum() or "=" not in one:
            raise LocalError(f"{one} is no parameter.", "give --parameter NAME=VALUE")
    return {one.partition("=")[0]: one.partition("=")[2] for one in parameters}


def _deployed(session: Any, stack: str) -> dict[str, str] | None:
    """Its outputs; None where there is no such stack."""
    try:
        found = session.client("cloudformation").describe_stacks(StackName=stack)["Stacks"][0]
    except ClientError as error:
        if error.response["Error"]["Code"] != "ValidationError":
            raise
        return None
    return {one["OutputKey"]: one["OutputValue"] for one in found.get("Outputs", ())}


def _run(command: list[str]) -> None:
    done = subprocess.run(command, cwd=CHECKOUT, check=False)  # noqa: S603 - our own words, no shell
    if done.returncode:
        raise LocalError(f"{shlex.join(command[:2])} ended with {done.returncode}.", "see what it said above")


def _next(plan: Plan) -> None:
    outputs = _deployed(boto3.Session(region_name=plan.region), plan.stack) or {}
    url = outputs.get("ApiUrl", "")
    show.note(f"{plan.stack} is at {url}\n\nNext:")
    path = f"/reprise/{plan.stack}/kie/api-key"
    show.note(f"  aws ssm put-parameter --region {plan.region} --type SecureString --name {path} --value ...")
    show.note(f"  reprise keys create --stack {plan.stack} | reprise login {plan.stack} --url {url}")
    show.note(f"  reprise doctor --stack {plan.stack}")
