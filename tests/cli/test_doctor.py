"""Each thing that the doctor looks at, well and ill; and what it never does: keep quiet, break down, tell a secret."""

import ast
import json
import re
import ssl
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import httpx
import pytest
from botocore.exceptions import ClientError
from reprise import bootstrap
from reprise.aws import clients
from reprise.aws.items import job_item
from reprise.domain.health import Health
from reprise.providers import capabilities

from cli import doctor
from cli.checks import CHECKS, providers, work
from cli.doctor import examine
from cli.finding import Finding, Verdict
from cli.queues import WORKING
from tests.cli.here import Here
from tests.factories import a_running_job
from tests.template import ROOT, defaults, functions, of_type, template

SECRET = "kie-key-of-the-tests"


class FakeEvents:
    def __init__(self, state: str = "ENABLED") -> None:
        self.state = state

    def describe_rule(self, *, Name: str) -> dict[str, str]:  # noqa: N803
        return {"Name": Name, "State": self.state, "ScheduleExpression": "rate(1 minute)"}


class FakeCloudWatch:
    """`on` are the names of alarms that are in ALARM, `age` the seconds of the oldest message."""

    def __init__(self, on: tuple[str, ...] = (), age: float | None = None) -> None:
        self.on, self.age = on, age

    def describe_alarms(self, *, AlarmNames: list[str], MaxRecords: int) -> dict[str, Any]:  # noqa: N803
        told = "x. See docs/runbooks/oldest-due.md"
        found = [
            {"AlarmName": name, "StateValue": "ALARM" if name in self.on else "OK", "AlarmDescription": told}
            for name in AlarmNames
        ]
        return {"MetricAlarms": found}

    def get_metric_statistics(self, **asked: Any) -> dict[str, Any]:
        assert asked["Dimensions"] == [{"Name": "QueueName", "Value": "AdvanceQueue"}] or self.age is None
        points = [] if self.age is None else [{"Timestamp": datetime.now(UTC), "Maximum": self.age}]
        return {"Datapoints": points}


@pytest.fixture
def well(here: Here, monkeypatch: pytest.MonkeyPatch) -> Here:
    """A stack that nothing is wrong with. One look at a time: the house must know who makes which call."""
    monkeypatch.setattr(doctor, "AT_ONCE", 1)
    here.services |= {"events": FakeEvents(), "cloudwatch": FakeCloudWatch()}
    return here


def find(here: Here, name: str) -> Finding:
    return examine(here.target, {name: CHECKS[name]})[name]


def verdict(here: Here, name: str) -> Verdict:
    return find(here, name).verdict


# --- the whole ---------------------------------------------------------------------------------------------------


def test_a_stack_that_is_well_is_well_all_over(well: Here) -> None:
    told = well.run("doctor", "--json")
    found = {one["check"]: one for one in json.loads(told.stdout)}
    assert list(found) == list(CHECKS)
    ill = {name: one for name, one in found.items() if one["verdict"] != "ok" and name != "clock"}
    assert (ill, told.exit_code) == ({}, 0)


def test_what_fails_is_a_line_with_what_to_do_and_exit_code_1(well: Here) -> None:
    well.put("AdvanceDeadLetters", {"job": "j1"})
    told = well.run("doctor")
    assert told.exit_code == 1
    (line,) = [one for one in told.stdout.splitlines() if "AdvanceDeadLetters" in one]
    assert line.startswith("fail")
    assert "reprise dlq redrive advance" in line
    assert "docs/runbooks/advance-dead-letters.md" in line


def test_a_warning_does_not_fail_the_command(well: Here) -> None:
    well.house.vendor.says["kie"] = lambda call: httpx.Response(200, json={"code": 200, "data": 3})
    told = well.run("doctor")
    assert told.exit_code == 0
    assert "warn" in told.stdout


