"""No process stays behind, however its starter ends."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from local.processes import bare_environment, spawn, stop_group
from local.stack import ROOT

STUBBORN = (
    "import signal, subprocess, time, sys; signal.signal(signal.SIGTERM, signal.SIG_IGN);"
    "p = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)']);"
    "print(p.pid, flush=True); time.sleep(60)"
)
STARTER = (
    "import sys, time; from pathlib import Path; from local.processes import *;"
    "p = spawn([sys.executable, '-c', 'import time; time.sleep(60)'], env={}, cwd=Path('.'), log=Path(sys.argv[1]));"
    "print(p.pid, flush=True); time.sleep(60)"
)


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    status = Path(f"/proc/{pid}/stat")
    return not (status.exists() and status.read_text().rsplit(")", 1)[1].split()[0] == "Z")


def gone(pid: int) -> bool:
    for _ in range(100):
        if not alive(pid):
            return True
        time.sleep(0.05)
    return False


def test_a_child_that_ignores_sigterm_is_killed_with_its_own_children(tmp_path: Path) -> None:
    child = spawn([sys.executable, "-c", STUBBORN], env={}, cwd=tmp_path, log=tmp_path / "log", pipe=True)
    assert child.stdout is not None
    grandchild = int(child.stdout.readline())
    stop_group(child, grace=0.2)
    assert gone(child.pid)
    assert gone(grandchild)


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_a_child_dies_with_its_starter(tmp_path: Path, number: signal.Signals) -> None:
    command = [sys.executable, "-c", STARTER, str(tmp_path / "log")]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as starter:
        assert starter.stdout is not None
        child = int(starter.stdout.readline())
        assert alive(child)
        starter.send_signal(number)
    assert gone(child)


def test_a_child_sees_nothing_of_our_shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_PROFILE", "mine")
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy")
    assert not {"AWS_PROFILE", "HTTPS_PROXY"} & bare_environment(tmp_path).keys()
