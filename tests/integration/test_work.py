"""The doors without a caller: poller, advance, transfer, dispatch. And a cover's whole life through all of them."""

import base64
import importlib
import json
import wave
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from random import Random
from typing import Any

import httpx
import pytest
from reprise import bootstrap
from reprise.aws.items import job_of
from reprise.aws.packed import pack, unpack
from reprise.aws.timeline import committed
from reprise.codec import encode
from reprise.domain.job import State, TrackState

from tests.golden import JOB, TASK, body_of, golden, request
from tests.integration.house import House, accepted
from tests.integration.stream import Record, admits, pattern, shown
from tests.stack import forget_wiring

FIRST, SECOND = "https://media.example.net/7d0c.mp3", "https://media.example.net/e3b8.mp3"


def asked(verb: str, *bodies: dict[str, Any]) -> dict[str, Any]:
    """The golden SQS event with other messages."""
    event = golden(verb)
    (record,) = event["Records"]
    event["Records"] = [
        {**record, "messageId": f"message-{number}", "body": json.dumps(body)} for number, body in enumerate(bodies)
    ]
    return event


def a_song(seed: int, seconds: int = 2) -> bytes:
    """A WAV of noise: no two seeds sound alike."""
    file = BytesIO()
    with wave.open(file, "wb") as song:
        song.setnchannels(1)
        song.setsampwidth(2)
        song.setframerate(8000)
        song.writeframes(Random(seed).randbytes(16_000 * seconds))
    return file.getvalue()


def short_takes(name: str) -> dict[str, Any]:
    """kie's golden callback about takes of two seconds."""
    body = body_of(f"callback/kie/{name}")
    for row in body["data"]["data"]:
        row["duration"] = 2.0
    return body


def record(status: str, rows: list[dict[str, Any]] | None = None, **more: Any) -> Callable[..., httpx.Response]:
    data = {"taskId": TASK, "status": status, "response": {"sunoData": rows or []}, **more}
    return lambda _: httpx.Response(200, json={"code": 200, "msg": "success", "data": data})


# --- poller ----------------------------------------------------------------------------------------------------


def test_a_sweep_enqueues_what_is_due_and_reads_nothing_else(house: House) -> None:
    jobs = [house.cover() for _ in range(3)]
    finished = house.cover()
    house.http("manage", request("manage-cancel", id=finished))
    house.clock.at += timedelta(minutes=2)
    house.stack.forget()
    assert house.invoke("poller", golden("poller")) == {"due": 3, "deliveries": 0}
    assert sorted(message["job"] for message in house.queued("ADVANCE_QUEUE")) == sorted(jobs)
    assert sum(call.answer["ScannedCount"] for call in house.stack.calls if call.name == "DynamoDB.Query") == 3
    assert set(house.stack.called()) == {"DynamoDB.Query", "SQS.SendMessageBatch"}


def test_a_sweep_where_nothing_is_due_sends_nothing(house: House) -> None:
    house.cover()
    assert house.invoke("poller", golden("poller")) == {"due": 0, "deliveries": 0}
    assert house.queued("ADVANCE_QUEUE") == []


# --- advance ---------------------------------------------------------------------------------------------------


def test_a_message_about_a_job_that_is_gone_is_done_with(house: House) -> None:
    assert house.invoke("advance", golden("advance")) == {"batchItemFailures": []}


def test_a_job_that_is_not_due_is_let_be(house: House) -> None:
    job_id = house.cover()
    before, calls = house.job(job_id), len(house.vendor.calls)
    house.invoke("advance", asked("advance", {"job": job_id}))
    assert house.job(job_id) == before
    assert len(house.vendor.calls) == calls


def test_a_due_job_is_asked_for_and_looked_at_again_later(house: House) -> None:
    job_id = house.cover()
    house.clock.at += timedelta(minutes=2)
    house.vendor.answer = record("PENDING")
    house.invoke("advance", asked("advance", {"job": job_id}))
    job = house.job(job_id)
    assert job.polls == 1
    assert job.due_at is not None
    assert job.due_at > house.clock.now()
    assert house.vendor.calls[-1].url.params["taskId"] == TASK


