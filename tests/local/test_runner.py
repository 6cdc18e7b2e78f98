"""`up` and `down` without a stack: the lock, and what the user is told."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace

import pytest

from local import runner
from local.errors import LocalError
from local.stack import Stack, write_stack

STACK = Stack(
    api_url="http://127.0.0.1:1", api_key="rk_secret", aws_endpoint="http://127.0.0.1:2", region="us-east-1",
    inbox_bucket="in", covers_bucket="out", topic_arn="arn", table="t", simulators={"kie": "http://127.0.0.1:3"},
    logs="logs", pid=1,
)  # fmt: skip


def test_down_without_a_stack_says_so_and_clears_up(tmp_path: Path) -> None:
    (tmp_path / "stack.json").write_text("{}")
    assert runner.down(tmp_path) is False
    assert list(tmp_path.iterdir()) == []


def test_a_lock_file_that_nobody_holds_means_nothing(tmp_path: Path) -> None:
    (tmp_path / "lock").write_text(str(os.getpid()))
    assert runner.serving_pid(tmp_path) is None


def test_while_one_serves_a_second_is_refused_and_told_which(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    @contextmanager
    def fake_stack(home: Path, *, pace: float) -> Iterator[SimpleNamespace]:
        with pytest.raises(LocalError, match=f"already running here \\(process {os.getpid()}\\)"):
            runner.up_detached(tmp_path)
        yield SimpleNamespace(stack=STACK, broken=lambda: "embedded AWS")

    monkeypatch.setattr(runner, "running_stack", fake_stack)
    monkeypatch.setattr("signal.signal", lambda *_: None)
    with pytest.raises(LocalError, match="The embedded AWS ended by itself"):
        runner.up(tmp_path)
    assert runner.serving_pid(tmp_path) is None
    assert not (tmp_path / "stack.json").exists()


def test_what_a_stack_is_can_be_read_back_by_its_owner_alone(tmp_path: Path) -> None:
    write_stack(STACK, tmp_path / "stack.json")
    assert runner.read_stack(tmp_path) == STACK
    assert (tmp_path / "stack.json").stat().st_mode & 0o077 == 0


def test_the_key_is_shown_once_and_not_in_a_repr() -> None:
    assert "rk_secret" in runner.describe(STACK)
    assert "rk_secret" not in repr(STACK)


def test_an_error_ends_with_the_log(tmp_path: Path) -> None:
    (tmp_path / "log").write_text("\n".join(f"line {number}" for number in range(100)))
    said = str(LocalError("It broke.", "mend it", tmp_path / "log"))
    assert said.startswith("It broke.\nTo mend it: mend it\n")
    assert said.endswith("line 99")
    assert "line 3\n" not in said
