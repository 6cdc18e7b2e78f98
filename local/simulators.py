"""The fake providers as child processes: they print one JSON line with their address once they answer."""

import json
import os
import secrets
import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from queue import Empty, Queue
from typing import Any

from local.errors import LocalError
from local.processes import bare_environment, spawn, stop_group
from simulators.engine import SETTING

READY_SECONDS = 20.0
ROOT = Path(__file__).parent.parent


class Simulator:
    """One fake provider. `key` is the API key it accepts, `takes` the Python of the studio that makes its takes."""

    def __init__(
        self, name: str, home: Path, pace: float = 1.0, options: Sequence[str] = (), takes: Path | None = None
    ) -> None:
        self.name, self.key, self.url = name, f"local-{secrets.token_hex(12)}", ""
        self.log = home / "logs" / f"{name}.log"
        command = [sys.executable, "-m", f"simulators.{name}", "--port", "0", "--key", self.key, "--pace", str(pace)]
        environment = bare_environment(home / "tmp") | {"PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"}
        environment |= {SETTING: str(takes)} if takes else {}
        self.process = spawn([*command, *options], env=environment, cwd=ROOT, log=self.log, pipe=True)

    def wait(self) -> None:
        """Returns when it answers; raises LocalError with the log's end when it does not."""
        url = address(self.process, self.log)
        if url is None:
            self.stop()
            raise LocalError(
                f"The {self.name} simulator did not start.",
                f"run `python -m simulators.{self.name}` by itself",
                self.log,
            )
        self.url = url

    def stop(self) -> None:
        stop_group(self.process)


def address(process: subprocess.Popen[bytes], log: Path) -> str | None:
    """The `url` that a child says in its first line, JSON; None where none comes in time."""
    lines: Queue[bytes] = Queue()
    threading.Thread(target=_drain, args=(process, lines, log), daemon=True).start()
    try:
        ready: dict[str, Any] = json.loads(lines.get(timeout=READY_SECONDS))
        return str(ready["url"])
    except (Empty, ValueError, KeyError):
        return None


def _drain(process: subprocess.Popen[bytes], lines: "Queue[bytes]", log: Path) -> None:
    """The first line is the address, the rest goes to the log. An end without a line is an empty one."""
    stdout = process.stdout
    if stdout is None:
        return
    fd = os.dup(stdout.fileno())  # the process may be closed while we read
    with open(fd, "rb", closefd=True) as pipe, log.open("ab") as sink:
        lines.put(pipe.readline())
        for line in pipe:
            sink.write(line)
            sink.flush()
