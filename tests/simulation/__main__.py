"""`python -m tests.simulation --jobs 10000 --seed 7`: the table on stdout, how fast on stderr, 1 if something broke."""

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from tests.simulation.broken import BrokenError
from tests.simulation.report import broken, table
from tests.simulation.simulation import Simulation

OFTEN = 1000
"""Jobs between two plain lines."""

MEMORY = "/dev/shm"


def main() -> int:
    parser = argparse.ArgumentParser(prog="simulate", description="Simulate jobs in a world that misbehaves.")
    parser.add_argument("--jobs", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=None, help="the same seed is the same run; none is any")
    asked = parser.parse_args()
    tempfile.tempdir = MEMORY if os.path.isdir(MEMORY) else None
    seed = asked.seed if asked.seed is not None else int.from_bytes(os.urandom(4), "big")
    sim, began = Simulation(asked.jobs, seed), time.monotonic()
    try:
        with shown(asked.jobs) as progress:
            sim.run(progress)
    except BrokenError as error:
        sys.stdout.write(broken(sim, error) + "\n")
        return 1
    took = time.monotonic() - began
    sys.stdout.write(table(sim))
    sys.stderr.write(f"{took:.1f} s, {sim.verdict.jobs / took:.0f} jobs/s\n")
    return 0


@contextmanager
def shown(jobs: int) -> Iterator[Callable[[int], object]]:
    """A bar on a terminal, plain lines elsewhere; retried jobs come on top of those that were ordered."""
    console = Console(stderr=True)
    if not console.is_terminal:
        began = time.monotonic()

        def line(done: int) -> None:
            if done % OFTEN == 0:
                rate = done / (time.monotonic() - began)
                left = max(0.0, jobs - done) / rate / 60
                sys.stderr.write(f"{done:,} jobs of about {jobs:,}, {rate:.0f} jobs/s, {left:.0f} min left\n")

        yield line
        return
    columns = (TextColumn("jobs"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("jobs", total=jobs)

        def show(done: int) -> None:
            if done % 50 == 0:
                bar.update(task, completed=done)

        yield show


if __name__ == "__main__":
    sys.exit(main())
