"""Dollars per million covers: what one cover is counted to take, times the price list in prices.json."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from statistics import median
from typing import Any

from bench.gateway.pictures import number, stacked
from bench.gateway.row import Row, counted
from bench.gateway.story import Run, cover, street
from bench.gateway.units import Meter
from tests.template import functions

PLAIN_DESIGN, GOAL = 64.0, 40.0
"""USD per million covers."""

MILLION = 1_000_000
FULL_CORE = 1769
"""MB of memory at which a function has one whole vCPU; below it has that share.
https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html"""

COVERS = 12
"""Each function's CPU is the median of so many covers."""

ITEMS = {
    "S3.PutObject": "s3.put",
    "S3.GetObject": "s3.get",
    "S3.DeleteObject": "s3.delete",
    "SNS.Publish": "sns.publish",
    "SSM.GetParameters": "ssm.call",
    "SSM.GetParametersByPath": "ssm.call",
    "Secrets Manager.GetSecretValue": "secrets.call",
}
"""Calls that cost by the call. DynamoDB's cost by the unit, SQS' by the message."""

OTHERS = "lambda.gb-second for others"
"""While a vendor, a host of media or of a song is waited for: nothing here can measure it, and no design avoids it."""


@cache
def prices() -> dict[str, Any]:
    return dict(json.loads((Path(__file__).parent / "prices.json").read_text()))


def usage(runs: Iterable[Run], seconds: Mapping[int, float]) -> dict[str, float]:
    """How much of each item of the price list one cover takes. `seconds` of CPU by the place of the run."""
    used: defaultdict[str, float] = defaultdict(float)
    meter, assumed = Meter(), prices()["assumed"]
    for place, run in enumerate(runs):
        used["lambda.request"] += 1
        used["lambda.gb-second"] += gb_seconds(run, seconds[place])
        used[OTHERS] += memory(run) / 1024 * assumed["milliseconds for others"].get(run.verb, 0) / 1000
        log_bytes = run.logged + assumed["log bytes of the platform per invocation"]
        if "requestContext" in run.event:
            used["api-gateway.request"] += 1
            log_bytes += assumed["log bytes of the API per request"]
        used["logs.gb"] += log_bytes / 1e9
        for call in run.calls:
            service, _, operation = call.name.partition(".")
            if service == "DynamoDB":
                meter.take(operation, call.asked, call.answer)
            elif service == "SQS":
                messages = len(call.asked.get("Entries", "1"))
                used["sqs.request"] += 1 + messages * assumed["requests per received SQS message"]
            else:
                used[ITEMS[call.name]] += 1
    used["dynamodb.write"] += meter.writes
    used["dynamodb.read"] += meter.reads
    return used


def gb_seconds(run: Run, cpu: float) -> float:
    """CPU stretched by the function's share of a core, and the waits for AWS that are assumed."""
    waits = prices()["assumed"]["milliseconds of a call"]
    waited: float = sum(waits[kind(call.name)] for call in run.calls) / 1000
    return (cpu / min(1.0, memory(run) / FULL_CORE) + waited) * memory(run) / 1024


def memory(run: Run) -> int:
    """MB."""
    return int(functions()[run.verb]["MemorySize"])


def kind(name: str) -> str:
    """Of a wait."""
    service, _, operation = name.partition(".")
    if service == "DynamoDB":
        return "DynamoDB read" if operation in ("GetItem", "Query") else "DynamoDB write"
    return service


def dollars(used: Mapping[str, float]) -> dict[str, float]:
    """USD of a million covers by service, the dearest first. Raises KeyError for what has no price."""
    found: defaultdict[str, float] = defaultdict(float)
    for item, amount in used.items():
        price = prices()["usd"][item]
        found[price["service"]] += amount * price["usd"] * MILLION
    return {service: usd for service, usd in sorted(found.items(), key=lambda one: -one[1]) if usd >= 0.005}


def rows() -> list[Row]:
    return [_row("Dollars per million covers", False), _row("Dollars per million covers with a webhook", True)]


def _row(what: str, webhook: bool) -> Row:
    with street() as house:
        covers = [cover(house, f"cover-{place}-{webhook}", webhook) for place in range(COVERS + 1)][1:]
    seconds = {place: median(one[place].cpu for one in covers) for place in range(len(covers[0]))}
    warm = min(covers, key=lambda runs: sum(len(run.calls) for run in runs))  # no memory ran out meanwhile
    used = usage(warm, seconds)
    whole = dollars(used)
    told = {service: usd for service, usd in whole.items() if service != _service(OTHERS)}
    note = f"{_note()} With {number(whole[_service(OTHERS)])} USD for that it is {number(sum(whole.values()))} USD."
    row = counted(what, "USD", sum(told.values()), PLAIN_DESIGN, most=GOAL, goal=f"<= {GOAL:g} USD", note=note)
    bars = {"ours": told, "with waiting": whole, "a plain design": {"all": PLAIN_DESIGN}}
    return replace(row, picture=stacked(bars, GOAL, "USD"), details=_table(used))


def _service(item: str) -> str:
    return str(prices()["usd"][item]["service"])


def _note() -> str:
    known = prices()
    waits = known["assumed"]["milliseconds of a call"]
    return (
        f"Price list of {known['date']} ({known['region']}). {known['how']} The floor here is {PLAIN_DESIGN:g} USD, "
        "the figure of a plain design of this shape. Calls, request units and log lines are counted, CPU is measured, "
        "without starts; AWS's own answers are assumed to take (ms) "
        f"{', '.join(f'{name} {ms}' for name, ms in waits.items())}. Each event is an invocation of its own: under "
        "load the stream brings many at once. Of Lambda's own log lines none is counted: START, END and REPORT are "
        "switched off, and what went wrong is rare. Not in it: storage, what leaves AWS, callers' own reads, what is "
        "the same each month (sweeps, alarms, queues' empty receives), and what a function waits for vendors, songs "
        "and media hosts, which nothing here can measure: a second and a half for each submit and each copy is assumed."
    )


def _table(used: Mapping[str, float]) -> str:
    usd = prices()["usd"]
    lines = [
        f"| {usd[item]['service']} | {item} | {number(amount)} | {number(amount * usd[item]['usd'] * MILLION)} |"
        for item, amount in sorted(used.items(), key=lambda one: -one[1] * usd[one[0]]["usd"])
    ]
    return "\n".join(["| service | item | per cover | USD per million |", "|---|---|---:|---:|", *lines])
