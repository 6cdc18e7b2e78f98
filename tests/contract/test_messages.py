"""What every Queue and Notifier promises, in memory and on AWS alike; and how we may read old items."""

import json
from dataclasses import MISSING, fields
from pathlib import Path
from typing import Any

import pytest
from reprise.aws import clients, items
from reprise.aws.configuration import Configuration
from reprise.codec import decode, encode
from reprise.domain.create import enqueue
from reprise.domain.job import Entry, Job, KeptFile, Stage, State, TrackState
from reprise.domain.request import CoverRequest
from reprise.errors import ConfigurationError

from tests.contract.conftest import BOTH, World, aws_world
from tests.factories import NOW, a_file, a_job, an_archiving_job
from tests.stack import Stack

# --- queue -----------------------------------------------------------------------------------------------------


@BOTH
def test_a_message_arrives_as_it_was_sent(world: World) -> None:
    world.queue.send({"job": "a", "number": 1, "name": "é"})
    assert world.sent() == [({"job": "a", "number": 1, "name": "é"}, 0)]


@BOTH
@pytest.mark.parametrize(("asked", "waited"), [(0, 0), (899, 899), (900, 900), (901, 900), (86_400, 900), (-5, 0)])
def test_a_message_waits_as_long_as_asked_but_never_beyond_what_sqs_allows(
    world: World, asked: int, waited: int
) -> None:
    world.queue.send({"job": "a"}, delay_seconds=asked)
    assert [delay for _, delay in world.sent()] == [waited]


# --- notifier --------------------------------------------------------------------------------------------------


@BOTH
def test_a_notice_carries_its_attributes_beside_the_message(world: World) -> None:
    world.notifier.publish({"type": "cover.text", "message": "é"}, {"type": "cover.text", "tenant": "owner"})
    assert world.published() == [
        ({"type": "cover.text", "message": "é"}, {"type": "cover.text", "tenant": "owner"}),
    ]


def test_a_subscription_can_filter_by_the_attributes(stack: Stack) -> None:
    sqs, sns = clients.sqs(), clients.sns()
    queue = sqs.create_queue(QueueName="listener")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    policy = json.dumps({"type": ["cover.succeeded"], "tenant": ["owner"]})
    sns.subscribe(
        TopicArn=stack.environ["TOPIC"],
        Protocol="sqs",
        Endpoint=arn,
        Attributes={"FilterPolicy": policy, "RawMessageDelivery": "true"},
    )
    world = aws(stack)
    for kind, tenant in (("cover.text", "owner"), ("cover.succeeded", "other"), ("cover.succeeded", "owner")):
        world.notifier.publish({"type": kind, "of": tenant}, {"type": kind, "tenant": tenant})
    got = sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10)["Messages"]
    assert [json.loads(one["Body"]) for one in got] == [{"type": "cover.succeeded", "of": "owner"}]


# --- configuration ---------------------------------------------------------------------------------------------


def test_parameters_are_named_without_the_path_and_read_once(stack: Stack) -> None:
    ssm = clients.ssm()
    for number in range(12):  # more than a page of Parameter Store
        ssm.put_parameter(Name=f"/reprise/many/kie/n{number}", Value=str(number), Type="SecureString")
    configuration = Configuration("/reprise/many", "none", lambda: ssm, lambda: clients.secretsmanager())
    stack.forget()
    assert configuration.all() == {f"kie/n{number}": str(number) for number in range(12)}
    asked = len(stack.calls)
    configuration.all()
    assert len(stack.calls) == asked
    assert configuration.some("kie/n1", "kie/absent") == {"kie/n1": "1"}


def test_an_empty_token_secret_is_a_fault_of_the_deployment(stack: Stack) -> None:
    secret = clients.secretsmanager().create_secret(Name="binary", SecretBinary=b"x")["ARN"]
    configuration = Configuration("/x", secret, lambda: clients.ssm(), lambda: clients.secretsmanager())
    with pytest.raises(ConfigurationError):
        configuration.token_secret()


