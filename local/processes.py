"""Child processes that never stay behind: each in a group of its own, each tied to our life (see tether.py)."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

LOOPBACK = "127.0.0.1"
GRACE_SECONDS = 3.0
TETHER = Path(__file__).with_name("tether.py")

# The kernel's parent-death signal fires when the *thread* that forked ends: all children come from one lasting thread.
_spawner = ThreadPoolExecutor(max_workers=1, thread_name_prefix="spawner")


def spawn(
    command: Sequence[str], *, env: Mapping[str, str], cwd: Path, log: Path, pipe: bool = False
) -> subprocess.Popen[bytes]:
    """Start a tethered child; stderr (and stdout, unless piped) is appended to the log."""
    log.parent.mkdir(parents=True, exist_ok=True)
    tethered = [sys.executable, "-I", "-S", str(TETHER), str(os.getpid()), *command]

    def start() -> subprocess.Popen[bytes]:
        with log.open("ab") as sink:
            return subprocess.Popen(
                tethered, env=dict(env), cwd=cwd, stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE if pipe else sink, stderr=sink, process_group=0,
            )  # fmt: skip

    return _spawner.submit(start).result()


def stop_group(process: subprocess.Popen[bytes], grace: float = GRACE_SECONDS) -> None:
    """SIGTERM the child's whole group, then SIGKILL whatever is left of it."""
    if process.poll() is None:
        _signal(process, signal.SIGTERM)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(grace)
    kill_group(process)


def kill_group(process: subprocess.Popen[bytes]) -> None:
    """SIGKILL the group, and reap the child."""
    _signal(process, signal.SIGKILL)
    process.wait()
    if process.stdout is not None:
        process.stdout.close()


def _signal(process: subprocess.Popen[bytes], number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):  # macOS answers EPERM for a group of zombies
        os.killpg(process.pid, number)


def free_port() -> int:
    """A port that was free a moment ago. For children that cannot be told to take any."""
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        return int(probe.getsockname()[1])


def bare_environment(home: Path) -> dict[str, str]:
    """Nothing of the user's shell but the path: no AWS profile, proxy or certificate bundle leaks into a child."""
    home.mkdir(parents=True, exist_ok=True)
    return {
        "PATH": os.environ.get("PATH", os.defpath),
        "HOME": str(home),
        "TMPDIR": str(home),
        "LANG": "C.UTF-8",
        "TZ": "UTC",
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
    }
