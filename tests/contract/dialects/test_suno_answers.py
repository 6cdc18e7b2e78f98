"""What clients of kie.ai and sunoapi.org hear from us: answers, records and callbacks."""

from collections.abc import Mapping
from dataclasses import replace
from json import dumps, loads
from typing import Any
from uuid import UUID

import pytest
from reprise.dialects.dialect import Notice
from reprise.domain.facts import Accepted, Broke, Pending, Progress
from reprise.domain.job import ErrorClass, Job, Stage
from reprise.domain.violation import Violation
from reprise.errors import InvalidError
from reprise.ports import CallbackMessage, Order
from reprise.providers import build
from reprise.providers.client import Answer, File, VendorSettings

from tests.contract.dialects.suno import (
    ARCHIVING,
    BOTH,
    CANCELED,
    DONE,
    FIRST,
    INSTRUMENTAL,
    LYRICS,
    PENDING,
    RECORD,
    SIMPLE,
    SUBMIT,
    SUNG,
    TEXT,
    a_job,
    a_track,
    dialect,
    each,
    failed,
    knock,
    knocked,
    link,
    parsed,
)
from tests.factories import NOW, a_request
from tests.golden import JOB, golden


def golden_job(shop: str, changes: Mapping[str, Any]) -> Job:
    return a_job(shop, loads(knocked(shop, "submit").body), **changes)


def record(shop: str, job: Job) -> dict[str, Any]:
    reply = dialect(shop).status(job, link)
    assert (reply.status, reply.body["code"], reply.body["msg"]) == (200, 200, "success")
    return dict(reply.body["data"])


def callbacks(shop: str, job: Job) -> dict[str, Any]:
    return {str(one.notice): one.body for one in dialect(shop).callbacks(job, link)}


@each
def test_golden_answers(shop: str) -> None:
    one, done = dialect(shop), golden_job(shop, DONE)
    assert one.accepted(golden_job(shop, PENDING)).body == golden(f"dialects/{shop}/submit.answer")
    assert one.status(done, link).body == golden(f"dialects/{shop}/status.answer")
    assert one.balance(4711.5).body == golden(f"dialects/{shop}/balance.answer")


@each
def test_golden_callbacks(shop: str) -> None:
    heard = callbacks(shop, golden_job(shop, DONE)) | callbacks(shop, golden_job(shop, failed("source-unfetchable")))
    assert heard == {str(one): golden(f"dialects/{shop}/{one}.callback") for one in Notice}


STAGES = {
    "pending": (PENDING, "PENDING", []),
    "text": (TEXT, "TEXT_SUCCESS", ["text"]),
    "first": (FIRST, "FIRST_SUCCESS", ["text", "first"]),
    "first known, not kept": ({**FIRST, "tracks": (), "first_announced": False}, "TEXT_SUCCESS", ["text"]),
    "kept, not announced": ({**FIRST, "first_announced": False}, "TEXT_SUCCESS", ["text"]),
    "archiving": (ARCHIVING, "FIRST_SUCCESS", ["text", "first"]),
    "succeeded": (DONE, "SUCCESS", ["text", "first", "complete"]),
    "canceled": (CANCELED, "GENERATE_AUDIO_FAILED", ["text", "error"]),
    "failed at once": (failed("auth"), "GENERATE_AUDIO_FAILED", ["error"]),
    "failed after the text": (failed("deadline", stage=Stage.TEXT), "GENERATE_AUDIO_FAILED", ["text", "error"]),
    "refused content": (failed("content-refused"), "SENSITIVE_WORD_ERROR", ["error"]),
}


@each
@pytest.mark.parametrize(("changes", "word", "heard"), STAGES.values(), ids=STAGES)
def test_every_stage_has_a_word_and_its_callbacks(shop: str, changes: Any, word: str, heard: list[str]) -> None:
    job = a_job(shop, **changes)
    assert record(shop, job)["status"] == word
    told = callbacks(shop, job)
    assert list(told) == heard
    assert all(body["data"]["callbackType"] == kind for kind, body in told.items())
    assert all(body["data"]["task_id"] == JOB for body in told.values())
    assert all((body["code"] == 200) is (kind != "error") for kind, body in told.items())


