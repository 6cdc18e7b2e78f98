"""sunoapi.org's own ways: kie.ai's wire, but codes that mean something else, each by its place."""

from typing import Any

import pytest
from reprise.domain.assess import SourceFacts, assess
from reprise.domain.capabilities import Length, SourceLimits
from reprise.domain.facts import Broke, Refused, Unknown
from reprise.domain.job import ErrorClass as E
from reprise.domain.job import Stage
from reprise.ports import CallbackMessage
from reprise.providers.client import NoAnswerError, NotSentError, VendorSettings
from reprise.providers.kie import Kie
from reprise.providers.sunoapi import CAPABILITIES, LIMITS, SunoApi

from tests.contract.vendors.samples import TASK, ScriptedHttp, an_order, says
from tests.contract.vendors.sunoapi import EXISTING, UNFETCHED, called, failed
from tests.factories import NOW, a_request


def classed(vendor: type[SunoApi | Kie], code: int, status: int = 200) -> E:
    """AMBIGUOUS stands for a submit that nobody may repeat."""
    http = ScriptedHttp(says({"code": code, "msg": "no", "data": None}, status))
    fact = vendor(VendorSettings("key"), http).submit(an_order(a_request(), "sunoapi"))
    assert isinstance(fact, Refused | Unknown)
    return fact.error.kind if isinstance(fact, Refused) else E.AMBIGUOUS


@pytest.mark.parametrize(
    ("code", "here", "at_kie"),
    [
        (400, E.FIX_REQUEST, E.AMBIGUOUS),
        (401, E.AUTH, E.AUTH),
        (402, E.AMBIGUOUS, E.NO_CREDIT),
        (404, E.FIX_REQUEST, E.FIX_REQUEST),
        (405, E.RATE_LIMITED, E.AMBIGUOUS),
        (413, E.FIX_REQUEST, E.AMBIGUOUS),
        (422, E.AMBIGUOUS, E.FIX_REQUEST),
        (429, E.NO_CREDIT, E.RATE_LIMITED),
        (430, E.RATE_LIMITED, E.AMBIGUOUS),
        (433, E.AMBIGUOUS, E.RATE_LIMITED),
        (455, E.RETRY_LATER, E.RETRY_LATER),
        (500, E.AMBIGUOUS, E.AMBIGUOUS),
    ],
)
@pytest.mark.parametrize("http_too", [False, True])
def test_a_code_at_submit_means_what_the_vendor_of_the_answer_says(
    code: int, here: E, at_kie: E, *, http_too: bool
) -> None:
    status = code if http_too else 200
    assert (classed(SunoApi, code, status), classed(Kie, code, status)) == (here, at_kie)


@pytest.mark.parametrize(
    ("code", "message", "kind"),
    [
        (400, "bad parameter", E.FIX_REQUEST),
        (400, "Unsupported audio format", E.FIX_REQUEST),
        (400, "Content violation", E.CONTENT_REFUSED),
        (400, "Your tags contain artist name: example artist.", E.CONTENT_REFUSED),
        (413, EXISTING, E.CONTENT_REFUSED),
        (413, UNFETCHED, E.SOURCE_UNFETCHABLE),
        (451, "Audio covering failed", E.SOURCE_UNFETCHABLE),
        (500, "server error", E.RETRY_LATER),
        (777, "x", E.RETRY_LATER),
    ],
)
def test_a_code_of_a_task_is_read_with_its_message(code: int, message: str, kind: E) -> None:
    heard = SunoApi(VendorSettings(), None).hear(says_so(code, message), NOW)
    polled = SunoApi(VendorSettings(), ScriptedHttp(failed(code, message))).poll(TASK, 1)
    for fact in (heard, polled):
        assert isinstance(fact, Broke)
        assert (fact.error.kind, fact.error.code, fact.task_id) == (kind, str(code), TASK)


def says_so(code: int, message: str) -> CallbackMessage:
    return CallbackMessage(1, says(called("error", code=code, message=message)).body)


