"""The studio among the vendors: by name, or alone; and a cover of it from the submit to the last callback."""

import hashlib
import hmac

import pytest
from reprise.domain.job import Stage, State

from tests.golden import golden
from tests.integration.house import STUDIO, House
from tests.integration.test_submit import GOOD

AUTO = {**GOOD, "provider": "auto"}
NAMED = {**GOOD, "provider": STUDIO}


def test_its_owners_other_accounts_keep_it_from_being_chosen(house: House) -> None:
    house.open_studio()
    reply = house.submit(AUTO)
    assert (reply.body["provider"], reply.body["next_providers"]) == ("kie", [])


def test_where_it_is_the_only_one_it_is_chosen(house: House) -> None:
    house.open_studio()
    house.unset_parameter("kie/api-key")
    assert house.submit(AUTO).body["provider"] == STUDIO
    assert house.vendor.payees == [STUDIO]


@pytest.mark.parametrize("part", ["api-key", "base-url"])
def test_without_a_key_and_an_address_it_is_off(house: House, part: str) -> None:
    house.open_studio()
    house.unset_parameter(f"studio/{part}")
    reply = house.submit(NAMED)
    assert (reply.status, reply.body["type"]) == (503, "urn:reprise:problem:not-configured")
    assert f"studio/{part} is not set" in reply.body["detail"]


def test_a_named_one_gets_the_song_the_wish_and_the_jobs_own_key(house: House) -> None:
    house.open_studio()
    reply = house.submit({**NAMED, "pitch": -2, "voice": "deeper", "weirdness": 0.5})
    (call,) = house.vendor.bought
    assert (reply.status, reply.body["estimated_usd"], reply.body["dropped"]) == (202, 0, [])
    assert call.headers["idempotency-key"] == f"{reply.body['id']}-1"
    assert call.body["seed"] == reply.body["id"]
    assert {name: call.body[name] for name in ("pitch", "voice", "weirdness")} == {
        "pitch": -2, "voice": "deeper", "weirdness": 0.5,
    }  # fmt: skip


def knock(house: House, name: str, job_id: str, sign: str | None = None) -> int:
    event = golden(f"callback/studio/{name}")
    token = house.token(job_id, 1, STUDIO)
    event["pathParameters"] |= {"job": job_id, "attempt": "1", "token": token}
    if sign:
        timestamp = str(int(house.clock.at.timestamp()))
        digest = hmac.new(sign.encode(), f"{timestamp}.{event['body']}".encode(), hashlib.sha256).hexdigest()
        event["headers"] |= {"x-webhook-timestamp": timestamp, "x-webhook-signature": digest}
    return house.http("callback", event).status


def test_its_stages_are_heard_and_the_chart_is_told(house: House) -> None:
    house.open_studio()
    job_id = str(house.submit(NAMED).body["id"])
    for name, stage in (("text", Stage.TEXT), ("first", Stage.FIRST), ("complete", Stage.COMPLETE)):
        assert knock(house, name, job_id) == 200
        assert house.job(job_id).stage is stage
    job = house.job(job_id)
    assert (job.state, len(job.tracks)) == (State.ARCHIVING, 2)
    assert job.lyrics is not None
    assert job.lyrics.startswith("Key: F major")


def test_what_it_made_of_the_wish_is_told_once_on_the_timeline(house: House) -> None:
    house.open_studio()
    job_id = str(house.submit(NAMED).body["id"])
    for name in ("text", "first"):
        assert knock(house, name, job_id) == 200
    lines = {entry.type: entry.message for entry in house.timeline(job_id)}
    words = 'style: Lo-fi (for "lo-fi"); mood: soft; not understood: zither'
    assert lines["callback.text"] == f"studio says: text. It understood: {words}"
    assert lines["callback.first"] == "studio says: first"


def test_a_song_without_a_melody_fails_and_says_so(house: House) -> None:
    house.open_studio()
    job_id = str(house.submit(NAMED).body["id"])
    assert knock(house, "error", job_id) == 200
    job = house.job(job_id)
    assert (job.state, job.failure and job.failure.code) == (State.FAILED, "no_melody")


def test_with_a_signing_key_only_what_is_signed_is_heard(house: House) -> None:
    house.open_studio()
    house.set_parameter("studio/hmac-key", "the signing key")
    job_id = str(house.submit(NAMED).body["id"])
    assert knock(house, "text", job_id) == 401
    assert knock(house, "text", job_id, sign="another key") == 401
    assert house.job(job_id).stage is Stage.NONE
    assert knock(house, "text", job_id, sign="the signing key") == 200
    assert house.job(job_id).stage is Stage.TEXT