@each
def test_a_record_has_tracks_once_they_can_be_heard(shop: str) -> None:
    assert record(shop, a_job(shop, **PENDING))["response"] is None
    for changes, count in ((TEXT, 0), (FIRST, 1), (DONE, 2), (failed("auth", tracks=BOTH), 0)):
        response = record(shop, a_job(shop, **changes))["response"]
        assert (response["taskId"], len(response["sunoData"])) == (JOB, count)


@each
def test_only_a_failed_record_has_an_error(shop: str) -> None:
    for changes in (PENDING, TEXT, FIRST, DONE):
        found = record(shop, a_job(shop, **changes))
        assert (found["errorCode"], found["errorMessage"]) == (None, None)
    for changes in (failed("auth"), failed("content-refused"), CANCELED):
        found = record(shop, a_job(shop, **changes))
        assert isinstance(found["errorCode"], int)
        assert found["errorMessage"]


@each
def test_what_was_called_back_once_is_called_back_the_same_later(shop: str) -> None:
    early = callbacks(shop, a_job(shop, **FIRST))
    late = callbacks(shop, a_job(shop, **DONE))
    assert {kind: late[kind] for kind in early} == early


@each
def test_every_link_to_audio_is_ours(shop: str) -> None:
    job = a_job(shop, **DONE)
    rows = record(shop, job)["response"]["sunoData"]
    names = ("audioUrl", "sourceAudioUrl", "streamAudioUrl", "sourceStreamAudioUrl")
    assert [{row[name] for name in names} for row in rows] == [{link(job, track)} for track in BOTH]


@each
def test_a_track_without_an_id_gets_one_that_stays(shop: str) -> None:
    nameless = (a_track(1, id=""), a_track(2, id=""))
    first, later = (a_job(shop, **{**changes, "tracks": nameless}) for changes in (FIRST, DONE))
    ids = [row["id"] for row in record(shop, later)["response"]["sunoData"]]
    assert len(set(ids)) == 2
    assert [len(one) for one in ids] == [36, 36]
    assert callbacks(shop, first)["first"]["data"]["data"][0]["id"] == ids[0]


@each
@pytest.mark.parametrize(
    "take", ["gen-000000000000000001", "fDB0uO0pZaHeGlQQTIjFA", "1f0c1d2e3b4a59687786950413223140"]
)
def test_an_id_that_is_no_uuid_is_not_told(shop: str, take: str) -> None:
    strange, nameless = (a_job(shop, **{**DONE, "tracks": (a_track(1, id=one),)}) for one in (take, ""))
    told = record(shop, strange)["response"]["sunoData"][0]["id"]
    assert str(UUID(told)) == told == record(shop, nameless)["response"]["sunoData"][0]["id"]


WORDS = [
    (SUNG, LYRICS, LYRICS),
    (SUNG, None, SUNG["prompt"]),
    (SIMPLE, LYRICS, LYRICS),
    (INSTRUMENTAL, None, "[Instrumental]"),
    (SIMPLE, None, ""),
]


@each
@pytest.mark.parametrize(("body", "told", "prompt"), WORDS)
def test_a_row_shows_what_is_sung(shop: str, body: Any, told: str | None, prompt: str) -> None:
    job = a_job(shop, body, **{**DONE, "lyrics": told})
    assert {row["prompt"] for row in record(shop, job)["response"]["sunoData"]} == {prompt}


@each
def test_a_row_holds_texts_where_nothing_is_known(shop: str) -> None:
    bare = (a_track(1, title=None, image_url=None),)
    row = record(shop, a_job(shop, SIMPLE, **{**DONE, "tracks": bare}))["response"]["sunoData"][0]
    assert (row["title"], row["tags"], row["imageUrl"], row["sourceImageUrl"]) == ("", "", "", "")


@each
def test_a_job_of_another_door_has_a_record_too(shop: str) -> None:
    job = replace(a_job(shop, **DONE), request=a_request())
    found = record(shop, job)
    assert (found["param"], found["type"], found["status"]) == ("{}", "chirp", "SUCCESS")


@each
def test_a_job_that_its_provider_took_was_accepted_whatever_came_of_it(shop: str) -> None:
    for changes in ({}, PENDING, DONE, CANCELED, failed("no-credit"), failed("content-refused")):
        assert dialect(shop).accepted(a_job(shop, **changes)).body == {
            "code": 200,
            "msg": "success",
            "data": {"taskId": JOB},
        }


