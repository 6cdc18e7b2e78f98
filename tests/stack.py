"""What template.yaml keeps and passes on, made on moto from the template itself: no copy to keep in step."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import Any

from moto import mock_aws
from reprise import bootstrap
from reprise.aws import clients

from tests.template import PSEUDO, defaults, environment, of_type, resolve

PUBLIC_URL = "https://covers.example"
REGION = PSEUDO["AWS::Region"]


@dataclass(frozen=True)
class Call:
    """One call to AWS: `DynamoDB.Query`, who made it, what was asked and what came."""

    name: str
    by: str
    asked: dict[str, Any]
    answer: dict[str, Any]


@dataclass
class Stack:
    """`names` resolves the template's references; `calls` are all calls to AWS since the last `forget`."""

    names: dict[str, str]
    calls: list[Call] = field(default_factory=list)
    actor: str = "a test"

    @cached_property
    def environ(self) -> dict[str, str]:
        return {name: str(value) for name, value in resolve(environment(), self.names).items()}

    @property
    def parameters(self) -> str:
        return self.environ["PARAMETERS"]

    def called(self, service: str = "") -> list[str]:
        return [call.name for call in self.calls if call.name.startswith(service)]

    def asked(self, name: str) -> list[dict[str, Any]]:
        return [call.asked for call in self.calls if call.name == name]

    def forget(self) -> None:
        self.calls.clear()

    def empty_table(self) -> None:
        """moto's table gets slow by what is in it."""
        for table, properties in of_type("AWS::DynamoDB::Table").items():
            clients.dynamodb().delete_table(TableName=table)
            _table(table, properties)


LISTENING: list[Stack] = []


@contextmanager
def deployed() -> Iterator[Stack]:
    """A fresh AWS with the stack in it. Product code that is wired inside meets it, and nothing from before."""
    with mock_aws():
        _listen()
        stack = Stack(_make({**PSEUDO, **defaults(), "PublicUrl": PUBLIC_URL}))
        LISTENING.append(stack)
        forget_wiring()
        yield stack
        forget_wiring()
        LISTENING.remove(stack)


def forget_wiring() -> None:
    """What bootstrap remembers for the life of a process. The clients may stay: they lead to whatever moto plays."""
    for one in vars(bootstrap).values():
        if hasattr(one, "cache_clear"):
            one.cache_clear()


def _make(names: dict[str, str]) -> dict[str, str]:
    for queue, properties in sorted(of_type("AWS::SQS::Queue").items(), key=lambda one: "RedrivePolicy" in one[1]):
        url = _queue(queue, resolve(properties, names))
        names |= {queue: url, f"{queue}.Arn": f"arn:aws:sqs:{REGION}:{names['AWS::AccountId']}:{queue}"}
    for topic in of_type("AWS::SNS::Topic"):
        names[topic] = clients.sns().create_topic(Name=topic)["TopicArn"]
    for secret in of_type("AWS::SecretsManager::Secret"):
        value = "0123456789abcdef" * 3  # no secret: the tests' own
        names[secret] = clients.secretsmanager().create_secret(Name=secret, SecretString=value)["ARN"]
    for table, properties in of_type("AWS::DynamoDB::Table").items():
        names |= {table: table, f"{table}.Arn": _table(table, properties)}
    for bucket, properties in of_type("AWS::S3::Bucket").items():
        names[bucket] = resolve(properties["BucketName"], names)
        names[f"{bucket}.Arn"] = f"arn:aws:s3:::{names[bucket]}"
        clients.s3().create_bucket(
            Bucket=names[bucket], CreateBucketConfiguration={"LocationConstraint": "eu-central-1"}
        )
    for parameter in of_type("AWS::SSM::Parameter").values():
        clients.ssm().put_parameter(**resolve(parameter, names))
    return names


def _queue(name: str, properties: dict[str, Any]) -> str:
    told = {key: json.dumps(value) if isinstance(value, dict) else str(value) for key, value in properties.items()}
    return str(clients.sqs().create_queue(QueueName=name, Attributes=told)["QueueUrl"])  # type: ignore[arg-type]


def _table(name: str, properties: dict[str, Any]) -> str:
    """CloudFormation's spelling of a table in DynamoDB's own."""
    known = dict(properties)
    ttl = known.pop("TimeToLiveSpecification")
    known.pop("PointInTimeRecoverySpecification")
    known.pop("SSESpecification")  # moto would make an RSA key for each table, and encrypt nothing by it
    known["StreamSpecification"] = {"StreamEnabled": True, **known["StreamSpecification"]}
    client = clients.dynamodb()
    made = client.create_table(TableName=name, **known)
    client.update_time_to_live(TableName=name, TimeToLiveSpecification=ttl)
    return made["TableDescription"]["TableArn"]


@cache
def _listen() -> None:
    """Puts a botocore hook under every client: stacks hear each call that is made while they stand."""
    for one in vars(clients).values():
        if hasattr(one, "cache_clear"):
            one.cache_clear()
    asked: dict[int, dict[str, Any]] = {}

    def before(**told: Any) -> None:
        asked[id(told["context"])] = dict(told["params"])

    def after(**told: Any) -> None:
        name = f"{told['model'].service_model.service_id}.{told['model'].name}"
        params = asked.pop(id(told["context"]), {})
        for stack in LISTENING:
            stack.calls.append(Call(name, stack.actor, params, told["parsed"]))

    clients.session().register("provide-client-params", before)
    clients.session().register("after-call", after)
