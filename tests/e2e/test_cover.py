"""A cover through the whole deployed system, from the outside."""

import hashlib
import json
import time
from pathlib import Path

import httpx
import pytest
from reprise.providers import capabilities

from local.stack import SIMULATORS
from tests.e2e.caller import Caller, Job

pytestmark = [pytest.mark.e2e, pytest.mark.xdist_group("the stack")]
STORY = ["cover.submitted", "cover.text", "cover.first", "cover.succeeded"]


def test_an_uploaded_song_becomes_two_takes_that_can_be_played(caller: Caller, uploaded: dict[str, str]) -> None:
    job = caller.finish(caller.order(uploaded))
    assert job["state"] == "succeeded", caller.story(job["id"])
    assert [track["status"] for track in job["tracks"]] == ["kept", "kept"]
    for track in job["tracks"]:
        audio = caller.api.get(track["audio_url"], follow_redirects=True)
        assert audio.status_code == 200
        assert hashlib.sha256(audio.content).hexdigest() == track["sha256"]
        assert len(audio.content) == track["bytes"]
        assert track["duration_seconds"] > 20


@pytest.mark.parametrize("provider", SIMULATORS)
def test_every_provider_that_we_speak_to_makes_a_cover(caller: Caller, uploaded: dict[str, str], provider: str) -> None:
    job = caller.finish(caller.order(uploaded, provider=provider, voice="velvet-alto"))
    assert (job["state"], job["provider"]) == ("succeeded", provider), caller.story(job["id"])
    assert len(job["tracks"]) == capabilities()[provider].tracks
    told = sorted(caller.events(job["id"]), key=lambda event: event["sequence"])
    assert [event["type"] for event in told] == STORY


def test_a_file_beside_the_audio_tells_what_it_is_and_how_to_check_it(caller: Caller, uploaded: dict[str, str]) -> None:
    order = caller.order(uploaded, instrumental=False, lyrics="[Verse] slow lights on the water")
    job = caller.finish(order)
    assert caller.events(job["id"])[-1]["type"] == "cover.succeeded"  # it is there when success is told
    folder = f"covers/owner/{job['id']}/"
    found = caller.s3.list_objects_v2(Bucket=caller.stack.covers_bucket, Prefix=folder)["Contents"]
    names = {one["Key"].removeprefix(folder) for one in found}
    kept = [f"{track['number']}-{track['sha256'][:12]}-0.mp3" for track in job["tracks"]]
    assert names == {*kept, "cover.json"}
    beside = json.loads(_read(caller, folder + "cover.json"))
    assert (beside["id"], beside["lyrics"]) == (job["id"], job["lyrics"])
    for track in beside["tracks"]:
        audio = _read(caller, track["file"]["key"])
        assert (hashlib.sha256(audio).hexdigest(), len(audio)) == (track["file"]["sha256"], track["file"]["size"])
    assert [track["file"]["sha256"] for track in beside["tracks"]] == [track["sha256"] for track in job["tracks"]]


def test_each_event_is_published_once_and_in_order(caller: Caller, uploaded: dict[str, str]) -> None:
    job = caller.finish(caller.order(uploaded))
    events = sorted(caller.events(job["id"]), key=lambda event: event["sequence"])
    assert [event["type"] for event in events] == STORY
    assert [event["sequence"] for event in events] == [1, 2, 3, 4]
    assert events[-1]["attributes"] == {
        "type": "cover.succeeded",
        "tenant": "owner",
        "provider": "kie",
        "status": "succeeded",
    }


def test_a_storm_of_callbacks_is_one_job_with_two_tracks(caller: Caller, uploaded: dict[str, str]) -> None:
    caller.misbehave(duplicate_each=5, reorder="shuffle")
    jobs = [caller.order(uploaded) for _ in range(3)]
    caller.behave()
    for job in map(caller.finish, jobs):
        assert job["state"] == "succeeded", caller.story(job["id"])
        assert len(job["tracks"]) == 2
        told = sorted(caller.events(job["id"]), key=lambda event: event["sequence"])
        assert [event["type"] for event in told] == STORY


def test_the_same_idempotency_key_buys_once(caller: Caller, uploaded: dict[str, str]) -> None:
    before = caller.ledger()["totals"]
    first = caller.order(uploaded, key="double-click")
    assert caller.order(uploaded, key="double-click")["id"] == first["id"]
    body = {"source": uploaded, "prompt": "another wish"}
    other = caller.api.post("/v1/covers", json=body, headers={"Idempotency-Key": "double-click"})
    assert (other.status_code, other.json()["type"]) == (422, "urn:reprise:problem:key-reused")
    assert caller.ledger()["totals"]["purchases"] == before["purchases"] + 1