@each
@pytest.mark.parametrize("shown", [4711, 0, -3])
def test_a_balance_is_a_whole_number(shop: str, shown: int) -> None:
    body = dialect(shop).balance(shown + 0.7).body
    assert body == {"code": 200, "msg": "success", "data": shown}


@each
@pytest.mark.parametrize("amount", [None, float("nan"), float("inf")])
def test_an_unknown_balance_is_not_an_empty_account(shop: str, amount: float | None) -> None:
    body = dialect(shop).balance(amount).body
    assert (body["code"], body["data"]) == (200, 1_000_000)


CANONICAL = {
    "source": "uploadUrl",
    "source.url": "uploadUrl",
    "lyrics": "prompt",
    "negative_style": "negativeTags",
    "audio_weight": "audioWeight",
    "title": "title",
}


@each
@pytest.mark.parametrize(("ours", "vendors"), CANONICAL.items())
def test_rules_of_the_house_are_told_by_the_vendors_names(shop: str, ours: str, vendors: str) -> None:
    error = InvalidError(Violation(ours, "too-large", "9 bytes"))
    reply = dialect(shop).refusal(error, knock({}))
    assert reply.body == {"code": {"kie": 422, "sunoapi": 400}[shop], "msg": f"{vendors}: 9 bytes", "data": None}
    assert dialect(shop).refusal(InvalidError(), knock({})).body["code"] != 200


class Wire:
    """Answers our own client of the vendor as the dialect would."""

    def __init__(self, shop: str, job: Job) -> None:
        self._one, self._job = dialect(shop), job

    def send(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str],
        json: Mapping[str, Any] | None = None,
        params: Mapping[str, str] | None = None,
        form: Mapping[str, str] | None = None,
        files: Mapping[str, File] | None = None,
    ) -> Answer:
        path = "/" + url.split("/", 3)[3]
        answers = {SUBMIT: self._one.accepted(self._job), RECORD: self._one.status(self._job, link)}
        reply = answers.get(path, self._one.balance(99))
        return Answer(reply.status, dumps(reply.body).encode())


MEANT = {
    "pending": (PENDING, [], Stage.NONE),
    "text": (TEXT, [Stage.TEXT], Stage.TEXT),
    "first": (FIRST, [Stage.TEXT, Stage.FIRST], Stage.FIRST),
    "done": (DONE, [Stage.TEXT, Stage.FIRST, Stage.COMPLETE], Stage.COMPLETE),
}


@each
@pytest.mark.parametrize(("changes", "pushed", "polled"), MEANT.values(), ids=MEANT)
def test_our_own_client_of_the_vendor_understands_us(
    shop: str, changes: Any, pushed: list[Stage], polled: Stage
) -> None:
    job = a_job(shop, **changes)
    client = build(shop, VendorSettings(api_key="rk_x"), Wire(shop, job))
    order = Order(1, parsed(shop, SUNG), "https://files.example.net/a.mp3", "https://gw.example.net/cb", "V5")
    assert client.submit(order) == Accepted(1, JOB)
    assert client.balance() == 99
    bodies = [dumps(body).encode() for body in callbacks(shop, job).values()]
    heard = [client.hear(CallbackMessage(1, body), NOW) for body in bodies]
    assert [fact.stage for fact in heard if isinstance(fact, Progress)] == pushed
    found = client.poll(JOB, 1)
    assert (found.stage if isinstance(found, Progress) else Stage.NONE) is polled
    assert isinstance(found, Pending if polled is Stage.NONE else Progress)


@each
@pytest.mark.parametrize("reason", ["content-refused", "source-unfetchable", "retry-later"])
def test_our_own_client_of_the_vendor_understands_a_failure(shop: str, reason: str) -> None:
    job = a_job(shop, **failed(reason, message="it violates a policy"))
    client = build(shop, VendorSettings(api_key="rk_x"), Wire(shop, job))
    body = dumps(callbacks(shop, job)["error"]).encode()
    for fact in (client.hear(CallbackMessage(1, body), NOW), client.poll(JOB, 1)):
        assert isinstance(fact, Broke)
        assert fact.error.kind is ErrorClass(reason)
