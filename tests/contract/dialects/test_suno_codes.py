"""The two shops' codes: what is the same number may mean another thing next door."""

from collections.abc import Mapping
from dataclasses import replace

import pytest
from reprise import errors
from reprise.dialects.suno_record import PLAIN
from reprise.domain.job import ErrorClass, Leg, OwnReason
from reprise.domain.key import Scope
from reprise.domain.violation import Violation
from reprise.errors import InvalidError

from tests.contract.dialects.suno import (
    CANCELED,
    RECORD,
    SHOPS,
    SUBMIT,
    a_job,
    dialect,
    each,
    failed,
    knock,
    link,
    refused,
)
from tests.factories import SPENT

REASONS = (*ErrorClass, *OwnReason, "one of the future")
"""All that a job fails for."""

SUBMIT_CODES: Mapping[str, dict[str, int]] = {
    "kie": {
        "fix-request": 422,
        "content-refused": 422,
        "source-unfetchable": 451,
        "no-credit": 402,
        "rate-limited": 429,
        "retry-later": 455,
    },
    "sunoapi": {
        "fix-request": 400,
        "content-refused": 400,
        "source-unfetchable": 400,
        "no-credit": 429,
        "rate-limited": 430,
        "retry-later": 455,
    },
}
"""All others are 500: whether the job exists is not known, or not the caller's business."""

TASK_CODES: Mapping[str, dict[str, int]] = {
    "kie": {
        "fix-request": 422,
        "content-refused": 400,
        "source-unfetchable": 451,
        "rate-limited": 408,
        "deadline": 408,
    },
    "sunoapi": {"fix-request": 400, "content-refused": 400, "source-unfetchable": 451},
}
OTHERWISE = {"kie": 501, "sunoapi": 500}
MESSAGE = {"kie": "Audio generation failed.", "sunoapi": "Audio covering failed"}
ROWS: Mapping[str, list[object] | None] = {"kie": [], "sunoapi": None}

CALLERS = ("fix-request", "content-refused")


@each
@pytest.mark.parametrize("reason", REASONS)
def test_a_job_that_failed_at_once_is_an_error_of_the_submit(shop: str, reason: str) -> None:
    reply = dialect(shop).accepted(a_job(shop, **refused(reason, "4711", "the words of the provider")))
    code = SUBMIT_CODES[shop].get(reason, 500)
    assert (reply.status, reply.body["code"], reply.body["data"]) == (200, code, None)
    assert (reply.body["msg"] == "the words of the provider") is (reason in CALLERS)


@pytest.mark.parametrize(("shop", "code"), [("kie", 402), ("sunoapi", 429)])
def test_an_empty_account_is_told_in_the_vendors_own_words(shop: str, code: int) -> None:
    body = dialect(shop).accepted(a_job(shop, **refused("no-credit"))).body
    assert body == {"code": code, "msg": "The current credits are insufficient. Please top up.", "data": None}


@each
@pytest.mark.parametrize("reason", REASONS)
def test_a_task_that_failed_says_the_same_in_its_record_and_its_callback(shop: str, reason: str) -> None:
    job = a_job(shop, **failed(reason, "4711", "the words of the provider"))
    found = dialect(shop).status(job, link).body["data"]
    told = dialect(shop).callbacks(job, link)[-1].body
    words = {"source-unfetchable": "Can't fetch the uploaded audio."} | dict.fromkeys(
        CALLERS, "the words of the provider"
    )
    words |= {reason: PLAIN[reason] for reason in PLAIN}
    code, message = TASK_CODES[shop].get(reason, OTHERWISE[shop]), words.get(reason, MESSAGE[shop])
    assert (found["errorCode"], found["errorMessage"]) == (code, message)
    assert told == {
        "code": code,
        "msg": message,
        "data": {"callbackType": "error", "task_id": job.id, "data": ROWS[shop]},
    }


@each
def test_a_providers_own_code_is_kept_where_the_shop_has_it_for_this_reason(shop: str) -> None:
    for reason, code, told in (("content-refused", "413", 413), ("source-unfetchable", "413", 451)):
        job = a_job(shop, **failed(reason, code))
        assert dialect(shop).status(job, link).body["data"]["errorCode"] == told


