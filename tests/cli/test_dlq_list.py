"""What lies among the dead letters, told in a line a queue; to look changes nothing."""

import json
from typing import Any

import pytest

from cli.contents import contents
from cli.letters import Letter
from cli.queues import named
from tests.cli.here import Here
from tests.factories import NOW
from tests.golden import golden
from tests.template import ROOT

STREAM = {"DDBStreamBatchInfo": {"batchSize": 3, "approximateArrivalOfFirstRecord": "2026-11-20T10:00:00Z"}}
CHANGE = {"unreadable": "ValueError: y", "keys": {"pk": {"S": "JOB#j1"}, "sk": {"S": "JOB"}}}
LINE = {"unreadable": "TypeError: x", "keys": {"pk": {"S": "JOB#j1"}, "sk": {"S": "EVENT#000002"}}}


def a_letter(body: Any, why: str = "") -> Letter:
    attributes = {"ErrorMessage": {"StringValue": why, "DataType": "String"}} if why else {}
    text = body if isinstance(body, str) else json.dumps(body)
    return Letter(id="l1", body=text, sent=NOW, first_seen=NOW, attributes=attributes, handle="h1")


@pytest.mark.parametrize(
    ("queue", "body", "told"),
    [
        ("advance", {"job": "j1"}, "job j1"),
        ("transfer", {"job": "j1", "number": 2, "tries": 0}, "job j1 number 2"),
        ("deliver", {"job": "j1", "line": 3}, "job j1 line 3"),
        ("dispatch", LINE, "unreadable EVENT#000002 of job j1: TypeError: x"),
        ("dispatch", CHANGE, "unreadable change of job j1: ValueError: y"),
        ("dispatch", STREAM, "3 records of the stream from 2026-11-20T10:00:00Z on"),
        ("upload", golden("upload"), "inbox/lofi-jazz/Harbour Fog.mp3"),
        ("advance", "not JSON", "something unknown"),
        ("advance", [], "something unknown"),
        ("dispatch", {"hello": 1}, "something unknown"),
        ("upload", {"Records": 5}, "something unknown"),
    ],
)
def test_a_letter_is_told_in_a_few_words(queue: str, body: Any, told: str) -> None:
    assert contents(named(queue), [a_letter(body)]) == told


def test_what_lambda_says_of_an_event_that_it_gave_up_is_told() -> None:
    told = contents(named("upload"), [a_letter(golden("upload"), "Task timed out")])
    assert told.endswith("Harbour Fog.mp3: Task timed out")


def test_many_letters_are_counted() -> None:
    letters = [a_letter({"job": f"j{number}"}) for number in (1, 1, 2, 3, 4, 5)]
    assert contents(named("advance"), letters) == "job j1 (2 times); job j2; job j3; and 2 others"


def test_the_list_has_every_queue_and_leaves_the_letters_where_they_are(here: Here) -> None:
    here.put("AdvanceDeadLetters", {"job": "j1"})
    here.put("AdvanceDeadLetters", {"job": "j2"})
    told = here.run("dlq", "list")
    assert told.exit_code == 0
    lines = {line.split()[0]: line for line in told.stdout.splitlines()[1:]}
    assert len(lines) == 5
    assert lines["AdvanceDeadLetters"].split()[1] == "2"
    assert "job j1; job j2" in lines["AdvanceDeadLetters"]
    assert "tracks whose copying crashed" in lines["TransferDeadLetters"]
    assert len(here.lying("AdvanceDeadLetters")) == 2


def test_the_list_is_for_programs_too(here: Here) -> None:
    here.put("UploadDeadLetters", golden("upload"))
    found = {one["queue"]: one for one in json.loads(here.run("dlq", "list", "--json").stdout)}
    assert found["UploadDeadLetters"]["letters"] == 1
    assert found["UploadDeadLetters"]["oldest_seconds"] >= 0
    assert found["DispatchDeadLetters"]["oldest_seconds"] is None
    assert all((ROOT / one["runbook"]).exists() for one in found.values())


@pytest.mark.parametrize("arguments", [(), ("advance", "--all"), ("nope",), ("advance", "--most", "0")])
def test_a_redrive_of_nothing_in_particular_is_wrong_usage(here: Here, arguments: tuple[str, ...]) -> None:
    here.put("AdvanceDeadLetters", {"job": "j1"})
    assert here.main("dlq", "redrive", *arguments) == 2
    assert len(here.lying("AdvanceDeadLetters")) == 1
