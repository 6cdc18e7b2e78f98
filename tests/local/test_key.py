"""`make key` says what is wrong in words; that it makes a key is proven where keys are."""

from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError, NoCredentialsError

from local import key

ASKED = ["--stack", "reprise", "--tenant", "owner"]


class FakeCloudFormation:
    def __init__(self, answer: Any) -> None:
        self.answer = answer
        self.meta = type("Meta", (), {"region_name": "eu-central-1"})

    def describe_stacks(self, **_: str) -> Any:
        if isinstance(self.answer, Exception):
            raise self.answer
        return {"Stacks": [{"Outputs": self.answer}]}


def refusal(code: str) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": "told by AWS"}}, "DescribeStacks")


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (NoCredentialsError(), "AWS could not be asked: Unable to locate credentials.\nTo mend it: it takes AWS"),
        (refusal("ValidationError"), "There is no stack reprise in eu-central-1.\nTo mend it: name yours with STACK="),
        (refusal("ExpiredToken"), "AWS refused it: ExpiredToken: told by AWS\nTo mend it: use credentials"),
        ([], "The stack reprise is no Reprise, or not deployed yet.\nTo mend it:"),
    ],
)
def test_what_stands_in_the_way_is_told_with_exit_code_2(
    answer: Any, said: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(boto3, "client", lambda name: FakeCloudFormation(answer))
    assert key.main(ASKED) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith(said)
    assert captured.err.count("\n") == 2


def test_a_stack_without_a_name_is_not_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    assert key.main(["--stack", "", "--tenant", "owner"]) == 2
    assert capsys.readouterr().err.startswith("STACK is empty.")


def test_the_key_alone_is_printed(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    outputs = [{"OutputKey": "TableName", "OutputValue": "table-1"}]
    monkeypatch.setattr(boto3, "client", lambda name: FakeCloudFormation(outputs))
    monkeypatch.setattr(key, "create_key", lambda table, client, tenant: (None, f"rk_{table}_{tenant}"))
    assert key.main(ASKED) == 0
    assert capsys.readouterr().out == "rk_table-1_owner\n"
