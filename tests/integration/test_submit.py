"""POST /v1/covers and POST /v1/uploads: what is bought, what is answered, and what is refused unbought."""

import json
from typing import Any

import httpx
import pytest
from reprise.aws import clients
from reprise.domain.job import Stage, State

from tests.golden import KEY, TASK, body_of, golden, request
from tests.integration.house import House, Reply, accepted, encoded

GOOD = body_of("submit")


def refused(house: House, reply: Reply, status: int) -> None:
    """A problem document; nothing stored, nothing paid for, nothing of a stack trace told."""
    assert reply.status == status
    assert reply.headers["content-type"] == "application/problem+json"
    assert reply.body["status"] == status
    assert reply.body["type"].startswith("urn:reprise:problem:")
    assert house.vendor.calls == []
    assert house.items() == []
    assert "Traceback" not in json.dumps(reply.body)


# --- accepted --------------------------------------------------------------------------------------------------


def test_a_cover_is_stored_bought_once_and_answered(house: House) -> None:
    reply = house.http("submit", golden("submit"))
    assert reply.status == 202
    assert reply.body["state"] == "running"
    assert reply.body["task_id"] == TASK
    assert reply.headers["location"] == f"https://covers.example/v1/covers/{reply.body['id']}"
    assert reply.headers["cache-control"] == "no-store"
    assert len(house.vendor.paid) == 1
    job = house.job(reply.body["id"])
    assert (job.state, job.tenant, job.request.metadata) == (State.RUNNING, "owner", {"order": "4711"})


def test_the_vendor_is_given_the_source_and_a_callback_address_of_ours_alone(house: House) -> None:
    job_id = house.cover()
    (paid,) = house.vendor.paid
    assert paid["uploadUrl"] == GOOD["source"]["url"]
    assert paid["callBackUrl"].startswith(f"https://covers.example/callbacks/kie/{job_id}/1/")
    (call,) = house.vendor.calls
    assert call.headers["authorization"] == "Bearer kie-key-of-the-tests"


def test_the_intent_is_in_the_table_before_the_vendor_is_called(house: House) -> None:
    seen: list[str] = []

    def answer(call: httpx.Request) -> httpx.Response:
        job_id = json.loads(call.content)["callBackUrl"].split("/")[5]
        seen.append(house.job(job_id).state)
        return accepted()

    house.vendor.answer = answer
    house.cover()
    assert seen == [State.SUBMITTING]


def test_an_uploaded_song_is_bought_by_a_signed_link(house: House) -> None:
    house.drop("uploads/owner/0a1b2c3d4e5f60718293a4b5c6d7e8f9")
    reply = house.http("submit", golden("submit-from-upload"))
    assert reply.status == 202
    (paid,) = house.vendor.paid
    assert "/uploads/owner/0a1b2c3d4e5f60718293a4b5c6d7e8f9?" in paid["uploadUrl"]
    assert paid["customMode"] is True
    assert paid["vocalGender"] == "f"
    assert paid["styleWeight"] == 0.65


def test_what_the_vendor_cannot_express_is_dropped_and_the_caller_told(house: House) -> None:
    reply = house.submit({**GOOD, "pitch": 3, "output": {"format": "mp3"}})
    assert reply.status == 202
    assert reply.body["dropped"] == ["pitch", "output"]


def test_a_vendor_that_refuses_leaves_a_failed_cover_that_says_why(house: House) -> None:
    house.vendor.answer = lambda _: httpx.Response(200, json={"code": 402, "msg": "no credits", "data": None})
    reply = house.submit()
    assert (reply.status, reply.body["state"]) == (202, "failed")
    assert reply.body["failure"]["reason"] == "no-credit"
    assert house.public_events(reply.body["id"]) == ["cover.failed"]


def test_a_vendor_that_does_not_answer_leaves_a_cover_whose_outcome_is_not_known(house: House) -> None:
    def silence(call: httpx.Request) -> httpx.Response:
        raise httpx.ReadTimeout("silence", request=call)

    house.vendor.answer = silence
    reply = house.submit()
    assert (reply.status, reply.body["state"]) == (202, "submitting")
    assert len(house.vendor.paid) == 1


