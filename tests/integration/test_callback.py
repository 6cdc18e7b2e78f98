"""POST /callbacks/...: a provider speaks. What is believed, what is kept, and what is not even looked up."""

import base64
import hashlib
import hmac
import json
from datetime import timedelta
from itertools import permutations

import pytest
from reprise import tokens
from reprise.aws import clients
from reprise.domain.job import Stage, State
from reprise.redact import HIDDEN

from tests.golden import TASK, body_of, golden, request
from tests.integration.house import House, encoded
from tests.stack import forget_wiring
from tests.template import functions

SIGNING_KEY = "signing-key-of-the-tests"


def untouched(house: House) -> bool:
    """Neither the table nor a bucket was asked for anything since `forget`."""
    return not house.stack.called("DynamoDB") and not house.stack.called("S3")


# --- heard -----------------------------------------------------------------------------------------------------


def test_text_first_complete_take_the_job_to_its_last_stage(house: House) -> None:
    job_id = house.cover()
    for name, stage in (("text", Stage.TEXT), ("first", Stage.FIRST), ("complete", Stage.COMPLETE)):
        reply = house.callback(name, job_id)
        assert (reply.status, reply.body) == (200, {"status": "recorded"})
        assert house.job(job_id).stage is stage
    job = house.job(job_id)
    assert job.state is State.ARCHIVING
    assert [track.take.title for track in job.tracks] == ["Harbour Fog", "Harbour Fog"]
    assert house.public_events(job_id) == ["cover.submitted", "cover.text"]


def test_the_words_are_known_as_soon_as_they_come_and_nothing_lies_beside_the_audio_yet(house: House) -> None:
    job_id = house.cover()
    house.callback("text", job_id)
    assert house.job(job_id).lyrics == "[Verse]\nSlow lights on the water"
    assert house.objects(prefix=f"covers/owner/{job_id}/") == {}


@pytest.mark.parametrize("order", list(permutations(["text", "first", "complete"])))
def test_the_order_of_callbacks_makes_no_difference(house: House, order: tuple[str, ...]) -> None:
    job_id = house.cover()
    for name in order:
        assert house.callback(name, job_id).status == 200
    job = house.job(job_id)
    assert (job.state, job.stage, len(job.tracks)) == (State.ARCHIVING, Stage.COMPLETE, 2)
    assert house.public_events(job_id) == ["cover.submitted", "cover.text"]


def test_five_times_the_same_is_once(house: House) -> None:
    job_id = house.cover()
    house.callback("complete", job_id)
    once, lines = house.job(job_id), house.timeline(job_id)
    for _ in range(4):
        assert house.callback("complete", job_id).body == {"status": "recorded"}
    assert house.job(job_id) == once
    assert house.timeline(job_id) == lines
    assert len(house.evidence(job_id)) == 1


def test_a_callback_reads_once_and_writes_twice_and_its_repetition_only_reads(house: House) -> None:
    job_id = house.cover()
    house.callback("text", job_id)
    house.stack.forget()
    house.callback("first", job_id)
    assert house.stack.called("DynamoDB") == ["DynamoDB.GetItem", "DynamoDB.PutItem", "DynamoDB.UpdateItem"]
    assert not house.stack.called("S3")
    house.stack.forget()
    for _ in range(4):
        house.callback("first", job_id)
    assert house.stack.called() == ["DynamoDB.GetItem"] * 4


def test_another_body_of_a_stage_that_was_heard_is_evidence_too(house: House) -> None:
    job_id = house.cover()
    house.callback("text", job_id)
    house.callback("text", job_id, body=body_of("callback/kie/text") | {"trace": 1})
    assert len(house.evidence(job_id)) == 2


def test_an_error_ends_the_job_with_the_vendors_words(house: House) -> None:
    job_id = house.cover()
    assert house.callback("error", job_id).status == 200
    job = house.job(job_id)
    assert job.state is State.FAILED
    assert job.failure is not None
    assert (job.failure.code, job.failure.message) == ("501", "Audio generation failed.")


def test_fields_that_nobody_announced_are_passed_over(house: House) -> None:
    job_id = house.cover()
    body = body_of("callback/kie/first")
    body["data"]["mood"] = {"blue": [1]}
    body["data"]["data"][0]["stems"] = "https://x.example/stems.zip"
    body["trace"] = 1
    assert house.callback("first", job_id, body=body).status == 200
    assert house.job(job_id).stage is Stage.FIRST


def test_a_word_that_we_do_not_know_is_ignored_and_kept_as_evidence(house: House) -> None:
    job_id = house.cover()
    before = house.job(job_id)
    reply = house.callback("text", job_id, body={"code": 200, "msg": "", "data": {"callbackType": "remix"}})
    assert (reply.status, reply.body) == (200, {"status": "ignored"})
    assert house.job(job_id) == before
    assert len(house.evidence(job_id)) == 1


