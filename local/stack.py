"""The running stack: embedded AWS, executor, front, simulators, and what a caller needs to know of them.

`running_stack()` is for tests and the demo; `up` and `down` (see __main__.py) keep one running in .local/.
"""

import contextlib
import json
import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from reprise.aws.key_store import create_key
from reprise.domain.key import Scope

from local.deploy import Deployment, deploy, put_settings
from local.engine import MiniStack
from local.simulators import Simulator
from local.studio import Studio
from local.vendors import VENDORS

ROOT = Path(__file__).parent.parent
HOME = ROOT / ".local"
NAME = "reprise"
PARAMETERS = {"AllowedPrivateNetworks": "127.0.0.0/8"}
SIMULATORS = VENDORS


@dataclass(frozen=True, slots=True)
class Stack:
    """What .local/stack.json holds."""

    api_url: str
    api_key: str = field(repr=False)
    aws_endpoint: str
    region: str
    inbox_bucket: str
    covers_bucket: str
    topic_arn: str
    table: str
    simulators: Mapping[str, str]
    logs: str
    pid: int
    studio: str | None = None


@dataclass(frozen=True, slots=True)
class Running:
    """A stack in this process's hands."""

    stack: Stack
    deployment: Deployment
    engine: MiniStack
    simulators: Mapping[str, Simulator]
    studio: Studio | None = None

    def client(self, service: str) -> Any:
        """A boto3 client as the account's root."""
        return self.engine.client(service)

    def kill_workers(self, function: str, most: int | None = None, *, idle: bool = True) -> int:
        return self.deployment.executor.kill_workers(function, most, idle=idle)

    def broken(self) -> str | None:
        """The name of a part that ended by itself."""
        parts = {"embedded AWS": self.engine.running} | {
            f"{name} simulator": simulator.process.poll() is None for name, simulator in self.simulators.items()
        }
        parts |= {"studio": self.studio.process.poll() is None} if self.studio else {}
        return next((name for name, alive in parts.items() if not alive), None)


@contextlib.contextmanager
def running_stack(
    home: Path,
    *,
    pace: float = 1.0,
    simulators: Mapping[str, Sequence[str]] | Sequence[str] = SIMULATORS,
    parameters: Mapping[str, str] = PARAMETERS,
    tenant: str = "owner",
    warm: bool = True,
    studio: bool = False,
    takes: Path | None = None,
) -> Iterator[Running]:
    """The whole system on free ports of 127.0.0.1; no process is left on exit, and `home` keeps the logs.

    `home` belongs to this run alone, and is cleared first. `simulators` may map names to further options of theirs.
    `studio`: our own provider runs beside them, whose environment must be installed. `takes` is the Python of that
    environment, with which the fakes make their takes; without it they filter the song, which is quick.
    """
    options = simulators if isinstance(simulators, Mapping) else dict.fromkeys(simulators, ())
    _clear(home)
    with contextlib.ExitStack() as cleanup:
        fakes: dict[str, Simulator] = {}
        for name in options:
            fakes[name] = Simulator(name, home, pace, options[name], takes)
            cleanup.callback(fakes[name].stop)
        own = Studio(home) if studio else None
        if own:
            cleanup.callback(own.stop)
        engine = MiniStack(home / "engine")
        cleanup.callback(engine.stop)
        engine.start()
        for fake in fakes.values():
            fake.wait()
        if own:
            own.wait()
        put_settings(engine, NAME, _settings(fakes, pace) | _settings_of(own))
        deployment = deploy(engine, ROOT / "template.yaml", home, NAME, parameters, warm=warm)
        cleanup.callback(deployment.stop)
        yield Running(_describe(deployment, fakes, home, tenant, own), deployment, engine, fakes, own)


def write_stack(stack: Stack, path: Path) -> None:
    """For its owner's eyes: it holds an API key."""
    part = path.with_suffix(".part")
    part.touch(mode=0o600)
    part.write_text(json.dumps(asdict(stack), indent=2) + "\n")
    part.replace(path)


def _settings(fakes: Mapping[str, Simulator], pace: float) -> dict[str, str]:
    """AI/ML API's fake is asked as soon as it is done: some six seconds, not some ninety."""
    keys = {f"{name}/api-key": fake.key for name, fake in fakes.items()}
    rhythm = {"aimlapi/first-poll": str(max(1, round(6 * pace))), "aimlapi/poll-every": str(max(1, round(3 * pace)))}
    urls = {f"{name}/base-url": fake.url for name, fake in fakes.items()}
    return keys | urls | (rhythm if "aimlapi" in fakes else {})


def _settings_of(studio: Studio | None) -> dict[str, str]:
    if studio is None:
        return {}
    return {"studio/api-key": studio.key, "studio/base-url": studio.url, "studio/hmac-key": studio.hmac_key}


def _describe(
    deployment: Deployment, fakes: Mapping[str, Simulator], home: Path, tenant: str, studio: Studio | None
) -> Stack:
    outputs, engine = deployment.outputs, deployment.engine
    return Stack(
        api_url=deployment.front.url,
        api_key=create_key(outputs["TableName"], engine.client("dynamodb"), tenant=tenant, scopes=Scope)[1],
        aws_endpoint=engine.endpoint,
        region=engine.region,
        inbox_bucket=outputs["InboxBucket"],
        covers_bucket=outputs["CoversBucket"],
        topic_arn=outputs["TopicArn"],
        table=outputs["TableName"],
        simulators={name: fake.url for name, fake in fakes.items()},
        logs=str(home / "logs"),
        pid=os.getpid(),
        studio=studio.url if studio else None,
    )


def _clear(home: Path) -> None:
    """Each run starts empty: the embedded AWS keeps everything in memory."""
    for part in ("engine", "logs", "tmp"):
        shutil.rmtree(home / part, ignore_errors=True)
