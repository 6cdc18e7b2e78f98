"""Every GET, and cancel, retry, delete."""

import base64
import json
from dataclasses import replace
from datetime import timedelta

import httpx
import pytest
from reprise import bootstrap
from reprise.domain.deadlines import unanswered
from reprise.domain.facts import Kept
from reprise.domain.job import State

from tests.factories import a_file
from tests.golden import TASK, golden, request
from tests.integration.house import House, accepted
from tests.integration.rights import allows
from tests.integration.test_submit import GOOD
from tests.integration.test_work import Life

OTHER = {"authorization": "Bearer rk_of-acme"}
UPLOAD = "0" * 32
READS = ["read-cover", "read-timeline", "read-audio", "read-source"]
CHANGES = ["manage-cancel", "manage-retry", "manage-delete"]


def keep(house: House, job_id: str, *numbers: int) -> None:
    """As transfer does it: the bytes, then the word."""
    for number in numbers:
        key = f"covers/owner/{job_id}/{number}.mp3"
        bootstrap.covers().write(key, "ID3")
        bootstrap.record()(job_id, Kept(1, number, 0, a_file(number, key=key)))


def a_finished_cover(house: House) -> str:
    job_id = house.cover()
    house.callback("complete", job_id)
    keep(house, job_id, 1, 2)
    assert house.job(job_id).state is State.SUCCEEDED
    return job_id


def a_failed_cover(house: House) -> str:
    job_id = house.cover()
    house.callback("error", job_id)
    return job_id


# --- one cover -------------------------------------------------------------------------------------------------


def test_a_cover_is_told_in_full_with_links_of_ours(house: House) -> None:
    job_id = a_finished_cover(house)
    reply = house.http("read", request("read-cover", query={}, id=job_id))
    assert reply.status == 200
    assert reply.headers["etag"] == f'"{reply.body["version"]}"'
    assert (reply.body["state"], reply.body["stage"]) == ("succeeded", "complete")
    first = reply.body["tracks"][0]
    assert first["audio_url"] == f"https://covers.example/v1/covers/{job_id}/tracks/1/audio"
    assert (first["bytes"], first["duration_seconds"], first["content_type"]) == (480_001, 30.0, "audio/mpeg")
    assert "media.example.net/7d0c.mp3" not in json.dumps(reply.body)


def test_a_track_that_is_not_in_the_bucket_has_no_link(house: House) -> None:
    job_id = house.cover()
    house.callback("complete", job_id)
    tracks = house.http("read", request("read-cover", query={}, id=job_id)).body["tracks"]
    assert [(track["status"], track["audio_url"]) for track in tracks] == [("copying", None)] * 2


def test_a_wait_ends_as_soon_as_the_cover_changes(house: House) -> None:
    job_id = house.cover()
    house.clock.meanwhile = lambda: house.callback("first", job_id)
    began = house.clock.now()
    reply = house.http("read", request("read-cover", id=job_id))
    assert reply.body["stage"] == "first"
    assert house.clock.now() - began < timedelta(seconds=2)


def test_a_wait_without_a_change_ends_after_the_seconds_asked_for(house: House) -> None:
    job_id = house.cover()
    began = house.clock.now()
    reply = house.http("read", request("read-cover", query={"wait": "3"}, id=job_id))
    assert reply.body["state"] == "running"
    assert house.clock.now() - began == timedelta(seconds=3)


def test_nobody_waits_beyond_what_the_gateway_allows(house: House) -> None:
    job_id = house.cover()
    began = house.clock.now()
    house.http("read", request("read-cover", query={"wait": "3000"}, id=job_id))
    assert house.clock.now() - began == timedelta(seconds=25)


def test_a_finished_cover_is_not_waited_for(house: House) -> None:
    job_id = a_finished_cover(house)
    began = house.clock.now()
    house.http("read", request("read-cover", id=job_id))
    assert house.clock.now() == began


