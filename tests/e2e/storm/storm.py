"""The storm itself: bad weather and kills, then calm, then the judgement."""

import time
from collections import Counter
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass

from local.deploy import put_settings
from local.stack import NAME, Running
from tests.e2e.storm import ledgers, logs, report
from tests.e2e.storm.driver import Driver
from tests.e2e.storm.evidence import TERMINAL, Evidence, Finding
from tests.e2e.storm.gather import Gather, unfinished
from tests.e2e.storm.judge import judge
from tests.e2e.storm.killer import Killer
from tests.e2e.storm.letters import Letters
from tests.e2e.storm.listener import Listener
from tests.e2e.storm.progress import Progress
from tests.e2e.storm.quiet import hooks_of, wait_until_quiet
from tests.e2e.storm.receiver import Receiver
from tests.e2e.storm.scale import Scale
from tests.e2e.storm.weather import Sweeper, Weather

COMES_BACK = 45
"""Seconds until a queue shows a message again that a killed worker held. A call of the slowest vendor takes 20."""

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
        killer, weather, letters = Killer(running, scale), Weather(running, scale), Letters(running)
        for part in (watcher, receiver, listener, weather, driver, Sweeper(running, letters.waiting)):
            cleanup.callback(part.close)
        letters.hurry(COMES_BACK)
        driver.start()
        began = time.monotonic()
        cleanup.enter_context(Progress(lambda: _line(began, driver, listener, killer, weather)))
        weather.start()
        killer.start()
        driver.run()
        killer.join()
        weather.calm()
        receiver.calm = True
        driver.finish(scale.calm)
        given_up = _calm(driver, watcher, letters, scale)
        faults = weather.seen() + receiver.faults
        evidence = _gathered(driver, watcher, letters, given_up, scale)
        findings = judge(evidence)
        took = time.monotonic() - began
        extra = [
            ("killed in the middle of a paid submit", str(killer.while_paying)),
            ("dead letters sent once more", str(letters.redriven)),
            ("seconds: storm, all", f"{scale.storm:.0f}, {took:.0f}"),
        ]
        table = report.table(evidence, findings, scale, killer.killed, faults, extra)
        return Outcome(evidence, findings, killer.killed, faults, killer.while_paying, table)


def _calm(driver: Driver, watcher: Gather, letters: Letters, scale: Scale) -> dict[str, str]:
    """Until all jobs are over. Clients without a deadline give up at last: job -> the state it was in then."""
    calm = time.monotonic()
    given_up: dict[str, str] = {}
    while left := unfinished(watcher.states()):
        letters.redrive()
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


def _gathered(driver: Driver, watcher: Gather, letters: Letters, given_up: dict[str, str], scale: Scale) -> Evidence:
    receiver, listener = driver.receiver, driver.listener
    jobs = [job for job in watcher.states() if job not in driver.deleted]
    cases = [watcher.case(job) for job in jobs]
    hooks = hooks_of(driver, [*cases, *driver.deleted.values()])
    wait_until_quiet(watcher, letters, listener, cases, hooks, scale)
    for case in driver.deleted.values():
        case.left = list(watcher.folder(case.id))
    for case in cases:
        case.gave_up = given_up.get(case.id)
    every, books = [*cases, *driver.deleted.values()], ledgers.read(watcher.stack.simulators)
    return Evidence(
        orders=list(driver.ordered.values()),
        cases=every,
        purchases=ledgers.purchases(books, [case.id for case in every]),
        made=ledgers.made(books),
        prices=watcher.prices(),
        heard=list(listener.heard),
        notices=list(listener.notices),
        posts=list(receiver.posts),
        hooks=hooks,
        dead_letters=letters.dead(),
        told=logs.told(watcher.running, driver.receiver.secrets),
        grace=scale.grace,
    )


def _line(began: float, driver: Driver, listener: Listener, killer: Killer, weather: Weather) -> str:
    placed, kills = len(driver.ordered), sum(killer.killed.values())
    faults = weather.seen().most_common(3)
    told = "; ".join(f"{count} x {kind}" for kind, count in faults)
    clock = time.monotonic() - began
    return f"storm {clock:4.0f} s: {placed} orders, {len(listener.ended)} ended, {kills} workers killed, faults: {told}"
