"""Each port twice: in memory, and on AWS as moto plays it, made from template.yaml."""

import json
import secrets
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Protocol

import pytest
from reprise.aws import clients
from reprise.aws.buckets import S3Covers, S3Inbox
from reprise.aws.job_reader import DynamoJobReader
from reprise.aws.job_store import DynamoJobs
from reprise.aws.key_store import create_key, spent_of
from reprise.aws.keys import DynamoKeys
from reprise.aws.messages import SnsNotifier, SqsQueue
from reprise.domain.key import DEFAULT, ApiKey, digest_of
from reprise.memory import MemoryClock, MemoryCovers, MemoryInbox, MemoryJobs, MemoryKeys, MemoryNotifier, MemoryQueue
from reprise.memory_reader import MemoryJobReader
from reprise.ports import Covers, Inbox, JobReader, JobStore, KeyStore, Notifier, Queue

from tests.stack import Stack, deployed

BOTH = pytest.mark.parametrize("world", ["memory", "aws"], indirect=True)

Message = tuple[Mapping[str, Any], int]
Notice = tuple[Mapping[str, Any], Mapping[str, str]]


class NewKey(Protocol):
    def __call__(self, tenant: str, per_minute: int | None = None) -> str: ...


@dataclass(frozen=True)
class World:
    """The ports, and what only the other side of each can do: put a song in, see what was sent."""

    jobs: JobStore
    reader: JobReader
    keys: KeyStore
    inbox: Inbox
    covers: Covers
    queue: Queue
    notifier: Notifier
    drop: Callable[[str, bytes, Mapping[str, str]], None]
    covers_objects: Callable[[], dict[str, bytes]]
    new_key: "NewKey"
    clock: MemoryClock
    spent: Callable[[str, str], Decimal]
    sent: Callable[[], list[Message]]
    published: Callable[[], list[Notice]]


@pytest.fixture(scope="module")
def stack() -> Iterator[Stack]:
    """One a module: each test takes ids and keys of its own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_ACCESS_KEY_ID", "testing")
        patch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
        patch.setenv("AWS_DEFAULT_REGION", "eu-central-1")
        with deployed() as one:
            yield one


@pytest.fixture
def world(request: pytest.FixtureRequest) -> World:
    if request.param == "memory":
        return memory_world()
    stack: Stack = request.getfixturevalue("stack")
    stack.empty_table()
    stack.forget()
    return aws_world(stack)


def memory_world() -> World:
    jobs, clock = MemoryJobs(), MemoryClock()
    keys, inbox, covers = MemoryKeys(clock), MemoryInbox(), MemoryCovers()
    queue, notifier = MemoryQueue(), MemoryNotifier()

    def new_key(tenant: str, per_minute: int | None = None) -> str:
        key = f"rk_{secrets.token_hex()}"
        made = ApiKey(secrets.token_hex(6), tenant, "", DEFAULT, per_minute=per_minute)
        keys.keys[digest_of(key)] = made
        return key

    return World(
        jobs=jobs,
        reader=MemoryJobReader(jobs),
        keys=keys,
        inbox=inbox,
        covers=covers,
        queue=queue,
        notifier=notifier,
        drop=inbox.put,
        covers_objects=lambda: dict(covers.objects),
        new_key=new_key,
        clock=clock,
        spent=lambda key, month: jobs.spent.get((key, month), Decimal(0)),
        sent=lambda: list(queue.messages),
        published=lambda: list(notifier.published),
    )


def aws_world(stack: Stack) -> World:
    names = stack.environ
    bucket = names["COVERS_BUCKET"]
    clock = MemoryClock()

    def drop(key: str, body: bytes, metadata: Mapping[str, str]) -> None:
        clients.s3().put_object(Bucket=names["INBOX_BUCKET"], Key=key, Body=body, Metadata=metadata)

    def objects() -> dict[str, bytes]:
        s3 = clients.s3()
        found = s3.list_objects_v2(Bucket=bucket).get("Contents", [])
        return {one["Key"]: s3.get_object(Bucket=bucket, Key=one["Key"])["Body"].read() for one in found}

    def sent() -> list[Message]:
        return [(json.loads(one["MessageBody"]), one["DelaySeconds"]) for one in stack.asked("SQS.SendMessage")]

    def new_key(tenant: str, per_minute: int | None = None) -> str:
        return create_key(names["TABLE"], clients.dynamodb(), tenant=tenant, per_minute=per_minute)[1]

    def published() -> list[Notice]:
        return [
            (json.loads(one["Message"]), {k: v["StringValue"] for k, v in one["MessageAttributes"].items()})
            for one in stack.asked("SNS.Publish")
        ]

    return World(
        jobs=DynamoJobs(names["TABLE"], clients.dynamodb),
        reader=DynamoJobReader(names["TABLE"], clients.dynamodb),
        keys=DynamoKeys(names["TABLE"], clients.dynamodb, clock),
        inbox=S3Inbox(names["INBOX_BUCKET"], clients.s3),
        covers=S3Covers(bucket, clients.s3),
        queue=SqsQueue(names["ADVANCE_QUEUE"], clients.sqs),
        notifier=SnsNotifier(names["TOPIC"], clients.sns),
        drop=drop,
        covers_objects=objects,
        new_key=new_key,
        clock=clock,
        spent=lambda key, month: spent_of(names["TABLE"], clients.dynamodb(), key, month),
        sent=sent,
        published=published,
    )
