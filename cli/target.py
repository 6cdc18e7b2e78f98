"""Which stack a command works on: one in AWS, by the credentials of the shell, or the one of `make up`."""

import os
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import boto3
import httpx
import typer
from botocore.config import Config
from botocore.exceptions import ClientError

from local.errors import LocalError

STACK, LOCAL_HOME = "REPRISE_STACK", "REPRISE_LOCAL"
HTTP_SECONDS = 15.0
INVOKE_SECONDS = 120
"""Longer than any function may take: a call that is given up might be made twice."""

Stack = Annotated[str, typer.Option(metavar="NAME", help=f"A stack in AWS. Without it {STACK}, else the local one.")]
Local = Annotated[bool, typer.Option("--local", help="The stack of `make up` on this machine.")]

Clients = Callable[[str], Any]


@dataclass(frozen=True, slots=True)
class Target:
    """A stack, and how to talk to it. `resources` are physical ids by logical id, `parameters` the template's."""

    stack: str
    client: Clients
    http: httpx.Client
    resources: Mapping[str, str]
    parameters: Mapping[str, str]
    local: bool = False

    def id(self, logical: str) -> str:
        """Raises LocalError where the stack has no such resource."""
        if logical not in self.resources:
            raise LocalError(f"The stack {self.stack} has no {logical}.", "deploy this release, or name another stack")
        return self.resources[logical]

    def function(self, logical: str) -> str:
        """What to invoke: the alias that traffic goes to. The local run has one version of each, and no alias."""
        return self.id(logical) if self.local else f"{self.id(logical)}:live"

    @property
    def settings(self) -> str:
        """The Parameter Store path of the stack, without a slash at the end."""
        return f"/reprise/{self.stack}"


def find(stack: str, local: bool, environ: Mapping[str, str] = os.environ) -> Target:
    """The stack that was asked for. Raises LocalError where there is none."""
    if stack and local:
        raise LocalError("--stack and --local are two stacks.", "give one of them")
    named = stack or environ.get(STACK, "")
    if named and not local:
        return deployed(named)

    from local.runner import serving_pid  # the translator of templates comes with it: not everybody's second
    from local.stack import HOME

    home = Path(environ.get(LOCAL_HOME, HOME))
    if local or serving_pid(home) is not None:
        return running_here(home)
    raise LocalError(
        "No stack is named, and none runs on this machine.", f"--stack NAME (or {STACK}) for one in AWS, `make up` here"
    )


def deployed(stack: str) -> Target:
    session = boto3.Session()
    config = Config(read_timeout=INVOKE_SECONDS, retries={"mode": "standard", "max_attempts": 3})
    clients = once(partial(session.client, config=config))
    return Target(stack, clients, httpx.Client(timeout=HTTP_SECONDS), *describe(clients("cloudformation"), stack))


def running_here(home: Path) -> Target:
    from local.engine import client_at
    from local.runner import read_stack
    from local.stack import NAME

    found = read_stack(home)
    clients = once(partial(client_at, found.aws_endpoint))
    http = httpx.Client(timeout=HTTP_SECONDS, trust_env=False)
    return Target(NAME, clients, http, *describe(clients("cloudformation"), NAME), local=True)


def once(create: Clients) -> Clients:
    """One client a service, for checks that run at the same time: making them is not safe in threads, using them is."""
    made: dict[str, Any] = {}
    lock = threading.Lock()

    def client(service: str) -> Any:
        with lock:
            if service not in made:
                made[service] = create(service)
            return made[service]

    return client


def describe(cloudformation: Any, stack: str) -> tuple[dict[str, str], dict[str, str]]:
    """Resources and parameters. (DescribeStackResources would stop at a hundred resources; a Reprise has more.)"""
    try:
        found = cloudformation.describe_stacks(StackName=stack)["Stacks"][0]
    except ClientError as error:
        if error.response["Error"]["Code"] != "ValidationError":
            raise
        region = cloudformation.meta.region_name
        raise LocalError(
            f"There is no stack {stack} in {region}.", "name yours with --stack, its region with AWS_DEFAULT_REGION="
        ) from error
    pages = cloudformation.get_paginator("list_stack_resources").paginate(StackName=stack)
    listed = [one for page in pages for one in page["StackResourceSummaries"]]
    resources = {one["LogicalResourceId"]: one["PhysicalResourceId"] for one in listed if "PhysicalResourceId" in one}
    if not {"Table", "DispatchDeadLetters"} <= resources.keys():
        raise LocalError(f"The stack {stack} is no Reprise, or not deployed yet.", "name yours with --stack")
    return resources, {one["ParameterKey"]: one["ParameterValue"] for one in found.get("Parameters", ())}
