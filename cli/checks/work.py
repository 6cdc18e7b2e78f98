"""What drives the jobs: the sweep, the event sources, the stream; and who says already that something is wrong."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from reprise.aws.items import deliver_shards, shards

from cli import show
from cli.finding import Finding, fail, not_checked, ok, warn
from cli.target import Target

USUAL_LATEST = "300"
"""Seconds: the template's own LatestDueSeconds."""

SKEW_WARN, SKEW_FAIL = 30, 240
"""Seconds. AWS refuses what is signed five minutes off."""

SOURCES = ("AdvanceFunctionWork", "TransferFunctionWork", "DeliverFunctionWork", "DispatchFunctionStream")
SCHEDULE = "PollerFunctionEveryMinute"


def oldest_due(target: Target) -> Finding:
    """The sparse index holds what waits for a time, oldest first: one item of each shard is read."""
    client = target.client("dynamodb")
    heads = [_first(client, target.id("Table"), shard) for shard in (*shards(), *deliver_shards())]
    waiting = [(item["due_at"]["S"], item["pk"]["S"].removeprefix("JOB#")) for item in heads if item]
    if not waiting:
        return ok("nothing waits for a time")
    since, job = min(waiting)
    late = (datetime.now(UTC) - datetime.fromisoformat(since)).total_seconds()
    if late <= 0:
        return ok(f"the next is due in {show.age(-late)}")
    said = f"job {job} is due for {show.age(late)}"
    if late > int(target.parameters.get("LatestDueSeconds", USUAL_LATEST)):
        return fail(said, "does the sweep run, and does `advance` come after?", "oldest-due")
    return ok(said)


def sweep(target: Target) -> Finding:
    rule = target.client("events").describe_rule(Name=target.id(SCHEDULE))
    if rule.get("State") != "ENABLED":
        return fail("the schedule of the poller is off", f"aws events enable-rule --name {rule['Name']}", "oldest-due")
    return ok(f"the poller comes {rule.get('ScheduleExpression', 'by its schedule')}")


def event_sources(target: Target) -> Finding:
    client = target.client("lambda")
    found = {name: client.get_event_source_mapping(UUID=target.id(name)) for name in SOURCES}
    off = {name: one["State"] for name, one in found.items() if one["State"] != "Enabled"}
    if off:
        told = ", ".join(f"{name} is {state}" for name, state in off.items())
        mend = "aws lambda update-event-source-mapping --enabled --uuid " + target.id(next(iter(off)))
        return fail(told, mend, "workers-failing")
    troubled = [f"{name}: {one['LastProcessingResult']}" for name, one in found.items() if _is_troubled(one)]
    if troubled:
        return warn("; ".join(troubled), "read the function's log", "workers-failing")
    return ok(f"all {len(SOURCES)} are on")


def stream(target: Target) -> Finding:
    table = target.client("dynamodb").describe_table(TableName=target.id("Table"))["Table"]
    if not table.get("StreamSpecification", {}).get("StreamEnabled"):
        return fail("the table's stream is off: no event is told", "deploy the template again", "outbox-late")
    return ok("the table's stream is on")


def alarms(target: Target) -> Finding:
    """Only this stack's: a stack `reprise` must not wake for `reprise-dev`."""
    if target.local:
        return not_checked("the embedded AWS has no alarm that could go off")
    names = [name for logical, name in target.resources.items() if logical.endswith("Alarm")]
    answer = target.client("cloudwatch").describe_alarms(AlarmNames=names, MaxRecords=100)
    on = [one for one in answer["MetricAlarms"] if one["StateValue"] == "ALARM"]
    if on:
        pages = [page for one in on for page in re.findall(r"runbooks/([\w-]+)\.md", one.get("AlarmDescription", ""))]
        return fail(f"on: {', '.join(one['AlarmName'] for one in on)}", "follow the pages", next(iter(pages), ""))
    return ok(f"none of {len(answer['MetricAlarms'])} is on")


def clock(target: Target) -> Finding:
    answer = target.client("dynamodb").describe_table(TableName=target.id("Table"))
    told = answer["ResponseMetadata"]["HTTPHeaders"].get("date")
    if not told:
        return not_checked("AWS's answer bears no date")
    apart = abs((datetime.now(UTC) - parsedate_to_datetime(told)).total_seconds())
    said = f"{apart:.0f} s between here and AWS"
    mend = "set the clock of this machine"
    if apart > SKEW_FAIL:
        return fail(said, mend)
    return warn(said, mend) if apart > SKEW_WARN else ok(said)


def _first(client: Any, table: str, shard: str) -> Mapping[str, Any] | None:
    answer = client.query(
        TableName=table,
        IndexName="due",
        KeyConditionExpression="due_shard = :shard",
        ExpressionAttributeValues={":shard": {"S": shard}},
        Limit=1,
    )
    return next(iter(answer["Items"]), None)


def _is_troubled(source: Mapping[str, Any]) -> bool:
    return str(source.get("LastProcessingResult", "")).upper().startswith("PROBLEM")
