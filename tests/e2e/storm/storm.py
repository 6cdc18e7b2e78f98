"""The storm itself: bad weather and kills, then calm, then the judgement."""

import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass

from local.deploy import put_settings
from local.stack import NAME, Running
from tests.e2e.storm import gather, report
from tests.e2e.storm.driver import OWN_EVENTS, Driver
from tests.e2e.storm.evidence import TERMINAL, Case, Evidence, Finding, Hook
from tests.e2e.storm.gather import Gather, unfinished
from tests.e2e.storm.judge import judge
from tests.e2e.storm.killer import Killer
from tests.e2e.storm.listener import Listener
from tests.e2e.storm.receiver import Receiver
from tests.e2e.storm.scale import Scale
from tests.e2e.storm.weather import Sweeper, Weather

COMES_BACK = 45
"""Seconds until a queue shows a message again that a killed worker held. A call of the slowest vendor takes 20."""

SOON = 15.0
"""Seconds; a delivery that is due later is replayed by hand."""

RHYTHM = {
    **{
        f"{name}/{part}": value
        for name in ("kie", "sunoapi", "aimusicapi", "musicgpt")
        for part, value in (("first-poll", "6"), ("poll-every", "4"))
    },
    "aimlapi/first-poll": "4",
    "aimlapi/poll-every": "3",
    "musicgpt/parallel": "3",
}
"""An owner's settings: the fakes are done within seconds, so that they are asked within seconds."""


@dataclass(frozen=True, slots=True)
class Outcome:
    evidence: Evidence
    findings: Sequence[Finding]
    kills: Counter[str]
    faults: Counter[str]
    while_paying: int
    table: str


def run(running: Running, scale: Scale, song: bytes) -> Outcome:
    """Raises AssertionError where the jobs do not end within the hard limit, with the timelines of those."""
    put_settings(running.engine, NAME, RHYTHM)
    with ExitStack() as cleanup:
        watcher, receiver, listener = Gather(running), Receiver(scale.seed), Listener(running)
        driver = Driver(running, scale, receiver, listener, watcher, song)
        killer, weather = Killer(running, scale), Weather(running, scale)
        for part in (watcher, receiver, listener, weather, driver, Sweeper(running)):
            cleanup.callback(part.close)
        watcher.hurry(COMES_BACK)
        driver.start()
        began = time.monotonic()
        cleanup.enter_context(_Progress(lambda: _line(began, driver, listener, killer, weather)))
        weather.start()
        killer.start()
        driver.run()
        killer.join()
        weather.calm()
        receiver.calm = True
        driver.finish(scale.calm)
        given_up = _calm(driver, watcher, scale)
        faults = weather.seen() + receiver.faults
        evidence = _gathered(driver, watcher, given_up, scale)
        findings = judge(evidence)
        took = time.monotonic() - began
        extra = [
            ("killed in the middle of a paid submit", str(killer.while_paying)),
            ("dead letters sent once more", str(watcher.redriven)),
            ("seconds: storm, all", f"{scale.storm:.0f}, {took:.0f}"),
        ]
        table = report.table(evidence, findings, scale, killer.killed, faults, extra)
        return Outcome(evidence, findings, killer.killed, faults, killer.while_paying, table)


def _calm(driver: Driver, watcher: Gather, scale: Scale) -> dict[str, str]:
    """Until all jobs are over. Clients without a deadline give up at last: job -> the state it was in then."""
    calm = time.monotonic()
    given_up: dict[str, str] = {}
    while left := unfinished(watcher.states()):
        watcher.redrive()
        if time.monotonic() > calm + scale.calm:
            stories = [f"  {job}\n{report.story(watcher.case(job))}" for job in left]
            raise AssertionError("\n".join([f"{len(left)} jobs never ended; seed {scale.seed}", *stories]))
        if time.monotonic() > calm + scale.patience:
            _give_up(driver, watcher, left, given_up)
        time.sleep(2)
    return given_up