def test_a_dropped_song_becomes_a_job_with_its_metadata_as_wishes(caller: Caller, song_bytes: bytes) -> None:
    key = "inbox/a song with späces.mp3"
    wishes = {"style": "piano ballad", "title": "Dropped", "instrumental": "true"}
    caller.s3.put_object(Bucket=caller.stack.inbox_bucket, Key=key, Body=song_bytes, Metadata=wishes)
    (job,) = caller.covers_of_inbox(key)
    job = caller.finish(job)
    assert job["state"] == "succeeded", caller.story(job["id"])
    assert job["request"]["style"] == "piano ballad"
    assert [e["type"] for e in sorted(caller.events(job["id"]), key=lambda e: e["sequence"])] == STORY


def test_a_preset_folder_gives_the_wishes(caller: Caller, song_bytes: bytes) -> None:
    key = "inbox/lofi-jazz/song.mp3"
    caller.s3.put_object(Bucket=caller.stack.inbox_bucket, Key=key, Body=song_bytes)
    (job,) = caller.covers_of_inbox(key)
    assert caller.finish(job)["state"] == "succeeded", caller.story(job["id"])


def test_a_dropped_song_nobody_can_use_gets_a_note(caller: Caller, song_bytes: bytes) -> None:
    key = "inbox/no-such-preset/song.mp3"
    caller.s3.put_object(Bucket=caller.stack.inbox_bucket, Key=key, Body=song_bytes)
    note = json.loads(_wait_for(caller, "refused/no-such-preset/song.mp3.json"))
    assert "no preset is named 'no-such-preset'" in note["refused"]
    assert caller.covers_of_inbox(key, seconds=0) == []


def test_a_vendor_that_takes_the_order_and_then_hangs_is_paid_once(caller: Caller, uploaded: dict[str, str]) -> None:
    """Submit's answer is lost; the callbacks find the job all the same."""
    caller.misbehave(submit={"value": "reset_after_accept", "times": 1})
    order = caller.order(uploaded)
    assert order["state"] in ("submitting", "running")
    job = caller.finish(order)
    assert job["state"] == "succeeded", caller.story(job["id"])
    assert any("submit.unknown" in line for line in caller.story(job["id"]))
    assert caller.ledger()["totals"]["most_per_job"] == 1


@pytest.mark.parametrize("stage", ["text", "first"])
def test_a_callback_that_comes_before_submit_is_answered_finds_its_job(
    caller: Caller, uploaded: dict[str, str], stage: str
) -> None:
    caller.misbehave(callback_before_submit_reply=stage)
    job = caller.finish(caller.order(uploaded))
    assert job["state"] == "succeeded", caller.story(job["id"])
    lines = [line.split()[1].rstrip(":") for line in caller.story(job["id"])]
    answered = [place for place, line in enumerate(lines) if line in ("submit.accepted", "late.submit.accepted")]
    assert len(answered) == 1, lines  # late on a machine so busy that the job was over by then
    assert lines.index(f"callback.{stage}") < answered[0], lines
    told = sorted(caller.events(job["id"]), key=lambda event: event["sequence"])
    assert [event["type"] for event in told] == STORY


@pytest.mark.parametrize(("code", "reason"), [("402", "no-credit"), ("451", "source-unfetchable")])
def test_a_refusal_by_the_vendor_is_a_failed_job_with_its_reason(
    caller: Caller, uploaded: dict[str, str], code: str, reason: str
) -> None:
    caller.misbehave(submit={"value": code, "times": 1})
    job = caller.order(uploaded)
    assert (job["state"], job["failure"]["reason"], job["failure"]["code"]) == ("failed", reason, code)


@pytest.mark.parametrize("code", ["429", "455"])
def test_a_vendor_that_is_busy_is_asked_again_and_paid_once(
    caller: Caller, uploaded: dict[str, str], code: str
) -> None:
    caller.misbehave(submit={"value": code, "times": 1})
    job = caller.order(uploaded)
    assert job["state"] == "queued"
    assert caller.finish(job)["state"] == "succeeded", caller.story(job["id"])
    assert caller.ledger()["totals"]["most_per_job"] == 1


