"""A crash at any port call, before or after its effect: no job is lost, none is paid twice, every event is told."""

import pytest
from reprise.domain.job import Stage, State
from reprise.domain.sidecars import SIDECAR, folder, sidecar

from tests.simulation.world import STAGES, Fuse, World

STORY = ["cover.submitted", "cover.text", "cover.first", "cover.succeeded"]


def with_callbacks(world: World) -> None:
    """The caller tries thrice with its Idempotency-Key, the vendor four times each stage."""
    any(world.order() for _ in range(3))
    for stage in STAGES:
        for order in list(world.vendor.purchases):
            any(world.call_back(order, stage) for _ in range(4))
        world.drain()
    world.settle()


def without_callbacks(world: World) -> None:
    any(world.order() for _ in range(3))
    world.settle()


def racing(world: World) -> None:
    """Everything at once: `complete` comes first, each callback twice, before anything was dispatched."""
    any(world.order() for _ in range(3))
    for stage in (Stage.COMPLETE, Stage.TEXT, Stage.COMPLETE, Stage.FIRST, Stage.TEXT):
        for order in list(world.vendor.purchases):
            any(world.call_back(order, stage) for _ in range(4))
    world.settle()


def asked_again(world: World) -> None:
    """The caller asks while the cover is made, and once more when it is done."""
    any(world.order() for _ in range(3))
    any(world.order() for _ in range(2))
    with_callbacks(world)
    any(world.order() for _ in range(2))


SCENARIOS = [with_callbacks, without_callbacks, racing, asked_again]


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_a_crash_at_any_port_call_loses_nothing_and_pays_once(scenario: object) -> None:
    assert callable(scenario)
    quiet = Fuse()
    scenario(World(quiet))
    assert len(quiet.calls) > 15
    for at in range(len(quiet.calls)):
        for after in (False, True):
            world = World(Fuse(at, after))
            scenario(world)
            where = f"crash {'after' if after else 'before'} call {at}: {quiet.calls[at]}"
            check(world, where)


def check(world: World, where: str) -> None:
    assert len(world.jobs) <= 1, where
    assert len(world.vendor.purchases) <= 1, where
    for job in world.jobs:
        told = unique_events(world, job.id)
        if job.state is State.SUCCEEDED:
            assert told == STORY, where
            assert all(track.file and track.file.key in world.bucket.objects for track in job.tracks), where
            assert world.bucket.objects[folder(job.tenant, job.id) + SIDECAR] == sidecar(job).encode(), where
        else:  # nobody could know whether it was bought, no callback came, and it was not bought again
            assert (job.state, job.failure and job.failure.reason) == (State.FAILED, "submit-unknown"), where
            assert told == ["cover.failed"], where
    if not world.jobs:
        assert world.vendor.purchases == [], where


def unique_events(world: World, job_id: str) -> list[object]:
    """Deliveries are at least once: by id, each event once, in order."""
    mine = {message["sequence"]: message["type"] for message, _ in world.topic.published if message["job"] == job_id}
    assert sorted(mine) == list(range(1, len(mine) + 1))
    return [mine[sequence] for sequence in sorted(mine)]


def test_only_a_lost_submit_outcome_without_any_callback_may_fail() -> None:
    """The price of never paying twice is small: one place, named here, and nowhere else."""
    quiet = Fuse()
    with_callbacks(World(quiet))
    failed = []
    for at in range(len(quiet.calls)):
        for after in (False, True):
            world = World(Fuse(at, after))
            with_callbacks(world)
            failed += [
                (quiet.calls[at], after, len(world.vendor.purchases))
                for job in world.jobs
                if job.state is not State.SUCCEEDED
            ]
    assert failed == [("MemoryJobs.create", True, 0), ("Vendor.submit", False, 0)]
