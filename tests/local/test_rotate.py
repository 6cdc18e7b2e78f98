"""`make rotate`: the current key becomes the previous one, and nothing that is under way is cut off by mistake."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from moto import mock_aws

from local import rotate

FIRST = "first-key-of-the-tests"
ASKED = ["--stack", "reprise"]


class FakeCloudFormation:
    def __init__(self, secret: str) -> None:
        self.secret = secret

    def describe_stack_resource(self, **asked: str) -> Any:
        assert asked == {"StackName": "reprise", "LogicalResourceId": "TokenSecret"}
        return {"StackResourceDetail": {"PhysicalResourceId": self.secret}}


class Secret:
    """The stack's secret on moto."""

    def __init__(self) -> None:
        self.client = boto3.client("secretsmanager", region_name="eu-central-1")
        self.id = self.client.create_secret(Name="TokenSecret", SecretString=FIRST)["ARN"]

    def of(self, stage: str) -> str:
        return str(self.client.get_secret_value(SecretId=self.id, VersionStage=stage)["SecretString"])


@pytest.fixture
def secret(monkeypatch: pytest.MonkeyPatch) -> Iterator[Secret]:
    with mock_aws():
        one, real = Secret(), boto3.client
        fakes = {"cloudformation": FakeCloudFormation(one.id)}
        monkeypatch.setattr(boto3, "client", lambda name: fakes.get(name) or real(name, region_name="eu-central-1"))
        yield one


def test_the_current_key_becomes_the_previous_one(secret: Secret, capsys: pytest.CaptureFixture[str]) -> None:
    assert rotate.main(ASKED) == 0
    assert secret.of("AWSPREVIOUS") == FIRST
    new = secret.of("AWSCURRENT")
    assert len(new) == 48
    assert new.isalnum()
    assert new not in capsys.readouterr().out


def test_a_second_rotation_within_the_life_of_a_token_is_refused(
    secret: Secret, capsys: pytest.CaptureFixture[str]
) -> None:
    rotate.main(ASKED)
    new = secret.of("AWSCURRENT")
    assert rotate.main(ASKED) == 2
    assert "callbacks signed with the one before it may come" in capsys.readouterr().err
    assert (secret.of("AWSCURRENT"), secret.of("AWSPREVIOUS")) == (new, FIRST)


def test_it_is_taken_once_no_token_of_the_key_before_lives(secret: Secret) -> None:
    rotate.main(ASKED)
    new = secret.of("AWSCURRENT")
    rotate.rotate("reprise", leaked=False, now=datetime.now(UTC) + timedelta(days=2, minutes=1))
    assert secret.of("AWSPREVIOUS") == new


def test_after_a_leak_no_key_from_before_is_good(secret: Secret) -> None:
    rotate.main(ASKED)
    leaked = secret.of("AWSCURRENT")
    assert rotate.main([*ASKED, "--leaked"]) == 0
    assert not {FIRST, leaked} & {secret.of("AWSCURRENT"), secret.of("AWSPREVIOUS")}


def test_a_stack_without_a_name_is_not_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    assert rotate.main(["--stack", " "]) == 2
    assert capsys.readouterr().err.startswith("STACK is empty.")


def test_what_aws_says_is_told(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def refuse(stack: str) -> str:
        raise ClientError({"Error": {"Code": "ExpiredToken", "Message": "told by AWS"}}, "DescribeStackResource")

    monkeypatch.setattr(rotate, "_secret", refuse)
    assert rotate.main(ASKED) == 2
    assert capsys.readouterr().err.startswith("AWS refused it: ExpiredToken: told by AWS")
