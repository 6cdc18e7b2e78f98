"""IAM in small: whether a function's own role, as the template draws it, allows a call that the function made.

Knows only what the roles use: Allow statements, actions and resources with `*` in them, and conditions on the partition
and the attributes of an item.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

from tests.stack import Call, Stack
from tests.template import ROOT, functions, of_type, resolve

OBJECTS = {"PutObject": "s3:PutObject", "GetObject": "s3:GetObject", "HeadObject": "s3:GetObject"}
OBJECTS |= {"DeleteObject": "s3:DeleteObject"}
TABLE = {"Put": "dynamodb:PutItem", "Delete": "dynamodb:DeleteItem"}


@dataclass(frozen=True)
class Need:
    """An action and the resource that it is done to; of an update, a query and a get the partition, too, and of an
    update what it names."""

    action: str
    resource: str
    partition: str | None = None
    attributes: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Grant:
    action: str
    resource: str
    partitions: tuple[str, ...] = ("*",)
    attributes: frozenset[str] | None = None


class Names(dict[str, str]):
    """What the tests' stack does not make (log groups, the stream) is named by itself."""

    def __missing__(self, name: str) -> str:
        return f"made-elsewhere:{name}"


CALLS: Mapping[str, Sequence[str]] = tomllib.loads((ROOT / "layers/dependencies/calls.toml").read_text())


def unknown(call: Call) -> bool:
    """Whether the deployed botocore, which is cut to the calls of that list, does not know it."""
    service, _, operation = call.name.partition(".")
    return operation not in CALLS.get(service.replace(" ", "").lower(), ())


def denied(verb: str, call: Call, stack: Stack) -> list[Need]:
    grants = list(_grants(verb, stack))
    return [need for need in needs(call, stack) if not any(_covers(grant, need) for grant in grants)]


def allows(verb: str, action: str, resource: str, stack: Stack) -> bool:
    return any(_covers(grant, Need(action, resource)) for grant in _grants(verb, stack))


def needs(call: Call, stack: Stack) -> Iterator[Need]:
    service, _, operation = call.name.partition(".")
    asked, names = call.asked, stack.names
    prefix = f"arn:aws:ssm:{names['AWS::Region']}:{names['AWS::AccountId']}:parameter"
    match service, operation:
        case "DynamoDB", _:
            yield from _done_to_table(operation, asked, names["Table.Arn"])
        case "S3", "ListObjectsV2":
            yield Need("s3:ListBucket", f"arn:aws:s3:::{asked['Bucket']}")
        case "S3", _:
            yield Need(OBJECTS[operation], f"arn:aws:s3:::{asked['Bucket']}/{asked['Key']}")
        case "SQS", _:
            queue = next(name for name, value in names.items() if value == asked["QueueUrl"])
            yield Need(f"sqs:{operation.removesuffix('Batch')}", names[f"{queue}.Arn"])  # AWS has no right for batches
        case "SNS", _:
            yield Need(f"sns:{operation}", asked["TopicArn"])
        case "SSM", "GetParameters":
            yield from (Need("ssm:GetParameters", prefix + name) for name in asked["Names"])
        case "SSM", _:
            yield Need(f"ssm:{operation}", prefix + asked["Path"])
        case "Secrets Manager", _:
            yield Need(f"secretsmanager:{operation}", asked["SecretId"])
        case _:
            raise NotImplementedError(call.name)


def _done_to_table(operation: str, asked: dict[str, Any], table: str) -> Iterator[Need]:
    if operation == "TransactWriteItems":
        writes = [pair for one in asked["TransactItems"] for pair in one.items()]
        yield from (_update(write, table) if kind == "Update" else Need(TABLE[kind], table) for kind, write in writes)
    elif operation == "UpdateItem":
        yield _update(asked, table)
    elif operation == "GetItem":
        yield Need("dynamodb:GetItem", table, asked["Key"]["pk"]["S"])
    elif operation == "Query" and "IndexName" not in asked:
        (name,) = re.findall(r"^pk = (:\w+)", asked["KeyConditionExpression"])
        yield Need("dynamodb:Query", table, asked["ExpressionAttributeValues"][name]["S"])
    elif operation == "BatchGetItem":
        yield from (Need("dynamodb:BatchGetItem", table) for _ in asked["RequestItems"])
    else:
        yield Need(f"dynamodb:{operation}", table + (f"/index/{asked['IndexName']}" if "IndexName" in asked else ""))


def _update(asked: dict[str, Any], table: str) -> Need:
    """Every word of its expressions that is no function, operator or value is an attribute."""
    words = f"{asked['UpdateExpression']} {asked.get('ConditionExpression', '')}"
    for alias, name in asked.get("ExpressionAttributeNames", {}).items():
        words = re.sub(rf"{alias}\b", name, words)
    assert "#" not in words
    named = set(re.findall(r"(?<![:\w])[a-z_]+(?!\w*\()", words)) - {"attribute_not_exists", "attribute_exists"}
    return Need("dynamodb:UpdateItem", table, asked["Key"]["pk"]["S"], frozenset(named | set(asked["Key"])))


def _grants(verb: str, stack: Stack) -> Iterator[Grant]:
    role = functions()[verb]["Role"]["Fn::GetAtt"].removesuffix(".Arn")
    for policy in of_type("AWS::IAM::Role")[role]["Policies"]:
        for statement in policy["PolicyDocument"]["Statement"]:
            known: dict[str, Any] = resolve(statement, Names(stack.names))
            bounds = _bounds(known.get("Condition", {}))
            yield from (
                Grant(action, resource, *bounds) for action in known["Action"] for resource in known["Resource"]
            )


def _bounds(condition: dict[str, Any]) -> tuple[tuple[str, ...], frozenset[str] | None]:
    known = dict(condition)
    partitions = known.pop("ForAllValues:StringLike", {"dynamodb:LeadingKeys": ["*"]})
    attributes = known.pop("ForAllValues:StringEquals", None)
    if known or set(partitions) != {"dynamodb:LeadingKeys"}:
        raise NotImplementedError(condition)
    named = frozenset(attributes["dynamodb:Attributes"]) if attributes else None
    return tuple(partitions["dynamodb:LeadingKeys"]), named


def _covers(grant: Grant, need: Need) -> bool:
    there = any(fnmatchcase(need.partition or "", one) for one in grant.partitions)
    those = grant.attributes is None or need.attributes <= grant.attributes
    return there and those and grant.action == need.action and fnmatchcase(need.resource, grant.resource)