def _give_up(driver: Driver, watcher: Gather, left: Sequence[str], given_up: dict[str, str]) -> None:
    for job in left:
        cover = watcher.get(f"/v1/covers/{job}")
        if "dialect" not in cover["request"] or cover["state"] in TERMINAL or job in given_up:
            continue
        if cover["state"] in ("submitting", "running", "queued"):
            given_up[job] = cover["state"]
            driver.api.post(f"/v1/covers/{job}/cancel")


def _gathered(driver: Driver, watcher: Gather, given_up: dict[str, str], scale: Scale) -> Evidence:
    receiver, listener = driver.receiver, driver.listener
    jobs = [job for job in watcher.states() if job not in driver.deleted]
    cases = [watcher.case(job) for job in jobs]
    hooks = _hooks(driver, [*cases, *driver.deleted.values()])
    _quiet(watcher, listener, cases, hooks, scale)
    for case in driver.deleted.values():
        case.left = list(watcher.folder(case.id))
    for case in cases:
        case.gave_up = given_up.get(case.id)
    every, ledgers = [*cases, *driver.deleted.values()], watcher.ledgers()
    return Evidence(
        orders=list(driver.ordered.values()),
        cases=every,
        purchases=gather.purchases(ledgers, [case.id for case in every]),
        made=gather.made(ledgers),
        prices=watcher.prices(),
        heard=list(listener.heard),
        notices=list(listener.notices),
        posts=list(receiver.posts),
        hooks=hooks,
        dead_letters=watcher.dead_letters(),
        told=watcher.secrets_in_logs(),
        grace=scale.grace,
    )


def _hooks(driver: Driver, cases: Sequence[Case]) -> list[Hook]:
    manners = driver.receiver.manners
    hooks = [
        Hook(made["id"], path, tuple(made["events"]), down=manners[path] == "never", gone=manners[path] == "gone")
        for path, made in driver.endpoints.items()
    ]
    for number, order in driver.own_hooks.items():
        mine = frozenset(case.id for case in cases if case.order == number)
        hooks.append(Hook("job", f"/own/{number}", OWN_EVENTS[order.hook or ""], mine, gone=order.hook == "gone"))
    return hooks


def _quiet(watcher: Gather, listener: Listener, cases: Sequence[Case], hooks: Sequence[Hook], scale: Scale) -> None:
    """Until all is told that is still to be told, or the time is over: the judge says what is missing."""
    until = time.monotonic() + scale.quiet
    while time.monotonic() < until:
        open_ones = [case for case in cases if not _all_said(case, hooks, listener)]
        if not open_ones:
            break
        watcher.redrive()
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
    """A notice that failed is tried again after 5 and 60 seconds."""
    tried = case.deliveries["callbacks"]
    return not tried or (tried[-1]["status"] or 0) // 100 == 2


def _replay(watcher: Gather, case: Case, hooks: Sequence[Hook]) -> None:
    """By hand, as the owner of an endpoint would that was down: the schedule's next pause is minutes long."""
    never = {hook.id for hook in hooks if hook.down}
    for one in case.deliveries["deliveries"]:
        due = one["next_attempt_at"]
        if one["state"] != "pending" or one["webhook"] in never or not due:
            continue
        if gather.seconds_until(due) > SOON:
            watcher.api.post(f"/v1/covers/{case.id}/deliveries/{one['id']}/replay")


class _Progress:
    """A line every few seconds."""

    SECONDS = 10.0

    def __init__(self, line: Callable[[], str]) -> None:
        self._line, self._over = line, threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join(30)

    def _run(self) -> None:
        while not self._over.wait(self.SECONDS):
            sys.stderr.write(self._line() + "\n")
            sys.stderr.flush()


def _line(began: float, driver: Driver, listener: Listener, killer: Killer, weather: Weather) -> str:
    placed, kills = len(driver.ordered), sum(killer.killed.values())
    faults = weather.seen().most_common(3)
    told = "; ".join(f"{count} x {kind}" for kind, count in faults)
    clock = time.monotonic() - began
    return f"storm {clock:4.0f} s: {placed} orders, {len(listener.ended)} ended, {kills} workers killed, faults: {told}"
