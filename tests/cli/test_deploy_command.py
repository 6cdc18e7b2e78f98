"""`reprise deploy`: what is asked, what is run, and that nothing is run without a yes."""

from dataclasses import dataclass, field
from typing import Any

import pytest
from botocore.exceptions import ClientError
from typer.testing import CliRunner, Result

from cli.deploy import ASKED
from cli.main import app
from cli.profiles import CHECKOUT
from local.errors import LocalError
from tests.template import defaults


@dataclass
class Account:
    """An AWS account with a region of its own, and what is run on this machine for it."""

    stacks: dict[str, Any] = field(default_factory=dict)
    ran: list[list[str]] = field(default_factory=list)
    code: int = 0

    def session(self, region_name: str | None = None) -> "Session":
        return Session(self, region_name or "eu-central-1")

    def run(self, command: list[str], **_: Any) -> Any:
        self.ran.append(command)
        return type("Done", (), {"returncode": self.code})


@dataclass
class Session:
    account: Account
    region_name: str

    def client(self, service: str) -> "Session":
        return self

    def get_caller_identity(self) -> dict[str, str]:
        return {"Account": "123456789012"}

    def describe_stacks(self, **asked: str) -> dict[str, Any]:
        if asked["StackName"] not in self.account.stacks:
            raise ClientError({"Error": {"Code": "ValidationError", "Message": "none"}}, "DescribeStacks")
        outputs = [{"OutputKey": "ApiUrl", "OutputValue": self.account.stacks[asked["StackName"]]}]
        return {"Stacks": [{"Outputs": outputs}]}


@pytest.fixture
def account(monkeypatch: pytest.MonkeyPatch) -> Account:
    one = Account()
    monkeypatch.setattr("cli.deploy.boto3.Session", one.session)
    monkeypatch.setattr("cli.deploy.subprocess.run", one.run)
    return one


def deploy(*arguments: str, input: str | None = None) -> Result:
    return CliRunner().invoke(app, ["deploy", *arguments], input=input)


def test_with_yes_it_builds_and_deploys_without_a_question(account: Account) -> None:
    done = deploy("--stack", "mine", "--parameter", "LogRetentionDays=3", "--yes")
    assert done.exit_code == 0, done.output
    build, sam = account.ran
    assert build == ["make", "build"]
    assert sam[1:] == [
        "deploy", "--stack-name", "mine", "--region", "eu-central-1", "--no-confirm-changeset",
        "--parameter-overrides", "LogRetentionDays=3",
    ]  # fmt: skip
    assert "A new stack mine in account 123456789012, eu-central-1." in done.stderr


def test_at_a_terminal_it_asks_and_takes_no_for_an_answer(account: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cli.keys.asks", lambda: True)
    assert deploy(input="mine\nhttps://covers.example\n\nn\n").exit_code != 0
    assert account.ran == []
    assert deploy(input="mine\nhttps://covers.example\n\ny\n").exit_code == 0
    assert account.ran[1][-2:] == ["--parameter-overrides", "PublicUrl=https://covers.example"]


def test_of_an_update_no_parameter_is_asked_for_and_none_is_changed(
    account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cli.keys.asks", lambda: True)
    account.stacks["reprise"] = "https://covers.example"
    done = deploy(input="\ny\n")
    assert done.exit_code == 0, done.output
    assert "--parameter-overrides" not in account.ran[1]
    assert "An update of reprise" in done.stderr
    assert "reprise login reprise --url https://covers.example" in done.stderr


def test_where_nobody_can_say_yes_nothing_is_run(account: Account) -> None:
    assert isinstance(deploy().exception, LocalError)
    assert account.ran == []


def test_a_dry_run_prints_the_commands_and_runs_none(account: Account) -> None:
    done = deploy("--dry-run")
    assert done.stdout.splitlines()[0] == "make build"
    assert "sam deploy --stack-name reprise" in done.stdout
    assert account.ran == []


def test_a_step_that_fails_ends_it(account: Account) -> None:
    account.code = 1
    assert isinstance(deploy("--yes").exception, LocalError)
    assert account.ran == [["make", "build"]]


def test_what_is_asked_for_are_parameters_of_the_template() -> None:
    assert set(ASKED) <= set(defaults())
    assert (CHECKOUT / "template.yaml").is_file()
