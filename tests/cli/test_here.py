"""`reprise local`: what it logs, and where it is; and the shell's completion of all commands."""

import os
import subprocess
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from cli.main import COMMANDS, app
from local.errors import LocalError
from tests.template import ROOT


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("REPRISE_LOCAL", str(tmp_path))
    (tmp_path / "logs").mkdir()
    return tmp_path


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["local", *arguments])


def test_the_last_lines_of_each_log_are_told_with_its_name(home: Path) -> None:
    (home / "logs/SubmitFunction.log").write_text("one\ntwo\nthree\n")
    (home / "logs/ReadFunction.log").write_text("four\n")
    assert run("logs", "--lines", "2").stdout.splitlines() == [
        "ReadFunction  four",
        "SubmitFunction  two",
        "SubmitFunction  three",
    ]
    assert run("logs", "Submit", "--lines", "1").stdout == "SubmitFunction  three\n"


def test_a_log_is_found_by_the_verb_of_its_function(home: Path) -> None:
    for name in ("SubmitFunction", "ReadFunction"):
        (home / f"logs/{name}.log").write_text("one\n")
    assert run("logs", "submit").stdout == "SubmitFunction  one\n"
    assert run("logs", "READFUNCTION").stdout == "ReadFunction  one\n"


def test_who_asks_for_a_log_that_there_is_not_hears_which_there_are(home: Path) -> None:
    assert "`reprise local up` first" in str(run("logs", "submit").exception)
    (home / "logs/ReadFunction.log").write_text("one\n")
    told = run("logs", "nobody").exception
    assert isinstance(told, LocalError)
    assert str(told) == "There is no log of nobody.\nTo mend it: name one of: ReadFunction"


def test_what_comes_is_told_in_whole_lines(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    log = home / "logs/SubmitFunction.log"
    log.write_text("old\n")
    coming = ["ne", "w\nand ", "more\n"]

    def sleep(_: float) -> None:
        if not coming:
            raise KeyboardInterrupt
        with log.open("a") as file:
            file.write(coming.pop(0))

    monkeypatch.setattr("cli.here.time.sleep", sleep)
    assert run("logs", "--lines", "0", "--follow").stdout == "SubmitFunction  new\nSubmitFunction  and more\n"


def test_a_stack_is_not_started_where_the_commands_would_not_find_it() -> None:
    assert isinstance(run("up").exception, LocalError)


def test_where_no_stack_runs_down_says_so() -> None:
    assert "No stack was running." in run("down").stderr


def test_the_shell_completes_each_command() -> None:
    told = {"_REPRISE_COMPLETE": "complete_bash", "COMP_WORDS": "reprise ", "COMP_CWORD": "1"}
    done = subprocess.run([ROOT / ".venv/bin/reprise"], env={**os.environ, **told}, capture_output=True, text=True)
    groups = {"profile", "webhooks", "keys", "dlq", "local", "deploy", "doctor"}
    assert set(COMMANDS) | groups <= set(done.stdout.split())
