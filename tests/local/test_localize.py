"""The template as the embedded AWS gets it."""

import json
from typing import Any

import pytest

from local.errors import LocalError
from local.localize import CHANGES, COLD_START_SECONDS, PROXY_VARIABLE, Target, localize, read_template
from local.stack import ROOT

TARGET = Target("http://127.0.0.1:9")


@pytest.fixture(scope="module")
def sam() -> dict[str, Any]:
    return read_template(ROOT / "template.yaml")


@pytest.fixture(scope="module")
def cfn(sam: dict[str, Any]) -> dict[str, Any]:
    return localize(sam, {}, TARGET)


def of_type(document: dict[str, Any], kind: str) -> dict[str, Any]:
    return {name: entry["Properties"] for name, entry in document["Resources"].items() if entry["Type"] == kind}


def statements(document: dict[str, Any]) -> list[Any]:
    policies = [policy for role in of_type(document, "AWS::IAM::Role").values() for policy in role["Policies"]]
    return [statement for policy in policies for statement in policy["PolicyDocument"]["Statement"]]


def test_every_change_says_why_it_is_needed() -> None:
    assert all(change.__doc__ for change in CHANGES)
    assert len({change.__name__ for change in CHANGES}) == len(CHANGES)


def test_every_api_event_of_the_template_becomes_a_route(sam: dict[str, Any], cfn: dict[str, Any]) -> None:
    events = [
        f"{event['Properties']['Method'].upper()} {event['Properties']['Path']}"
        for function in of_type(sam, "AWS::Serverless::Function").values()
        for event in function.get("Events", {}).values()
        if event["Type"] == "HttpApi"
    ]
    routes = [route["RouteKey"] for route in of_type(cfn, "AWS::ApiGatewayV2::Route").values()]
    assert sorted(routes) == sorted(events)
    assert all("Body" not in api for api in of_type(cfn, "AWS::ApiGatewayV2::Api").values())


def test_every_function_is_invoked_by_our_executor_with_time_for_a_cold_start(
    sam: dict[str, Any], cfn: dict[str, Any]
) -> None:
    shared = sam["Globals"]["Function"]["Timeout"]
    for name, function in of_type(cfn, "AWS::Lambda::Function").items():
        declared = sam["Resources"][name]["Properties"].get("Timeout", shared)
        assert function["Environment"]["Variables"][PROXY_VARIABLE] == f"http://127.0.0.1:9/{name}"
        assert function["Timeout"] == declared + COLD_START_SECONDS


def test_the_policies_lose_nothing_but_tls_and_the_two_reads_that_cannot_be_proven(
    sam: dict[str, Any], cfn: dict[str, Any]
) -> None:
    for name, role in of_type(sam, "AWS::IAM::Role").items():
        before = [entry for policy in role["Policies"] for entry in policy["PolicyDocument"]["Statement"]]
        there = of_type(cfn, "AWS::IAM::Role")[name]["Policies"]
        after = [entry for policy in there for entry in policy["PolicyDocument"]["Statement"]]
        changed = [old["Action"] for old, new in zip(before, after, strict=True) if old["Resource"] != new["Resource"]]
        assert all("ssm:GetParameters" in action[0] or "secretsmanager" in action[0] for action in changed)
    assert "aws:SecureTransport" not in json.dumps(cfn)


def test_who_may_send_to_a_queue_may_send_batches_to_it(sam: dict[str, Any], cfn: dict[str, Any]) -> None:
    before, after = statements(sam), statements(cfn)
    sends = [old for old in before if "sqs:SendMessage" in old["Action"]]
    batches = [new for new in after if "sqs:SendMessageBatch" in new["Action"]]
    assert sends
    assert [[*old["Action"], "sqs:SendMessageBatch"] for old in sends] == [new["Action"] for new in batches]
    assert [old["Resource"] for old in sends] == [new["Resource"] for new in batches]


def test_a_bucket_policy_keeps_its_other_statements() -> None:
    plain = {"Effect": "Deny", "Action": "s3:*", "Condition": {"Bool": {"aws:SecureTransport": "false"}}}
    other = {"Effect": "Deny", "Action": "s3:DeleteObject"}
    policy = {"Type": "AWS::S3::BucketPolicy", "Properties": {"PolicyDocument": {"Statement": [plain, other]}}}
    document = localize({"Resources": {"Policy": policy}}, {}, TARGET)
    assert document["Resources"]["Policy"]["Properties"]["PolicyDocument"]["Statement"] == [other]


def test_one_version_of_each_function_runs(cfn: dict[str, Any]) -> None:
    kinds = {entry["Type"] for entry in cfn["Resources"].values()}
    assert "AWS::Lambda::Function" in kinds
    assert not kinds & {"AWS::Lambda::Version", "AWS::Lambda::Alias"}
    assert not [kind for kind in kinds if kind.startswith("AWS::CodeDeploy")]


def test_of_the_alarms_those_on_one_metric_stay(sam: dict[str, Any], cfn: dict[str, Any]) -> None:
    drawn, left = of_type(sam, "AWS::CloudWatch::Alarm"), of_type(cfn, "AWS::CloudWatch::Alarm")
    sums = {name for name, alarm in drawn.items() if "Metrics" in alarm}
    assert sums
    assert set(left) == set(drawn) - sums


def test_what_the_engine_does_not_know_is_left_out() -> None:
    budget = {"Type": "AWS::Budgets::Budget", "Properties": {}}
    topic = {"Type": "AWS::SNS::Topic", "Properties": {}}
    assert list(localize({"Resources": {"Budget": budget, "Topic": topic}}, {}, TARGET)["Resources"]) == ["Topic"]


def test_secrets_are_referred_to_by_arn() -> None:
    secret = {"Type": "AWS::SecretsManager::Secret", "Properties": {}}
    parameter = {"Type": "AWS::SSM::Parameter", "Properties": {"Type": "String", "Value": {"Ref": "Secret"}}}
    document = localize({"Resources": {"Secret": secret, "Parameter": parameter}}, {}, TARGET)
    assert document["Resources"]["Parameter"]["Properties"]["Value"] == {"Fn::GetAtt": ["Secret", "Id"]}


def test_the_callers_template_is_left_alone(sam: dict[str, Any]) -> None:
    before = json.dumps(sam)
    localize(sam, {}, TARGET)
    assert json.dumps(sam) == before


def test_a_template_that_is_not_sam_is_refused_in_words() -> None:
    broken = {"Resources": {"F": {"Type": "AWS::Serverless::Function", "Properties": {"Events": 3}}}}
    with pytest.raises(LocalError, match="not valid SAM"):
        localize(broken, {}, TARGET)
