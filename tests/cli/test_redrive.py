"""Dead letters go through once more, or they stay. Not one is lost, wherever it breaks."""

import json
from datetime import UTC, datetime
from typing import Any
from urllib.parse import unquote_plus

import boto3
import pytest
from botocore.exceptions import ClientError, EndpointConnectionError
from reprise.aws import clients

from cli.invoke import StaysError
from cli.letters import Letter, Mailbox
from cli.lines import batches
from cli.queues import DEAD_LETTERS, Way, named
from cli.redrive import Redrive
from cli.replay import Player
from local.errors import LocalError
from tests.cli.here import Here
from tests.factories import NOW
from tests.golden import golden
from tests.template import of_type

BACK = [one for one in DEAD_LETTERS if one.way is Way.BACK]


class Broken:
    """SQS that fails at the n-th call of one kind, before or after the call took effect."""

    def __init__(self, call: str, at: int, after: bool = False) -> None:
        self._real = clients.sqs()
        self._call, self._left, self._after = call, at, after

    def __getattr__(self, name: str) -> Any:
        real = getattr(self._real, name)
        return self._failing(real) if name == self._call else real

    def _failing(self, real: Any) -> Any:
        def call(**asked: Any) -> Any:
            self._left -= 1
            if self._left:
                return real(**asked)
            if self._after:
                real(**asked)
            raise EndpointConnectionError(endpoint_url="https://sqs.example")

        return call


def a_line(here: Here, timeline: dict[str, Any] | None = None, name: str = "dispatch") -> dict[str, Any]:
    """A letter about a change; `timeline` spoils what it says."""
    (record, *_) = golden(name)["Records"]
    if timeline is not None:
        record["dynamodb"]["NewImage"]["timeline"] = timeline
    keys, place = record["dynamodb"]["Keys"], record["dynamodb"]["SequenceNumber"]
    return {"unreadable": "KeyError: 'type'", "keys": keys, "sequence_number": place, "record": record}


# --- the queues are the template's -------------------------------------------------------------------------------


def test_every_queue_of_dead_letters_is_known_with_where_its_letters_came_from() -> None:
    queues = of_type("AWS::SQS::Queue")
    assert {one.name for one in DEAD_LETTERS} == {name for name in queues if name.endswith("DeadLetters")}
    told = {one.source: f"{one.name}.Arn" for one in BACK}
    sources = {
        name: one["RedrivePolicy"]["deadLetterTargetArn"]["Fn::GetAtt"]
        for name, one in queues.items()
        if "RedrivePolicy" in one
    }
    assert told == sources


@pytest.mark.parametrize("name", ["upload", "UploadDeadLetters", "upload-dead-letters"])
def test_a_queue_has_a_short_name(name: str) -> None:
    assert named(name).name == "UploadDeadLetters"


def test_a_queue_that_is_not_there_is_told_with_those_that_are() -> None:
    with pytest.raises(LocalError, match="'nope'"):
        named("nope")


# --- back to a queue ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("queue", BACK, ids=lambda one: one.name)
def test_letters_go_back_to_the_queue_that_they_came_from(here: Here, queue: Any) -> None:
    for number in range(12):
        here.put(queue.name, {"job": f"j{number}"}, {"trace": {"DataType": "String", "StringValue": "t"}})
    done = here.run("dlq", "redrive", queue.short)
    assert done.exit_code == 0, done.output
    assert here.lying(queue.name) == []
    assert sorted(one["job"] for one in here.lying(queue.source)) == sorted(f"j{number}" for number in range(12))
    assert done.stdout.splitlines()[1].split() == [queue.name, "12", "0", "-"]
    sent = here.house.stack.asked("SQS.SendMessage")[-12:]
    assert all(one["MessageAttributes"]["trace"]["StringValue"] == "t" for one in sent)


def test_at_most_as_many_as_were_asked_for(here: Here) -> None:
    for number in range(5):
        here.put("AdvanceDeadLetters", {"job": f"j{number}"})
    assert here.run("dlq", "redrive", "advance", "--most", "2").exit_code == 0
    assert len(here.lying("AdvanceDeadLetters")) == 3
    assert len(here.lying("AdvanceQueue")) == 2