@pytest.mark.parametrize("error", [ValueError("odd"), ClientError({"Error": {"Code": "AccessDenied"}}, "DescribeRule")])
def test_a_check_that_breaks_is_a_finding_and_stops_no_other(well: Here, error: Exception) -> None:
    def broken(target: Any) -> Finding:
        raise error

    found = examine(well.target, {"broken": broken, "stream": work.stream})
    assert found["broken"].verdict is Verdict.FAIL
    assert ("AccessDenied" if isinstance(error, ClientError) else "ValueError: odd") in found["broken"].said
    assert found["stream"].verdict is Verdict.OK


def test_no_secret_is_told(well: Here) -> None:
    well.house.open_all()
    told = well.run("doctor").output + well.run("doctor", "--json").output
    assert "-key-of-the-tests" not in told
    assert "0123456789abcdef" not in told


def test_every_page_that_a_finding_names_is_there() -> None:
    calls = [
        node
        for path in (ROOT / "cli/checks").glob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call) and len(node.args) >= 3
    ]
    last = [call.args[-1].value for call in calls if isinstance(call.args[-1], ast.Constant)]
    pages = {page for page in last if isinstance(page, str) and re.fullmatch(r"[a-z]+(-[a-z]+)+", page)}
    assert len(pages) > 5
    for page in pages:
        assert (ROOT / f"docs/runbooks/{page}.md").exists(), page


def test_the_names_that_checks_look_for_are_the_templates() -> None:
    told = {
        f"{verb.capitalize()}Function{name}": event["Type"]
        for verb, one in functions().items()
        for name, event in one["Events"].items()
    }
    assert set(work.SOURCES) == {name for name, kind in told.items() if kind in ("SQS", "DynamoDB")}
    assert told[work.SCHEDULE] == "Schedule"
    assert set(providers.THRESHOLDS.values()) <= set(template()["Parameters"])
    assert set(providers.THRESHOLDS) | providers.UNTOLD == set(capabilities())
    assert defaults()["LatestDueSeconds"] == work.USUAL_LATEST
    assert set(WORKING) == {name for name in of_type("AWS::SQS::Queue") if name.endswith("Queue")}


# --- doors -------------------------------------------------------------------------------------------------------


def _raise(error: Exception) -> Callable[[httpx.Request], httpx.Response]:
    def answer(request: httpx.Request) -> httpx.Response:
        raise error

    return answer


def caused(error: Exception, cause: Exception) -> Exception:
    error.__cause__ = cause
    return error


TLS = caused(httpx.ConnectError("certificate verify failed"), ssl.SSLCertVerificationError("x"))


@pytest.mark.parametrize("door", ["api", "callbacks"])
@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (httpx.Response(404, json={"message": "Not Found"}), "has no such path (404)"),
        (httpx.Response(403, json={"message": "Forbidden"}), "a web page or a firewall answers (403)"),
        (httpx.Response(200, html="<h1>Log in</h1>"), "a web page or a firewall answers (200)"),
        (httpx.Response(401, html="<h1>Log in</h1>"), "a web page or a firewall answers (401)"),
        (httpx.Response(401, json={"error": "who are you"}), "somebody else answers (401, not in our words)"),
        (httpx.Response(401, json=[]), "somebody else answers (401, not in our words)"),
        (httpx.Response(301, headers={"location": "https://www.covers.example/x"}), "redirects (301) to www.covers"),
        (httpx.Response(502), "our function fails (502)"),
        (httpx.Response(429), "throttles (429)"),
        (TLS, "TLS with covers.example fails"),
        (httpx.ConnectTimeout("slow"), "covers.example does not answer in time"),
        (httpx.ConnectError("refused"), "covers.example cannot be reached: refused"),
    ],
)
def test_who_answers_in_our_place_is_told(
    well: Here, door: str, answer: httpx.Response | Exception, words: str
) -> None:
    well.web = _raise(answer) if isinstance(answer, Exception) else lambda request: answer
    found = find(well, door)
    assert (found.verdict, words in found.said) == (Verdict.FAIL, True), found
    assert found.mend