def test_who_says_what_version_he_has_misses_no_change_between_two_waits(house: House) -> None:
    job_id = house.cover()
    version = house.job(job_id).version
    house.callback("text", job_id)
    began = house.clock.now()
    reply = house.http("read", request("read-cover", headers={"if-none-match": f'"{version}"'}, id=job_id))
    assert reply.body["stage"] == "text"
    assert house.clock.now() == began


@pytest.mark.parametrize("wait", ["-1", "x", "1.5", "", "99999999999"])
def test_a_wait_that_is_no_number_of_seconds_is_named(house: House, wait: str) -> None:
    reply = house.http("read", request("read-cover", query={"wait": wait}, id=house.cover()))
    assert reply.status == 422
    assert reply.rules == {("wait", "out-of-range")}


# --- audio -----------------------------------------------------------------------------------------------------


def test_audio_leads_to_a_fresh_link_that_is_never_remembered(house: House) -> None:
    job_id = a_finished_cover(house)
    reply = house.http("read", request("read-audio", id=job_id, number="2"))
    assert reply.status == 302
    assert reply.headers["cache-control"] == "no-store"
    assert f"covers/owner/{job_id}/2.mp3?" in reply.headers["location"]
    assert reply.body["audio_url"] == reply.headers["location"]


@pytest.mark.parametrize("number", ["0", "3", "999", "9999", "-1", "x", "\u0661"])
def test_a_track_that_is_not_there_is_not_found(house: House, number: str) -> None:
    assert house.http("read", request("read-audio", id=a_finished_cover(house), number=number)).status == 404


def test_a_track_that_is_not_kept_yet_is_not_found(house: House) -> None:
    job_id = house.cover()
    house.callback("complete", job_id)
    assert house.http("read", request("read-audio", id=job_id)).status == 404


def test_links_that_are_handed_out_are_within_the_rights_of_who_signs_them(house: House) -> None:
    names = house.stack.environ
    audio, song = f"arn:aws:s3:::{names['COVERS_BUCKET']}/covers/t/1/1.mp3", f"arn:aws:s3:::{names['INBOX_BUCKET']}"
    assert allows("read", "s3:GetObject", audio, house.stack)
    assert allows("submit", "s3:PutObject", f"{song}/uploads/t/1", house.stack)
    assert allows("submit", "s3:GetObject", f"{song}/uploads/t/1", house.stack)
    assert allows("read", "s3:GetObject", f"{song}/uploads/t/1", house.stack)
    assert allows("read", "s3:GetObject", f"{song}/inbox/x/a.mp3", house.stack)
    assert allows("advance", "s3:GetObject", f"{song}/uploads/t/1", house.stack)
    assert allows("advance", "s3:GetObject", f"{song}/inbox/x/a.mp3", house.stack)


# --- the timeline ----------------------------------------------------------------------------------------------


def test_the_timeline_tells_everything_in_order(house: House) -> None:
    job_id = a_finished_cover(house)
    reply = house.http("read", request("read-timeline", id=job_id))
    assert reply.status == 200
    lines = reply.body["entries"]
    assert [line["sequence"] for line in lines] == list(range(1, len(lines) + 1))
    told = [line["type"] for line in lines if line["event"]]
    assert told == ["cover.submitted", "cover.text", "cover.first", "cover.succeeded"]
    assert {"submit.intended", "submit.accepted", "callback.complete", "track.kept"} <= {one["type"] for one in lines}


# --- the list --------------------------------------------------------------------------------------------------


def covers(house: House, count: int) -> list[str]:
    ids = []
    for _ in range(count):
        house.clock.at += timedelta(seconds=1)
        ids.append(house.cover())
    return ids


def test_the_list_is_newest_first_and_goes_on_by_its_cursor(house: House) -> None:
    ids = covers(house, 5)
    seen: list[str] = []
    query = {"limit": "2"}
    while True:
        page = house.http("read", request("read-list", query=query)).body
        seen += [one["id"] for one in page["covers"]]
        if page["next_cursor"] is None:
            break
        query["cursor"] = page["next_cursor"]
    assert seen == ids[::-1]