def test_where_all_callbacks_are_lost_the_poll_brings_takes_and_words(house: House) -> None:
    job_id = house.cover()
    house.clock.at += timedelta(minutes=2)
    rows = body_of("callback/kie/complete")["data"]["data"]
    house.vendor.answer = record("SUCCESS", rows)
    assert house.invoke("advance", asked("advance", {"job": job_id})) == {"batchItemFailures": []}
    job = house.job(job_id)
    assert (job.state, len(job.tracks)) == (State.ARCHIVING, 2)
    assert job.lyrics


def test_a_job_past_its_deadline_ends_failed_with_a_reason(house: House) -> None:
    job_id = house.cover()
    house.clock.at += timedelta(minutes=20)
    house.vendor.answer = record("PENDING")
    house.invoke("advance", asked("advance", {"job": job_id}))
    job = house.job(job_id)
    assert job.state is State.FAILED
    assert job.failure is not None
    assert job.failure.reason == "deadline"
    assert house.public_events(job_id) == ["cover.submitted", "cover.failed"]


def test_a_submit_whose_outcome_nobody_knows_is_not_bought_again(house: House) -> None:
    def silence(call: httpx.Request) -> httpx.Response:
        raise httpx.ReadTimeout("silence", request=call)

    house.vendor.answer = silence
    job_id = house.cover()
    house.clock.at += timedelta(minutes=15)
    house.vendor.answer = lambda _: accepted()
    house.invoke("advance", asked("advance", {"job": job_id}))
    job = house.job(job_id)
    assert job.failure is not None
    assert (job.state, job.failure.reason) == (State.FAILED, "submit-unknown")
    assert len(house.vendor.paid) == 1


def test_a_message_delivered_twice_buys_once(house: House) -> None:
    house.drop("inbox/folk/a.mp3")
    event = golden("upload")
    event["Records"][0]["s3"]["object"]["key"] = "inbox/folk/a.mp3"
    house.invoke("upload", event)
    (job_id,) = {item["id"]["S"] for item in house.items() if item["sk"] == {"S": "JOB"}}
    for _ in range(3):
        house.invoke("advance", asked("advance", {"job": job_id}))
    assert len(house.vendor.paid) == 1
    assert "/inbox/folk/a.mp3?" in house.vendor.paid[0]["uploadUrl"]


def test_only_the_message_that_failed_comes_back(house: House) -> None:
    job_id = house.cover()
    event = asked("advance", {"job": job_id}, {"nonsense": 1}, {"job": "0" * 32})
    assert house.invoke("advance", event) == {"batchItemFailures": [{"itemIdentifier": "message-1"}]}


# --- transfer --------------------------------------------------------------------------------------------------


def an_archiving_cover(house: House) -> str:
    job_id = house.cover()
    house.callback("complete", job_id, body=short_takes("complete"))
    return job_id


def copy(house: House, job_id: str, number: int) -> Any:
    track = house.job(job_id).track(number)
    assert track is not None
    return house.invoke("transfer", asked("transfer", {"job": job_id, "number": number, "tries": track.tries}))


def test_two_copied_takes_make_a_cover(house: House) -> None:
    job_id = an_archiving_cover(house)
    house.links.files = {FIRST: a_song(1), SECOND: a_song(2)}
    assert copy(house, job_id, 1) == {"batchItemFailures": []}
    assert house.public_events(job_id)[-1] == "cover.first"
    copy(house, job_id, 2)
    job = house.job(job_id)
    assert job.state is State.SUCCEEDED
    assert [track.file.seconds for track in job.tracks if track.file] == [2.0, 2.0]
    Life(house, job_id).settle()
    folder = f"covers/owner/{job_id}/"
    kept = {key.removeprefix(folder): body for key, body in house.objects(prefix=folder).items()}
    songs = [track.file.key.removeprefix(folder) for track in job.tracks if track.file]
    assert set(kept) == {*songs, "cover.json"}
    assert [kept[song] for song in songs] == [a_song(1), a_song(2)]
    beside = json.loads(kept["cover.json"])
    assert [track["file"]["sha256"] for track in beside["tracks"]] == [t.file.sha256 for t in job.tracks if t.file]
    assert (beside["task_id"], beside["lyrics"]) == (TASK, job.lyrics)


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "empty"),
        (b"<!doctype html><html>sorry</html>" * 1000, "web page"),
        (b"#EXTM3U\n" * 2000, "playlist"),
        (a_song(1)[:5000], "placeholder"),
        (
            b"RIFF0000WAVE" + b"\0" * 20_000,
            "it cannot be decoded",
        ),
        (a_song(1, seconds=1), "cut off"),
    ],
    ids=["empty", "html", "playlist", "stub", "junk", "short"],
)
def test_what_is_not_the_promised_audio_is_not_kept(house: House, body: bytes, reason: str) -> None:
    job_id = an_archiving_cover(house)
    house.links.files = {FIRST: body}
    copy(house, job_id, 1)
    track = house.job(job_id).track(1)
    assert track is not None
    assert track.state is TrackState.WAITING
    assert track.reason is not None
    assert reason in track.reason
    assert not [key for key in house.objects() if key.endswith((".wav", ".mp3"))]


