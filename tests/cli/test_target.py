"""Which stack a command works on, and what stands in the way is told in words."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError, EndpointConnectionError, NoCredentialsError
from reprise.errors import InvalidError, NotFoundError

from cli import main, target
from cli.target import Target, describe, find
from local.errors import LocalError
from local.stack import Stack, write_stack

RESOURCES = {"Table": "t", "DispatchDeadLetters": "q"}


class FakeCloudFormation:
    def __init__(self, answer: Any = None, resources: Mapping[str, str] = RESOURCES) -> None:
        self.answer, self.resources = answer, resources
        self.meta = type("Meta", (), {"region_name": "eu-central-1"})

    def describe_stacks(self, **_: str) -> Any:
        if isinstance(self.answer, Exception):
            raise self.answer
        return {"Stacks": [{"Parameters": [{"ParameterKey": "LeastKieCredits", "ParameterValue": "7"}]}]}

    def get_paginator(self, name: str) -> Any:
        assert name == "list_stack_resources"
        return self

    def paginate(self, **_: str) -> Any:
        for logical, physical in self.resources.items():  # one a page
            yield {"StackResourceSummaries": [{"LogicalResourceId": logical, "PhysicalResourceId": physical}]}
        yield {"StackResourceSummaries": [{"LogicalResourceId": "NotYet"}]}


class FakeSession:
    def __init__(self, cloudformation: FakeCloudFormation) -> None:
        self.cloudformation = cloudformation

    def client(self, service: str, config: Any) -> Any:
        return self.cloudformation


def refusal(code: str) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": "told by AWS"}}, "DescribeStacks")


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> FakeCloudFormation:
    fake = FakeCloudFormation()
    monkeypatch.setattr(boto3, "Session", lambda: FakeSession(fake))
    return fake


@pytest.fixture
def running(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Mapping[str, str]:
    """The environment of somebody whose local stack runs."""
    fields = dict.fromkeys(Stack.__slots__, "x")
    stack = Stack(**{**fields, "aws_endpoint": "http://127.0.0.1:1", "simulators": {}, "pid": 1})  # type: ignore[arg-type]
    write_stack(stack, tmp_path / "stack.json")
    monkeypatch.setattr("local.runner.serving_pid", lambda home: 1 if home == tmp_path else None)
    monkeypatch.setattr("local.engine.client_at", lambda endpoint, service: FakeCloudFormation())
    return {"REPRISE_LOCAL": str(tmp_path)}


# --- which one ---------------------------------------------------------------------------------------------------


def test_a_stack_that_is_named_is_one_in_aws(aws: FakeCloudFormation, running: Mapping[str, str]) -> None:
    found = find("prod", False, running)
    assert (found.stack, found.local, found.settings) == ("prod", False, "/reprise/prod")
    assert (found.id("Table"), found.parameters) == ("t", {"LeastKieCredits": "7"})


def test_the_environment_may_name_it(aws: FakeCloudFormation, running: Mapping[str, str]) -> None:
    assert find("", False, {**running, "REPRISE_STACK": "dev"}).stack == "dev"


def test_without_a_name_it_is_the_one_that_runs_here(aws: FakeCloudFormation, running: Mapping[str, str]) -> None:
    found = find("", False, running)
    assert (found.stack, found.local) == ("reprise", True)


def test_local_is_said_more_clearly_than_by_the_environment(running: Mapping[str, str]) -> None:
    assert find("", True, {**running, "REPRISE_STACK": "dev"}).local


def test_the_alias_that_has_the_traffic_is_invoked() -> None:
    at = Target("s", lambda service: None, None, {"DispatchFunction": "d-1"}, {})  # type: ignore[arg-type]
    assert at.function("DispatchFunction") == "d-1:live"


def test_the_local_run_has_no_alias() -> None:
    at = Target("s", lambda service: None, None, {"DispatchFunction": "d-1"}, {}, local=True)  # type: ignore[arg-type]
    assert at.function("DispatchFunction") == "d-1"


# --- what stands in the way --------------------------------------------------------------------------------------


def test_no_stack_at_all_is_told(tmp_path: Path) -> None:
    with pytest.raises(LocalError, match="No stack is named") as told:
        find("", False, {"REPRISE_LOCAL": str(tmp_path)})
    assert "make up" in str(told.value)


def test_a_local_stack_that_does_not_run_is_told(tmp_path: Path) -> None:
    with pytest.raises(LocalError, match="No stack is running"):
        find("", True, {"REPRISE_LOCAL": str(tmp_path)})


def test_two_stacks_at_once_are_told() -> None:
    with pytest.raises(LocalError, match="are two stacks"):
        find("prod", True, {})


def test_a_stack_that_is_no_reprise_is_told() -> None:
    with pytest.raises(LocalError, match="is no Reprise"):
        describe(FakeCloudFormation(resources={"Table": "t"}), "other")


def test_a_resource_of_another_release_is_told() -> None:
    at = Target("prod", lambda service: None, None, {}, {})  # type: ignore[arg-type]
    with pytest.raises(LocalError, match="The stack prod has no UploadDeadLetters"):
        at.id("UploadDeadLetters")


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (NoCredentialsError(), "AWS could not be asked: Unable to locate credentials.\nTo mend it: it takes AWS"),
        (EndpointConnectionError(endpoint_url="http://127.0.0.1:1"), "AWS could not be asked: Could not connect"),
        (refusal("ValidationError"), "There is no stack prod in eu-central-1.\nTo mend it: name yours with --stack"),
        (refusal("ExpiredToken"), "AWS refused DescribeStacks: ExpiredToken: told by AWS\nTo mend it: use credentials"),
    ],
)
def test_what_aws_says_against_it_is_told_with_exit_code_2(
    answer: Exception,
    said: str,
    aws: FakeCloudFormation,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    aws.answer = answer
    monkeypatch.setattr("sys.argv", ["reprise", "doctor", "--stack", "prod"])
    with pytest.raises(SystemExit) as left:
        main.main()
    assert left.value.code == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith(said)


@pytest.mark.parametrize(("error", "code"), [(InvalidError(), 2), (NotFoundError("no key"), 1)])
def test_our_own_errors_are_words_too(
    error: Exception, code: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse(stack: str, local: bool) -> Target:
        raise error

    monkeypatch.setattr(target, "find", refuse)
    monkeypatch.setattr("sys.argv", ["reprise", "doctor"])
    with pytest.raises(SystemExit) as left:
        main.main()
    assert left.value.code == code
    assert "Traceback" not in capsys.readouterr().err