class Secret:
    """A secret of its own, and a Configuration whose clock is in the test's hands."""

    def __init__(self, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 1000.0
        monkeypatch.setattr("reprise.aws.configuration.time.monotonic", lambda: self.now)
        self.id = clients.secretsmanager().create_secret(Name=name, SecretString="one")["ARN"]
        self.configuration = Configuration("/x", self.id, lambda: clients.ssm(), lambda: clients.secretsmanager())

    def rotate(self, value: str) -> None:
        clients.secretsmanager().put_secret_value(SecretId=self.id, SecretString=value)

    def good(self) -> list[bytes]:
        return list(dict.fromkeys(self.configuration.token_secrets()))


def test_a_secret_that_was_never_rotated_is_the_only_one(stack: Stack, monkeypatch: pytest.MonkeyPatch) -> None:
    assert Secret("never", monkeypatch).good() == [b"one"]


def test_after_a_rotation_both_are_good_and_after_the_next_the_first_is_not(
    stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = Secret("rotated", monkeypatch)
    secret.rotate("two")
    assert secret.good() == [b"two", b"one"]
    secret.rotate("three")
    secret.now += 60
    assert secret.good() == [b"three", b"two"]
    assert secret.configuration.token_secret() == b"three"


def test_the_previous_secret_is_read_only_when_the_current_one_does_not_fit(
    stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = Secret("lazy", monkeypatch)
    stack.forget()
    assert next(iter(secret.configuration.token_secrets())) == b"one"
    assert [call.asked.get("VersionStage") for call in stack.calls] == [None]


def test_a_rotation_is_seen_within_a_second_by_whoever_meets_a_token_of_the_new_secret(
    stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = Secret("warm", monkeypatch)
    secret.good()
    secret.rotate("two")
    assert secret.good() == [b"one"]
    secret.now += 1
    assert secret.good() == [b"one", b"two"]


def test_a_flood_of_tokens_that_fit_nothing_is_no_flood_of_reads(stack: Stack, monkeypatch: pytest.MonkeyPatch) -> None:
    secret = Secret("flood", monkeypatch)
    stack.forget()
    for _ in range(100):
        secret.good()
    assert len(stack.calls) == 2


# --- items of other releases -----------------------------------------------------------------------------------

GOLDEN = Path(__file__).parent.parent / "golden_items"


def body_of(release: str, name: str) -> str:
    return str(json.loads((GOLDEN / release / f"{name}.json").read_text())["body"]["S"])


JOB_OF_0_1 = body_of("0.1", "job")
ENTRY_OF_0_1 = body_of("0.1", "entry")


def read(body: str) -> Job:
    return items.job_of({"body": {"S": body}})


def test_a_job_that_release_0_1_wrote_is_readable() -> None:
    job = read(JOB_OF_0_1)
    assert (job.state, job.stage, job.version) == (State.ARCHIVING, Stage.COMPLETE, 3)
    assert job.tracks[0].state is TrackState.KEPT
    assert job.tracks[0].file == KeptFile("k", 1, "00", 30.0, "audio/mpeg")
    assert (job.provider, job.request.providers, job.route) == ("kie", ("kie",), ())
    assert job.track(1) == job.tracks[0]
    assert not job.alternative(job.tracks[0])
    assert read(json.dumps(encode(job))) == job


def test_a_line_that_release_0_1_wrote_is_readable() -> None:
    assert encode(decode(Entry, json.loads(ENTRY_OF_0_1))) == json.loads(ENTRY_OF_0_1)


def test_fields_of_a_later_release_are_passed_over() -> None:
    body = encode(read(JOB_OF_0_1))
    body["mood"] = "blue"
    body["request"]["tempo"] = {"bpm": 90}
    body["tracks"][0]["take"]["stems"] = [1, 2]
    assert read(json.dumps(body)) == read(JOB_OF_0_1)


def test_a_field_at_its_default_is_not_stored_and_a_missing_one_takes_it() -> None:
    job = a_job()
    body = encode(job)
    assert set(body) == {field.name for field in fields(Job) if field.default is MISSING} | {"audio_key"}
    assert decode(Job, body) == job


def test_only_what_a_job_cannot_be_without_has_no_default() -> None:
    """A new field needs a default: items of the release before do not have it."""
    needed = {field.name for field in fields(Job) if field.default is MISSING and field.default_factory is MISSING}
    assert needed == {"id", "tenant", "request", "leg", "created_at", "updated_at", "deadline_at"}
    asked = {
        field.name for field in fields(CoverRequest) if field.default is MISSING and field.default_factory is MISSING
    }
    assert asked == {"source"}


def test_an_item_of_the_table_tells_its_job_by_one_attribute_alone() -> None:
    job = an_archiving_job(title="T", style="s", lyrics="l")
    item: dict[str, Any] = items.job_item(job)
    assert items.job_of({"job": item["job"]}) == job


def test_an_item_is_in_the_due_index_only_while_its_job_waits() -> None:
    waiting = enqueue(a_job(), NOW).job
    assert {"due_shard", "due_at"} <= set(items.job_item(waiting))
    assert not {"due_shard", "due_at"} & set(items.job_item(a_job()))


def test_a_kept_file_survives_the_codec() -> None:
    assert decode(KeptFile, json.loads(json.dumps(encode(a_file())))) == a_file()


def aws(stack: Stack) -> World:
    return aws_world(stack)
