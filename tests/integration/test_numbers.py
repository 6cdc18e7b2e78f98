"""What the functions count, as CloudWatch reads it off their logs."""

import json
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import httpx
import pytest
from reprise.metrics import Metric

from tests.golden import golden
from tests.integration.house import House
from tests.integration.test_survey import refuse
from tests.integration.test_work import FIRST, SECOND, Life, a_song, asked, record, short_takes

NAMESPACE = "Reprise/reprise"


@dataclass(frozen=True)
class Number:
    metric: str
    value: float
    by: str | None


class Numbers:
    """The EMF lines among all that was printed."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self.capsys = capsys

    def told(self) -> list[Number]:
        lines = [json.loads(line) for line in self.capsys.readouterr().out.splitlines() if line.startswith("{")]
        return [number for line in lines if "_aws" in line for number in _numbers(line)]


def _numbers(line: dict[str, Any]) -> list[Number]:
    (one,) = line["_aws"]["CloudWatchMetrics"]
    assert one["Namespace"] == NAMESPACE
    assert one["Dimensions"][0] == ["service"]
    assert line["service"] == "reprise"
    by = [line[name] for names in one["Dimensions"][1:] for name in names]
    return [Number(each["Name"], sum(line[each["Name"]]), by[0] if by else None) for each in one["Metrics"]]


@pytest.fixture
def numbers(house: House, capsys: pytest.CaptureFixture[str]) -> Numbers:
    one = Numbers(capsys)
    one.told()
    return one


def test_a_cover_is_counted_and_timed_by_its_provider(house: House, numbers: Numbers) -> None:
    house.links.files = {FIRST: a_song(1), SECOND: a_song(2)}
    job_id = house.cover()
    life = Life(house, job_id)
    house.clock.at += timedelta(seconds=90)
    house.callback("complete", job_id, body=short_takes("complete"))
    life.settle()
    told = [one for one in numbers.told() if one.metric != Metric.CALLBACKS_HEARD]
    assert told == [
        Number("CoversSubmitted", 1, "kie"),
        Number("SecondsToFirst", 90.0, "kie"),
        Number("CoversSucceeded", 1, "kie"),
        Number("SecondsToDone", 90.0, "kie"),
    ]


def test_a_cover_that_failed_at_the_vendor_may_have_been_charged(house: House, numbers: Numbers) -> None:
    job_id = house.cover()
    house.clock.at += timedelta(minutes=20)
    house.vendor.answer = record("PENDING")
    house.invoke("advance", asked("advance", {"job": job_id}))
    Life(house, job_id).settle()
    told = numbers.told()
    assert Number("CoversFailed", 1, "kie") in told
    assert Number("ChargedButFailed", 1, "kie") in told


def test_a_cover_that_was_refused_was_not_charged(house: House, numbers: Numbers) -> None:
    (reply,) = refuse(house, 1)
    Life(house, reply.body["id"]).settle()
    told = numbers.told()
    assert Number("CoversFailed", 1, "kie") in told
    assert Metric.CHARGED_BUT_FAILED not in {one.metric for one in told}


def test_a_switch_is_counted_against_the_one_that_failed(house: House, numbers: Numbers) -> None:
    house.open_all()
    house.vendor.says["kie"] = lambda _: httpx.Response(200, json={"code": 402, "msg": "empty", "data": None})
    job_id = house.submit({**json.loads(golden("submit")["body"]), "provider": ["kie", "sunoapi"]}).body["id"]
    Life(house, job_id).settle()
    told = numbers.told()
    assert Number("CoversSwitched", 1, "kie") in told
    assert Number("CoversSubmitted", 1, "sunoapi") in told


def test_the_third_trouble_in_a_row_opens_the_breaker_and_so_does_each_after_it(house: House, numbers: Numbers) -> None:
    refuse(house, 2)
    assert Metric.BREAKER_OPENED not in {one.metric for one in numbers.told()}
    refuse(house, 2)
    opened = [one for one in numbers.told() if one.metric == Metric.BREAKER_OPENED]
    assert opened == [Number("BreakerOpened", 1, "kie")] * 2


def test_a_sweep_says_how_many_were_due_and_for_how_long_the_oldest(house: House, numbers: Numbers) -> None:
    house.cover()
    house.clock.at += timedelta(seconds=30)
    house.cover()
    house.clock.at += timedelta(minutes=2)
    house.invoke("poller", golden("poller"))
    assert numbers.told() == [Number("Due", 2, None), Number("OldestDue", 90.0, None)]
    house.clock.at -= timedelta(hours=1)
    house.invoke("poller", golden("poller"))
    assert numbers.told() == [Number("Due", 0, None), Number("OldestDue", 0.0, None)]


def test_callbacks_are_counted_by_provider_and_refused_ones_by_status(house: House, numbers: Numbers) -> None:
    job_id = house.cover()
    house.callback("text", job_id)
    house.callback("text", job_id, path={"token": "wrong"})
    house.callback("text", job_id, path={"provider": "an-invented-name"})
    house.callback("text", job_id, body="no JSON")
    assert numbers.told() == [
        Number("CallbacksHeard", 1, "kie"),
        Number("CallbacksRefused", 1, "401"),
        Number("CallbacksRefused", 1, "401"),
        Number("CallbacksRefused", 1, "400"),
    ]


def test_a_callback_that_cannot_be_recorded_is_our_trouble(
    house: House, numbers: Numbers, monkeypatch: pytest.MonkeyPatch
) -> None:
    from reprise.errors import ConflictError
    from reprise.usecases.record import Record

    def lose(*_: object, **__: object) -> None:
        raise ConflictError("the job kept changing")

    job_id = house.cover()
    monkeypatch.setattr(Record, "__call__", lose)
    status = house.callback("text", job_id).status
    assert numbers.told() == [Number("CallbacksFailed", 1, str(status))]
    assert status >= 500


def test_a_message_that_comes_back_and_a_request_that_fails_are_counted(house: House, numbers: Numbers) -> None:
    house.invoke("advance", asked("advance", {"nonsense": 1}))
    assert numbers.told() == [Number("RecordsFailed", 1, None)]
    house.unset_parameter("kie/api-key")
    assert house.submit().status == 503
    assert numbers.told() == [Number("ServerErrors", 1, None)]
    assert house.knock("kie", "submit").status == 200  # kie says everything with 200
    assert numbers.told() == [Number("ServerErrors", 1, None)]
    assert house.submit("no JSON").status == 400
    assert house.knock("kie", "submit", {}).body["code"] != 200
    assert numbers.told() == []


# --- balances ----------------------------------------------------------------------------------------------------


def test_once_an_hour_every_vendor_with_a_key_is_asked_what_is_left(house: House, numbers: Numbers) -> None:
    house.open_all()
    left = {"kie": 4711.5, "sunoapi": 4711, "aimusicapi": 152, "aimlapi": 12.5}
    assert house.invoke("survey", golden("survey-balances")) == left
    assert numbers.told() == [Number("Balance", value, provider) for provider, value in left.items()]
    assert house.vendor.paid == []
    assert set(house.stack.called()) == {"SSM.GetParametersByPath"}


def test_who_is_switched_off_or_does_not_answer_is_left_out(house: House, numbers: Numbers) -> None:
    house.set_parameter("aimlapi/api-key", "key-of-the-tests")
    house.vendor.says["kie"] = lambda _: httpx.Response(500)
    assert house.invoke("survey", golden("survey-balances")) == {"aimlapi": 12.5}
    assert numbers.told() == [Number("Balance", 12.5, "aimlapi")]


def test_an_account_that_holds_nothing_is_told_as_nothing(house: House, numbers: Numbers) -> None:
    house.vendor.says["kie"] = lambda _: httpx.Response(200, json={"code": 200, "msg": "success", "data": 0})
    house.invoke("survey", golden("survey-balances"))
    assert numbers.told() == [Number("Balance", 0, "kie")]