def test_a_dry_run_tells_and_does_nothing(here: Here) -> None:
    here.put("AdvanceDeadLetters", {"job": "j1"})
    here.put("UploadDeadLetters", golden("upload"))
    told = here.run("dlq", "redrive", "--all", "--dry-run")
    assert told.exit_code == 0
    assert "back to its queue: job j1" in told.stdout
    assert "through upload: inbox/" in told.stdout
    assert len(here.lying("AdvanceDeadLetters")) == len(here.lying("UploadDeadLetters")) == 1
    assert (here.lying("AdvanceQueue"), here.functions.invoked) == ([], [])


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
def test_when_sending_breaks_off_no_letter_is_lost(here: Here, after: bool) -> None:
    for number in range(3):
        here.put("TransferDeadLetters", {"job": f"j{number}"})
    here.services["sqs"] = Broken("send_message", 2, after)
    done = here.run("dlq", "redrive", "transfer")
    assert done.exit_code == 1
    assert "broke off, the rest is as it was: Could not connect" in done.stderr
    left, sent = here.lying("TransferDeadLetters"), here.lying("TransferQueue")
    assert len(left) == 2
    assert len(sent) == (2 if after else 1)
    assert {one["job"] for one in [*left, *sent]} == {"j0", "j1", "j2"}


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
def test_when_deleting_breaks_off_a_letter_goes_through_twice_and_is_not_lost(here: Here, after: bool) -> None:
    for number in range(2):
        here.put("DeliverDeadLetters", {"job": f"j{number}"})
    here.services["sqs"] = Broken("delete_message", 1, after)
    done = here.run("dlq", "redrive", "deliver")
    assert done.exit_code == 1
    assert "it went through, but could not be deleted and will go through once more" in done.stderr
    assert {one["job"] for one in here.lying("DeliverQueue")} == {"j0", "j1"}
    assert len(here.lying("DeliverDeadLetters")) == (0 if after else 1)
    del here.services["sqs"]
    assert here.run("dlq", "redrive", "deliver").exit_code == 0
    assert here.empty()


def test_who_is_interrupted_puts_back_what_was_taken_out(here: Here) -> None:
    for number in range(3):
        here.put("AdvanceDeadLetters", {"job": f"j{number}"})

    def interrupted(letter: Letter) -> None:
        raise KeyboardInterrupt

    mailbox = Mailbox(clients.sqs(), here.house.stack.names["AdvanceDeadLetters"])
    with pytest.raises(KeyboardInterrupt):
        Redrive(mailbox, Player(interrupted), lambda outcome: None)()
    assert len(here.lying("AdvanceDeadLetters")) == 3


def test_a_letter_that_stays_is_played_once_a_run(here: Here) -> None:
    here.put("UploadDeadLetters", golden("upload"))
    here.functions.fails["upload"] = RuntimeError("no disk")
    here.run("dlq", "redrive", "upload")
    assert here.functions.invoked == ["upload"]


class Repeating:
    """SQS now and then shows a message again, even one that was just deleted."""

    def __init__(self, *shown: Letter) -> None:
        self.shown = [[one] for one in shown]
        self.deleted: list[str] = []
        self.put_back_again: list[str] = []

    def take(self, most: int) -> list[Letter]:
        return self.shown.pop(0) if self.shown else []

    def delete(self, letter: Letter) -> None:
        self.deleted.append(letter.handle)

    def put_back(self, letter: Letter) -> None:
        self.put_back_again.append(letter.handle)


def seen(handle: str) -> Letter:
    return Letter("l1", '{"job": "j1"}', NOW, NOW, {}, handle)


def test_a_letter_that_is_shown_again_after_it_went_is_deleted_again_and_not_played() -> None:
    played: list[str] = []
    mailbox: Any = Repeating(seen("h1"), seen("h2"))
    outcome = Redrive(mailbox, Player(lambda letter: played.append(letter.handle)), lambda outcome: None)()
    assert (played, mailbox.deleted, mailbox.put_back_again) == (["h1"], ["h1", "h2"], [])
    assert outcome.gone == 1


def test_a_letter_that_stays_and_is_shown_again_is_not_played_again_and_put_back_once() -> None:
    played: list[str] = []

    def fails(letter: Letter) -> None:
        played.append(letter.handle)
        raise StaysError("no")

    mailbox: Any = Repeating(seen("h1"), seen("h2"))
    outcome = Redrive(mailbox, Player(fails), lambda outcome: None)()
    assert (played, mailbox.deleted, mailbox.put_back_again) == (["h1"], [], ["h2"])
    assert [one.letter for one in outcome.stays] == ["l1"]


# --- through upload ----------------------------------------------------------------------------------------------


