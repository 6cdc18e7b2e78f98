"""The command's view of a stack on moto."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import boto3
import httpx
import pytest
from reprise.aws import clients
from typer.testing import CliRunner, Result

from cli.letters import Mailbox
from cli.main import app, main
from cli.queues import DEAD_LETTERS
from cli.target import Target, once
from tests.cli.lambdas import FakeLambda
from tests.integration.house import House
from tests.template import defaults, functions, of_type


def answer(request: httpx.Request) -> httpx.Response:
    """As the deployed doors answer the doctor."""
    kind = "forged-callback" if request.method == "POST" else "unauthenticated"
    return httpx.Response(401, json={"type": f"urn:reprise:problem:{kind}"})


@dataclass
class Here:
    """`services` replaces what moto does not have, or not well enough; `web` is the world outside."""

    house: House
    services: dict[str, Any] = field(default_factory=dict)
    web: Any = answer

    def __post_init__(self) -> None:
        self.functions = FakeLambda(self.house)
        self.services["lambda"] = self.functions

    @property
    def target(self) -> Target:
        return Target(
            stack="reprise",
            client=once(lambda service: self.services.get(service) or boto3.client(service)),  # type: ignore[call-overload]
            http=httpx.Client(transport=httpx.MockTransport(lambda request: self.web(request))),
            resources=self._resources(),
            parameters=defaults(),
        )

    def run(self, *arguments: str, input: str | None = None) -> Result:
        return CliRunner().invoke(app, list(arguments), input=input)

    def main(self, *arguments: str) -> int:
        """The exit code of the whole command, errors told as the owner meets them."""
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("sys.argv", ["reprise", *arguments])
            with pytest.raises(SystemExit) as left:
                main()
        return int(str(left.value.code))

    def put(self, queue: str, body: Any, attributes: Mapping[str, Any] | None = None) -> None:
        text = body if isinstance(body, str) else json.dumps(body)
        url = self.house.stack.names[queue]
        clients.sqs().send_message(QueueUrl=url, MessageBody=text, MessageAttributes=dict(attributes or {}))

    def lying(self, queue: str) -> list[Any]:
        """The bodies of what can be seen in a queue."""
        return [json.loads(one.body) for one in Mailbox(clients.sqs(), self.house.stack.names[queue]).peek()]

    def empty(self) -> bool:
        return not any(self.lying(queue.name) for queue in DEAD_LETTERS)

    def _resources(self) -> dict[str, str]:
        names = {name: value for name, value in self.house.stack.names.items() if "." not in name and ":" not in name}
        verbs = {f"{verb.capitalize()}Function": verb for verb in functions()}
        alarms = {name: one["AlarmName"]["Fn::Sub"].replace("${AWS::StackName}", "reprise") for name, one in _alarms()}
        events = ("AdvanceFunctionWork", "TransferFunctionWork", "DeliverFunctionWork", "DispatchFunctionStream")
        return names | verbs | alarms | {name: name for name in (*events, "PollerFunctionEveryMinute")}


def _alarms() -> Any:
    return of_type("AWS::CloudWatch::Alarm").items()