def test_a_vendor_that_was_not_reached_is_tried_again_later(house: House) -> None:
    def nowhere(call: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("nowhere", request=call)

    house.vendor.answer = nowhere
    reply = house.submit()
    assert (reply.status, reply.body["state"]) == (202, "queued")


def test_an_accident_after_the_job_was_stored_still_answers_with_the_job(house: House) -> None:
    def accident(call: httpx.Request) -> httpx.Response:
        raise RuntimeError("a bug")

    house.vendor.answer = accident
    reply = house.submit()
    assert (reply.status, reply.body["state"]) == (202, "submitting")


def test_a_signed_source_link_is_not_told_to_whoever_reads_the_cover(house: House) -> None:
    url = "https://songs.example.net/a.mp3?X-Amz-Signature=5ec7e7&X-Amz-Credential=who"
    reply = house.submit({**GOOD, "source": {"url": url}})
    assert reply.status == 202
    assert house.vendor.paid[0]["uploadUrl"] == url
    assert "5ec7e7" not in json.dumps(reply.body)


# --- refused ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "field", "rule"),
    [
        ({"source": None}, "source", "type"),
        ({"source": {}}, "source", "required"),
        ({"source": {"url": "https://a.example/a.mp3", "upload": "0" * 32}}, "source", "too-many"),
        ({"source": {"url": "http://songs.example.net/a.mp3"}}, "source.url", "refused"),
        ({"source": {"url": "https://127.0.0.1/a.mp3"}}, "source.url", "refused"),
        ({"source": {"url": "https://169.254.169.254/latest/meta-data"}}, "source.url", "refused"),
        ({"source": {"url": "https://user:pw@songs.example.net/a.mp3"}}, "source.url", "refused"),
        ({"source": {"url": "file:///etc/passwd"}}, "source.url", "refused"),
        ({"source": {"upload": "../../etc/passwd"}}, "source.upload", "malformed"),
        ({"source": {"upload": "f" * 32}}, "source.upload", "missing"),
        ({"prompt": 7}, "prompt", "type"),
        ({"prompt": "p" * 401}, "prompt", "too-long"),
        ({"prompt": "p" * 10_001}, "prompt", "too-long"),
        ({"prompt": "   "}, "prompt", "required"),
        ({"prompt": None}, "prompt", "required"),
        ({"style": "jazz", "title": "t" * 101, "lyrics": "la"}, "title", "too-long"),
        ({"style": "jazz", "title": "t"}, "lyrics", "required"),
        ({"lyrics": "la"}, "style", "required"),
        ({"model": "V99"}, "model", "unknown"),
        ({"provider": "nobody"}, "provider", "unknown"),
        ({"style_weight": 1.01}, "style_weight", "too-large"),
        ({"style_weight": 0.555}, "style_weight", "step"),
        ({"weirdness": "0.5"}, "weirdness", "type"),
        ({"instrumental": "yes"}, "instrumental", "type"),
        ({"vocal_gender": "m"}, "vocal_gender", "not-one-of"),
        ({"pitch": 13}, "pitch", "too-large"),
        ({"pitch": 3, "strict": True}, "pitch", "unsupported"),
        ({"deadline": 59}, "deadline", "too-small"),
        ({"output": {"bitrate": 1}}, "output.bitrate", "too-small"),
        ({"metadata": {"a": 1}}, "metadata.a", "type"),
        ({"metadata": {str(n): "x" for n in range(21)}}, "metadata", "too-many"),
        ({"tempo": 90}, "tempo", "unknown"),
        ({"when_unknown": "pray"}, "when_unknown", "not-one-of"),
    ],
)
def test_a_bad_request_names_field_and_rule_and_costs_nothing(
    house: House, change: dict[str, Any], field: str, rule: str
) -> None:
    reply = house.submit({**GOOD, **change}, key="k")
    refused(house, reply, 422)
    assert (field, rule) in reply.rules


def test_every_fault_of_a_request_is_named_at_once(house: House) -> None:
    reply = house.submit({"source": {"url": "https://a.example/a.mp3"}, "pitch": 99, "tempo": 1, "weirdness": 2})
    assert {field for field, _ in reply.rules} == {"pitch", "tempo", "weirdness"}


def test_a_text_that_is_too_long_is_told_its_length_and_the_limit(house: House) -> None:
    (fault,) = house.submit({**GOOD, "prompt": "é" * 401}).body["errors"]
    assert (fault["length"], fault["limit"]) == (401, 400)


def test_a_field_that_is_missing_has_no_length(house: House) -> None:
    (fault,) = house.submit({"prompt": "jazz"}).body["errors"]
    assert (fault["field"], fault["rule"]) == ("source", "required")
    assert "length" not in fault


