"""template.yaml says what the code, the events and our own rules say; else one of them has drifted."""

import importlib
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import fields, replace
from typing import Any

import pytest
from reprise.aws.items import job_update
from reprise.aws.writes import new_nonce
from reprise.domain.job import Change, Entry, Outbox, State
from reprise.settings import Settings

from tests.factories import NOW, a_job
from tests.golden import EVENTS, events, golden, verb_of
from tests.template import ROOT, environment, functions, of_type, template

FUNCTIONS = functions()
VERBS = sorted(FUNCTIONS)
ROLES = of_type("AWS::IAM::Role")
QUEUES = of_type("AWS::SQS::Queue")
DOORS = [verb for verb in VERBS if any(event["Type"] == "HttpApi" for event in FUNCTIONS[verb]["Events"].values())]

each_function = pytest.mark.parametrize("verb", VERBS)
each_role = pytest.mark.parametrize("role", sorted(ROLES))


def sources(verb: str, kind: str) -> list[dict[str, Any]]:
    """Properties of a function's event sources of one kind."""
    return [one["Properties"] for one in FUNCTIONS[verb]["Events"].values() if one["Type"] == kind]


def statements(role: str) -> Iterator[dict[str, Any]]:
    """But the right to trace, which X-Ray knows no resources for; `test_alarms.py` is about that."""
    for policy in ROLES[role]["Policies"]:
        yield from (one for one in policy["PolicyDocument"]["Statement"] if one["Sid"] != "Trace")


def named(value: Any) -> str:
    """The resource that a Ref or GetAtt points to."""
    match value:
        case {"Ref": str(name)} | {"Fn::GetAtt": str(name)}:
            return name.partition(".")[0]
    raise AssertionError(f"no reference: {value}")


def listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


# --- functions ---------------------------------------------------------------------------------------------------


def test_each_folder_is_a_function_of_the_template_and_the_other_way_round() -> None:
    assert sorted(path.name for path in (ROOT / "functions").iterdir() if path.name != "__pycache__") == VERBS


@each_function
def test_a_function_is_one_file(verb: str) -> None:
    files = {path.name for path in (ROOT / "functions" / verb).iterdir() if path.name != "__pycache__"}
    assert files == {"Makefile", "app.py"} | ({"files"} if verb == "pages" else set())
    assert FUNCTIONS[verb]["CodeUri"] == f"functions/{verb}/"


@each_function
def test_a_handler_is_short(verb: str) -> None:
    assert len((ROOT / "functions" / verb / "app.py").read_text().splitlines()) <= 70


@each_function
def test_the_handler_is_where_the_template_says(verb: str) -> None:
    module, _, name = FUNCTIONS[verb]["Handler"].partition(".")
    assert callable(getattr(importlib.import_module(f"functions.{verb}.{module}"), name))


