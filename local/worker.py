"""One execution environment: a process under the official runtime client, with its function's own credentials."""

import sys
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from queue import Empty

from local.layers import Source
from local.processes import bare_environment, kill_group, spawn
from local.runtime_api import Invocation, Outcome, RuntimeApi, failure

INIT_SECONDS = 20.0  # AWS allows 10; a laptop may be compiling bytecode for eight functions at once
RENEW_BEFORE = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Setting:
    """Everything a worker of one function is started with."""

    source: Source
    path: list[Path]
    environment: Mapping[str, str]
    timeout: float
    expires: datetime
    log: Path
    home: Path


class Worker:
    """Takes one invocation at a time. Once it is not `usable` it is thrown away."""

    def __init__(self, setting: Setting) -> None:
        self.setting = setting
        self.api = RuntimeApi()
        self._killed = False
        self.process = spawn(
            [sys.executable, "-S", "-m", "awslambdaric", setting.source.handler],
            env=self._environment(), cwd=setting.source.code, log=setting.log,
        )  # fmt: skip
        threading.Thread(target=self._watch, name="worker-watch", daemon=True).start()

    @property
    def usable(self) -> bool:
        alive = self.api.broken is None and self.process.poll() is None
        return alive and datetime.now(UTC) < self.setting.expires - RENEW_BEFORE

    def invoke(self, invocation: Invocation) -> Outcome:
        """The template's Timeout counts from the moment the worker is up; who exceeds it is killed."""
        if not self.api.ready.wait(INIT_SECONDS):
            self.kill()
            return failure("Sandbox.Timedout", f"Init did not end within {INIT_SECONDS:.0f} seconds")
        timeout = self.setting.timeout
        started = time.monotonic()
        waiting = self.api.submit(invocation, int((time.time() + timeout) * 1000))
        try:
            outcome = waiting.get(timeout=timeout)
        except Empty:
            self.kill()
            message = f"RequestId: {invocation.request_id} Error: Task timed out after {timeout:.2f} seconds"
            outcome = failure("Sandbox.Timedout", message)
        self._report(invocation, outcome, time.monotonic() - started)
        return outcome

    def kill(self) -> None:
        kill_group(self.process)
        self.api.close()

    def _watch(self) -> None:
        status = self.process.wait()
        cause = f"signal: {-status}" if status < 0 else f"exit status {status}"
        self.api.break_off(failure("Runtime.ExitError", f"Runtime exited with error: {cause}"))
        self.api.close()

    def _environment(self) -> dict[str, str]:
        return bare_environment(self.setting.home / "tmp") | dict(self.setting.environment) | {
            "PYTHONPATH": ":".join(map(str, self.setting.path)),
            "PYTHONUNBUFFERED": "1",
            "AWS_LAMBDA_RUNTIME_API": self.api.address,
            "_HANDLER": self.setting.source.handler,
            "LAMBDA_TASK_ROOT": str(self.setting.source.code),
        }  # fmt: skip

    def _report(self, invocation: Invocation, outcome: Outcome, seconds: float) -> None:
        verdict = f" {outcome.payload.decode(errors='replace')[:300]}" if outcome.failed else ""
        with self.setting.log.open("a") as log:
            log.write(f"REPORT RequestId: {invocation.request_id} Duration: {seconds * 1000:.1f} ms{verdict}\n")