SAME_SHOP = [
    ("kie", "retry-later", "408", 408),
    ("kie", "retry-later", "531", 531),
    ("kie", "retry-later", "500", 500),
    ("kie", "retry-later", "not-sent", 501),
    ("kie", "retry-later", "400", 501),
    ("kie", "auth", "401", 501),
    ("kie", "content-refused", "413", 413),
    ("sunoapi", "retry-later", "500", 500),
    ("sunoapi", "retry-later", "531", 500),
    ("sunoapi", "fix-request", "400", 400),
]


@pytest.mark.parametrize(("shop", "reason", "code", "told"), SAME_SHOP)
def test_a_task_that_failed_at_the_same_shop_is_told_by_its_own_code(
    shop: str, reason: str, code: str, told: int
) -> None:
    job = a_job(shop, **failed(reason, code))
    assert dialect(shop).status(job, link).body["data"]["errorCode"] == told
    assert dialect(shop).callbacks(job, link)[-1].body["code"] == told


def test_another_shops_code_is_not_told_as_this_ones() -> None:
    job = replace(a_job("kie", **failed("retry-later", "531")), leg=Leg("sunoapi"))
    assert dialect("kie").status(job, link).body["data"]["errorCode"] == 501
    at_once = replace(a_job("sunoapi", **refused("fix-request", "413")), leg=Leg("kie"))
    assert dialect("sunoapi").accepted(at_once).body["code"] == 400


SAME_SHOP_AT_ONCE = [
    ("kie", "fix-request", "409", 409),
    ("kie", "rate-limited", "433", 433),
    ("kie", "fix-request", "400", 422),
    ("kie", "auth", "401", 500),
    ("kie", "ambiguous", "408", 500),
    ("sunoapi", "fix-request", "413", 413),
    ("sunoapi", "rate-limited", "405", 405),
    ("sunoapi", "source-unfetchable", "451", 400),
    ("sunoapi", "rate-limited", "429", 430),  # of an edge proxy: 429 would say that there is no credit
]


@pytest.mark.parametrize(("shop", "reason", "code", "told"), SAME_SHOP_AT_ONCE)
def test_a_submit_that_the_same_shop_refused_is_told_by_its_own_code(
    shop: str, reason: str, code: str, told: int
) -> None:
    assert dialect(shop).accepted(a_job(shop, **refused(reason, code))).body["code"] == told


@pytest.mark.parametrize("provider", ["sunoapi", "kie"])
def test_an_existing_work_is_413_in_sunoapis_record_and_400_in_its_callback(provider: str) -> None:
    words = "Uploaded audio matches existing work of art"
    for code in ("413", "400"):
        job = replace(a_job("sunoapi", **failed("content-refused", code, words)), leg=Leg(provider))
        assert dialect("sunoapi").status(job, link).body["data"]["errorCode"] == 413
        assert dialect("sunoapi").callbacks(job, link)[-1].body["code"] == 400


@each
@pytest.mark.parametrize(("reason", "words"), [("no-credit", "insufficient"), ("submit-unknown", "not known whether")])
def test_a_person_is_told_of_an_empty_account_and_of_a_doubtful_submit(shop: str, reason: str, words: str) -> None:
    job = a_job(shop, **failed(reason))
    assert words in dialect(shop).status(job, link).body["data"]["errorMessage"]
    assert words in dialect(shop).callbacks(job, link)[-1].body["msg"]


@each
def test_a_canceled_job_is_an_error_without_a_failure(shop: str) -> None:
    told = dialect(shop).callbacks(a_job(shop, **CANCELED), link)[-1].body
    assert (told["code"], told["msg"]) == (OTHERWISE[shop], "The task was canceled.")


@each
def test_a_message_tells_no_secret(shop: str) -> None:
    words = "uploadUrl https://inbox.example/1?X-Amz-Signature=5ec4e75ec4e7 is no song"
    for changes in (failed("fix-request", message=words), refused("fix-request", message=words)):
        job = a_job(shop, **changes)
        one = dialect(shop)
        assert "5ec4e7" not in str([one.status(job, link), one.callbacks(job, link), one.accepted(job)])


def _all_errors(root: type[Exception]) -> set[type[Exception]]:
    below = {kind for one in root.__subclasses__() for kind in _all_errors(one)}
    return {root, *below}


