"""Many jobs are lived through in several worlds, side by side on the cores there are: one world, one seed."""

import multiprocessing
import os
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from tests.simulation.broken import BrokenError
from tests.simulation.outcome import Outcome, outcome
from tests.simulation.report import broken
from tests.simulation.simulation import Simulation

LARGEST = 100_000
"""Jobs of one world. How many worlds a run has depends on its jobs alone, so that it is the same run on any machine."""

MEMORY = "/dev/shm"
LOOK = 0.5
"""Seconds between two looks at how far the worlds are."""


@dataclass(frozen=True, slots=True)
class World:
    place: int
    jobs: int
    seed: int


def worlds(jobs: int, seed: int) -> list[World]:
    """The seeds follow each other from the one that was asked for."""
    count = max(1, -(-jobs // LARGEST))
    share, rest = divmod(jobs, count)
    return [World(place, share + (place < rest), seed + place) for place in range(count)]


def live(
    all: Sequence[World], progress: Callable[[int], object], one: Callable[[World], Outcome | str] | None = None
) -> Iterator[Outcome | str]:
    """As each world is over: what it came to if it held, its trace if it broke. One that breaks stops no other."""
    spawn = multiprocessing.get_context("spawn")  # whoever shows the progress may have threads
    done, left = spawn.Array("q", len(all), lock=False), len(all)
    with spawn.Pool(min(left, os.cpu_count() or 1), _begin, (done,)) as pool:
        results = pool.imap_unordered(one or _live, all)
        while left:
            try:
                yield results.next(LOOK)
                left -= 1
            except multiprocessing.TimeoutError:
                progress(sum(done))


_done: Any = None
"""Jobs that are over, by world: shared with the process that shows them."""


def _begin(done: Any) -> None:
    global _done  # a pool has no other way to hand its workers what they share
    _done = done
    tempfile.tempdir = MEMORY if os.path.isdir(MEMORY) else None


def _live(world: World) -> Outcome | str:
    def note(jobs: int) -> None:
        _done[world.place] = jobs

    sim = Simulation(world.jobs, world.seed)
    try:
        return outcome(sim.run(note))
    except BrokenError as error:
        return broken(sim, error)