def test_a_dropped_song_becomes_a_job_after_all(here: Here) -> None:
    event = golden("upload")
    here.house.drop(
        unquote_plus(event["Records"][0]["s3"]["object"]["key"]),
        {"style": "jazz", "title": "T", "instrumental": "true"},
    )
    here.put("UploadDeadLetters", event)
    done = here.run("dlq", "redrive", "upload")
    assert (done.exit_code, here.lying("UploadDeadLetters")) == (0, []), done.output
    assert len(here.house.jobs()) == 1
    here.put("UploadDeadLetters", event)
    assert here.run("dlq", "redrive", "upload").exit_code == 0
    assert len(here.house.jobs()) == 1  # two jobs cannot come of one event


def test_a_song_that_upload_fails_at_stays_with_the_reason(here: Here) -> None:
    here.put("UploadDeadLetters", golden("upload"))
    here.functions.fails["upload"] = PermissionError("no right to the table")
    done = here.run("dlq", "redrive", "upload")
    assert done.exit_code == 1
    assert "stays: UploadFunction failed: PermissionError: no right to the table" in done.stderr
    assert "docs/runbooks/upload-dead-letters.md" in done.stderr
    assert len(here.lying("UploadDeadLetters")) == 1


@pytest.mark.parametrize("body", ["not JSON", "[]", "{}", '{"Event": "s3:TestEvent"}'])
def test_what_is_no_event_is_not_taken_for_done(here: Here, body: str) -> None:
    here.put("UploadDeadLetters", body)
    assert here.run("dlq", "redrive", "upload").exit_code == 1
    assert here.functions.invoked == []


# --- through dispatch --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["dispatch", "dispatch-lines"])
def test_a_line_that_can_be_read_by_now_is_told(here: Here, name: str) -> None:
    here.put("DispatchDeadLetters", a_line(here, name=name))
    done = here.run("dlq", "redrive", "dispatch")
    assert (done.exit_code, here.empty()) == (0, True), done.output
    assert here.functions.invoked == ["dispatch"]
    assert here.house.stack.asked("SNS.Publish")


@pytest.mark.parametrize("most", [(), ("--most", "1")], ids=["all", "one"])
def test_a_line_that_still_cannot_be_read_stays_and_the_reason_is_told(here: Here, most: tuple[str, ...]) -> None:
    here.put("DispatchDeadLetters", a_line(here, timeline={"L": []}))
    done = here.run("dlq", "redrive", "dispatch", *most)
    assert done.exit_code == 1
    assert "dispatch still cannot read it, and set it aside again: IndexError" in done.stderr
    assert here.functions.invoked == ["dispatch"]
    (letter,) = here.lying("DispatchDeadLetters")
    assert letter["record"]["dynamodb"]["NewImage"]["timeline"] == {"L": []}
    assert done.stdout.splitlines()[1].split() == ["DispatchDeadLetters", "0", "1", "-"]  # none went through


def test_two_letters_about_one_line_both_go(here: Here) -> None:
    for _ in range(2):
        here.put("DispatchDeadLetters", a_line(here))
    assert here.run("dlq", "redrive", "dispatch").exit_code == 0
    assert here.empty()


def test_a_line_of_an_old_release_too_long_for_a_letter_is_taken_from_the_table(here: Here) -> None:
    line = golden("dispatch-lines")["Records"][0]["dynamodb"]["NewImage"]
    clients.dynamodb().put_item(TableName=here.house.stack.names["Table"], Item=line)
    keys = {"pk": line["pk"], "sk": line["sk"]}
    here.put("DispatchDeadLetters", {"unreadable": "x", "keys": keys, "sequence_number": "1"})
    assert here.run("dlq", "redrive", "dispatch").exit_code == 0
    assert here.empty()
    (told,) = here.house.stack.asked("SNS.Publish")
    assert json.loads(told["Message"])["type"] == "cover.submitted"


def test_a_change_that_is_not_in_its_letter_stays(here: Here) -> None:
    job_id = here.house.cover()
    keys = {"pk": {"S": f"JOB#{job_id}"}, "sk": {"S": "JOB"}}
    here.put("DispatchDeadLetters", {"unreadable": "x", "keys": keys, "sequence_number": "1"})
    done = here.run("dlq", "redrive", "dispatch")
    assert done.exit_code == 1
    assert "too long for a letter" in done.stderr
    assert here.functions.invoked == []


def test_a_line_whose_cover_was_deleted_stays(here: Here) -> None:
    keys = {"pk": {"S": "JOB#gone"}, "sk": {"S": "EVENT#000001"}}
    here.put("DispatchDeadLetters", {"unreadable": "x", "keys": keys, "sequence_number": "1"})
    done = here.run("dlq", "redrive", "dispatch")
    assert done.exit_code == 1
    assert "its cover was deleted" in done.stderr
    assert len(here.lying("DispatchDeadLetters")) == 1


