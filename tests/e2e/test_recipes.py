"""The recipes of docs/recipes, deployed beside the running stack: a cover lands, and who was to be told is told.

Other covers of the stack end meanwhile, and SNS may tell a thing twice: each test looks for what is about its own.
"""

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

pytestmark = [pytest.mark.e2e, pytest.mark.xdist_group("the stack")]
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
    heard = told_of(caller, queue, job["id"])
    assert {(one["job"], one["type"]) for one in heard if one["job"] == job["id"]} == {(job["id"], "cover.succeeded")}
    assert {one["type"] for one in heard} <= {"cover.succeeded", "cover.failed", "cover.canceled"}


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
        until(lambda: lines_about(job["id"], posted))
        time.sleep(1)  # a second line of other words would come now
    line = f":musical_note: All 2 tracks are in the bucket (cover {job['id']}, by kie)"
    assert set(lines_about(job["id"], posted)) == {line}
    assert {tuple(json.loads(body)) for body in posted} == {("text",)}


def lines_about(job_id: str, posted: list[bytes]) -> list[str]:
    texts = [str(json.loads(body)["text"]) for body in posted]
    return [text for text in texts if job_id in text]


def test_a_rule_of_eventbridge_picks_the_failures(caller: Caller, uploaded: dict[str, str], recipe: Any) -> None:
    queue = recipe("eventbridge").outputs["QueueUrl"]
    good = caller.finish(caller.order(uploaded))
    caller.misbehave(error_code=501)
    job = caller.finish(caller.order(uploaded))
    heard = told_of(caller, queue, job["id"])
    assert {(one["source"], one["detail-type"], one["detail"]["provider"]) for one in heard} == {
        ("reprise", "cover.failed", "kie")
    }
    assert good["state"] == "succeeded"
    assert good["id"] not in {one["detail"]["job"] for one in heard}


def told_of(caller: Caller, queue: str, job_id: str) -> list[Any]:
    """All that comes until one message is about this job, and what comes right behind it."""
    heard: list[Any] = []

    def look() -> list[Any]:
        answer = caller.sqs.receive_message(QueueUrl=queue, WaitTimeSeconds=1, MaxNumberOfMessages=10)
        heard.extend(json.loads(one["Body"]) for one in answer.get("Messages", []))
        return [one for one in heard if job_id in (one.get("job"), one.get("detail", {}).get("job"))]

    until(look)
    look()
    return heard


def until(found: Callable[[], Any], seconds: float = 30) -> Any:
    end = time.monotonic() + seconds
    while not (what := found()):
        assert time.monotonic() < end, "nobody was told"
        time.sleep(0.2)
    return what