@pytest.mark.parametrize(
    "body",
    [
        "",
        "not json",
        '{"prompt": "cut',
        "[]",
        '"text"',
        "null",
        '{"style_weight": NaN}',
        '{"pitch": Infinity}',
        '{"prompt": "\\ud800"}',
        '{"\\udfff": 1}',
        "[" * 100_000,
        '{"a":' * 50_000,
        '{"pitch": ' + "9" * 5_000 + "}",
    ],
    ids=lambda body: body[:24] or "empty",
)
def test_a_body_that_cannot_be_read_is_malformed(house: House, body: str) -> None:
    reply = house.http("submit", {**request("submit"), "body": body})
    refused(house, reply, 400)


@pytest.mark.parametrize("body", [b"\xff\xfe\x00{", b'{"prompt": "caf\xe9"}', b"RIFF\x00\x00\x80\x81WAVE"])
def test_a_body_that_is_not_utf_8_is_malformed(house: House, body: bytes) -> None:
    reply = house.http("submit", {**request("submit"), **encoded(body)})
    refused(house, reply, 400)


def test_a_body_that_came_in_base64_is_read_all_the_same(house: House) -> None:
    reply = house.http("submit", {**request("submit"), **encoded(json.dumps(GOOD).encode())})
    assert reply.status == 202


def test_a_request_without_a_body_is_malformed(house: House) -> None:
    event = request("submit")
    del event["body"]
    refused(house, house.http("submit", event), 400)


@pytest.mark.parametrize("binary", [False, True])
def test_a_huge_body_is_too_large(house: House, binary: bool) -> None:
    body = json.dumps({**GOOD, "prompt": "p" * 1_000_001})
    event = {**request("submit"), **(encoded(body.encode()) if binary else {"body": body})}
    reply = house.http("submit", event)
    refused(house, reply, 413)


@pytest.mark.parametrize(
    "header", [None, "", "Bearer", "Bearer ", "Bearer wrong", f"Basic {KEY}", KEY, f"Bearer {KEY}x", "Bearer \u00e9"]
)
def test_without_a_key_that_we_know_nobody_gets_in(house: House, header: str | None) -> None:
    reply = house.submit(authorization=header)
    refused(house, reply, 401)
    assert reply.headers["www-authenticate"] == "Bearer"


@pytest.mark.parametrize("scheme", ["bearer", "BEARER", "Bearer"])
def test_the_scheme_may_be_written_as_one_likes(house: House, scheme: str) -> None:
    assert house.submit(authorization=f"{scheme} {KEY}").status == 202


def test_the_key_is_checked_before_the_body_is_read(house: House) -> None:
    reply = house.http("submit", request("submit", "not json", {"authorization": None}))
    refused(house, reply, 401)


def test_a_provider_without_a_key_is_switched_off_and_says_where_to_put_one(house: House) -> None:
    clients.ssm().delete_parameter(Name=f"{house.stack.parameters}/kie/api-key")
    reply = house.submit()
    refused(house, reply, 503)
    assert "/reprise/reprise/kie/api-key" in reply.body["detail"]


@pytest.mark.parametrize(("method", "path"), [("GET", "/v1/covers"), ("POST", "/v1/nothing"), ("PUT", "/v1/covers")])
def test_a_path_that_we_do_not_have_is_not_found(house: House, method: str, path: str) -> None:
    event = request("submit")
    event["rawPath"] = event["requestContext"]["http"]["path"] = path
    event["requestContext"]["http"]["method"] = method
    event["routeKey"] = f"{method} {path}"
    refused(house, house.http("submit", event), 404)