def test_a_letter_that_dispatch_does_not_write_stays(here: Here) -> None:
    here.put("DispatchDeadLetters", {"hello": "there"})
    done = here.run("dlq", "redrive", "dispatch")
    assert done.exit_code == 1
    assert "neither a line nor a place in the stream" in done.stderr


@pytest.mark.parametrize("answer", [{"batchItemFailures": [{"itemIdentifier": "1"}]}, None, {"other": 1}])
def test_only_an_answer_that_all_went_well_deletes_a_letter(here: Here, answer: Any) -> None:
    here.put("DispatchDeadLetters", a_line(here))
    here.functions.answers["dispatch"] = answer
    assert here.run("dlq", "redrive", "dispatch").exit_code == 1
    assert len(here.lying("DispatchDeadLetters")) == 1


def test_what_dispatch_cannot_pass_on_yet_stays(here: Here) -> None:
    """The topic is away: the function itself says that it failed."""
    clients.sns().delete_topic(TopicArn=here.house.stack.names["Topic"])
    here.put("DispatchDeadLetters", a_line(here))
    done = here.run("dlq", "redrive", "dispatch")
    assert done.exit_code == 1
    assert "dispatch failed at 1 of 1 changes" in done.stderr
    assert len(here.lying("DispatchDeadLetters")) == 1


# --- the stream, read again --------------------------------------------------------------------------------------


def batch_info(here: Here, **changes: Any) -> dict[str, Any]:
    """Lambda's letter about all that the table's stream holds."""
    streams = _streams()
    arn = clients.dynamodb().describe_table(TableName=here.house.stack.names["Table"])["Table"]["LatestStreamArn"]
    shard = streams.describe_stream(StreamArn=arn)["StreamDescription"]["Shards"][0]["ShardId"]
    place = streams.get_shard_iterator(StreamArn=arn, ShardId=shard, ShardIteratorType="TRIM_HORIZON")["ShardIterator"]
    numbers = [one["dynamodb"]["SequenceNumber"] for one in streams.get_records(ShardIterator=place)["Records"]]
    info = {
        "shardId": shard, "streamArn": arn, "batchSize": len(numbers),
        "startSequenceNumber": numbers[0], "endSequenceNumber": numbers[-1],
        "approximateArrivalOfFirstRecord": datetime.now(UTC).isoformat(),
    }  # fmt: skip
    return {"requestContext": {"condition": "RetryAttemptsExhausted"}, "DDBStreamBatchInfo": {**info, **changes}}


def _streams() -> Any:
    return boto3.client("dynamodbstreams")


def test_what_lambda_gave_up_is_read_from_the_stream_again(here: Here) -> None:
    job = here.house.cover()
    here.put("DispatchDeadLetters", batch_info(here))
    done = here.run("dlq", "redrive", "dispatch")
    assert (done.exit_code, here.empty()) == (0, True), done.output
    told = [json.loads(one["Message"]) for one in here.house.stack.asked("SNS.Publish")]
    assert [(one["job"], one["type"]) for one in told] == [(job, "cover.submitted")]


@pytest.mark.parametrize("end", ["99999999999999999999999", "0"], ids=["beyond", "before"])
def test_a_place_that_cannot_be_read_to_its_end_stays(here: Here, end: str) -> None:
    here.house.cover()
    here.put("DispatchDeadLetters", batch_info(here, endSequenceNumber=end))
    done = here.run("dlq", "redrive", "dispatch")
    assert done.exit_code == 1
    assert "not both of its ends" in done.stderr
    assert (here.functions.invoked, len(here.lying("DispatchDeadLetters"))) == ([], 1)


def test_a_place_that_the_stream_has_forgotten_stays(here: Here) -> None:
    class Trimmed:
        def get_shard_iterator(self, **asked: str) -> Any:
            raise ClientError({"Error": {"Code": "TrimmedDataAccessException"}}, "GetShardIterator")

    here.house.cover()
    here.put("DispatchDeadLetters", batch_info(here))
    here.services["dynamodbstreams"] = Trimmed()
    done = here.run("dlq", "redrive", "dispatch")
    assert done.exit_code == 1
    assert "the stream has forgotten the place" in done.stderr
    assert len(here.lying("DispatchDeadLetters")) == 1


def test_many_records_are_not_one_invocation() -> None:
    assert [len(one) for one in batches([{"n": n} for n in range(250)])] == [100, 100, 50]
    assert [len(one) for one in batches([{"n": "x" * 3_000_000}] * 3)] == [1, 1, 1]
    assert list(batches([])) == []
