"""One id runs through the logs of all functions that handle a job, and ends with the invocation."""

import json
from collections.abc import Iterator
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from reprise.logs import about, found, logger

from tests.golden import golden, request
from tests.integration.house import House
from tests.integration.stream import shown
from tests.integration.test_work import FIRST, a_song, an_archiving_cover, asked, copy

OTHER = "0" * 32


class Log:
    def __init__(self) -> None:
        self.text = StringIO()

    def lines(self) -> list[dict[str, Any]]:
        """What was logged since the last look."""
        text = self.text.getvalue()
        self.text.seek(0)
        self.text.truncate()
        return [json.loads(line) for line in text.splitlines()]

    def ids(self) -> list[str | None]:
        return [line.get("correlation_id") for line in self.lines()]


@pytest.fixture
def log(monkeypatch: pytest.MonkeyPatch) -> Iterator[Log]:
    one = Log()
    monkeypatch.setattr(logger.registered_handler, "stream", one.text)
    yield one
    assert logger.get_correlation_id() is None, "something of the job is left for the next invocation"


def test_a_callback_that_is_heard_and_one_that_is_refused(house: House, log: Log) -> None:
    job_id = house.cover()
    log.lines()
    house.callback("text", job_id)
    house.callback("text", job_id, path={"token": "wrong"})
    assert log.ids() == [job_id, job_id]


def test_each_message_of_a_batch_has_its_own_also_the_one_that_fails(house: House, log: Log) -> None:
    job_id = house.cover()
    log.lines()
    house.stack.empty_table()  # so that nothing is known of the two
    house.invoke("advance", asked("advance", {"job": job_id}, {"nonsense": 1}, {"job": OTHER}))
    assert [(line.get("correlation_id"), line["level"]) for line in log.lines()] == [
        (job_id, "INFO"),
        (None, "ERROR"),
        (OTHER, "INFO"),
    ]


def test_a_step_that_fails_is_logged_with_its_job(house: House, log: Log) -> None:
    job_id = an_archiving_cover(house)
    log.lines()
    house.invoke("transfer", asked("transfer", {"job": job_id, "tries": 0}))
    (line,) = log.lines()
    assert (line["level"], line["correlation_id"]) == ("ERROR", job_id)


def test_a_copy_and_the_lines_of_the_outbox(house: House, log: Log) -> None:
    job_id = an_archiving_cover(house)
    house.links.files = {FIRST: a_song(1)}
    log.lines()
    copy(house, job_id, 1)
    assert log.ids() == [job_id]
    house.invoke("dispatch", {"Records": shown(house.stack.environ["TABLE"], job_id)})
    assert set(log.ids()) == {job_id}


def test_a_line_that_is_set_aside(house: House, log: Log) -> None:
    event = golden("dispatch")
    for one in event["Records"]:
        one["dynamodb"]["NewImage"]["timeline"] = {"L": []}
    jobs = [one["dynamodb"]["Keys"]["pk"]["S"].removeprefix("JOB#") for one in event["Records"]]
    house.invoke("dispatch", event)
    assert log.ids() == jobs


def test_a_line_whose_listeners_cannot_be_read_goes_on_and_says_so(
    house: House, log: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    from reprise.aws.endpoints import DynamoEndpoints

    monkeypatch.setattr(DynamoEndpoints, "of", lambda *_: 1 / 0)
    job_id = house.cover()
    log.lines()
    told = house.invoke("dispatch", {"Records": shown(house.stack.environ["TABLE"], job_id)})
    assert told == {"batchItemFailures": []}
    errors = [line for line in log.lines() if line["level"] == "ERROR"]
    assert [(one["correlation_id"], one["tenant"]) for one in errors] == [(job_id, "owner")]


def test_a_delivery(house: House, log: Log) -> None:
    house.invoke("deliver", golden("deliver/message"))
    assert log.ids() == [golden_job("deliver/message")]


def test_a_dropped_song_and_the_same_event_again(house: House, log: Log) -> None:
    house.drop("inbox/folk/a.mp3")
    event = golden("upload")
    event["Records"][0]["s3"]["object"]["key"] = "inbox/folk/a.mp3"
    house.invoke("upload", event)
    house.invoke("upload", event)
    (job,) = house.jobs()
    assert log.ids() == [job.id, job.id]


def test_a_song_that_becomes_no_job_has_none(house: House, log: Log) -> None:
    house.drop("inbox/no such preset/a.mp3")
    event = golden("upload")
    event["Records"][0]["s3"]["object"]["key"] = "inbox/no such preset/a.mp3"
    house.invoke("upload", event)
    (line,) = log.lines()
    assert (line["became"], line.get("correlation_id")) == ("refused", None)


def test_a_submit_whose_answer_was_lost(house: House, log: Log, monkeypatch: pytest.MonkeyPatch) -> None:
    from reprise.usecases.choose import Choose

    monkeypatch.setattr(Choose, "heard", lambda *_: 1 / 0)
    job_id = house.cover()
    (line,) = log.lines()
    assert (line["level"], line["correlation_id"], line["job"]) == ("ERROR", job_id, job_id)


def test_a_read_that_fails(house: House, log: Log) -> None:
    job_id = house.cover()
    house.unset_parameter("public-url")
    log.lines()
    house.door = ""
    assert house.http("read", request("read-cover", id=job_id)).status == 503
    assert house.http("read", request("read-list")).status == 503
    assert log.ids() == [job_id, None]


def test_the_sweep_is_about_no_job(house: House, log: Log) -> None:
    house.cover()
    house.clock.at += timedelta(minutes=2)
    log.lines()
    house.invoke("poller", golden("poller"))
    (line,) = log.lines()
    assert (line["due"], line["oldest"], line.get("correlation_id")) == (1, 60.0, None)


def test_an_invocation_inside_another_gives_back_what_it_found() -> None:
    with about("outer"):
        with about(None):
            found("inner")
            assert logger.get_correlation_id() == "inner"
        assert logger.get_correlation_id() == "outer"
    assert logger.get_correlation_id() is None


def golden_job(verb: str) -> str:
    return str(json.loads(golden(verb)["Records"][0]["body"])["job"])