BODY_FAULT, PROMPT_FAULT = (InvalidError(Violation(name, "too-long", "9 of 8")) for name in ("title", "prompt"))
REFUSALS: list[tuple[Exception, str, int, int]] = [
    (errors.UnauthenticatedError("no key"), SUBMIT, 401, 401),
    (errors.UnauthenticatedError("no key"), RECORD, 401, 401),
    (errors.ForbiddenError(Scope.SUBMIT), SUBMIT, 401, 401),
    (errors.ForbiddenError(Scope.READ), RECORD, 401, 401),
    (SPENT, SUBMIT, 402, 429),
    (errors.TooManyRequestsError(9), SUBMIT, 429, 430),
    (errors.TooManyRequestsError(9), RECORD, 429, 430),
    (errors.MalformedError("not JSON"), SUBMIT, 422, 400),
    (BODY_FAULT, SUBMIT, 422, 400),
    (PROMPT_FAULT, SUBMIT, 422, 413),
    (errors.TooLargeError("at most"), SUBMIT, 422, 413),
    (errors.KeyReusedError("other body"), SUBMIT, 422, 400),
    (errors.NotAllowedError("not now"), SUBMIT, 422, 400),
    (errors.RequestError("mend it"), SUBMIT, 422, 400),
    (errors.GoneError("deleted"), SUBMIT, 422, 400),
    (errors.NotFoundError("no such path"), SUBMIT, 404, 404),
    (errors.NotFoundError("no such path"), "/api/v1/lyrics", 404, 404),
    (errors.NotFoundError("no such job"), RECORD, 422, 422),
    (errors.GoneError("deleted"), RECORD, 422, 422),
    (errors.StillRunningError("wait"), SUBMIT, 429, 430),
    (errors.ConflictError("again"), SUBMIT, 429, 430),
    (errors.TryAgainError("again"), SUBMIT, 429, 430),
    (errors.UnrecordedError("task-1 secret"), SUBMIT, 500, 500),
    (errors.ForgedCallbackError("secret"), SUBMIT, 500, 500),
    (errors.FetchError("secret"), SUBMIT, 500, 500),
    (errors.ForbiddenAddressError("secret"), SUBMIT, 500, 500),
    (errors.UnusableAudioError("secret"), SUBMIT, 500, 500),
    (errors.ConfigurationError("secret"), SUBMIT, 500, 500),
    (errors.RepriseError("secret"), SUBMIT, 500, 500),
    (RuntimeError("secret"), SUBMIT, 500, 500),
]


@pytest.mark.parametrize("place", range(len(SHOPS)), ids=SHOPS)
@pytest.mark.parametrize(("error", "path", "kie", "sunoapi"), REFUSALS, ids=lambda one: type(one).__name__)
def test_every_error_has_a_code(error: Exception, path: str, kie: int, sunoapi: int, place: int) -> None:
    reply = dialect(SHOPS[place]).refusal(error, knock({}, path))
    assert (reply.status, reply.body["code"], reply.body["data"]) == (200, (kie, sunoapi)[place], None)
    assert reply.body["msg"]
    assert "secret" not in reply.body["msg"]


TABLES = {
    "kie": {401, 402, 404, 409, 422, 429, 451, 455, 500},
    "sunoapi": {400, 401, 404, 405, 413, 429, 430, 455, 500},
}
"""The codes of an answer that is no success, as the vendors' pages list them."""

MADE: dict[type[Exception], Exception] = {
    type(one): one for one in (InvalidError(), SPENT, errors.ForbiddenError(Scope.READ), errors.TooManyRequestsError(9))
}
"""Errors that take more than words."""


@each
def test_no_error_of_ours_is_told_by_a_code_that_the_vendor_has_not(shop: str) -> None:
    for kind in _all_errors(errors.RepriseError):
        error = MADE.get(kind) or kind("secret")
        code = dialect(shop).refusal(error, knock({})).body["code"]
        assert code in TABLES[shop], kind
        assert issubclass(kind, errors.RequestError | errors.TryAgainError) or code == 500, kind


@each
def test_no_submit_fails_by_a_code_that_the_vendor_has_not(shop: str) -> None:
    codes = {dialect(shop).accepted(a_job(shop, **refused(reason))).body["code"] for reason in REASONS}
    assert codes <= TABLES[shop]


@each
def test_the_vendors_own_words_for_no_key_and_for_no_record(shop: str) -> None:
    denied = dialect(shop).refusal(errors.UnauthenticatedError(""), knock({}))
    assert denied.body["msg"] == "You do not have access permissions"
    unknown = dialect(shop).refusal(errors.NotFoundError(""), knock({}, RECORD))
    assert unknown.body == {"code": 422, "msg": "recordInfo is null", "data": None}
