"""After the last end: what is still to be told, to the topic's queue, to webhooks and to clients."""

import time
from collections.abc import Sequence

from tests.e2e.storm.doors import OWN_EVENTS
from tests.e2e.storm.driver import Driver
from tests.e2e.storm.evidence import Case, Hook
from tests.e2e.storm.gather import Gather, seconds_until
from tests.e2e.storm.letters import Letters
from tests.e2e.storm.listener import Listener
from tests.e2e.storm.scale import Scale

SOON = 15.0
"""Seconds; a delivery that is due later is replayed by hand."""


def hooks_of(driver: Driver, cases: Sequence[Case]) -> list[Hook]:
    manners = driver.receiver.manners
    hooks = [
        Hook(made["id"], path, tuple(made["events"]), down=manners[path] == "never", gone=manners[path] == "gone")
        for path, made in driver.endpoints.items()
    ]
    for number, order in driver.doors.own_hooks.items():
        mine = frozenset(case.id for case in cases if case.order == number)
        hooks.append(Hook("job", f"/own/{number}", OWN_EVENTS[order.hook or ""], mine, gone=order.hook == "gone"))
    return hooks


def wait_until_quiet(
    watcher: Gather, letters: Letters, listener: Listener, cases: Sequence[Case], hooks: Sequence[Hook], scale: Scale
) -> None:
    """Until all is told that is still to be told, or the time is over: the judge says what is missing."""
    until = time.monotonic() + scale.quiet
    while time.monotonic() < until:
        open_ones = [case for case in cases if not _all_said(case, hooks, listener)]
        if not open_ones:
            break
        letters.redrive()
        for case in open_ones:
            _replay(watcher, case, hooks)
            case.deliveries = watcher.deliveries(case.id)
        time.sleep(1)
    time.sleep(2)  # what comes twice would come now


def _all_said(case: Case, hooks: Sequence[Hook], listener: Listener) -> bool:
    heard = {one.body["sequence"] for one in list(listener.heard) if one.body["job"] == case.id}
    log = {(one["webhook"], one["event"]["sequence"]): one["state"] for one in case.deliveries["deliveries"]}
    wanted = [
        ("job" if hook.jobs is not None else hook.id, line["event"], hook.down)
        for line in case.events
        for hook in hooks
        if hook.wants(case.id, line["type"])
    ]
    told = all(line["event"] in heard for line in case.events)
    return (
        told
        and all((one, n) in log and (down or log[one, n] != "pending") for one, n, down in wanted)
        and _client_told(case)
    )


def _client_told(case: Case) -> bool:
    """How it ended, unless nobody asked, or the answer to the order said it."""
    cover = case.cover
    if not cover["request"].get("callback_url") or cover["state"] == "canceled" or case.refused_at_once:
        return True
    tried = case.deliveries["callbacks"]
    return any(one["about"] in ("complete", "error") and (one["status"] or 0) // 100 == 2 for one in tried)


def _replay(watcher: Gather, case: Case, hooks: Sequence[Hook]) -> None:
    """By hand, as the owner of an endpoint would that was down: the schedule's next pause is minutes long."""
    never = {hook.id for hook in hooks if hook.down}
    for one in case.deliveries["deliveries"]:
        due = one["next_attempt_at"]
        if one["state"] != "pending" or one["webhook"] in never or not due:
            continue
        if seconds_until(due) > SOON:
            watcher.api.post(f"/v1/covers/{case.id}/deliveries/{one['id']}/replay")