def test_a_callback_in_base64_is_read_all_the_same(house: House) -> None:
    job_id = house.cover()
    body = json.dumps(body_of("callback/kie/first")).encode()
    reply = house.callback("first", job_id, **encoded(body))
    assert reply.body == {"status": "recorded"}
    assert house.job(job_id).stage is Stage.FIRST


def test_a_callback_about_another_task_is_noted_and_changes_nothing(house: House) -> None:
    job_id = house.cover()
    body = body_of("callback/kie/complete")
    body["data"]["task_id"] = "someone-elses"
    assert house.callback("complete", job_id, body=body).status == 200
    assert (house.job(job_id).stage, house.job(job_id).tracks) == (Stage.NONE, ())
    assert house.timeline(job_id)[-1].type == "late.other-task"


def test_a_callback_after_the_end_is_noted_and_changes_nothing(house: House) -> None:
    job_id = house.cover()
    house.http("manage", request("manage-cancel", id=job_id))
    assert house.callback("complete", job_id).status == 200
    assert house.job(job_id).state is State.CANCELED
    assert house.timeline(job_id)[-1].type == "late.callback.complete"
    assert house.public_events(job_id)[-1] == "cover.canceled"


def test_a_callback_for_a_deleted_job_is_answered_so_that_nobody_comes_again(house: House) -> None:
    job_id = house.cover()
    house.http("manage", request("manage-cancel", id=job_id))
    house.http("manage", request("manage-delete", id=job_id))
    reply = house.callback("complete", job_id)
    assert (reply.status, reply.body) == (200, {"status": "unknown-job"})
    assert house.job_or_none(job_id) is None
    assert house.evidence(job_id) == {}


def test_evidence_goes_with_its_job_also_what_an_old_release_kept_in_the_bucket(house: House) -> None:
    job_id, other = house.cover(), house.cover()
    for one in (job_id, other):
        house.callback("text", one)
    old = f"callbacks/{job_id}/1-6ea77b7febd7f66b.json"
    clients.s3().put_object(Bucket=house.stack.environ["COVERS_BUCKET"], Key=old, Body=b"{}")
    house.http("manage", request("manage-cancel", id=job_id))
    house.http("manage", request("manage-delete", id=job_id))
    assert house.evidence(job_id) == {}
    assert house.objects(prefix="callbacks/") == {}
    assert len(house.evidence(other)) == 1


def test_nobody_is_called_and_no_audio_is_moved(house: House) -> None:
    job_id = house.cover()
    calls = len(house.vendor.calls)
    house.callback("complete", job_id)
    assert len(house.vendor.calls) == calls
    assert not any(key.endswith(".mp3") for key in house.objects())


def test_the_vendor_has_its_answer_long_before_its_15_seconds_are_over() -> None:
    assert functions()["callback"]["Timeout"] <= 10


# --- evidence --------------------------------------------------------------------------------------------------


def test_the_body_is_kept_as_it_came_with_secrets_taken_out(house: House) -> None:
    job_id = house.cover()
    link = json.loads(house.vendor.calls[0].content)["callBackUrl"]
    token = link.rsplit("/", 1)[-1]
    body = body_of("callback/kie/error")
    body["msg"] = f"could not reach {link} with {token}"
    house.callback("error", job_id, body=body)
    ((name, kept),) = house.evidence(job_id).items()
    assert name.startswith("1-")
    assert token not in kept
    assert HIDDEN in kept
    assert json.loads(kept)["data"] == body["data"]


def test_a_vendor_that_echoes_the_callback_address_does_not_put_it_on_the_timeline(house: House) -> None:
    job_id = house.cover()
    link = json.loads(house.vendor.calls[0].content)["callBackUrl"]
    body = body_of("callback/kie/error") | {"msg": f"could not reach {link}"}
    house.callback("error", job_id, body=body)
    token = link.rsplit("/", 1)[-1]
    assert token not in house.words()