def test_a_dead_link_is_asked_for_anew_and_the_track_heals(house: House) -> None:
    job_id = an_archiving_cover(house)
    house.links.files = {FIRST: a_song(1)}
    copy(house, job_id, 1)
    copy(house, job_id, 2)
    house.clock.at += timedelta(seconds=10)
    rows = short_takes("complete")["data"]["data"]
    rows[1]["audio_url"] = "https://media.example.net/fresh.mp3"
    house.vendor.answer = record("SUCCESS", rows)
    house.invoke("advance", asked("advance", {"job": job_id}))
    house.links.files["https://media.example.net/fresh.mp3"] = a_song(2)
    copy(house, job_id, 2)
    assert house.job(job_id).state is State.SUCCEEDED


def test_a_message_delivered_twice_keeps_one_file(house: House) -> None:
    job_id = an_archiving_cover(house)
    house.links.files = {FIRST: a_song(1)}
    event = asked("transfer", {"job": job_id, "number": 1, "tries": 0})
    house.invoke("transfer", event)
    once = house.job(job_id)
    house.links.files = {FIRST: a_song(3)}
    house.invoke("transfer", event)
    assert house.job(job_id) == once
    assert [body for key, body in house.objects().items() if key.endswith(".wav")] == [a_song(1)]


def test_a_cover_that_is_deleted_while_it_is_copied_leaves_nothing_behind(house: House) -> None:
    job_id = an_archiving_cover(house)
    house.links.files = {FIRST: a_song(1)}

    def delete() -> None:
        house.http("manage", request("manage-cancel", id=job_id))
        assert house.http("manage", request("manage-delete", id=job_id)).status == 204

    house.links.meanwhile = delete
    assert copy(house, job_id, 1) == {"batchItemFailures": []}
    assert house.objects(prefix=f"covers/owner/{job_id}/") == {}


def test_two_copies_at_once_keep_one_file_and_agree_on_it(house: House) -> None:
    job_id = an_archiving_cover(house)
    house.links.files = {FIRST: a_song(1)}
    house.links.meanwhile = lambda: copy(house, job_id, 1)
    copy(house, job_id, 1)
    track = house.job(job_id).track(1)
    assert track is not None
    assert track.file is not None
    assert house.objects()[track.file.key] == a_song(1)
    assert [line.type for line in house.timeline(job_id)].count("track.kept") == 1


def test_what_a_cut_off_copy_of_a_deleted_cover_left_goes_with_its_message(house: House) -> None:
    """A message of an older release names no tenant, so that nobody knows where to look."""
    left = f"covers/owner/{JOB}/1-0123456789ab-0.mp3"
    bootstrap.covers().write(left, "ID3")
    message = {"job": JOB, "number": 1, "tries": 0}
    house.invoke("transfer", asked("transfer", message))
    assert set(house.objects()) == {left}
    house.invoke("transfer", asked("transfer", {**message, "tenant": "owner"}))
    assert house.objects() == {}


def test_a_message_about_a_track_of_nobody_is_done_with(house: House) -> None:
    assert house.invoke("transfer", golden("transfer")) == {"batchItemFailures": []}


