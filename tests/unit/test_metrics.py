"""Events in numbers, and numbers as lines that CloudWatch reads."""

import json
from dataclasses import replace
from typing import Any

import pytest
from reprise.domain.job import Entry, Outbox, State
from reprise.metrics import Metric, count, numbers, put

from tests.factories import NOW

FAILED = Entry("a", 3, NOW, "cover.failed", "m", "owner", "kie", State.FAILED, {}, event=2, outbox=Outbox.PUBLISH)


def told(type: str, **data: object) -> dict[Metric, float]:
    return numbers(replace(FAILED, type=type, data=data))


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_events_are_counted() -> None:
    assert told("cover.submitted", attempt=1) == {Metric.COVERS_SUBMITTED: 1}
    assert told("cover.switched", failed="kie") == {Metric.COVERS_SWITCHED: 1}
    assert told("cover.succeeded", seconds=90.5) == {Metric.COVERS_SUCCEEDED: 1, Metric.SECONDS_TO_DONE: 90.5}
    assert told("cover.first", seconds=60) == {Metric.SECONDS_TO_FIRST: 60}
    assert told("cover.text") == {}
    assert told("cover.canceled", maybe_charged=True) == {}


def test_only_a_failure_that_may_have_cost_something_is_charged_but_failed() -> None:
    assert told("cover.failed", maybe_charged=True) == {Metric.COVERS_FAILED: 1, Metric.CHARGED_BUT_FAILED: 1}
    assert told("cover.failed", maybe_charged=False) == {Metric.COVERS_FAILED: 1}


def test_events_of_the_release_before_count_without_what_they_did_not_say() -> None:
    assert told("cover.succeeded", tracks=[1]) == {Metric.COVERS_SUCCEEDED: 1}
    assert told("cover.first", number=1) == {}
    assert told("cover.failed", reason="deadline") == {Metric.COVERS_FAILED: 1}


def test_a_line_that_is_no_public_event_is_not_counted(capsys: pytest.CaptureFixture[str]) -> None:
    note = replace(FAILED, event=None)
    assert numbers(note) == {}
    count(note)
    assert lines(capsys) == []


def test_a_number_is_put_for_all_and_once_more_by_its_provider(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("POWERTOOLS_METRICS_NAMESPACE", "Reprise/mine")
    monkeypatch.setenv("POWERTOOLS_SERVICE_NAME", "reprise")
    put({Metric.BALANCE: 12.5, Metric.OLDEST_DUE: 3}, provider="kie")
    (line,) = lines(capsys)
    (one,) = line["_aws"]["CloudWatchMetrics"]
    assert (one["Namespace"], one["Dimensions"]) == ("Reprise/mine", [["service"], ["provider"]])
    assert {each["Name"]: each["Unit"] for each in one["Metrics"]} == {"Balance": "None", "OldestDue": "Seconds"}
    assert (line["service"], line["provider"], line["Balance"], line["OldestDue"]) == ("reprise", "kie", [12.5], [3.0])


def test_a_missing_name_does_not_stop_the_work(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("POWERTOOLS_METRICS_NAMESPACE", raising=False)
    monkeypatch.delenv("POWERTOOLS_SERVICE_NAME", raising=False)
    put({Metric.DUE: 0})
    put({Metric.DUE: 1})
    assert [line["Due"] for line in lines(capsys)] == [[0.0], [1.0]]  # nothing is left over for the next line
