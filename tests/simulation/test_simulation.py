"""Whole days of a world that misbehaves: every invariant holds after every step, and the same seed is the same day."""

import os
import subprocess
import sys

import pytest
from reprise.domain.job import State

from tests.simulation import simulation
from tests.simulation.broken import BrokenError
from tests.simulation.mail import Mail
from tests.simulation.mischief import CALM, Rates
from tests.simulation.outcome import outcome
from tests.simulation.receivers import Trouble
from tests.simulation.report import broken, table
from tests.simulation.simulation import Simulation
from tests.simulation.test_mutations import forgets_an_event
from tests.template import ROOT


@pytest.mark.parametrize("seed", range(1, 9))
def test_some_hundred_jobs_live_through_all_faults(seed: int) -> None:
    check(Simulation(250, seed), 250)


@pytest.mark.long
def test_ten_thousand_jobs_live_through_all_faults() -> None:
    sim = Simulation(10_000, seed=7)
    check(sim, 10_000)
    missing = [name for name in KINDS if not sim.mischief.counts[name]]
    assert missing == []
    assert any(kind.endswith(", for days") for kind in sim.mischief.counts)
    assert sim.watch.webhooks.subscribers.after_days > 0
    assert set(sim.verdict.states) == {State.SUCCEEDED, State.FAILED, State.CANCELED}


def check(sim: Simulation, jobs: int) -> None:
    """The invariants raise by themselves; these are the figures that a reader of the table goes by."""
    sim.run()
    told = sim.verdict
    assert sim.orders == jobs
    assert told.jobs == sim.watch.stored > jobs * 0.7
    assert (told.double_paid, told.bad_events) == (0, 0)
    assert all(money.balanced for money in told.money.values())
    assert told.states[State.SUCCEEDED] > told.jobs * 0.6
    mail = sim.watch.webhooks.tally
    assert mail["due"] == mail["heard"] + mail["given up"] + mail["stopped"] > jobs * 2


def test_on_a_calm_day_nothing_is_injected_and_every_job_succeeds_at_its_first_attempt() -> None:
    sim = Simulation(200, seed=1, rates=CALM).run()
    habits = {"double click", "S3 event repeated", "caller cancels", "caller retries", "caller deletes"}
    habits |= {"tenant rotates a secret", "tenant deletes an endpoint", "tenant replays a delivery"}
    assert set(sim.mischief.counts) <= habits
    assert set(sim.verdict.states) <= {State.SUCCEEDED, State.CANCELED}
    assert (sim.verdict.turned, sim.verdict.lost_takes) == (0, 0)
    assert sim.verdict.purchases == sim.verdict.jobs - sim.watch.retries
    assert all((money.open, money.refunded) == (0, 0) for money in sim.verdict.money.values())
    mail = sim.watch.webhooks.tally
    assert 0 < mail["due"] - mail["stopped"] == mail["heard"]
    assert (mail["again"], mail["given up"]) == (mail["replays"], 0)


def simulate(jobs: int, seed: int, hashes: str) -> bytes:
    """In a process of its own, where sets of strings have an order of their own."""
    environ = {**os.environ, "PYTHONHASHSEED": hashes, "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'layers/core'}"}
    command = [sys.executable, "-m", "tests.simulation", "--jobs", str(jobs), "--seed", str(seed)]
    return subprocess.run(command, env=environ, cwd=ROOT, capture_output=True, check=True).stdout


def test_the_same_seed_is_the_same_run_byte_for_byte_and_another_seed_is_another() -> None:
    first = simulate(150, 3, "1")
    assert b"fingerprint of all traces" in first
    assert simulate(150, 3, "2") == first
    assert simulate(150, 4, "1") != first


def test_what_breaks_is_told_with_its_seed_and_a_trace_that_comes_again(monkeypatch: pytest.MonkeyPatch) -> None:
    forgets_an_event(monkeypatch)
    told = [failure(seed=5), failure(seed=5)]
    assert told[0] == told[1]
    assert "make simulate JOBS=100 SEED=5" in told[0]
    assert "cover.text" not in told[0].rpartition("BROKEN")[2]
    assert "wrote 1 " in told[0]


def test_a_run_that_would_never_end_says_whose_job_it_waits_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(simulation, "LAST_OF_ALL", 86_400.0)
    monkeypatch.setattr(Mail, "over", False)
    with pytest.raises(BrokenError, match="is never done with") as raised:
        Simulation(10, seed=1).run()
    assert raised.value.job


def failure(seed: int) -> str:
    sim = Simulation(100, seed)
    with pytest.raises(BrokenError) as raised:
        sim.run()
    return broken(sim, raised.value)


def test_the_table_names_what_was_injected_and_what_came_of_it() -> None:
    text = table(outcome(Simulation(30, seed=2, rates=Rates(dropped=1.0)).run()))
    for row in (
        "| jobs lost | 0 |",
        "| paid twice | 0 |",
        "| ... missing | 0 |",
        "| events missing, in double or after the end | 0 |",
    ):
        assert row in text
    assert "| callback dropped |" in text
    assert "| callback repeated |" not in text


KINDS = (
    "call repeated under its trace",
    "submit refused, made and charged all the same",
    *(f"{kind}, for hours" for kind in Trouble if kind is not Trouble.GONE),
    Trouble.GONE,
    "a job's own URL is bad",
    "tenant deletes an endpoint",
    "tenant enables an endpoint",
    "tenant replays a delivery",
    "tenant rotates a secret",
    "webhook heard, but its answer was lost",
    "webhook is not answered",
    "webhook is told to come later",
    "200 with an error that says neither",
    "S3 event repeated",
    "callback dropped",
    "callback forged",
    "callback garbled",
    "callback late or out of order",
    "callback repeated",
    "callbacks race ahead of submit's answer",
    "caller cancels",
    "caller deletes",
    "caller retries",
    "client does not answer",
    "client heard, but its answer was lost",
    "client says 503 or 429",
    "conditional write conflicts",
    "crash after a port's effect",
    "crash before a port's effect",
    "double click",
    "download breaks half-way",
    "error after a port's effect",
    "error before a port's effect",
    "function timed out",
    "link dead, empty, cut off, of a web page or of another take",
    "poll not answered",
    "poll says failed of a finished task",
    "poll says success without audio",
    "poller pauses",
    "provider down for up to an hour",
    "queue message delivered twice",
    "queue message late",
    "stopped by a deployment",
    "stream late",
    "stream line shown twice",
    "submit during an outage",
    "submit lost before the vendor",
    "submit refused or throttled",
    "submit timed out after the vendor took it",
    "task fails",
    "task pending for ever",
    "task says failed, then delivers",
    "task takes very long",
    "two sweeps at once",
)
"""Every kind of fault: a run that is long enough meets all of them."""