def test_the_door_of_the_callbacks_is_asked_with_a_token_that_is_forged(well: Here) -> None:
    """And our real function refuses it."""

    def door(request: httpx.Request) -> httpx.Response:
        *_, provider, job, attempt, token = request.url.path.split("/")
        path = {"provider": provider, "job": job, "attempt": attempt, "token": token}
        told = well.house.invoke("callback", {"pathParameters": path, "body": "{}", "headers": {}})
        return httpx.Response(told["statusCode"], text=told["body"])

    well.web = door
    assert find(well, "callbacks") == Finding(Verdict.OK, "the door of the callbacks answers at covers.example")


def test_callbacks_over_plain_http_are_told(well: Here) -> None:
    well.house.set_parameter("public-url", "http://covers.example")
    assert "providers want https" in find(well, "callbacks").said


def test_a_public_url_that_is_not_there_is_told(well: Here) -> None:
    well.house.unset_parameter("public-url")
    assert "/reprise/reprise/public-url is not in Parameter Store" in find(well, "callbacks").said


# --- providers ---------------------------------------------------------------------------------------------------


def test_providers_with_a_key_are_on(well: Here) -> None:
    assert find(well, "keys") == Finding(Verdict.OK, "on: kie; off: sunoapi, aimusicapi, aimlapi, musicgpt, studio")


def test_no_key_at_all_fails(well: Here) -> None:
    well.house.unset_parameter("kie/api-key")
    assert find(well, "keys").said == "no provider has a key: nothing can be covered"
    assert verdict(well, "keys") is Verdict.FAIL


def test_a_key_of_blanks_fails(well: Here) -> None:
    well.house.set_parameter("aimlapi/api-key", " \n")
    assert find(well, "keys").said == "nothing but blanks: /reprise/reprise/aimlapi/api-key"
    assert verdict(well, "keys") is Verdict.FAIL


def test_credit_is_told_and_low_credit_is_a_warning(well: Here) -> None:
    assert find(well, "balances") == Finding(Verdict.OK, "kie 4711.5")
    well.house.vendor.says["kie"] = lambda call: httpx.Response(200, json={"code": 200, "data": 239})
    found = find(well, "balances")
    assert (found.verdict, found.said) == (Verdict.WARN, "kie 239; low: kie")
    assert found.runbook.endswith("balance-low.md")


def test_a_vendor_that_does_not_tell_its_credit_is_a_warning(well: Here) -> None:
    well.house.vendor.says["kie"] = lambda call: httpx.Response(500)
    assert (verdict(well, "balances"), find(well, "balances").said) == (Verdict.WARN, "nobody tells; no answer: kie")


def test_a_survey_that_fails_is_told(well: Here) -> None:
    well.functions.fails["survey"] = PermissionError("no right")
    found = find(well, "balances")
    assert (found.verdict, found.said) == (Verdict.FAIL, "SurveyFunction failed: PermissionError: no right")


def test_a_provider_that_is_passed_over_is_a_warning(well: Here) -> None:
    until = datetime.now(UTC) + timedelta(minutes=5)
    bootstrap.healths().save("kie", Health(4, until, "no-credit: empty", version=1))
    found = find(well, "breakers")
    assert found.verdict is Verdict.WARN
    assert "kie is passed over until" in found.said
    assert "4 failures in a row: no-credit: empty" in found.said


def test_a_provider_whose_time_is_over_is_not_passed_over(well: Here) -> None:
    bootstrap.healths().save("kie", Health(4, datetime.now(UTC) - timedelta(seconds=1), "down", version=1))
    assert verdict(well, "breakers") is Verdict.OK


# --- queues ------------------------------------------------------------------------------------------------------


def test_work_that_waits_is_counted(well: Here) -> None:
    well.put("AdvanceQueue", {"job": "j1"})
    found = find(well, "AdvanceQueue")
    assert found == Finding(Verdict.OK, "1 waiting, 0 at work, 0 for later; since when is not known")


def test_work_that_waits_too_long_is_a_warning_and_is_not_touched(well: Here) -> None:
    well.put("AdvanceQueue", {"job": "j1"})
    well.services["cloudwatch"] = FakeCloudWatch(age=3700)
    found = find(well, "AdvanceQueue")
    assert found.verdict is Verdict.WARN
    assert "the oldest for 1 h 1 min" in found.said
    assert well.house.stack.asked("SQS.ReceiveMessage") == []