def test_evidence_expires_after_the_days_that_the_owner_chose(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    job_id = house.cover()
    monkeypatch.setenv("CALLBACK_RETENTION_DAYS", "3")
    forget_wiring()
    house.callback("text", job_id)
    (kept,) = (one for one in house.items() if one["sk"]["S"].startswith("CALLBACK#"))
    at = house.clock.now()
    assert kept["at"] == {"S": at.isoformat(timespec="microseconds")}
    assert kept["expires_at"] == {"N": str(int((at + timedelta(days=3)).timestamp()))}


def test_what_cannot_be_kept_is_not_believed(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    job_id = house.cover()
    before = house.job(job_id)

    def full(*_: object) -> None:
        raise ConnectionError

    monkeypatch.setattr("reprise.aws.evidence.DynamoEvidence.keep", full)
    with pytest.raises(ConnectionError):
        house.callback("text", job_id)
    assert house.job(job_id) == before


# --- refused ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path",
    [
        {"token": "forged"},
        {"token": ""},
        {"token": "1795348800."},
        {"token": "9999999999.AAAA"},
        {"token": "\u00e9.\u00e9"},
        {"token": "1e9.AAAA"},
        {"job": "0" * 32},
        {"job": "../../x"},
        {"attempt": "2"},
        {"attempt": "0"},
        {"attempt": "01"},
        {"attempt": "-1"},
        {"attempt": "\u0661"},
        {"attempt": "1" * 5000},
        {"provider": "sunoapi"},
        {"provider": "KIE"},
    ],
    ids=str,
)
def test_a_callback_that_is_not_ours_is_refused_before_anything_is_read(house: House, path: dict[str, str]) -> None:
    job_id = house.cover()
    before = house.job(job_id)
    house.stack.forget()
    reply = house.callback("complete", job_id, path=path)
    assert reply.status == 401
    assert untouched(house)
    assert house.job(job_id) == before


def test_a_token_of_another_job_opens_nothing(house: House) -> None:
    mine, other = house.cover(), house.cover()
    token = house.token(other)
    house.stack.forget()
    assert house.callback("complete", mine, path={"token": token}).status == 401
    assert untouched(house)


def test_a_token_signed_with_another_secret_opens_nothing(house: House) -> None:
    job_id = house.cover()
    token = tokens.mint(b"another secret", "kie", job_id, 1, house.clock.now())
    house.stack.forget()
    assert house.callback("complete", job_id, path={"token": token}).status == 401
    assert untouched(house)


def rotate(house: House, secret: str) -> None:
    clients.secretsmanager().put_secret_value(SecretId=house.stack.environ["TOKEN_SECRET"], SecretString=secret)
    forget_wiring()


def test_a_callback_signed_before_a_rotation_is_heard_after_it_and_not_after_the_next(house: House) -> None:
    job_id = house.cover()
    rotate(house, "the next secret")
    assert house.callback("text", job_id).status == 200
    assert house.job(job_id).stage is Stage.TEXT
    rotate(house, "and the one after it")
    house.stack.forget()
    assert house.callback("first", job_id).status == 401
    assert untouched(house)


def test_after_a_rotation_links_are_signed_with_the_new_secret(house: House) -> None:
    rotate(house, "the next secret")
    job_id = house.cover()
    token = json.loads(house.vendor.calls[0].content)["callBackUrl"].rsplit("/", 1)[-1]
    assert token == tokens.mint(b"the next secret", "kie", job_id, 1, house.clock.now())
    assert house.callback("text", job_id, path={"token": token}).status == 200


def test_a_forged_callback_reads_two_secrets_and_nothing_else(house: House) -> None:
    job_id = house.cover()
    house.stack.forget()
    assert house.callback("complete", job_id, path={"token": "9999999999.AAAA"}).status == 401
    assert [call.name for call in house.stack.calls] == ["Secrets Manager.GetSecretValue"] * 2


def test_an_expired_token_opens_nothing(house: House) -> None:
    job_id = house.cover()
    token = house.token(job_id)
    house.clock.at += timedelta(days=3)
    house.stack.forget()
    assert house.callback("complete", job_id, path={"token": token}).status == 401
    assert untouched(house)


def test_a_token_for_a_provider_that_we_do_not_have_opens_nothing(house: House) -> None:
    job_id = house.cover()
    token = house.token(job_id, provider="nobody")
    house.stack.forget()
    assert house.callback("complete", job_id, path={"token": token, "provider": "nobody"}).status == 401
    assert untouched(house)


def test_the_golden_callback_itself_is_refused_for_its_token_is_none(house: House) -> None:
    house.stack.forget()
    assert house.http("callback", golden("callback/kie/complete")).status == 401
    assert untouched(house)


@pytest.mark.parametrize("body", ["", "not json", "[]", "null", "[" * 100_000], ids=lambda body: body[:8] or "empty")
def test_a_body_that_cannot_be_read_is_malformed_and_kept_as_evidence(house: House, body: str) -> None:
    job_id = house.cover()
    before = house.job(job_id)
    reply = house.callback("text", job_id, **encoded(body.encode()))
    assert reply.status == 400
    assert house.job(job_id) == before
    assert list(house.evidence(job_id).values()) == [body]


def test_bytes_that_are_no_text_are_malformed(house: House) -> None:
    assert house.callback("text", house.cover(), **encoded(b"\xff\xfe\x00\x80")).status == 400


def test_a_body_beyond_all_measure_is_too_large(house: House) -> None:
    job_id = house.cover()
    house.stack.forget()
    assert house.callback("text", job_id, **encoded(b" " * 300_000)).status == 413
    assert untouched(house)


def test_a_callback_without_a_body_is_malformed(house: House) -> None:
    assert house.callback("text", house.cover(), body="").status == 400


# --- the vendor's own signature ----------------------------------------------------------------------------------


def test_where_a_signing_key_is_set_an_unsigned_callback_is_refused(house: House) -> None:
    job_id = house.cover()
    house.set_parameter("kie/hmac-key", SIGNING_KEY)
    assert house.callback("complete", job_id).status == 401
    assert house.job(job_id).stage is Stage.NONE


def signed(house: House, key: str, task: str = TASK, age: int = 0) -> dict[str, str]:
    """The headers of a callback that kie.ai sent `age` seconds ago, signed with `key`."""
    timestamp = str(int(house.clock.now().timestamp()) - age)
    digest = hmac.new(key.encode(), f"{task}.{timestamp}".encode(), hashlib.sha256).digest()
    own = {"x-webhook-timestamp": timestamp, "x-webhook-signature": base64.b64encode(digest).decode()}
    return {**golden("callback/kie/complete")["headers"], **own}


@pytest.fixture
def job_id(house: House) -> str:
    """Of a cover whose callbacks must be signed."""
    found = house.cover()
    house.set_parameter("kie/hmac-key", SIGNING_KEY)
    return found


def test_where_a_signing_key_is_set_a_signed_callback_is_heard(house: House, job_id: str) -> None:
    assert house.callback("complete", job_id, headers=signed(house, SIGNING_KEY)).status == 200
    assert house.job(job_id).stage is Stage.COMPLETE


@pytest.mark.parametrize("age", [301, -301, 86_400])
def test_a_signature_that_is_too_old_or_of_tomorrow_is_refused(house: House, job_id: str, age: int) -> None:
    assert house.callback("complete", job_id, headers=signed(house, SIGNING_KEY, age=age)).status == 401
    assert house.job(job_id).stage is Stage.NONE


@pytest.mark.parametrize(("key", "task"), [("another key", TASK), (SIGNING_KEY, "someone-elses")])
def test_a_signature_of_another_key_or_task_is_refused(house: House, job_id: str, key: str, task: str) -> None:
    assert house.callback("complete", job_id, headers=signed(house, key, task)).status == 401
    assert house.job(job_id).stage is Stage.NONE


def test_stages_of_the_same_second_are_all_heard(house: House, job_id: str) -> None:
    headers = signed(house, SIGNING_KEY)
    for name, stage in (("text", Stage.TEXT), ("first", Stage.FIRST), ("complete", Stage.COMPLETE)):
        assert house.callback(name, job_id, headers=headers).status == 200
        assert house.job(job_id).stage is stage
    assert len(house.job(job_id).tracks) == 2


def test_a_signed_callback_that_is_replayed_is_answered_and_changes_nothing(house: House, job_id: str) -> None:
    headers = signed(house, SIGNING_KEY)
    house.callback("first", job_id, headers=headers)
    once, lines = house.job(job_id), house.timeline(job_id)
    for _ in range(3):
        assert house.callback("first", job_id, headers=headers).body == {"status": "recorded"}
    assert (house.job(job_id), house.timeline(job_id)) == (once, lines)


def test_another_body_under_a_signature_that_was_heard_is_a_replay_too(house: House, job_id: str) -> None:
    """The signature does not cover the body: without the key, this would add takes of whoever saw it."""
    headers = signed(house, SIGNING_KEY)
    house.callback("complete", job_id, headers=headers)
    once = house.job(job_id)
    body = body_of("callback/kie/complete")
    for row in body["data"]["data"]:
        row |= {"id": f"another-{row['id']}", "audio_url": "https://evil.example/a.mp3"}
    assert house.callback("complete", job_id, headers=headers, body=body).status == 200
    assert house.job(job_id) == once


def test_the_same_stage_signed_anew_is_heard_again(house: House, job_id: str) -> None:
    """A vendor that repeats itself may know more by now."""
    body = body_of("callback/kie/complete")
    links = {row["id"]: row.pop("audio_url") for row in body["data"]["data"][1:]}
    house.callback("complete", job_id, headers=signed(house, SIGNING_KEY, age=2), body=body)
    assert house.callback("complete", job_id, headers=signed(house, SIGNING_KEY)).status == 200
    kept = {track.take.id: track.take.urls for track in house.job(job_id).tracks}
    assert all(links[one] in kept[one] for one in links)
