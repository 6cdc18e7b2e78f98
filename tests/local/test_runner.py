"""`up` and `down` without a stack: the lock, and what the user is told."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace

import pytest

from local import runner
from local.errors import LocalError
from local.stack import ROOT, Stack, write_stack

STACK = Stack(
    api_url="http://127.0.0.1:1", api_key="rk_secret", aws_endpoint="http://127.0.0.1:2", region="us-east-1",
    inbox_bucket="in", covers_bucket="out", topic_arn="arn", table="t", simulators={"kie": "http://127.0.0.1:3"},
    logs="logs", pid=1,
)  # fmt: skip

STARTER = """
import subprocess, sys
from pathlib import Path
from local import __main__, runner

def start(home, pace):
    command = [sys.executable, "-c", sys.argv[2]]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, start_new_session=True)
    if "print" in sys.argv[2]:
        server.stdout.readline()
    return server

def ready(server, home):
    print(server.pid, flush=True)
    return wait(server, home)

runner._start, wait, runner._ready, runner.STOP_SECONDS = start, runner._ready, ready, 1
up, runner.up_detached = runner.up_detached, lambda pace: up(Path(sys.argv[1]), pace=pace)
sys.exit(__main__.main(["up", "--detach"]))
"""


def test_down_without_a_stack_says_so_and_clears_up(tmp_path: Path) -> None:
    (tmp_path / "stack.json").write_text("{}")
    assert runner.down(tmp_path) is False
    assert list(tmp_path.iterdir()) == []


def test_a_lock_file_that_nobody_holds_means_nothing(tmp_path: Path) -> None:
    (tmp_path / "lock").write_text(str(os.getpid()))
    assert runner.serving_pid(tmp_path) is None


def test_while_one_starts_a_second_is_refused_and_told_which(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    @contextmanager
    def fake_stack(home: Path, *, pace: float, studio: bool, takes: Path | None) -> Iterator[SimpleNamespace]:
        with pytest.raises(LocalError, match=f"starting or stopping here \\(process {os.getpid()}\\)"):
            runner.up_detached(tmp_path)
        yield SimpleNamespace(stack=STACK, broken=lambda: "embedded AWS")

    monkeypatch.setattr(runner, "running_stack", fake_stack)
    monkeypatch.setattr("signal.signal", lambda *_: None)
    with pytest.raises(LocalError, match="The embedded AWS ended by itself"):
        runner.up(tmp_path)
    assert runner.serving_pid(tmp_path) is None
    assert not (tmp_path / "stack.json").exists()


def test_while_one_serves_a_second_up_tells_where_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("signal.signal", lambda *_: None)
    write_stack(STACK, tmp_path / "stack.json")
    with runner._held(tmp_path):
        assert runner.up_detached(tmp_path) == 0
    said = capsys.readouterr().out
    assert said.strip() == runner.describe(STACK, "Reprise is up already.").strip()
    assert STACK.api_url in said
    assert "make down" in said


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_an_interrupted_start_leaves_nothing(tmp_path: Path, number: signal.Signals) -> None:
    with starter(tmp_path, "import time; time.sleep(60)") as (command, server):
        command.send_signal(number)
        assert command.wait(60) == 1
    with pytest.raises(ProcessLookupError):
        os.kill(server, 0)


def test_a_start_that_does_not_heed_is_killed(tmp_path: Path) -> None:
    stubborn = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print(flush=True); time.sleep(60)"
    with starter(tmp_path, stubborn) as (command, server):
        command.send_signal(signal.SIGINT)
        assert command.wait(60) == 1
    with pytest.raises(ProcessLookupError):
        os.kill(server, 0)


@contextmanager
def starter(home: Path, server: str) -> Iterator[tuple["subprocess.Popen[str]", int]]:
    """`up --detach` in a process of its own, with `server` as what never gets ready, and that one's process id."""
    with subprocess.Popen(
        [sys.executable, "-c", STARTER, str(home), server], cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as command:
        assert command.stdout is not None
        yield command, int(command.stdout.readline())


def test_what_a_stack_is_can_be_read_back_by_its_owner_alone(tmp_path: Path) -> None:
    write_stack(STACK, tmp_path / "stack.json")
    assert runner.read_stack(tmp_path) == STACK
    assert (tmp_path / "stack.json").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("text", ["{", "{}", "[]"])
def test_a_file_of_the_stack_that_is_broken_is_said(tmp_path: Path, text: str) -> None:
    (tmp_path / "stack.json").write_text(text)
    with pytest.raises(LocalError, match=r"stack\.json cannot be read"):
        runner.read_stack(tmp_path)


def test_the_key_is_shown_once_and_not_in_a_repr() -> None:
    assert "rk_secret" in runner.describe(STACK)
    assert "rk_secret" not in repr(STACK)


def test_an_error_ends_with_the_log(tmp_path: Path) -> None:
    (tmp_path / "log").write_text("\n".join(f"line {number}" for number in range(100)))
    said = str(LocalError("It broke.", "mend it", tmp_path / "log"))
    assert said.startswith("It broke.\nTo mend it: mend it\n")
    assert said.endswith("line 99")
    assert "line 3\n" not in said