def test_dead_letters_fail_and_stay_where_they_are(well: Here) -> None:
    well.put("DispatchDeadLetters", {"hello": 1})
    found = find(well, "DispatchDeadLetters")
    assert found.verdict is Verdict.FAIL
    assert found.said.startswith("1 letters, the oldest 0 s old")
    assert len(well.lying("DispatchDeadLetters")) == 1


# --- what drives the jobs ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("late", "seen", "words"),
    [(-90, Verdict.OK, "the next is due"), (200, Verdict.OK, "for 3 min"), (400, Verdict.FAIL, "for 6 min")],
)
def test_a_job_that_is_due_for_too_long_fails(well: Here, late: int, seen: Verdict, words: str) -> None:
    for name, seconds in (("a", late), ("b", -3000)):
        due = datetime.now(UTC) - timedelta(seconds=seconds)
        job = replace(a_running_job(), id=name * 32, due_at=due)
        clients.dynamodb().put_item(TableName=well.house.stack.names["Table"], Item=job_item(job))
    found = find(well, "oldest due")
    assert (found.verdict, words in found.said) == (seen, True), found
    assert well.house.stack.called("DynamoDB.Scan") == []


def test_nothing_due_is_well(well: Here) -> None:
    assert find(well, "oldest due").said == "nothing waits for a time"


def test_a_sweep_that_is_switched_off_fails(well: Here) -> None:
    well.services["events"] = FakeEvents("DISABLED")
    found = find(well, "sweep")
    assert (found.verdict, found.mend) == (Verdict.FAIL, "aws events enable-rule --name PollerFunctionEveryMinute")


def test_an_event_source_that_is_off_fails(well: Here) -> None:
    well.functions.sources["DispatchFunctionStream"] = {"State": "Disabled"}
    found = find(well, "event sources")
    assert (found.verdict, found.said) == (Verdict.FAIL, "DispatchFunctionStream is Disabled")


def test_an_event_source_in_trouble_is_a_warning(well: Here) -> None:
    well.functions.sources["AdvanceFunctionWork"] = {
        "State": "Enabled",
        "LastProcessingResult": "PROBLEM: Function call failed",
    }
    assert verdict(well, "event sources") is Verdict.WARN


def test_a_table_without_its_stream_fails(well: Here) -> None:
    table = well.house.stack.names["Table"]
    clients.dynamodb().update_table(TableName=table, StreamSpecification={"StreamEnabled": False})
    assert verdict(well, "stream") is Verdict.FAIL


def test_an_alarm_that_is_on_fails_with_its_page(well: Here) -> None:
    well.services["cloudwatch"] = FakeCloudWatch(on=("reprise-oldest-due", "reprise-dev-oldest-due"))
    found = find(well, "alarms")
    assert (found.verdict, found.said) == (Verdict.FAIL, "on: reprise-oldest-due")
    assert found.runbook == "docs/runbooks/oldest-due.md"


def test_where_no_alarm_can_go_off_none_is_called_good(well: Here) -> None:
    assert work.alarms(replace(well.target, local=True)).verdict is Verdict.NOT_CHECKED


@pytest.mark.parametrize(("apart", "told"), [(2, Verdict.OK), (60, Verdict.WARN), (-280, Verdict.FAIL)])
def test_clocks_that_differ_are_told(well: Here, apart: int, told: Verdict) -> None:
    class Dated:
        def describe_table(self, **asked: str) -> Any:
            date = format_datetime(datetime.now(UTC) - timedelta(seconds=apart), usegmt=True)
            return {"ResponseMetadata": {"HTTPHeaders": {"date": date}}}

    well.services["dynamodb"] = Dated()
    assert verdict(well, "clock") is told


def test_an_answer_without_a_date_says_nothing_about_clocks(well: Here) -> None:
    class Undated:
        def describe_table(self, **asked: str) -> Any:
            return {"ResponseMetadata": {"HTTPHeaders": {}}}

    well.services["dynamodb"] = Undated()
    assert verdict(well, "clock") is Verdict.NOT_CHECKED
