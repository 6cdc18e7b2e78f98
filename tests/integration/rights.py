"""IAM in small: whether a function's own role, as the template draws it, allows a call that the function made.

Knows only what the roles use: Allow statements, actions and resources with `*` in them.
"""

from collections.abc import Iterator
from fnmatch import fnmatchcase
from typing import Any

from tests.stack import Call, Stack
from tests.template import functions, of_type, resolve

OBJECTS = {"PutObject": "s3:PutObject", "GetObject": "s3:GetObject", "HeadObject": "s3:GetObject"}
OBJECTS |= {"DeleteObject": "s3:DeleteObject"}
TABLE = {"Put": "dynamodb:PutItem", "Delete": "dynamodb:DeleteItem", "Update": "dynamodb:UpdateItem"}

Need = tuple[str, str]
"""An action and the resource that it is done to."""


class Names(dict[str, str]):
    """What the tests' stack does not make (log groups, the stream) is named by itself."""

    def __missing__(self, name: str) -> str:
        return f"made-elsewhere:{name}"


def denied(verb: str, call: Call, stack: Stack) -> list[Need]:
    grants = list(_grants(verb, stack))
    return [need for need in needs(call, stack) if not any(_covers(grant, need) for grant in grants)]


def allows(verb: str, action: str, resource: str, stack: Stack) -> bool:
    return any(_covers(grant, (action, resource)) for grant in _grants(verb, stack))


def needs(call: Call, stack: Stack) -> Iterator[Need]:
    service, _, operation = call.name.partition(".")
    asked, names = call.asked, stack.names
    prefix = f"arn:aws:ssm:{names['AWS::Region']}:{names['AWS::AccountId']}:parameter"
    match service, operation:
        case "DynamoDB", "TransactWriteItems":
            yield from ((TABLE[kind], names["Table.Arn"]) for one in asked["TransactItems"] for kind in one)
        case "DynamoDB", _:
            index = f"/index/{asked['IndexName']}" if "IndexName" in asked else ""
            yield f"dynamodb:{operation}", names["Table.Arn"] + index
        case "S3", "ListObjectsV2":
            yield "s3:ListBucket", f"arn:aws:s3:::{asked['Bucket']}"
        case "S3", _:
            yield OBJECTS[operation], f"arn:aws:s3:::{asked['Bucket']}/{asked['Key']}"
        case "SQS", _:
            queue = next(name for name, value in names.items() if value == asked["QueueUrl"])
            yield f"sqs:{operation.removesuffix('Batch')}", names[f"{queue}.Arn"]  # AWS knows no right for batches
        case "SNS", _:
            yield f"sns:{operation}", asked["TopicArn"]
        case "SSM", "GetParameters":
            yield from (("ssm:GetParameters", prefix + name) for name in asked["Names"])
        case "SSM", _:
            yield f"ssm:{operation}", prefix + asked["Path"]
        case "Secrets Manager", _:
            yield f"secretsmanager:{operation}", asked["SecretId"]
        case _:
            raise NotImplementedError(call.name)


def _grants(verb: str, stack: Stack) -> Iterator[Need]:
    role = functions()[verb]["Role"]["Fn::GetAtt"].removesuffix(".Arn")
    for policy in of_type("AWS::IAM::Role")[role]["Policies"]:
        for statement in policy["PolicyDocument"]["Statement"]:
            known: dict[str, Any] = resolve(statement, Names(stack.names))
            yield from ((action, resource) for action in known["Action"] for resource in known["Resource"])


def _covers(grant: Need, need: Need) -> bool:
    return grant[0] == need[0] and fnmatchcase(need[1], grant[1])
