"""The recipes of docs/recipes, deployed beside the running stack: a cover lands, and who was to be told is told."""

import json
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest

from local.deploy import Deployment, deploy
from local.stack import ROOT, Running
from tests.e2e.caller import Caller
from tests.unit.net.web import serving

pytestmark = pytest.mark.e2e
RECIPES = ROOT / "docs" / "recipes"


@pytest.fixture
def recipe(running: Running, tmp_path: Path) -> Iterator[Any]:
    deployed: list[Deployment] = []

    def make(name: str, **parameters: str) -> Deployment:
        topic = {"Topic": running.stack.topic_arn}
        made = deploy(running.engine, RECIPES / name / "template.yaml", tmp_path, f"recipe-{name}", topic | parameters)
        deployed.append(made)
        return made

    yield make
    for one in deployed:
        one.stop()


def test_a_queue_hears_how_covers_end_and_nothing_else(caller: Caller, uploaded: dict[str, str], recipe: Any) -> None:
    queue = recipe("queue").outputs["QueueUrl"]
    job = caller.finish(caller.order(uploaded))
    heard = next_of(caller, queue)
    assert (heard["type"], heard["job"]) == ("cover.succeeded", job["id"])


def test_slack_is_told_in_a_line(running: Running, caller: Caller, uploaded: dict[str, str], recipe: Any) -> None:
    posted: list[bytes] = []

    def hook(visitor: BaseHTTPRequestHandler) -> None:
        posted.append(visitor.rfile.read(int(visitor.headers["Content-Length"])))
        visitor.send_response(200)
        visitor.send_header("Content-Length", "0")
        visitor.end_headers()

    with serving({"/hook": hook}) as slack:
        running.client("ssm").put_parameter(Name="/reprise/slack-url", Type="SecureString", Value=slack.url("/hook"))
        recipe("slack")
        job = caller.finish(caller.order(uploaded))
        until(lambda: posted)
    (body,) = posted
    assert json.loads(body) == {"text": f":musical_note: All 2 tracks are in the bucket (cover {job['id']}, by kie)"}


def test_a_rule_of_eventbridge_picks_the_failures(caller: Caller, uploaded: dict[str, str], recipe: Any) -> None:
    queue = recipe("eventbridge").outputs["QueueUrl"]
    caller.finish(caller.order(uploaded))
    caller.misbehave(error_code=501)
    job = caller.finish(caller.order(uploaded))
    heard = next_of(caller, queue)
    assert (heard["source"], heard["detail-type"]) == ("reprise", "cover.failed")
    assert heard["detail"]["job"] == job["id"]


def next_of(caller: Caller, queue: str) -> Any:
    """The first message that comes, and with it the certainty that none came before."""
    found = until(lambda: caller.sqs.receive_message(QueueUrl=queue, WaitTimeSeconds=2).get("Messages"))
    return json.loads(found[0]["Body"])


def until(found: Callable[[], Any], seconds: float = 30) -> Any:
    end = time.monotonic() + seconds
    while not (what := found()):
        assert time.monotonic() < end, "nobody was told"
        time.sleep(0.2)
    return what