# --- dispatch --------------------------------------------------------------------------------------------------


OF_TODAY, OF_OLD = "dispatch", "dispatch-lines"
"""Changes, and the lines of release 0.2 and before that may lie in the stream when today's release takes over."""

each_release = pytest.mark.parametrize("name", [OF_TODAY, OF_OLD])


@each_release
def test_each_golden_line_goes_where_it_says(house: House, name: str) -> None:
    assert house.invoke("dispatch", golden(name)) == {"batchItemFailures": []}
    published = [json.loads(one["Message"]) for one in house.stack.asked("SNS.Publish")]
    assert [(one["type"], one["sequence"], one["job"], one["tenant"]) for one in published] == [
        ("cover.submitted", 1, JOB, "owner"),
        ("cover.text", 2, JOB, "owner"),
    ]
    assert house.queued("TRANSFER_QUEUE") == [{"job": JOB, "tenant": "owner", "number": 1, "tries": 0}]
    assert house.queued("ADVANCE_QUEUE") == [{"job": "00" + JOB[2:]}]


def test_what_one_change_says_is_passed_on_in_its_order(house: House) -> None:
    event = golden("dispatch")
    event["Records"] = event["Records"][1:2]
    house.invoke("dispatch", event)
    told = [name for name in house.stack.called() if not name.startswith("DynamoDB")]
    assert told == ["SNS.Publish", "SQS.SendMessage"]
    assert house.queued("TRANSFER_QUEUE") == [{"job": JOB, "tenant": "owner", "number": 1, "tries": 0}]


def test_the_event_source_shows_what_has_something_to_pass_on_and_nothing_else(house: House) -> None:
    job_id = house.cover()
    house.callback("text", job_id)
    house.callback("text", job_id, body={"code": 200, "msg": "", "data": {"callbackType": "remix"}})
    house.http("manage", request("manage-cancel", id=job_id))
    house.callback("complete", job_id)
    records = shown(house.stack.environ["TABLE"], job_id)
    told = [[line.type for line in lines(one)] for one in records]
    assert told == [["cover.submitted"], ["cover.text"], ["cover.canceled"]]
    gone = {**records[-1], "eventName": "REMOVE"}
    assert not admits(pattern(), gone)
    for release in (OF_TODAY, OF_OLD):
        assert all(admits(pattern(), one) for one in golden(release)["Records"])


def lines(record: Record) -> list[Any]:
    return list(committed(record["dynamodb"]["NewImage"]))


def test_sns_is_told_type_tenant_provider_and_status_for_filter_policies(house: House) -> None:
    house.invoke("dispatch", golden("dispatch"))
    first = house.stack.asked("SNS.Publish")[0]["MessageAttributes"]
    assert {name: value["StringValue"] for name, value in first.items()} == {
        "type": "cover.submitted",
        "tenant": "owner",
        "provider": "kie",
        "status": "running",
    }
    assert {value["DataType"] for value in first.values()} == {"String"}


def test_the_same_line_delivered_twice_has_the_same_id(house: House) -> None:
    for _ in range(2):
        house.invoke("dispatch", golden("dispatch"))
    ids = [json.loads(one["Message"])["id"] for one in house.stack.asked("SNS.Publish")]
    assert ids == [f"{JOB}-1", f"{JOB}-2"] * 2


