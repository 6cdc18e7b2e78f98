"""Alarms, their runbooks, the dashboard and the numbers that the code puts: each names what the other has."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from reprise.metrics import SECONDS, TIMED, Metric
from reprise.providers import capabilities

from tests.template import ROOT, environment, functions, of_type, template

ALARMS = of_type("AWS::CloudWatch::Alarm")
RUNBOOKS = ROOT / "docs/runbooks"
NAMESPACE = {"Fn::Sub": "Reprise/${AWS::StackName}"}
PARTS = ("What it means", "Look", "Do", "Over when")

each_alarm = pytest.mark.parametrize("name", sorted(ALARMS))


def page_of(alarm: dict[str, Any]) -> str:
    (page,) = re.findall(r"See docs/runbooks/([\w-]+\.md)$", alarm["AlarmDescription"])
    return str(page)


def measured(alarm: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """All metrics that an alarm looks at."""
    if "Metrics" not in alarm:
        yield alarm
    yield from (one["MetricStat"]["Metric"] for one in alarm.get("Metrics", []) if "MetricStat" in one)


# --- alarms and runbooks -----------------------------------------------------------------------------------------


@each_alarm
def test_an_alarm_names_its_runbook_and_the_runbook_the_alarm(name: str) -> None:
    path = RUNBOOKS / page_of(ALARMS[name])
    assert path.exists()
    assert f"`{ALARMS[name]['AlarmName']['Fn::Sub'].removeprefix('${AWS::StackName}-')}`" in path.read_text()


def test_every_runbook_is_an_alarms() -> None:
    pages = {path.name for path in RUNBOOKS.glob("*.md")}
    assert pages == {page_of(alarm) for alarm in ALARMS.values()}


@pytest.mark.parametrize("path", sorted(RUNBOOKS.glob("*.md")), ids=lambda path: path.name)
def test_a_runbook_says_what_it_means_how_to_look_what_to_do_and_when_it_is_over(path: Any) -> None:
    assert tuple(re.findall(r"^## (.+)$", path.read_text(), re.M)) == PARTS
    assert f"runbooks/{path.name})" in (ROOT / "docs/operations.md").read_text()


@each_alarm
def test_an_alarm_tells_when_it_goes_off_and_when_it_is_over(name: str) -> None:
    assert ALARMS[name]["AlarmActions"] == ALARMS[name]["OKActions"] == [{"Ref": "AlarmTopic"}]
    assert ALARMS[name]["TreatMissingData"] in ("notBreaching", "breaching", "ignore")


@each_alarm
def test_an_alarm_looks_at_a_number_that_somebody_puts(name: str) -> None:
    for one in measured(ALARMS[name]):
        if one["Namespace"] != NAMESPACE:
            assert one["Namespace"] in ("AWS/SQS", "AWS/Lambda")
            continue
        (by,) = one["Dimensions"]
        assert one["MetricName"] in set(Metric)
        assert by == {"Name": "service", "Value": "reprise"} or by["Name"] == "provider"


def test_the_namespace_and_the_service_are_those_that_the_functions_put_under() -> None:
    assert environment()["POWERTOOLS_METRICS_NAMESPACE"] == NAMESPACE
    assert environment()["POWERTOOLS_SERVICE_NAME"] == "reprise"


def test_every_queue_of_dead_letters_has_an_alarm() -> None:
    watched = {one["Dimensions"][0]["Value"]["Fn::GetAtt"].partition(".")[0] for one in _of("AWS/SQS")}
    assert watched == {name for name in of_type("AWS::SQS::Queue") if name.endswith("DeadLetters")}


def test_a_crash_of_any_function_is_in_an_alarm() -> None:
    watched = {one["Dimensions"][0]["Value"]["Ref"] for one in _of("AWS/Lambda")}
    assert watched == {f"{verb.capitalize()}Function" for verb in functions()}


def test_every_vendor_that_tells_its_balance_has_an_alarm() -> None:
    balances = [one for alarm in ALARMS.values() for one in measured(alarm) if one.get("MetricName") == Metric.BALANCE]
    assert {one["Dimensions"][0]["Value"] for one in balances} == set(capabilities()) - {"musicgpt", "studio"}


def test_an_expression_sums_what_it_names() -> None:
    for alarm in ALARMS.values():
        queries = alarm.get("Metrics", [])
        named = [name for one in queries for name in re.findall(r"FILL\((\w+), 0\)", one.get("Expression", ""))]
        assert named == [one["Id"] for one in queries if "MetricStat" in one]
        assert len(named) <= 10


def _of(namespace: str) -> list[dict[str, Any]]:
    return [one for alarm in ALARMS.values() for one in measured(alarm) if one["Namespace"] == namespace]


# --- the dashboard -----------------------------------------------------------------------------------------------


def dashboard() -> tuple[str, list[dict[str, Any]]]:
    (board,) = of_type("AWS::CloudWatch::Dashboard").values()
    text = board["DashboardBody"]["Fn::Sub"]
    return text, json.loads(text)["widgets"]


def test_the_dashboard_names_what_the_template_has() -> None:
    text, _ = dashboard()
    known = {*template()["Resources"], "AWS::StackName", "AWS::Region"}
    assert {name.partition(".")[0] for name in re.findall(r"\$\{([\w:.]+)\}", text)} <= known


def test_the_dashboard_shows_every_alarm_and_every_number_but_those_that_only_alarms_need() -> None:
    text, widgets = dashboard()
    assert set(re.findall(r"\$\{(\w+Alarm)\.Arn\}", text)) == set(ALARMS)
    shown = {name for name in Metric if f'"{name}"' in text or f'MetricName=\\"{name}\\"' in text}
    assert set(Metric) - shown == {Metric.RECORDS_FAILED, Metric.SERVER_ERRORS}
    assert {one["type"] for one in widgets} == {"alarm", "metric"}


def test_widgets_do_not_lie_on_each_other() -> None:
    _, widgets = dashboard()
    cells = [
        (x, y)
        for one in widgets
        for x in range(one["x"], one["x"] + one["width"])
        for y in range(one["y"], one["y"] + one["height"])
    ]
    assert len(cells) == len(set(cells))
    assert max(x for x, _ in cells) < 24


def test_what_is_timed_is_in_seconds() -> None:
    assert set(TIMED.values()) < set(SECONDS)


# --- deploys and traces ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("verb", sorted(functions()))
def test_a_new_layer_makes_a_new_version_of_each_function_that_has_it(verb: str) -> None:
    """The package is a layer: without this a deploy of new code would leave the alias at the old."""
    function = functions()[verb]
    layers = [one["Ref"] for one in function["Layers"]]
    told = function["VersionDescription"]["Fn::Sub"].removesuffix(f" {LISTENER}")
    assert told == " ".join(f"${{{one}}}" for one in layers)
    assert function["AutoPublishAliasAllProperties"] is True
    assert function["AutoPublishAlias"] == "live"


LISTENER = "${DispatchFunctionStream}"


def test_who_writes_jobs_is_new_only_after_the_stream_is_listened_to_anew() -> None:
    """What the old filter does not admit is passed over for good: who writes in a new way must not be faster."""
    waits = {verb for verb, one in functions().items() if one["VersionDescription"]["Fn::Sub"].endswith(LISTENER)}
    assert waits == {"submit", "upload", "manage", "callback", "advance", "transfer"}
    assert "Stream" in functions()["dispatch"]["Events"]


def test_a_deploy_is_rolled_back_by_alarms_that_do_not_wait_for_it() -> None:
    """The API waits for the aliases, they for their deployment groups, and those for the alarms: no way back there."""
    shared = template()["Globals"]["Function"]["DeploymentPreference"]
    assert shared["Type"] == {"Ref": "DeploymentPreference"}
    watched = [one["Ref"] for one in shared["Alarms"]]
    assert watched == ["DoorsFailingAlarm", "WorkersFailingAlarm", "CallbacksFailingAlarm"]
    for name in watched:
        assert "Api" not in {one["Value"].get("Ref") for one in _references(ALARMS[name])}


def _references(alarm: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for one in measured(alarm):
        yield from (by for by in one["Dimensions"] if isinstance(by["Value"], dict))


def test_traces_cost_nothing_unless_they_are_asked_for_and_can_be_switched_on_at_any_time() -> None:
    """Lambda looks at the role when it is told to trace, and CloudFormation changes both at once: a right that came
    only then would come too late."""
    assert template()["Parameters"]["Tracing"]["Default"] == "PassThrough"
    for verb in functions():
        (policy,) = template()["Resources"][f"{verb.capitalize()}Role"]["Properties"]["Policies"]
        rights = [one["Action"] for one in policy["PolicyDocument"]["Statement"] if one["Sid"] == "Trace"]
        assert rights == [["xray:PutTraceSegments", "xray:PutTelemetryRecords"]]