@pytest.mark.parametrize("name", ["status", "state"])
def test_the_list_can_be_of_one_state(house: House, name: str) -> None:
    ids = covers(house, 3)
    house.http("manage", request("manage-cancel", id=ids[1]))
    page = house.http("read", request("read-list", query={name: "canceled"})).body
    assert [(one["id"], one["state"]) for one in page["covers"]] == [(ids[1], "canceled")]


def test_the_list_shows_only_ones_own(house: House) -> None:
    covers(house, 2)
    house.new_tenant("acme", "rk_of-acme")
    assert house.http("read", request("read-list", query={}, headers=OTHER)).body["covers"] == []


def test_an_untitled_cover_is_told_by_its_song_and_wish(house: House) -> None:
    source = {"upload": UPLOAD, "name": "harbour fog.mp3"}
    house.drop(f"uploads/owner/{UPLOAD}")
    wish = {"style": "dub", "instrumental": True, "provider": "kie"}
    for more in ({}, {"title": "Harbour"}):
        house.clock.at += timedelta(seconds=1)
        assert house.submit({"source": source, **wish, **more}).status == 202
    house.stack.forget()
    page = house.http("read", request("read-list", query={})).body
    assert [(one["name"], one["title"]) for one in page["covers"]] == [
        ("Harbour", "Harbour"),
        ("harbour fog - dub", None),
    ]
    assert [(one["id"], one["name"]) for one in page["covers"]] == [
        (job_id, house.http("read", request("read-cover", query={}, id=job_id)).body["name"])
        for job_id in (one["id"] for one in page["covers"])
    ]


def test_a_page_of_titles_reads_no_cover(house: House) -> None:
    wish = {"source": {"url": "https://songs.example/a.mp3"}, "title": "Fog", "style": "dub", "instrumental": True}
    assert house.submit(wish).status == 202
    house.stack.forget()
    assert len(house.http("read", request("read-list", query={})).body["covers"]) == 1
    assert "DynamoDB.BatchGetItem" not in house.stack.called("DynamoDB")


def test_the_golden_list_is_empty_where_nothing_succeeded_yet(house: House) -> None:
    assert house.http("read", golden("read-list")).body == {"covers": [], "next_cursor": None}


def _cursor(text: bytes) -> str:
    return base64.urlsafe_b64encode(text).decode()


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"state": "great"}, "state"),
        ({"state": "failed", "status": "running"}, "status"),
        ({"limit": "0"}, "limit"),
        ({"limit": "101"}, "limit"),
        ({"limit": "x"}, "limit"),
        ({"cursor": "garbage"}, "cursor"),
        ({"cursor": _cursor(b"[" * 6000)}, "cursor"),
        ({"cursor": _cursor(b'["JOB#a", "\\ud800"]')}, "cursor"),
        ({"cursor": _cursor(b"[{}, []]")}, "cursor"),
        ({"cursor": _cursor(b"9" * 5000)}, "cursor"),
    ],
)
def test_a_bad_question_names_its_parameter(house: House, query: dict[str, str], field: str) -> None:
    reply = house.http("read", request("read-list", query=query))
    assert reply.status == 422
    assert {name for name, _ in reply.rules} == {field}


# --- whose ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [*READS, *CHANGES])
def test_another_tenants_cover_does_not_exist(house: House, name: str) -> None:
    job_id = a_finished_cover(house)
    house.new_tenant("acme", "rk_of-acme")
    before, verb = house.job(job_id), name.partition("-")[0]
    theirs = house.http(verb, request(name, headers=OTHER, id=job_id))
    nobodys = house.http(verb, request(name, headers=OTHER, id="0" * 32))
    assert theirs.status == nobodys.status == 404
    assert theirs.body == nobodys.body
    assert house.job(job_id) == before


