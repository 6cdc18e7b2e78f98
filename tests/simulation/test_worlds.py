"""Many jobs are lived through in several worlds: which ones depends on nothing but the jobs and the seed."""

from tests.simulation.broken import BrokenError
from tests.simulation.outcome import Outcome, outcome, together
from tests.simulation.report import broken, table
from tests.simulation.simulation import Simulation
from tests.simulation.worlds import LARGEST, World, live, worlds


def test_what_fits_into_one_world_is_the_run_of_its_own_seed() -> None:
    assert worlds(LARGEST, 7) == [World(0, LARGEST, 7)]


def test_more_are_shared_among_worlds_with_seeds_that_follow_each_other() -> None:
    shares = worlds(2 * LARGEST + 1, 7)
    assert [one.seed for one in shares] == [7, 8, 9]
    assert sum(one.jobs for one in shares) == 2 * LARGEST + 1
    assert max(one.jobs for one in shares) <= LARGEST


def test_worlds_side_by_side_come_to_what_they_come_to_one_after_the_other() -> None:
    apart = [outcome(Simulation(40, seed).run()) for seed in (5, 6)]
    beside = [one for one in live([World(0, 40, 5), World(1, 40, 6)], lambda done: None) if isinstance(one, Outcome)]
    assert table(together(beside)) == table(together(apart))


def test_the_sum_of_two_worlds_leaves_nothing_out() -> None:
    one, other = (outcome(Simulation(60, seed).run()) for seed in (5, 6))
    both = together([other, one])
    assert (both.seed, both.worlds) == (5, 2)
    assert both.counts["orders"] == 120
    assert both.verdict.jobs == one.verdict.jobs + other.verdict.jobs
    assert both.verdict.states == one.verdict.states + other.verdict.states
    assert both.verdict.worst == max(one.verdict.worst, other.verdict.worst)
    charged = [sum(money.charged for money in each.verdict.money.values()) for each in (one, other, both)]
    assert charged[0] + charged[1] == charged[2] > 0
    assert all(money.balanced for money in both.verdict.money.values())
    assert both.faults["callback dropped"] == one.faults["callback dropped"] + other.faults["callback dropped"] > 0
    assert both.fingerprint not in (one.fingerprint, other.fingerprint)
    assert "| worlds, each with the next seed | 2 |" in table(both)


def test_a_world_that_breaks_tells_its_trace_and_stops_no_other() -> None:
    found = list(live([World(0, 60, 5), World(1, 60, 6)], lambda done: None, the_fifth_breaks))
    assert [one.seed for one in found if isinstance(one, Outcome)] == [6]
    (trace,) = (one for one in found if isinstance(one, str))
    assert trace.splitlines()[-1] == "seed 5; to see it again: make simulate JOBS=60 SEED=5"


def the_fifth_breaks(world: World) -> Outcome | str:
    """In a process of its own, like every world."""
    sim = Simulation(world.jobs, world.seed)
    return broken(sim, BrokenError("1", "never ended")) if world.seed == 5 else outcome(sim.run())