def test_every_handler_can_be_imported_with_an_empty_environment() -> None:
    code = "; ".join(f"import functions.{verb}.app" for verb in VERBS)
    here = {"PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "layers/core")])}
    done = subprocess.run([sys.executable, "-c", code], env=here, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@each_function
def test_a_function_has_a_golden_event(verb: str) -> None:
    assert verb in {verb_of(path) for path in events()}


def test_every_golden_event_is_of_a_function() -> None:
    assert {verb_of(path) for path in events()} == set(VERBS)


@each_function
def test_a_function_runs_on_arm64_and_python_3_13(verb: str) -> None:
    assert (FUNCTIONS[verb]["Runtime"], FUNCTIONS[verb]["Architectures"]) == ("python3.13", ["arm64"])


@each_function
def test_a_function_has_a_log_of_its_own_that_is_not_kept_for_ever(verb: str) -> None:
    log = named(FUNCTIONS[verb]["LoggingConfig"]["LogGroup"])
    assert log == f"{verb.capitalize()}Logs"
    assert of_type("AWS::Logs::LogGroup")[log]["RetentionInDays"]


@each_function
def test_of_the_platforms_lines_a_log_has_only_what_went_wrong(verb: str) -> None:
    """Each START, END and REPORT is paid for. Our own level is the logger's affair: lines of the metrics have none."""
    config = {name: value for name, value in FUNCTIONS[verb]["LoggingConfig"].items() if name != "LogGroup"}
    assert config == {"LogFormat": "JSON", "SystemLogLevel": "WARN"}


@each_function
def test_a_function_has_a_role_of_its_own(verb: str) -> None:
    assert named(FUNCTIONS[verb]["Role"]) == f"{verb.capitalize()}Role"


def test_every_role_and_every_log_belongs_to_somebody() -> None:
    assert sorted(ROLES) == sorted(f"{verb.capitalize()}Role" for verb in VERBS)
    assert set(of_type("AWS::Logs::LogGroup")) == {f"{verb.capitalize()}Logs" for verb in VERBS} | {"ApiLogs"}


def test_ffmpeg_is_with_those_who_look_into_audio() -> None:
    assert [verb for verb in VERBS if {"Ref": "MediaLayer"} in FUNCTIONS[verb]["Layers"]] == [
        "submit",
        "transfer",
        "upload",
    ]


# --- the environment ---------------------------------------------------------------------------------------------


def test_settings_and_the_environment_name_the_same_things() -> None:
    ours = {name for name in environment() if not name.startswith("POWERTOOLS_")}
    assert {field.name.upper() for field in fields(Settings)} == ours


@each_function
def test_no_function_has_an_environment_of_its_own(verb: str) -> None:
    own = template()["Resources"][f"{verb.capitalize()}Function"]["Properties"]
    assert "Environment" not in own


def test_no_secret_is_in_the_environment() -> None:
    words = " ".join(environment()).lower()
    assert "password" not in words
    assert "api_key" not in words
    assert environment()["TOKEN_SECRET"] == {"Ref": "TokenSecret"}


# --- event sources -----------------------------------------------------------------------------------------------


@each_function
def test_what_is_invoked_without_a_caller_has_a_place_for_what_fails(verb: str) -> None:
    for source in sources(verb, "SQS"):
        assert "RedrivePolicy" in QUEUES[named(source["Queue"])]
    for source in sources(verb, "DynamoDB"):
        assert named(source["DestinationConfig"]["OnFailure"]["Destination"]) in QUEUES
    if sources(verb, "S3"):
        assert named(FUNCTIONS[verb]["DeadLetterQueue"]["TargetArn"]) in QUEUES


@each_function
def test_a_queue_hides_a_message_for_six_times_what_its_function_may_take(verb: str) -> None:
    for source in sources(verb, "SQS"):
        assert QUEUES[named(source["Queue"])]["VisibilityTimeout"] >= 6 * FUNCTIONS[verb]["Timeout"]


@each_function
def test_of_a_batch_only_what_failed_comes_back(verb: str) -> None:
    for source in [*sources(verb, "SQS"), *sources(verb, "DynamoDB")]:
        assert source["FunctionResponseTypes"] == ["ReportBatchItemFailures"]


def test_every_queue_has_dead_letters_or_is_for_them() -> None:
    for name, queue in QUEUES.items():
        if name.endswith("DeadLetters"):
            assert queue["MessageRetentionPeriod"] == 14 * 24 * 3600
        else:
            assert named(queue["RedrivePolicy"]["deadLetterTargetArn"]) in QUEUES


def test_the_stream_wakes_dispatch_for_lines_of_the_outbox_alone() -> None:
    (source,) = sources("dispatch", "DynamoDB")
    (one,) = source["FilterCriteria"]["Filters"]
    assert '"outbox"' in one["Pattern"]
    assert all("outbox" in record["dynamodb"]["NewImage"] for record in golden("dispatch")["Records"])


def test_the_poller_comes_every_minute() -> None:
    assert sources("poller", "Schedule") == [{"Schedule": "rate(1 minute)"}]


def test_balances_are_asked_for_every_hour_and_not_again_when_that_fails() -> None:
    assert sources("survey", "Schedule") == [{"Schedule": "rate(1 hour)"}]
    assert FUNCTIONS["survey"]["EventInvokeConfig"] == {"MaximumRetryAttempts": 0}


def test_no_http_door_takes_longer_than_the_gateway_waits() -> None:
    assert all(FUNCTIONS[verb]["Timeout"] < 30 for verb in DOORS)


# --- routes ------------------------------------------------------------------------------------------------------


def shape(method: str, path: str) -> str:
    """`GET /v1/covers/*`: what a path part is called does not matter."""
    path = re.sub(r"{path\+}|\.\+$", "**", path)
    return f"{method} {re.sub(r'[{<][^}>]+[}>]', '*', path)}"


def takes(drawn: str, served: str) -> bool:
    """A greedy route takes all that begins like it."""
    return served == drawn or (drawn.endswith("**") and served.startswith(drawn.removesuffix("**")))


STRAY = "ANY /v1/**"
"""What no other route takes: `read` refuses it."""


def drawn(verb: str) -> set[str]:
    return {shape(source["Method"], source["Path"]) for source in sources(verb, "HttpApi")}


def test_what_nobody_takes_goes_to_the_door_without_rights_to_write() -> None:
    assert [verb for verb in DOORS if STRAY in drawn(verb)] == ["read"]


@pytest.mark.parametrize("verb", [verb for verb in DOORS if verb != "callback"])
def test_a_door_answers_exactly_the_routes_that_the_template_sends_it(verb: str) -> None:
    api = importlib.import_module(f"functions.{verb}.app").api
    routes = api._static_routes + api._dynamic_routes
    served = {shape(method, route.path) for route in routes for method in listed(route.method)}
    assert [route for route in served if not any(takes(one, route) for one in drawn(verb))] == []
    assert [one for one in drawn(verb) - {STRAY} if not any(takes(one, route) for route in served)] == []


@pytest.mark.parametrize("verb", DOORS)
def test_what_is_asked_for_its_head_can_be_had_whole_at_the_same_door(verb: str) -> None:
    heads = {source["Path"] for source in sources(verb, "HttpApi") if source["Method"] == "HEAD"}
    assert heads <= {source["Path"] for source in sources(verb, "HttpApi") if source["Method"] == "GET"}


@pytest.mark.parametrize("path", events(), ids=lambda path: str(path.relative_to(EVENTS)))
def test_a_golden_request_takes_a_route_of_the_template(path: Any) -> None:
    verb = verb_of(path)
    event = golden(str(path.relative_to(EVENTS).with_suffix("")))
    if "routeKey" not in event:
        assert verb not in DOORS or (event["source"] == "aws.events" and sources(verb, "Schedule"))
        return
    assert event["routeKey"] == event["requestContext"]["routeKey"]
    method, _, route = event["routeKey"].partition(" ")
    assert shape(method, route) in drawn(verb)
    names = re.findall(r"{(\w+)\+?}", route)
    assert sorted(event.get("pathParameters", {})) == sorted(names)
    assert event["rawPath"] == re.sub(r"{(\w+)\+?}", lambda found: event["pathParameters"][found[1]], route)


def test_callback_reads_the_path_parts_that_the_template_names() -> None:
    (source,) = sources("callback", "HttpApi")
    code = (ROOT / "functions/callback/app.py").read_text()
    assert set(re.findall(r'path\["(\w+)"\]', code)) == set(re.findall(r"{(\w+)}", source["Path"]))


# --- rights ------------------------------------------------------------------------------------------------------


@each_role
def test_no_right_is_for_everything(role: str) -> None:
    for statement in statements(role):
        assert "NotAction" not in statement
        assert "NotResource" not in statement
        for action in listed(statement["Action"]):
            assert "*" not in action, statement["Sid"]
        for resource in listed(statement["Resource"]):
            text = resource.get("Fn::Sub", "") if isinstance(resource, dict) else resource
            assert text != "*", statement["Sid"]
            assert not text.endswith((":*", "::*")), statement["Sid"]


@each_role
def test_a_role_is_for_lambda_alone_and_has_no_ready_made_policies(role: str) -> None:
    (trust,) = ROLES[role]["AssumeRolePolicyDocument"]["Statement"]
    assert trust["Principal"] == {"Service": "lambda.amazonaws.com"}
    assert "ManagedPolicyArns" not in ROLES[role]


@each_role
def test_a_function_writes_its_own_log_and_no_other(role: str) -> None:
    logs = [one for one in statements(role) if any(action.startswith("logs:") for action in listed(one["Action"]))]
    assert [named(resource) for one in logs for resource in listed(one["Resource"])] == [
        role.removesuffix("Role") + "Logs"
    ]


def test_who_hands_out_files_can_write_its_log_and_nothing_else() -> None:
    assert [one["Sid"] for one in statements("PagesRole")] == ["Log"]


def test_read_can_only_read() -> None:
    actions = {action for one in statements("ReadRole") for action in listed(one["Action"])}
    writes = {
        action
        for action in actions
        if not action.startswith("logs:") and not re.search(":(Get|BatchGet|Query)", action)
    }
    assert writes == {"dynamodb:UpdateItem"}  # to count requests: see below


COUNTERS = {
    "SubmitRole": {"requests", "expires_at", "usd"},
    "ManageRole": {"requests", "expires_at", "usd"},
    "ReadRole": {"requests", "expires_at"},
    "SurveyRole": {"requests", "expires_at"},
    "SubscribeRole": {"requests", "expires_at"},
    "CallbackRole": {"usd"},
    "AdvanceRole": {"usd"},
}
"""What each role may update of a key: who lets callers in counts them, who buys or learns of it counts money."""


WRITERS = {"SubmitRole", "ManageRole", "CallbackRole", "AdvanceRole", "TransferRole"}
"""Who changes jobs."""


@each_role
def test_an_update_is_of_the_counters_of_keys_or_of_a_job_and_of_nothing_else(role: str) -> None:
    """Whoever may count must not make a key open more, live longer or spend more; nor whoever may change a job."""
    found = [one for one in statements(role) if "dynamodb:UpdateItem" in listed(one["Action"])]
    told = {partition: attributes for one in found for partition, attributes in [bounds(one)]}
    wanted = {"KEY#*": COUNTERS[role]} if role in COUNTERS else {}
    wanted |= {"JOB#*": changed()} if role in WRITERS else {}
    assert told == wanted
    assert len(found) == len(wanted)


def bounds(statement: dict[str, Any]) -> tuple[str, set[str]]:
    """Which partitions may be updated, and which attributes but the keys."""
    assert statement["Action"] == ["dynamodb:UpdateItem"]
    assert statement["Resource"] == [{"Fn::GetAtt": "Table.Arn"}]
    known = dict(statement["Condition"])
    (partition,) = known.pop("ForAllValues:StringLike")["dynamodb:LeadingKeys"]
    (named,) = known.pop("ForAllValues:StringEquals").items()
    assert (named[0], known) == ("dynamodb:Attributes", {})
    assert {"pk", "sk"} <= set(named[1])
    return partition, set(named[1]) - {"pk", "sk"}


def changed() -> set[str]:
    """What the update of a job names, whatever it becomes."""
    entry = Entry("a" * 32, 1, NOW, "t", "m", "owner", "kie", State.RUNNING, outbox=Outbox.WAKE)
    names = set[str]()
    for job, entries in ((a_job(), ()), (replace(a_job(), due_at=NOW), (entry,))):
        asked = job_update(Change(1, job, entries), new_nonce())
        words = f"{asked['UpdateExpression']} {asked['ConditionExpression']}".replace("#state", "state")
        names |= set(re.findall(r"(?<![:\w])[a-z_]+(?!\w*\()", words))
    return names


def test_nobody_can_scan_the_table() -> None:
    assert "dynamodb:Scan" not in {action for role in ROLES for one in statements(role) for action in one["Action"]}


def test_only_who_calls_providers_sees_their_keys() -> None:
    able = {role for role in ROLES for one in statements(role) if "ssm:GetParametersByPath" in listed(one["Action"])}
    assert able == {"SubmitRole", "AdvanceRole", "SurveyRole"}


# --- what is kept ------------------------------------------------------------------------------------------------


def test_the_table_is_recoverable_encrypted_streamed_and_expires_claims() -> None:
    (table,) = of_type("AWS::DynamoDB::Table").values()
    assert table["PointInTimeRecoverySpecification"] == {"PointInTimeRecoveryEnabled": True}
    assert table["SSESpecification"] == {"SSEEnabled": True}
    assert table["StreamSpecification"] == {"StreamViewType": "NEW_IMAGE"}
    assert table["TimeToLiveSpecification"] == {"AttributeName": "expires_at", "Enabled": True}
    assert {index["IndexName"] for index in table["GlobalSecondaryIndexes"]} == {"due", "by_tenant"}


def test_the_list_index_holds_all_that_a_summary_reads() -> None:
    from reprise.aws.items import job_item, summary_of

    from tests.factories import a_job

    (table,) = of_type("AWS::DynamoDB::Table").values()
    (index,) = (one for one in table["GlobalSecondaryIndexes"] if one["IndexName"] == "by_tenant")
    keys = {"pk", "sk", *(one["AttributeName"] for one in index["KeySchema"])}
    held = keys | set(index["Projection"]["NonKeyAttributes"])
    job = a_job(title="T")
    item = {name: value for name, value in job_item(job).items() if name in held}
    assert summary_of(item).title == "T"


@pytest.mark.parametrize("bucket", sorted(of_type("AWS::S3::Bucket")))
def test_a_bucket_is_private_encrypted_swept_and_speaks_tls_only(bucket: str) -> None:
    properties = of_type("AWS::S3::Bucket")[bucket]
    assert set(properties["PublicAccessBlockConfiguration"].values()) == {True}
    assert properties["BucketEncryption"]
    assert properties["LifecycleConfiguration"]["Rules"]
    (policy,) = (one for one in of_type("AWS::S3::BucketPolicy").values() if named(one["Bucket"]) == bucket)
    (deny,) = policy["PolicyDocument"]["Statement"]
    assert (deny["Effect"], deny["Condition"]) == ("Deny", {"Bool": {"aws:SecureTransport": "false"}})


def test_what_holds_songs_outlives_the_stack() -> None:
    for name, one in template()["Resources"].items():
        if one["Type"] in ("AWS::DynamoDB::Table", "AWS::S3::Bucket"):
            assert (one["DeletionPolicy"], one["UpdateReplacePolicy"]) == ("RetainExceptOnCreate", "Retain"), name


def test_the_access_log_names_routes_and_never_paths() -> None:
    (api,) = of_type("AWS::Serverless::HttpApi").values()
    assert "$context.routeKey" in api["AccessLogSettings"]["Format"]
    assert "$context.path" not in api["AccessLogSettings"]["Format"]