@pytest.mark.parametrize("name", [*READS, *CHANGES, "read-list"])
def test_without_a_key_nothing_is_told_or_changed(house: House, name: str) -> None:
    event = request(name, headers={"authorization": None})
    house.stack.forget()
    assert house.http(name.partition("-")[0], event).status == 401
    assert set(house.stack.called("DynamoDB")) <= {"DynamoDB.GetItem"}


@pytest.mark.parametrize("job_id", ["x" * 65, "a b", "..", "JOB#1", "\u00e9" * 3000])
def test_an_id_that_cannot_be_ours_is_not_found(house: House, job_id: str) -> None:
    assert house.http("read", request("read-cover", query={}, id=job_id)).status == 404


def test_reading_changes_nothing(house: House) -> None:
    job_id = a_finished_cover(house)
    house.stack.forget()
    for name in READS:
        house.http("read", request(name, id=job_id))
    for name in ("read-list", "read-usage"):
        house.http("read", golden(name))
    reads = {"DynamoDB.GetItem", "DynamoDB.BatchGetItem", "DynamoDB.Query", "SSM.GetParameters"}
    assert set(house.stack.called()) <= reads


# --- cancel ----------------------------------------------------------------------------------------------------


def test_a_running_cover_can_be_canceled_and_twice_is_once(house: House) -> None:
    job_id = house.cover()
    first = house.http("manage", request("manage-cancel", id=job_id))
    again = house.http("manage", request("manage-cancel", id=job_id))
    assert (first.status, first.body["state"]) == (200, "canceled")
    assert (again.status, again.body) == (200, first.body)
    assert house.public_events(job_id) == ["cover.submitted", "cover.canceled"]


@pytest.mark.parametrize("ended", [a_finished_cover, a_failed_cover])
def test_what_has_ended_cannot_be_canceled(house: House, ended: object) -> None:
    job_id = ended(house)  # type: ignore[operator]
    reply = house.http("manage", request("manage-cancel", id=job_id))
    assert (reply.status, reply.body["type"]) == (409, "urn:reprise:problem:not-allowed")


# --- retry -----------------------------------------------------------------------------------------------------


def test_a_failed_cover_can_be_retried_as_a_new_one_and_twice_is_once(house: House) -> None:
    job_id = a_failed_cover(house)
    first = house.http("manage", request("manage-retry", id=job_id))
    again = house.http("manage", request("manage-retry", id=job_id))
    assert (first.status, first.body["state"], first.body["retry_of"]) == (202, "queued", job_id)
    assert first.headers["location"].endswith(first.body["id"])
    assert again.body["id"] == first.body["id"]
    assert len(house.vendor.paid) == 1


def test_a_retry_buys_only_when_advance_comes_to_it(house: House) -> None:
    job_id = a_failed_cover(house)
    fresh = house.http("manage", request("manage-retry", id=job_id)).body["id"]
    house.vendor.answer = lambda _: accepted("task-of-the-retry")
    event = golden("advance")
    event["Records"][0]["body"] = json.dumps({"job": fresh})
    house.invoke("advance", event)
    assert house.job(fresh).task_id == "task-of-the-retry"
    assert len(house.vendor.paid) == 2


def test_a_retry_after_the_deadline_takes_over_what_was_paid_for(house: House) -> None:
    job_id = house.cover()
    house.clock.at += timedelta(hours=1)
    house.vendor.answer = lambda _: httpx.Response(200, json={"code": 200, "data": {"status": "PENDING"}})
    event = golden("advance")
    event["Records"][0]["body"] = json.dumps({"job": job_id})
    house.invoke("advance", event)
    assert house.job(job_id).state is State.FAILED
    reply = house.http("manage", request("manage-retry", id=job_id))
    assert (reply.body["state"], reply.body["task_id"]) == ("running", TASK)
    assert len(house.vendor.paid) == 1


@pytest.mark.parametrize("state", ["running", "succeeded"])
def test_only_what_failed_can_be_retried(house: House, state: str) -> None:
    job_id = house.cover() if state == "running" else a_finished_cover(house)
    assert house.http("manage", request("manage-retry", id=job_id)).status == 409