@pytest.mark.parametrize(
    ("name", "limits", "credits", "seconds"),
    [
        ("V3_5", (3000, 200, 80), 10, 480),
        ("V4", (3000, 200, 80), 10, 480),
        ("V4_5", (5000, 1000, 100), 12, 480),
        ("V4_5PLUS", (5000, 1000, 100), 12, 480),
        ("V5", (5000, 1000, 100), 12, 480),
        ("V4_5ALL", (5000, 1000, 80), 12, 60),
        ("V5_5", (5000, 1000, 100), 12, 480),
    ],
)
def test_the_models_are_those_of_the_vendors_page(
    name: str, limits: tuple[int, int, int], credits: float, seconds: int
) -> None:
    model = CAPABILITIES.models[name]
    assert (model.lyrics, model.style, model.title, model.output_seconds) == (*limits, None)
    longest, longer = (
        assess(a_request(model=name), CAPABILITIES, SourceFacts(seconds=length)) for length in (seconds, seconds + 1)
    )
    assert (longest.model, longest.credits, longest.usd, longest.violations) == (name, credits, 0.06, ())
    assert [(one.rule, one.limit) for one in longer.violations] == [("too-long", seconds)]


def test_the_limits_are_those_of_the_vendors_page() -> None:
    assert set(CAPABILITIES.models) == {"V3_5", "V4", "V4_5", "V4_5PLUS", "V4_5ALL", "V5", "V5_5"}
    assert CAPABILITIES.source == SourceLimits(most_seconds=480, warn_seconds=120)
    assert LIMITS == {"seed": CAPABILITIES, "docs": CAPABILITIES}
    assert (CAPABILITIES.idea, CAPABILITIES.tracks, CAPABILITIES.modes) == (Length(500), 2, True)
    assert CAPABILITIES.stages == (Stage.TEXT, Stage.FIRST, Stage.COMPLETE)


def test_calls_go_where_the_vendor_is() -> None:
    http = ScriptedHttp(says({}))
    vendor = SunoApi(VendorSettings("key"), http)
    vendor.submit(an_order(a_request(), "sunoapi"))
    vendor.poll(TASK, 1)
    assert [call[:2] for call in http.calls] == [
        ("POST", "https://api.sunoapi.org/api/v1/generate/upload-cover"),
        ("GET", "https://api.sunoapi.org/api/v1/generate/record-info"),
    ]
    assert http.calls[1][4] == {"taskId": TASK}


# Credit


@pytest.mark.parametrize(
    ("body", "status", "credits"),
    [
        ({"code": 200, "msg": "success", "data": 88}, 200, 88.0),
        ({"code": 200, "msg": "success", "data": 88.5}, 200, 88.5),
        ({"code": 200, "msg": "success", "data": "88.5"}, 200, 88.5),
        ({"code": 200, "msg": "success", "data": 0}, 200, 0.0),
        ({"code": 200, "msg": "success", "data": "many"}, 200, None),
        ({"code": 200, "msg": "success", "data": ""}, 200, None),
        ({"code": 200, "msg": "success", "data": None}, 200, None),
        ({"code": 200, "msg": "success", "data": True}, 200, None),
        ({"code": 200, "msg": "success", "data": {"credits": 88}}, 200, None),
        ({"code": 200, "msg": "success"}, 200, None),
        ({"code": 200, "msg": "success", "data": 10**400}, 200, None),
        ({"code": 401, "msg": "You do not have access permissions"}, 200, None),
        ({"code": 401, "msg": "no", "data": 88}, 401, None),
        ({"code": 500, "msg": "server error", "data": 88}, 200, None),
        ({"data": 88}, 200, None),
        (b"<html>", 502, None),
        ([], 200, None),
        (b"", 200, None),
    ],
)
def test_a_balance_is_in_credits_or_not_known(body: Any, status: int, credits: float | None) -> None:
    http = ScriptedHttp(says(body, status))
    assert SunoApi(VendorSettings("key"), http).balance() == credits
    ((method, url, headers, *_),) = http.calls
    assert (method, url) == ("GET", "https://api.sunoapi.org/api/v1/generate/credit")
    assert headers["Authorization"] == "Bearer key"


@pytest.mark.parametrize("error", [NotSentError("no connection"), NoAnswerError("no answer")])
def test_a_balance_that_is_not_answered_is_not_known(error: Exception) -> None:
    assert SunoApi(VendorSettings("key"), ScriptedHttp(error)).balance() is None


def test_who_does_not_call_has_no_balance() -> None:
    assert SunoApi(VendorSettings("key"), None).balance() is None


@pytest.mark.parametrize("amount", [b"NaN", b"Infinity", b"-Infinity", b"1e999", b'"nan"', b'"inf"', b'"-Infinity"'])
def test_a_balance_that_is_no_finite_number_is_not_known(amount: bytes) -> None:
    answer = says(b'{"code": 200, "data": %s}' % amount)
    assert SunoApi(VendorSettings("key"), ScriptedHttp(answer)).balance() is None