def test_the_change_that_failed_is_named_and_the_others_are_not(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    event = golden("dispatch")
    (wake,) = (one["dynamodb"] for one in event["Records"] if one["dynamodb"]["NewImage"]["outbox"] == {"S": "wake"})
    monkeypatch.setenv("ADVANCE_QUEUE", house.stack.environ["ADVANCE_QUEUE"] + "-that-is-gone")
    with house.elsewhere():  # whether the role allows a queue that is not there is not asked
        forget_wiring()
        answer = importlib.import_module("functions.dispatch.app").handler(event, None)
    assert answer == {"batchItemFailures": [{"itemIdentifier": wake["SequenceNumber"]}]}


LINES = [
    ({"outbox": "fax"}, "'fax' is not a valid Outbox"),
    ({"state": "dreaming"}, "'dreaming' is not a valid State"),
    ({"at": "noon"}, "Invalid isoformat"),
    ({"outbox": "transfer", "data": {}}, "no 'number' to copy"),
    ({"outbox": "wake", "data": {}}, "no time to wake"),
    ({"outbox": "wake", "data": {"due_at": "noon"}}, "no time to wake"),
]
"""What spoils a line, and how that is told."""


@pytest.mark.parametrize(
    ("image", "reason"),
    [
        ({"body": {"S": "{}"}}, "KeyError"),
        ({"body": {"S": "no JSON"}}, "JSONDecodeError"),
        ({"body": {"N": "1"}}, "KeyError"),
        ({"body": {"S": "7"}}, "TypeError"),
        *LINES,
    ],
)
def test_a_line_of_an_old_release_that_nobody_can_read_is_set_aside_whole_and_those_behind_it_go_on(
    house: House, image: dict[str, Any], reason: str
) -> None:
    event = golden(OF_OLD)
    broken, *others = event["Records"]
    stored = broken["dynamodb"]["NewImage"]
    body = image if "body" in image else {"body": {"S": json.dumps({**json.loads(stored["body"]["S"]), **image})}}
    broken["dynamodb"]["NewImage"] = {**stored, **body}
    assert house.invoke("dispatch", event) == {"batchItemFailures": []}
    (letter,) = house.queued("DISPATCH_DEAD_LETTERS")
    assert reason in letter["unreadable"]
    assert letter["record"] == broken
    assert letter["keys"] == broken["dynamodb"]["Keys"]
    assert sent(house) == len(others)


def sent(house: House) -> int:
    return len(house.stack.asked("SNS.Publish")) + len(house.queued("TRANSFER_QUEUE") + house.queued("ADVANCE_QUEUE"))


def spoiled(record: Record, **changes: Any) -> None:
    """The last change's first line for the outbox as nobody can read it."""
    change = record["dynamodb"]["NewImage"]["timeline"]["L"][-1]
    told = unpack(change)
    next(one for one in told if "outbox" in one).update(changes)
    change["B"] = base64.b64encode(pack(told)["B"]).decode()


@pytest.mark.parametrize(("changes", "reason"), LINES)
def test_a_line_that_nobody_can_read_is_set_aside_and_all_others_go_on(
    house: House, changes: dict[str, Any], reason: str
) -> None:
    event = golden("dispatch")
    broken = event["Records"][1]
    spoiled(broken, **changes)
    assert house.invoke("dispatch", event) == {"batchItemFailures": []}
    (letter,) = house.queued("DISPATCH_DEAD_LETTERS")
    assert reason in letter["unreadable"]
    assert letter["keys"] == broken["dynamodb"]["Keys"]
    assert sent(house) == 3  # of four: the other line of the same change, and both other changes


@pytest.mark.parametrize(
    ("timeline", "reason"),
    [
        ({"L": []}, "IndexError"),
        ({"L": [{"S": "[]"}]}, "KeyError"),
        ({"L": [{"B": "AAAA"}]}, "vocabulary: Error -3"),
        ({"L": [{"B": base64.b64encode(pack(7)["B"]).decode()}]}, "TypeError"),
        ({"L": [{"B": base64.b64encode(pack([{"outbox": "publish"}])["B"]).decode()}]}, "missing 6 required"),
        ({"L": [{"B": base64.b64encode(pack([{}])["B"]).decode()}]}, "marked as news"),
    ],
)
def test_a_change_that_nobody_can_read_is_set_aside_and_those_behind_it_go_on(
    house: House, timeline: dict[str, Any], reason: str
) -> None:
    event = golden("dispatch")
    event["Records"][1]["dynamodb"]["NewImage"]["timeline"] = timeline
    assert house.invoke("dispatch", event) == {"batchItemFailures": []}
    (letter,) = house.queued("DISPATCH_DEAD_LETTERS")
    assert reason in letter["unreadable"]
    assert sent(house) == 2


def test_what_is_set_aside_holds_the_change_and_nothing_of_the_job(house: House) -> None:
    event = golden("dispatch")
    spoiled(event["Records"][1], at="noon")
    whole = event["Records"][1]["dynamodb"]["NewImage"]
    house.invoke("dispatch", event)
    (letter,) = house.queued("DISPATCH_DEAD_LETTERS")
    kept = letter["record"]["dynamodb"]["NewImage"]
    assert set(kept) == {"pk", "sk", "tenant", "outbox", "timeline"}
    assert kept["timeline"]["L"] == whole["timeline"]["L"][-1:]
    assert len(whole["timeline"]["L"]) == 3


@each_release
def test_what_was_set_aside_can_be_passed_on_once_it_can_be_read(house: House, name: str) -> None:
    event = golden(name)
    event["Records"] = event["Records"][:1]
    good = json.dumps(event["Records"][0]["dynamodb"]["NewImage"])
    if name == OF_OLD:
        event["Records"][0]["dynamodb"]["NewImage"]["body"]["S"] = "{}"
    else:
        spoiled(event["Records"][0], at="noon")
    house.invoke("dispatch", event)
    (letter,) = house.queued("DISPATCH_DEAD_LETTERS")
    part = "body" if name == OF_OLD else "timeline"
    letter["record"]["dynamodb"]["NewImage"][part] = json.loads(good)[part]
    house.invoke("dispatch", {"Records": [letter["record"]]})
    assert [json.loads(one["Message"])["type"] for one in house.stack.asked("SNS.Publish")] == ["cover.submitted"]
    assert len(house.queued("DISPATCH_DEAD_LETTERS")) == 1


def test_a_line_too_long_for_a_message_is_set_aside_by_its_place(house: House) -> None:
    event = golden(OF_OLD)
    event["Records"] = event["Records"][:1]
    line = event["Records"][0]["dynamodb"]
    line["NewImage"]["body"]["S"] = "x" * 390_000
    assert house.invoke("dispatch", event) == {"batchItemFailures": []}
    (letter,) = house.queued("DISPATCH_DEAD_LETTERS")
    assert letter == {
        "unreadable": letter["unreadable"],
        "keys": line["Keys"],
        "sequence_number": line["SequenceNumber"],
    }


def test_a_line_that_cannot_even_be_set_aside_comes_back(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    event = golden("dispatch")
    event["Records"] = event["Records"][:1]
    spoiled(event["Records"][0], at="noon")
    monkeypatch.setenv("DISPATCH_DEAD_LETTERS", house.stack.environ["DISPATCH_DEAD_LETTERS"] + "-that-is-gone")
    with house.elsewhere():
        forget_wiring()
        answer = importlib.import_module("functions.dispatch.app").handler(event, None)
    place = event["Records"][0]["dynamodb"]["SequenceNumber"]
    assert answer == {"batchItemFailures": [{"itemIdentifier": place}]}


def test_a_line_that_waits_for_later_is_delayed_but_not_beyond_what_sqs_can(house: House) -> None:
    event = golden("dispatch")
    (wake,) = (one for one in event["Records"] if one["dynamodb"]["NewImage"]["outbox"] == {"S": "wake"})
    house.clock.at -= timedelta(seconds=37)
    house.invoke("dispatch", {"Records": [wake]})
    house.clock.at -= timedelta(days=1)
    house.invoke("dispatch", {"Records": [wake]})
    assert [one["DelaySeconds"] for one in house.stack.asked("SQS.SendMessage")] == [37, 900]


def test_the_golden_changes_are_what_the_table_writes_today(house: House) -> None:
    """Else the golden file is of another release."""
    job_id = house.cover()
    written = shown(house.stack.environ["TABLE"], job_id)[-1]["dynamodb"]
    for one in golden("dispatch")["Records"]:
        image = one["dynamodb"]["NewImage"]
        assert {name: set(value) for name, value in image.items()} == {
            name: set(value) for name, value in written["NewImage"].items()
        }
        assert {name: image[name] for name in ("pk", "sk")} == one["dynamodb"]["Keys"]
        assert unpack(image["job"]) == unpack(pack(encode(job_of(image))))
        assert all(line.job_id == job_of(image).id for line in lines(one))


# --- a whole life ------------------------------------------------------------------------------------------------


class Life:
    """Plays the event sources: what is committed is dispatched, what is queued is worked."""

    def __init__(self, house: House, job_id: str) -> None:
        self.house, self.job_id, self.told, self.worked = house, job_id, 0, {"ADVANCE_QUEUE": 0, "TRANSFER_QUEUE": 0}

    def settle(self) -> None:
        while self._dispatch() or self._work("TRANSFER_QUEUE", "transfer") or self._work("ADVANCE_QUEUE", "advance"):
            pass

    def _dispatch(self) -> bool:
        fresh = shown(self.house.stack.environ["TABLE"], self.job_id)[self.told :]
        self.told += len(fresh)
        if fresh:
            assert self.house.invoke("dispatch", {"Records": fresh}) == {"batchItemFailures": []}
        return bool(fresh)

    def _work(self, queue: str, verb: str) -> bool:
        waiting = self.house.queued(queue)[self.worked[queue] :]
        self.worked[queue] += len(waiting)
        for message in waiting:
            assert self.house.invoke(verb, asked(verb, message)) == {"batchItemFailures": []}
        return bool(waiting)


@pytest.mark.parametrize("seed", range(4))
def test_a_storm_of_callbacks_ends_in_one_cover_with_two_tracks_told_once(house: House, seed: int) -> None:
    house.links.files = {FIRST: a_song(1), SECOND: a_song(2)}
    job_id = house.cover()
    life = Life(house, job_id)
    storm = ["text", "first", "complete"] * 5
    Random(seed).shuffle(storm)
    for name in storm:
        body = None if name == "text" else short_takes(name)
        assert house.callback(name, job_id, body=body).status == 200
        life.settle()
    job = house.job(job_id)
    assert job.state is State.SUCCEEDED
    assert [track.state for track in job.tracks] == [TrackState.KEPT] * 2
    published = [json.loads(one["Message"]) for one in house.stack.asked("SNS.Publish")]
    assert [one["type"] for one in published] == ["cover.submitted", "cover.text", "cover.first", "cover.succeeded"]
    assert [one["sequence"] for one in published] == [1, 2, 3, 4]
    assert len(house.vendor.paid) == 1


def test_without_any_callback_the_poller_brings_a_dropped_song_home(house: House) -> None:
    house.links.files = {FIRST: a_song(1), SECOND: a_song(2)}
    house.drop("inbox/lofi-jazz/Harbour Fog.mp3")
    house.invoke("upload", golden("upload"))
    (job_id,) = {item["id"]["S"] for item in house.items() if item["sk"] == {"S": "JOB"}}
    life = Life(house, job_id)
    life.settle()
    assert house.job(job_id).state is State.RUNNING
    house.vendor.answer = record("SUCCESS", short_takes("complete")["data"]["data"])
    house.clock.at += timedelta(minutes=2)
    house.invoke("poller", golden("poller"))
    life.settle()
    assert house.job(job_id).state is State.SUCCEEDED
    assert house.public_events(job_id) == ["cover.submitted", "cover.text", "cover.first", "cover.succeeded"]
    reply = house.http("read", request("read-audio", id=job_id))
    assert reply.status == 302


def test_nothing_that_is_a_secret_is_in_the_table_on_the_topic_or_in_a_queue(house: House) -> None:
    house.links.files = {FIRST: a_song(1), SECOND: a_song(2)}
    job_id = house.cover()
    for name in ("first", "complete"):
        house.callback(name, job_id, body=short_takes(name))
    Life(house, job_id).settle()
    link = json.loads(house.vendor.calls[0].content)["callBackUrl"]
    told = [house.words(), house.stack.asked("SNS.Publish"), house.stack.asked("SQS.SendMessage")]
    everything = json.dumps(told)
    for secret in (link.rsplit("/", 1)[-1], "kie-key-of-the-tests", house.secret.decode()):
        assert secret not in everything


def test_a_message_that_names_nobody_to_tell_comes_back_and_ends_among_the_dead_letters(house: House) -> None:
    failed = house.invoke("deliver", asked("advance", {}))
    assert [one["itemIdentifier"] for one in failed["batchItemFailures"]] == ["message-0"]