@pytest.mark.parametrize("media", ["404", "0bytes", "html", "cut", "small"])
def test_dead_links_heal_when_the_vendor_mends_them(caller: Caller, uploaded: dict[str, str], media: str) -> None:
    caller.misbehave(media=media, media_on="both", media_first_fetches=1)
    job = caller.finish(caller.order(uploaded))
    assert job["state"] == "succeeded", caller.story(job["id"])
    assert all(track["status"] == "kept" for track in job["tracks"]), caller.story(job["id"])


def test_an_error_callback_fails_the_job_with_the_vendors_words(caller: Caller, uploaded: dict[str, str]) -> None:
    caller.misbehave(error_code=413)
    order = caller.order(uploaded)
    caller.behave()
    job = caller.finish(order)
    assert (job["state"], job["failure"]["reason"]) == ("failed", "content-refused")
    assert [e["type"] for e in caller.events(job["id"], until="cover.failed")][-1] == "cover.failed"


def test_a_forged_callback_is_refused_and_changes_nothing(caller: Caller, uploaded: dict[str, str]) -> None:
    job = caller.order(uploaded)
    body = {"code": 200, "data": {"callbackType": "error", "task_id": job["task_id"], "data": []}}
    for path in (f"/callbacks/kie/{job['id']}/1/9999999999.forged", f"/callbacks/kie/{job['id']}/2/x"):
        answer = httpx.post(caller.stack.api_url + path, json=body)
        assert answer.status_code == 401
    assert caller.finish(job)["state"] == "succeeded"


def test_deleting_a_cover_deletes_its_audio(caller: Caller, uploaded: dict[str, str]) -> None:
    job = caller.finish(caller.order(uploaded))
    assert caller.api.delete(f"/v1/covers/{job['id']}").status_code == 204
    assert caller.api.get(f"/v1/covers/{job['id']}").status_code == 404
    left = caller.s3.list_objects_v2(Bucket=caller.stack.covers_bucket)
    assert not [one["Key"] for one in left.get("Contents", []) if job["id"] in one["Key"]]


def test_a_job_whose_callbacks_all_got_lost_finishes_through_the_poller(caller: Caller, silent_job: Job) -> None:
    job = caller.finish(silent_job, seconds=200)
    assert job["state"] == "succeeded", caller.story(job["id"])
    assert not any(" callback." in line for line in caller.story(job["id"]))


def test_a_job_past_its_deadline_fails_with_that_reason(caller: Caller, stuck_job: Job) -> None:
    job = caller.finish(stuck_job, seconds=200)
    assert (job["state"], job["failure"]["reason"]) == ("failed", "deadline"), caller.story(job["id"])


def test_links_that_stay_dead_fail_the_job_with_a_clear_reason(caller: Caller, rotten_job: Job) -> None:
    job = caller.finish(rotten_job, seconds=200)
    assert (job["state"], job["failure"]["reason"]) == ("failed", "audio-unavailable"), caller.story(job["id"])
    assert "the link answered 404" in job["failure"]["message"]


def test_a_public_link_is_a_source_too(caller: Caller, song_bytes: bytes) -> None:
    caller.s3.put_object(Bucket=caller.stack.inbox_bucket, Key="elsewhere.mp3", Body=song_bytes)
    where = {"Bucket": caller.stack.inbox_bucket, "Key": "elsewhere.mp3"}
    url = caller.s3.generate_presigned_url("get_object", Params=where)
    job = caller.finish(caller.order({"url": url}))
    assert job["state"] == "succeeded", caller.story(job["id"])
    assert "X-Amz-Signature=[redacted]" in job["request"]["source"]["url"]


def test_no_log_holds_a_secret(caller: Caller) -> None:
    secrets = [caller.stack.api_key, caller.running.simulators["kie"].key]
    for log in Path(caller.stack.logs).glob("*Function.log"):
        text = log.read_text(errors="replace")
        assert not [secret for secret in secrets if secret in text], log.name
        assert "X-Amz-Signature" not in text, log.name


def _read(caller: Caller, key: str) -> bytes:
    body: bytes = caller.s3.get_object(Bucket=caller.stack.covers_bucket, Key=key)["Body"].read()
    return body


def _wait_for(caller: Caller, key: str) -> bytes:
    until = time.monotonic() + 20
    while True:
        try:
            body: bytes = caller.s3.get_object(Bucket=caller.stack.inbox_bucket, Key=key)["Body"].read()
            return body
        except caller.s3.exceptions.NoSuchKey:
            assert time.monotonic() < until, f"{key} never came"
            time.sleep(0.3)
