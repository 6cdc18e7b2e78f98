"""sunoapi.org's own ways: kie.ai's wire, but codes that mean something else, each by its place."""

import pytest
from reprise.domain.capabilities import ModelLimits
from reprise.domain.facts import Broke, Refused, Unknown
from reprise.domain.job import ErrorClass as E
from reprise.ports import CallbackMessage
from reprise.providers.client import VendorSettings
from reprise.providers.kie import Kie
from reprise.providers.sunoapi import CAPABILITIES, SunoApi

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


def test_the_models_and_limits_are_those_of_the_vendors_page() -> None:
    assert dict(CAPABILITIES.models) == {
        "V3_5": ModelLimits(3000, 200, 80),
        "V4": ModelLimits(3000, 200, 80),
        "V4_5": ModelLimits(5000, 1000, 100),
        "V4_5PLUS": ModelLimits(5000, 1000, 100),
        "V4_5ALL": ModelLimits(5000, 1000, 80),
        "V5": ModelLimits(5000, 1000, 100),
        "V5_5": ModelLimits(5000, 1000, 100),
    }
    assert (CAPABILITIES.simple_prompt, CAPABILITIES.source_seconds, CAPABILITIES.tracks) == (500, 480, 2)


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
