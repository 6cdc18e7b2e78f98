"""The vendors: is there a key, is there credit, are they passed over? No value of a secret leaves this file."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime

from reprise.aws.providers import DynamoHealth
from reprise.domain.health import Health
from reprise.providers import REGISTRY

from cli.finding import Finding, fail, ok, warn
from cli.invoke import StaysError, invoke
from cli.target import Target

UNTOLD = frozenset({"musicgpt", "studio"})
"""No endpoint of theirs tells the balance; the studio takes no money."""

THRESHOLDS = {
    "kie": "LeastKieCredits",
    "sunoapi": "LeastSunoapiCredits",
    "aimusicapi": "LeastAimusicapiCredits",
    "aimlapi": "LeastAimlapiUsd",
}
"""Parameters of the template: what the alarms go by."""


def keys(target: Target) -> Finding:
    found = _keys(target)
    blank = [name for name, key in found.items() if not key.strip()]
    if blank:
        names = ", ".join(f"{target.settings}/{name}/api-key" for name in blank)
        return fail(f"nothing but blanks: {names}", "put the key there, or delete the parameter")
    if not found:
        return fail("no provider has a key: nothing can be covered", f"put one at {target.settings}/<provider>/api-key")
    off = [name for name in REGISTRY if name not in found]
    return ok(f"on: {', '.join(found)}" + (f"; off: {', '.join(off)}" if off else ""))


def balances(target: Target) -> Finding:
    """Asked by `survey`, which has the keys and the way out."""
    asked = [name for name, key in _keys(target).items() if key.strip() and name not in UNTOLD]
    try:
        known: Mapping[str, float] = invoke(target, "SurveyFunction", {"source": "aws.events"})
    except StaysError as error:
        return fail(str(error), "read the function's log", "doors-failing")
    silent = [name for name in asked if name not in known]
    low = [name for name, left in known.items() if left < _least(target, name)]
    told = ", ".join(f"{name} {left:g}" for name, left in known.items()) or "nobody tells"
    if low:
        return warn(f"{told}; low: {', '.join(low)}", "top up at the vendor", "balance-low")
    if silent:
        return warn(
            f"{told}; no answer: {', '.join(silent)}", "is the key right? The vendor may be down", "breaker-open"
        )
    return ok(told)


def breakers(target: Target) -> Finding:
    store, now = DynamoHealth(target.id("Table"), lambda: target.client("dynamodb")), datetime.now(UTC)
    found = {name: store.load(name) for name in REGISTRY}
    over = [_told(name, health) for name, health in found.items() if health.passed_over(now)]
    if over:
        return warn("; ".join(over), "mend what the vendor complains of; it is tried again by itself", "breaker-open")
    return ok("no provider is passed over")


def _told(name: str, health: Health) -> str:
    until = f"{health.open_until:%H:%M:%S} UTC" if health.open_until else "?"
    return f"{name} is passed over until {until} ({health.failures} failures in a row: {health.reason})"


def _keys(target: Target) -> dict[str, str]:
    """Provider -> its key, of those that have the parameter."""
    names = {f"{target.settings}/{name}/api-key": name for name in REGISTRY}
    answer = target.client("ssm").get_parameters(Names=list(names), WithDecryption=True)
    return {names[one["Name"]]: one["Value"] for one in answer["Parameters"]}


def _least(target: Target, name: str) -> float:
    """Zero, which never warns, for a provider without a threshold."""
    return float(json.loads(target.parameters.get(THRESHOLDS.get(name, ""), "0")))
