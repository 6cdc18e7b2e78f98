"""The real command, as the owner types it, against a whole local stack of its own: what it breaks is nobody else's."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote_plus

import httpx
import pytest

from cli.stream import encoded
from local import song
from local.stack import Running, running_stack, write_stack
from tests.e2e.caller import Caller, Job
from tests.golden import golden

pytestmark = [pytest.mark.e2e, pytest.mark.xdist_group("the commands")]
COMMAND = Path(sys.executable).parent / "reprise"
SONG = "inbox/lofi-jazz/a song.mp3"

Reprise = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("command")


@pytest.fixture(scope="module")
def running(home: Path) -> Iterator[Running]:
    with running_stack(home, pace=0.1, simulators=("kie",)) as stack:
        write_stack(stack.stack, home / "stack.json")
        yield stack


@pytest.fixture(scope="module")
def caller(running: Running) -> Iterator[Caller]:
    caller = Caller(running)
    yield caller
    caller.close()


@pytest.fixture(scope="module")
def reprise(running: Running, home: Path) -> Reprise:
    """From another folder, without the shell's AWS settings."""
    environment = {"PATH": os.environ["PATH"], "HOME": str(home), "REPRISE_LOCAL": str(home)}

    def run(*arguments: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [str(COMMAND), *arguments, "--local"],
            env=environment,
            cwd=home,
            capture_output=True,
            text=True,
            check=False,
        )

    return run


def put_letter(running: Running, queue: str, body: Any) -> None:
    url = running.deployment.resources[queue]
    running.client("sqs").send_message(QueueUrl=url, MessageBody=json.dumps(body))


def letters(reprise: Reprise) -> dict[str, int]:
    return {one["queue"]: one["letters"] for one in json.loads(reprise("dlq", "list", "--json").stdout)}


def eventually(look: Callable[[], Any], seconds: float = 20) -> Any:
    until = time.monotonic() + seconds
    while not (seen := look()) and time.monotonic() < until:
        time.sleep(0.2)
    return seen


def test_the_doctor_finds_a_fresh_stack_well(reprise: Reprise) -> None:
    found = reprise("doctor", "--json")
    told = {one["check"]: one for one in json.loads(found.stdout)}
    assert told.pop("alarms")["verdict"] == "not checked"
    assert [one for one in told.values() if one["verdict"] != "ok"] == []
    assert (found.returncode, found.stderr) == (0, "")


def test_a_key_is_made_used_and_revoked(reprise: Reprise, running: Running) -> None:
    made = reprise("keys", "create", "--name", "phone", "--scope", "read", "--budget-usd", "2.5")
    (key,) = made.stdout.splitlines()
    read = {"url": f"{running.stack.api_url}/v1/covers", "headers": {"Authorization": f"Bearer {key}"}}
    assert httpx.get(**read).status_code == 200  # type: ignore[arg-type]
    assert httpx.post(**read, json={}).status_code == 403  # type: ignore[arg-type]
    (mine,) = [one for one in json.loads(reprise("keys", "list", "--json").stdout) if one["name"] == "phone"]
    assert (mine["scopes"], mine["budget_usd"], mine["revoked_at"]) == (["read"], "2.5", None)
    assert reprise("keys", "revoke", mine["id"]).returncode == 0
    running.kill_workers("ReadFunction")  # a warm one would trust it for half a minute
    assert httpx.get(**read).status_code == 401  # type: ignore[arg-type]


def test_dead_letters_go_through_and_are_gone(reprise: Reprise, running: Running, caller: Caller) -> None:
    """A song that became no job, a line that was not told, a job that was not advanced."""
    first = dropped(caller)
    caller.finish(first)
    assert events(caller, first).count("cover.succeeded") == 1
    put_letter(running, "UploadDeadLetters", song_event())
    put_letter(running, "DispatchDeadLetters", last_change(running, first["id"]))
    put_letter(running, "AdvanceDeadLetters", {"job": "0" * 32})
    assert sum(letters(reprise).values()) == 3

    done = reprise("dlq", "redrive", "--all")
    assert (done.returncode, done.stderr) == (0, "")
    assert sum(letters(reprise).values()) == 0

    (again,) = [job for job in caller.covers_of_inbox(SONG) if job["id"] != first["id"]]
    assert caller.finish(again)["state"] == "succeeded"
    assert eventually(lambda: events(caller, first).count("cover.succeeded") == 2)
    log = Path(running.stack.logs) / "AdvanceFunction.log"
    assert eventually(lambda: f'"job":"{"0" * 32}"' in log.read_text())


def test_the_doctor_misses_a_key_that_is_gone(reprise: Reprise, running: Running) -> None:
    running.client("ssm").delete_parameter(Name="/reprise/reprise/kie/api-key")
    put_letter(running, "AdvanceDeadLetters", {"job": "0" * 32})
    found = reprise("doctor")
    assert found.returncode == 1
    assert "no provider has a key" in found.stdout
    assert "reprise dlq redrive advance" in found.stdout


def dropped(caller: Caller) -> Job:
    """The cover of a song that was dropped into the inbox."""
    song.render(Path(caller.stack.logs) / "song.mp3")
    body = (Path(caller.stack.logs) / "song.mp3").read_bytes()
    caller.s3.put_object(Bucket=caller.stack.inbox_bucket, Key=SONG, Body=body)
    (job,) = caller.covers_of_inbox(SONG)
    return job


def song_event() -> Any:
    """S3's word of the same song, as of another drop."""
    event = golden("upload")
    event["Records"][0]["s3"]["object"] |= {"key": quote_plus(SONG, safe="/"), "sequencer": "0000000000000042"}
    return event


def last_change(running: Running, job_id: str) -> Any:
    """A letter about what was last said of a job."""
    keys = {"pk": {"S": f"JOB#{job_id}"}, "sk": {"S": "JOB"}}
    image = running.client("dynamodb").get_item(TableName=running.stack.table, Key=keys)["Item"]
    change = {"Keys": keys, "NewImage": image, "SequenceNumber": "1"}
    record = {"eventName": "MODIFY", "eventSource": "aws:dynamodb", "dynamodb": change}
    return json.loads(encoded({"unreadable": "x", "keys": keys, "sequence_number": "1", "record": record}))


def events(caller: Caller, job: Job) -> list[str]:
    return [one["type"] for one in caller.events(job["id"])]