def test_our_own_trouble_is_told_to_nobody(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TABLE", "no-such-table")
    reply = house.submit()
    assert reply.status == 500
    assert "no-such-table" not in json.dumps(reply.body)
    assert "ResourceNotFound" not in json.dumps(reply.body)


# --- Idempotency-Key -------------------------------------------------------------------------------------------


def test_the_same_key_and_body_answers_with_the_same_cover_and_buys_nothing(house: House) -> None:
    first = house.submit(key="order-1")
    again = house.submit(key="order-1")
    assert (again.status, again.body["id"]) == (202, first.body["id"])
    assert again.headers["idempotent-replayed"] == "true"
    assert "idempotent-replayed" not in first.headers
    assert len(house.vendor.paid) == 1


def test_a_body_spelled_otherwise_is_the_same_body(house: House) -> None:
    first = house.submit(GOOD, key="order-1")
    shuffled = json.dumps(dict(reversed(GOOD.items())), indent=4)
    assert house.submit(shuffled, key="order-1").body["id"] == first.body["id"]


def test_the_same_key_with_another_body_is_refused(house: House) -> None:
    house.submit(key="order-1")
    reply = house.submit({**GOOD, "prompt": "something else"}, key="order-1")
    assert (reply.status, reply.body["type"]) == (422, "urn:reprise:problem:key-reused")
    assert len(house.vendor.paid) == 1


def test_while_the_first_request_runs_the_second_is_told_to_wait(house: House) -> None:
    replies: list[Reply] = []

    def meanwhile(_: httpx.Request) -> httpx.Response:
        house.vendor.answer = lambda _: accepted()
        replies.append(house.submit(key="order-1"))
        return accepted()

    house.vendor.answer = meanwhile
    first = house.submit(key="order-1")
    assert first.status == 202
    assert [(reply.status, reply.body["type"]) for reply in replies] == [(409, "urn:reprise:problem:still-running")]
    assert replies[0].headers["retry-after"] == "2"
    assert len(house.vendor.paid) == 1


def test_when_the_first_request_died_the_second_gets_its_cover_and_buys_nothing(house: House) -> None:
    def silence(call: httpx.Request) -> httpx.Response:
        raise httpx.ReadTimeout("silence", request=call)

    house.vendor.answer = silence
    first = house.submit(key="order-1")
    house.clock.sleep(31)
    again = house.submit(key="order-1")
    assert (again.status, again.body["id"], again.body["state"]) == (202, first.body["id"], "submitting")
    assert len(house.vendor.paid) == 1


def test_the_key_of_a_deleted_cover_is_gone(house: House) -> None:
    job_id = house.submit(key="order-1").body["id"]
    house.http("manage", request("manage-cancel", id=job_id))
    assert house.http("manage", request("manage-delete", id=job_id)).status == 204
    assert house.submit(key="order-1").status == 410
    assert len(house.vendor.paid) == 1


def test_another_tenants_key_of_the_same_name_is_another_key(house: House) -> None:
    house.new_tenant("acme", "rk_of-acme")
    first = house.submit(key="order-1")
    second = house.submit({**GOOD, "prompt": "other"}, key="order-1", authorization="Bearer rk_of-acme")
    assert second.status == 202
    assert second.body["id"] != first.body["id"]


@pytest.mark.parametrize("key", ["", "k" * 256, "caf\u00e9", "a\tb"])
def test_a_key_that_is_no_key_is_refused(house: House, key: str) -> None:
    reply = house.submit(key=key)
    refused(house, reply, 422)
    assert reply.rules == {("Idempotency-Key", "malformed")}


# --- uploads ---------------------------------------------------------------------------------------------------


def test_an_upload_is_offered_as_a_form_for_the_bucket_of_songs(house: House) -> None:
    reply = house.http("submit", golden("submit-upload"))
    assert reply.status == 201
    assert reply.body["fields"]["key"] == f"uploads/owner/{reply.body['upload']}"
    assert reply.body["fields"]["Content-Type"] == "audio/mpeg"
    assert reply.body["max_bytes"] == 100_000_000
    assert "reprise-inbox" in reply.body["url"]


def test_what_was_uploaded_under_the_offer_can_be_covered(house: House) -> None:
    upload = house.http("submit", golden("submit-upload")).body
    house.drop(upload["fields"]["key"])
    assert house.submit({**GOOD, "source": {"upload": upload["upload"]}}).status == 202


def test_what_another_tenant_uploaded_is_not_there(house: House) -> None:
    house.drop(f"uploads/acme/{'f' * 32}")
    reply = house.submit({**GOOD, "source": {"upload": "f" * 32}})
    assert reply.rules == {("source.upload", "missing")}


@pytest.mark.parametrize(
    "body", [{}, {"content_type": "text/html"}, {"content_type": "audio/mpeg", "x": 1}, {"content_type": "audio/\n"}]
)
def test_only_songs_are_taken(house: House, body: dict[str, Any]) -> None:
    refused(house, house.http("submit", request("submit-upload", body)), 422)


def test_uploads_too_need_a_key(house: House) -> None:
    refused(house, house.http("submit", request("submit-upload", headers={"authorization": None})), 401)


# --- what becomes of a callback meanwhile ------------------------------------------------------------------------


def test_a_callback_that_comes_before_the_vendors_answer_is_not_lost(house: House) -> None:
    def answer(call: httpx.Request) -> httpx.Response:
        job_id = json.loads(call.content)["callBackUrl"].split("/")[5]
        assert house.callback("first", job_id).status == 200
        return accepted()

    house.vendor.answer = answer
    reply = house.submit()
    job = house.job(reply.body["id"])
    assert (job.state, job.stage, job.task_id) == (State.RUNNING, Stage.FIRST, TASK)
    assert house.public_events(job.id) == ["cover.submitted", "cover.text"]