def test_a_retry_is_remembered_for_good(house: House) -> None:
    job_id = a_failed_cover(house)
    house.http("manage", request("manage-retry", id=job_id))
    (claim,) = [item for item in house.items() if item["pk"] == {"S": f"IDEM#owner#retry:{job_id}"}]
    assert "expires_at" not in claim


def test_a_retry_whose_cover_was_deleted_is_gone(house: House) -> None:
    job_id = a_failed_cover(house)
    fresh = house.http("manage", request("manage-retry", id=job_id)).body["id"]
    house.http("manage", request("manage-cancel", id=fresh))
    house.http("manage", request("manage-delete", id=fresh))
    assert house.http("manage", request("manage-retry", id=job_id)).status == 410


# --- delete ----------------------------------------------------------------------------------------------------


def test_deleting_takes_audio_what_lies_beside_it_evidence_and_timeline(house: House) -> None:
    job_id = a_finished_cover(house)
    other = a_finished_cover(house)
    for one in (job_id, other):
        Life(house, one).settle()
    reply = house.http("manage", request("manage-delete", id=job_id))
    assert (reply.status, reply.body) == (204, None)
    assert not [key for key in house.objects() if job_id in key]
    assert not [item for item in house.items() if item["pk"] == {"S": f"JOB#{job_id}"}]
    assert house.http("read", request("read-cover", query={}, id=job_id)).status == 404
    assert len(house.objects(prefix=f"covers/owner/{other}/")) == 3
    assert house.http("manage", request("manage-delete", id=job_id)).status == 404


def test_a_running_cover_must_be_canceled_before_it_is_deleted(house: House) -> None:
    job_id = house.cover()
    assert house.http("manage", request("manage-delete", id=job_id)).status == 409
    assert house.job(job_id).state is State.RUNNING


def test_a_cover_whose_provider_is_being_called_is_deleted_once_that_is_over(house: House) -> None:
    """The answer needs the job: a refusal gives its money back."""
    replies = []

    def meanwhile(_: httpx.Request) -> httpx.Response:
        with house.elsewhere():
            (job,) = house.jobs()
            house.http("manage", request("manage-cancel", id=job.id))
            replies.append(house.http("manage", request("manage-delete", id=job.id)))
        return httpx.Response(200, json={"code": 402, "msg": "no credits", "data": None})

    house.vendor.says["kie"] = meanwhile
    job_id = house.submit(GOOD).body["id"]
    (during,) = replies
    assert (during.status, during.body["detail"]) == (
        409,
        "kie is being called and has not answered yet: delete it in a minute",
    )
    assert house.http("manage", request("manage-delete", id=job_id)).status == 204


def test_a_call_that_nobody_knows_the_end_of_holds_a_delete_up_for_a_minute(house: House) -> None:
    job_id = house.cover()
    asked = replace(house.job(job_id), task_id=None, heard=(), begun_at=house.clock.at, state=State.CANCELED)
    assert unanswered(asked, house.clock.at + timedelta(seconds=59))
    assert not unanswered(asked, house.clock.at + timedelta(seconds=60))


@pytest.mark.parametrize("odd", ["a" * 3000, "A" * 32, "f" * 31, "../other"])
def test_what_is_no_id_is_looked_for_nowhere(house: House, odd: str) -> None:
    """The bucket would be asked for a folder of that name; S3 takes 1,024 bytes."""
    house.stack.forget()
    assert house.http("manage", request("manage-delete", id=odd)).status == 404
    assert not [call for call in house.stack.called() if call.startswith("S3.")]


# --- paths -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("verb", ["read", "manage", "submit"])
def test_a_path_that_a_door_does_not_have_is_not_found(house: House, verb: str) -> None:
    event = request("read-cover", query={})
    event["rawPath"] = event["requestContext"]["http"]["path"] = "/v2/covers"
    reply = house.http(verb, event)
    assert reply.status == 404
    assert reply.headers["content-type"] == "application/problem+json"
