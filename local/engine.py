"""The embedded AWS behind a thin seam, so that it can be replaced.

MiniStack is young and moves fast: its version is pinned exactly and tests/contract/test_engine.py decides upgrades.
Nothing outside this file knows which emulator runs, except the changes in localize.py that name its gaps.
"""

import contextlib
import http.client
import importlib.util
import os
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any, Protocol

import boto3
import botocore.session
from botocore.config import Config

from local.errors import LocalError
from local.processes import LOOPBACK, bare_environment, free_port, spawn, stop_group

REGION = "us-east-1"
ACCOUNT = "000000000000"
TEMPLATES = "templates"  # a template may have 51,200 bytes in the call itself, 1 MB in a bucket
ROOT_KEY = ROOT_SECRET = "test"  # the account's root; presigned URLs work with no other
RETRIES: Any = {"mode": "standard", "total_max_attempts": 2}
READY_SECONDS = 40.0


class Engine(Protocol):
    """An AWS account on this machine."""

    region: str
    port: int

    @property
    def endpoint(self) -> str: ...
    def start(self) -> None: ...
    def stop(self) -> None: ...
    def client(self, service: str) -> Any: ...
    def create_stack(self, name: str, template: str, parameters: dict[str, str]) -> None: ...
    def api_path(self, api_id: str) -> str: ...


class MiniStack:
    """MiniStack as a child process on 127.0.0.1, with IAM enforced (AUTH=true)."""

    region = REGION

    def __init__(self, home: Path) -> None:
        self.home, self.log = home, home.parent / "logs" / "engine.log"
        self.port = 0
        self._process: subprocess.Popen[bytes] | None = None
        self._clients: dict[str, Any] = {}
        self._lock = threading.Lock()

    @property
    def endpoint(self) -> str:
        return f"http://{LOOPBACK}:{self.port}"

    @property
    def running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def api_path(self, api_id: str) -> str:
        """Where the engine serves an HTTP API; `$default` would trip shells, so only front.py ever uses it."""
        return f"/_aws/execute-api/{api_id}/$default"

    def start(self) -> None:
        """Returns when the engine answers; raises LocalError with the log's end when it does not."""
        if importlib.util.find_spec("ministack") is None:
            raise LocalError("The embedded AWS (ministack) is not installed.", "`make demo` and `make up` install it")
        self.port = free_port()
        self._process = spawn(
            [sys.executable, "-m", "ministack"], env=self._environment(), cwd=self.home, log=self.log
        )  # fmt: skip
        deadline = time.monotonic() + READY_SECONDS
        while not self._healthy():
            if self._process.poll() is not None:
                raise LocalError("The embedded AWS ended while starting.", "read its log; then start again", self.log)
            if time.monotonic() > deadline:
                self.stop()
                raise LocalError(f"The embedded AWS did not answer in {READY_SECONDS:.0f} s.", "start again", self.log)
            time.sleep(0.05)

    def stop(self) -> None:
        """Idempotent."""
        if self._process is not None:
            stop_group(self._process)
            self._process = None

    def client(self, service: str) -> Any:
        """A boto3 client as the account's root; blind to the profile, proxy and keys of the user's shell."""
        with self._lock:
            if service not in self._clients:
                self._clients[service] = client_at(self.endpoint, service)
            return self._clients[service]

    def create_stack(self, name: str, template: str, parameters: dict[str, str]) -> None:
        """Raises LocalError naming the resource that failed."""
        cloudformation, s3 = self.client("cloudformation"), self.client("s3")
        s3.create_bucket(Bucket=TEMPLATES)
        s3.put_object(Bucket=TEMPLATES, Key=name, Body=template.encode())
        try:
            cloudformation.create_stack(
                StackName=name,
                TemplateURL=f"{self.endpoint}/{TEMPLATES}/{name}",
                Parameters=[{"ParameterKey": key, "ParameterValue": value} for key, value in parameters.items()],
                Capabilities=["CAPABILITY_IAM", "CAPABILITY_NAMED_IAM"],
            )
        except cloudformation.exceptions.ClientError as error:
            raise LocalError(f"The template was refused: {error}", "correct template.yaml", self.log) from error
        while (status := _status(cloudformation, name)).endswith("PROGRESS"):
            time.sleep(0.05)
        if status != "CREATE_COMPLETE":
            raise LocalError(
                f"The stack ended in {status}: {_reasons(cloudformation, name)}",
                "correct that resource in template.yaml, or name the emulator's gap in local/localize.py", self.log,
            )  # fmt: skip

    def _environment(self) -> dict[str, str]:
        return bare_environment(self.home) | {
            "BIND_HOST": LOOPBACK,
            "GATEWAY_PORT": str(self.port),
            "MINISTACK_HOST": LOOPBACK,
            "MINISTACK_REGION": REGION,
            "MINISTACK_ACCOUNT_ID": ACCOUNT,
            "AUTH": "true",
            "IOT_MTLS_ENABLED": "0",
            "SFTP_ENABLED": "0",
            "LOG_LEVEL": os.environ.get("REPRISE_ENGINE_LOG", "WARNING"),
            "S3_DATA_DIR": str(self.home / "s3"),
            "STATE_DIR": str(self.home / "state"),
        }

    def _healthy(self) -> bool:
        connection = http.client.HTTPConnection(LOOPBACK, self.port, timeout=2)
        with contextlib.closing(connection), contextlib.suppress(OSError, http.client.HTTPException):
            connection.request("GET", "/_ministack/health")
            return connection.getresponse().status == 200
        return False


def client_at(endpoint: str, service: str) -> Any:
    """A boto3 client of an engine that runs, ours or another process's, as the account's root."""
    signature = "s3v4" if service == "s3" else None  # else URLs are presigned the old way
    config = Config(proxies={}, max_pool_connections=50, retries=RETRIES, signature_version=signature)
    create: Any = boto3.Session(botocore_session=core_session()).client
    return create(service, endpoint_url=endpoint, config=config)


def core_session() -> Any:
    """A botocore session that reads nothing of the user's AWS configuration."""
    session_class: Any = botocore.session.Session
    nowhere = (None, None, os.devnull, None)
    core = session_class({"profile": (None,) * 4, "config_file": nowhere, "credentials_file": nowhere})
    core.set_config_variable("region", REGION)
    core.set_credentials(ROOT_KEY, ROOT_SECRET)
    return core


def _status(cloudformation: Any, stack: str) -> str:
    return str(cloudformation.describe_stacks(StackName=stack)["Stacks"][0]["StackStatus"])


def _reasons(cloudformation: Any, stack: str) -> str:
    events = cloudformation.describe_stack_events(StackName=stack)["StackEvents"]
    failed = [event for event in events if event.get("ResourceStatus", "").endswith("FAILED")]
    return "; ".join(f"{event['LogicalResourceId']}: {event.get('ResourceStatusReason', '?')}" for event in failed)
