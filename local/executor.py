"""Our Lambda: the engine posts each invocation here, and a process of that function's own answers it.

One pool per function. An idle worker is used again; parallel invocations get workers of their own up to a cap and wait
beyond it (AWS would start a thousand). A worker has the function's role, its environment, its layers, and nothing else.
"""

import json
import threading
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

from local.engine import Engine
from local.layers import Source, import_path
from local.localize import COLD_START_SECONDS, PROXY_VARIABLE
from local.pool import Pool
from local.processes import LOOPBACK
from local.runtime_api import Invocation, Outcome, failure
from local.server import LoopbackServer
from local.worker import Setting, Worker

ROLE_SECONDS = 3600


class Executor:
    """Serves POST /<logical id> with the event as the body; 200 and the result, or 500 and Lambda's error object."""

    def __init__(self, engine: Engine, functions: Mapping[str, Source], home: Path) -> None:
        self.engine, self.functions, self.home = engine, functions, home
        self._pools: dict[str, Pool] = {}
        self._lock = threading.Lock()
        self._server = _Server(_Handler)
        self._server.executor = self

    @property
    def url(self) -> str:
        return self._server.url

    def start(self) -> None:
        """Installs what the layers need, so that the first invocation does not have to."""
        for source in self.functions.values():
            import_path(source)
        self._server.start()

    def stop(self) -> None:
        self._server.stop()
        for name in list(self._pools):
            self.kill_workers(name)

    def kill_workers(self, function: str, most: int | None = None, *, idle: bool = True) -> int:
        """A power cut for one function, by logical id: SIGKILL its workers, `most` of them at most, the busy ones
        first, idle ones only where `idle`. What they did fails; new ones follow."""
        pool = self._pools.get(function)
        return pool.kill(most, idle=idle) if pool else 0

    def warm(self, names: Mapping[str, str]) -> dict[str, Outcome]:
        """Have one worker of each function (logical id -> name) up. The failures by logical id."""
        with ThreadPoolExecutor(max_workers=4) as several:
            outcomes = several.map(lambda item: self._pool(*item).warm(), names.items())
            return {function: outcome for function, outcome in zip(names, outcomes, strict=True) if outcome}

    def invoke(self, function: str, name: str, invocation: Invocation) -> Outcome:
        if function not in self.functions:
            return failure("Local.UnknownFunction", f"The template has no function {function}")
        try:
            return self._pool(function, name).invoke(invocation)
        except Exception as error:  # an executor's own trouble has to reach the caller and the log, whatever it is
            return failure("Local.ExecutorError", f"{type(error).__name__}: {error}")

    def _pool(self, function: str, name: str) -> Pool:
        with self._lock:
            if function not in self._pools:
                self._pools[function] = Pool(lambda: Worker(self._setting(self.functions[function], name)))
            return self._pools[function]

    def _setting(self, source: Source, name: str) -> Setting:
        """The deployed function's configuration, as the engine resolved it, and an hour's credentials of its role."""
        config = self.engine.client("lambda").get_function_configuration(FunctionName=name)
        role = self.engine.client("sts").assume_role(
            RoleArn=config["Role"], RoleSessionName=name[:64], DurationSeconds=ROLE_SECONDS
        )["Credentials"]  # fmt: skip
        return Setting(
            source=source,
            path=import_path(source),
            environment=self._environment(config, role),
            timeout=config["Timeout"] - COLD_START_SECONDS,
            expires=role["Expiration"],
            log=self.home / "logs" / f"{source.name}.log",
            home=self.home,
        )

    def _environment(self, config: dict[str, Any], role: dict[str, Any]) -> dict[str, str]:
        """https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html, and where AWS is."""
        logging = config.get("LoggingConfig") or {}
        own = dict(config.get("Environment", {}).get("Variables", {}))
        own.pop(PROXY_VARIABLE, None)
        return own | {
            "AWS_ENDPOINT_URL": self.engine.endpoint,
            "AWS_REGION": self.engine.region,
            "AWS_DEFAULT_REGION": self.engine.region,
            "AWS_ACCESS_KEY_ID": role["AccessKeyId"],
            "AWS_SECRET_ACCESS_KEY": role["SecretAccessKey"],
            "AWS_SESSION_TOKEN": role["SessionToken"],
            "AWS_EXECUTION_ENV": f"AWS_Lambda_{config.get('Runtime', 'python3.13')}",
            "AWS_LAMBDA_FUNCTION_NAME": config["FunctionName"],
            "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
            "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(config.get("MemorySize", 128)),
            "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand",
            "AWS_LAMBDA_LOG_GROUP_NAME": logging.get("LogGroup", f"/aws/lambda/{config['FunctionName']}"),
            "AWS_LAMBDA_LOG_STREAM_NAME": "local",
            "AWS_LAMBDA_LOG_FORMAT": logging.get("LogFormat", "Text"),
        }


def as_on_aws(payload: bytes) -> bytes:
    """Two slips of the engine's HTTP API events: a made-up domain name, and null where AWS leaves a key out."""
    event = json.loads(payload)
    if isinstance(event, dict) and event.get("version") == "2.0" and "http" in event.get("requestContext", {}):
        event["requestContext"]["domainName"] = event["headers"].get("host", LOOPBACK)
        event = {key: value for key, value in event.items() if value is not None}
        return json.dumps(event).encode()
    return payload


class _Server(LoopbackServer):
    executor: Executor


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def do_POST(self) -> None:
        payload = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        invocation = Invocation(
            request_id=self.headers.get("X-Amzn-Lambda-Request-Id", ""),
            arn=self.headers.get("X-Amzn-Lambda-Function-Arn", ""),
            trace_id=self.headers.get("X-Amzn-Trace-Id", ""),
            payload=as_on_aws(payload),
        )
        name = self.headers.get("X-Amzn-Lambda-Function-Name", "")
        outcome = self.server.executor.invoke(self.path.strip("/"), name, invocation)
        body = _short(outcome.payload) if outcome.failed else outcome.payload
        self.send_response(500 if outcome.failed else 200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """The functions' logs are enough."""


def _short(error: bytes) -> bytes:
    """The engine quotes 512 bytes of an error: enough without the stack trace, which is in the log."""
    fields = json.loads(error or b"{}")
    short = {"errorType": fields.get("errorType"), "errorMessage": str(fields.get("errorMessage"))[:380]}
    return json.dumps(short).encode()
