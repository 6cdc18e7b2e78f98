"""`python -m tests.simulation --jobs 10000 --seed 7`: the table on stdout, how fast on stderr, 1 if something broke."""

import argparse
import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from tests.simulation.outcome import Outcome, together
from tests.simulation.report import table
from tests.simulation.worlds import live, worlds

OFTEN = 20.0
"""Seconds between two plain lines."""


def main() -> int:
    parser = argparse.ArgumentParser(prog="simulate", description="Simulate jobs in a world that misbehaves.")
    parser.add_argument("--jobs", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=None, help="the same seed is the same run; none is any")
    asked = parser.parse_args()
    seed = asked.seed if asked.seed is not None else int.from_bytes(os.urandom(4), "big")
    all, began, held, broke = worlds(asked.jobs, seed), time.monotonic(), list[Outcome](), 0
    with shown(asked.jobs) as progress:
        for one in live(all, progress):
            if isinstance(one, str):
                broke += 1
                sys.stdout.write(one + "\n")
                continue
            held.append(one)
            if len(all) > 1:
                sys.stderr.write(f"the world of seed {one.seed} is over: {one.verdict.jobs:,} jobs, and all held\n")
    took = time.monotonic() - began
    if broke:
        return 1
    whole = together(held)
    sys.stdout.write(table(whole))
    sys.stderr.write(f"{took:.1f} s, {whole.verdict.jobs / took:.0f} jobs/s\n")
    return 0


@contextmanager
def shown(jobs: int) -> Iterator[Callable[[int], object]]:
    """A bar on a terminal, plain lines elsewhere; retried jobs come on top of those that were ordered."""
    console = Console(stderr=True)
    if console.is_terminal:
        columns = (TextColumn("jobs"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        with Progress(*columns, console=console, transient=True) as bar:
            task = bar.add_task("jobs", total=jobs)
            yield lambda done: bar.update(task, completed=done)
        return
    began = last = time.monotonic()

    def line(done: int) -> None:
        nonlocal last
        now = time.monotonic()
        if done and now - last >= OFTEN:
            last, rate = now, done / (now - began)
            left = max(0.0, jobs - done) / rate / 60
            sys.stderr.write(f"{done:,} jobs of about {jobs:,}, {rate:.0f} jobs/s, {left:.0f} min left\n")

    yield line


if __name__ == "__main__":
    sys.exit(main())
