"""template.yaml onto a running engine: localize, create, restore what the engine left out, warm the functions."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from local import fixups
from local.engine import Engine
from local.errors import LocalError
from local.executor import Executor
from local.front import Front
from local.layers import sources
from local.localize import Document, Target, localize, read_template


@dataclass(slots=True)
class Deployment:
    """A stack that is up, and the processes of ours that make it work."""

    name: str
    engine: Engine
    executor: Executor
    front: Front
    resources: Mapping[str, str]  # logical id -> physical id
    outputs: Mapping[str, str]
    functions: Mapping[str, str] = field(default_factory=dict)  # logical id -> name

    def stop(self) -> None:
        self.front.stop()
        self.executor.stop()


def deploy(
    engine: Engine, template: Path, home: Path, name: str, parameters: Mapping[str, str], *, warm: bool = True
) -> Deployment:
    """The stack `name`. With `warm`, each function has a worker up on return, and one that cannot start is an error."""
    sam = read_template(template)
    executor = Executor(engine, sources(sam, template.parent), home)
    front = Front()
    try:
        executor.start()
        deployment = _create(engine, executor, front, sam, name, _all_parameters(sam, parameters, front.url))
        if warm:
            _warm(deployment, home)
    except BaseException:
        front.stop()
        executor.stop()
        raise
    return deployment


def put_settings(engine: Engine, stack: str, settings: Mapping[str, str]) -> None:
    """Parameters under /reprise/<stack>/; what is named a key or a secret is stored as a SecureString."""
    for path, value in settings.items():
        kind = "SecureString" if path.endswith(("key", "secret", "token")) else "String"
        engine.client("ssm").put_parameter(Name=f"/reprise/{stack}/{path}", Value=value, Type=kind, Overwrite=True)


def _create(
    engine: Engine, executor: Executor, front: Front, sam: Document, name: str, parameters: dict[str, str]
) -> Deployment:
    cfn = localize(sam, parameters, Target(executor.url))
    engine.create_stack(name, json.dumps(cfn), parameters)
    cloudformation = engine.client("cloudformation")
    found = cloudformation.describe_stack_resources(StackName=name)["StackResources"]
    physical = {entry["LogicalResourceId"]: entry["PhysicalResourceId"] for entry in found}
    kinds = {entry["LogicalResourceId"]: entry["ResourceType"] for entry in found}
    fixups.apply(engine, cfn, parameters, physical)
    for logical, kind in kinds.items():
        if kind == "AWS::ApiGatewayV2::Api":
            front.point_at(engine.port, engine.api_path(physical[logical]))
    stack = cloudformation.describe_stacks(StackName=name)["Stacks"][0]
    return Deployment(
        name, engine, executor, front, physical,
        outputs={output["OutputKey"]: output["OutputValue"] for output in stack.get("Outputs", [])},
        functions={logical: physical[logical] for logical, kind in kinds.items() if kind == "AWS::Lambda::Function"},
    )  # fmt: skip


def _all_parameters(sam: Document, given: Mapping[str, str], public_url: str) -> dict[str, str]:
    """The template's defaults, our PublicUrl where there is such a parameter, and what was asked for."""
    declared = sam.get("Parameters", {})
    if unknown := given.keys() - declared.keys():
        raise LocalError(f"template.yaml has no parameter {', '.join(sorted(unknown))}.", "correct its name")
    values = {key: str(spec["Default"]) for key, spec in declared.items() if "Default" in spec}
    if "PublicUrl" in declared:
        values["PublicUrl"] = public_url
    return values | dict(given)


def _warm(deployment: Deployment, home: Path) -> None:
    failures = deployment.executor.warm(deployment.functions)
    for function, outcome in failures.items():
        error = json.loads(outcome.payload)
        raise LocalError(
            f"{function} could not start: {error.get('errorType')}: {error.get('errorMessage')}",
            "mend the function, or add the layer it lacks to template.yaml", home / "logs" / f"{function}.log",
        )  # fmt: skip
