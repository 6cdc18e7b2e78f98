"""template.yaml as the tests see it: the tags of CloudFormation read as its long forms, and names put in."""

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parent.parent

PSEUDO = {
    "AWS::StackName": "reprise",
    "AWS::AccountId": "123456789012",
    "AWS::Region": "eu-central-1",
    "AWS::Partition": "aws",
    "AWS::URLSuffix": "amazonaws.com",
}


class _Loader(yaml.SafeLoader):
    """Knows !Ref, !Sub and their kin."""


def _tagged(loader: _Loader, name: str, node: yaml.Node) -> dict[str, Any]:
    if isinstance(node, yaml.ScalarNode):
        value: Any = loader.construct_scalar(node)
    elif isinstance(node, yaml.SequenceNode):
        value = loader.construct_sequence(node, deep=True)
    else:
        raise TypeError(f"!{name} of a mapping")
    return {name if name in ("Ref", "Condition") else f"Fn::{name}": value}


_Loader.add_multi_constructor("!", _tagged)


@cache
def template() -> dict[str, Any]:
    return dict(yaml.load((ROOT / "template.yaml").read_text(), _Loader))  # noqa: S506 - a SafeLoader


def of_type(kind: str) -> dict[str, dict[str, Any]]:
    """Logical id -> properties."""
    every = template()["Resources"].items()
    return {name: one.get("Properties", {}) for name, one in every if one["Type"] == kind}


def functions() -> dict[str, dict[str, Any]]:
    """Verb -> properties, the Globals put under them. A list of layers and a mapping are added to, as SAM does."""
    shared = template()["Globals"]["Function"]
    found = {}
    for name, own in of_type("AWS::Serverless::Function").items():
        layers = [*shared["Layers"], *own.get("Layers", [])]
        logging = {**shared["LoggingConfig"], **own["LoggingConfig"]}
        found[name.removesuffix("Function").lower()] = {**shared, **own, "Layers": layers, "LoggingConfig": logging}
    return found


def environment() -> dict[str, Any]:
    return dict(template()["Globals"]["Function"]["Environment"]["Variables"])


def defaults() -> dict[str, str]:
    return {name: str(one["Default"]) for name, one in template()["Parameters"].items()}


def resolve(value: Any, names: Mapping[str, str]) -> Any:
    """`value` with every intrinsic replaced. `names` holds `Table` for a Ref and `Table.Arn` for a GetAtt."""
    match value:
        case {"Ref": name}:
            return names[name]
        case {"Fn::GetAtt": name}:
            return names[name]
        case {"Fn::Sub": text}:
            return re.sub(r"\$\{([^}]+)\}", lambda found: names[found[1]], text)
        case {"Fn::If": [condition, yes, no]}:
            return resolve(yes if _holds(condition, names) else no, names)
        case dict():
            return {name: resolve(one, names) for name, one in value.items()}
        case list():
            return [resolve(one, names) for one in value]
    return value


def _holds(condition: str, names: Mapping[str, str]) -> bool:
    match resolve(template()["Conditions"][condition], names):
        case {"Fn::Not": [{"Fn::Equals": [left, right]}]}:
            return bool(left != right)
        case other:
            raise NotImplementedError(f"condition {condition}: {other}")
