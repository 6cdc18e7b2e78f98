"""Two vendors and a crash at any port call: the job turns to the second once, and neither is paid twice."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import pytest
from reprise.domain.job import ErrorClass, Job, ProviderError, Stage, State
from reprise.domain.request import WhenUnknown
from reprise.ports import Order
from reprise.providers.kie import CAPABILITIES

from tests.factories import a_request
from tests.simulation.world import STAGES, Fuse, Vendor, World

NO_CREDIT = ProviderError(ErrorClass.NO_CREDIT, "402", "insufficient credits")
BROKEN = ProviderError(ErrorClass.RETRY_LATER, "500", "the model failed")
REST = ["cover.submitted", "cover.text", "cover.first", "cover.succeeded"]


@dataclass
class Hasty(Vendor):
    """Calls back that the task failed before it answers the submit."""

    call: Callable[[Order], object] = field(default=lambda order: None)

    def submit(self, order: Order) -> object:  # type: ignore[override]
        answer = super().submit(order)
        self.call(order)
        return answer


def cheap(kind: type[Vendor] = Vendor, **behaviour: ProviderError) -> Vendor:
    """With one slot, as the other: whoever takes a job takes a slot, too."""
    return kind(capabilities=replace(CAPABILITIES, provider="cheap", usd=0.05, parallel=1), **behaviour)  # type: ignore[arg-type]


def dear() -> Vendor:
    return Vendor(capabilities=replace(CAPABILITIES, provider="dear", usd=0.2, parallel=1))


def call_back(world: World, name: str, *words: Stage | str) -> None:
    """Four times each, as the vendors do."""
    for word in words:
        for order in list(world.vendors[name].purchases):
            any(world.call_back(order, word) for _ in range(4))
        world.drain()


def ordered(world: World) -> None:
    any(world.order() for _ in range(3))
    world.drain()


def refusing(fuse: Fuse) -> World:
    """The first has no credit."""
    world = a_world(fuse, cheap(refuses=NO_CREDIT))
    ordered(world)
    call_back(world, "dear", *STAGES)
    world.settle()
    return world


def failing(fuse: Fuse) -> World:
    """The first takes the job, calls back with one take, and fails."""
    world = a_world(fuse, cheap(breaks=BROKEN))
    ordered(world)
    call_back(world, "cheap", Stage.TEXT, Stage.FIRST, "error")
    call_back(world, "dear", *STAGES)
    world.settle()
    return world


def failing_late(fuse: Fuse) -> World:
    """Its words come twice and in no order, those of the first also once the second has begun."""
    world = a_world(fuse, cheap(breaks=BROKEN))
    ordered(world)
    call_back(world, "cheap", Stage.TEXT, "error")
    call_back(world, "dear", Stage.TEXT)
    call_back(world, "cheap", "error", Stage.FIRST)
    call_back(world, "dear", Stage.COMPLETE, Stage.FIRST)
    world.settle()
    return world


def failing_silently(fuse: Fuse) -> World:
    """Nobody ever calls back: the polls tell."""
    world = a_world(fuse, cheap(breaks=BROKEN))
    ordered(world)
    world.settle()
    return world


def failing_before_it_answers(fuse: Fuse) -> World:
    first = cheap(Hasty, breaks=BROKEN)
    world = a_world(fuse, first)
    assert isinstance(first, Hasty)
    first.call = lambda order: world.call_back(order, "error")
    ordered(world)
    call_back(world, "cheap", "error")
    call_back(world, "dear", *STAGES)
    world.settle()
    return world


def a_world(fuse: Fuse, first: Vendor) -> World:
    return World(fuse, first, dear(), wish=a_request(providers=()))


STORIES: dict[Callable[[Fuse], World], list[str]] = {
    refusing: ["cover.switched", *REST],
    failing: ["cover.submitted", "cover.text", "cover.first", "cover.switched", "cover.submitted", "cover.succeeded"],
    failing_late: [
        "cover.submitted",
        "cover.text",
        "cover.switched",
        "cover.submitted",
        "cover.first",
        "cover.succeeded",
    ],
    failing_silently: ["cover.submitted", "cover.switched", *REST],
    failing_before_it_answers: ["cover.submitted", "cover.switched", *REST],
}


@pytest.mark.parametrize("scenario", STORIES)
def test_a_calm_day_turns_to_the_second_provider(scenario: Callable[[Fuse], World]) -> None:
    world = scenario(Fuse())
    (job,) = world.jobs
    assert (job.state, job.provider, job.attempt) == (State.SUCCEEDED, "dear", 2)
    assert told(world, job) == STORIES[scenario]


@pytest.mark.parametrize("scenario", STORIES)
def test_a_crash_at_any_port_call_turns_at_most_once_and_pays_nobody_twice(scenario: Callable[[Fuse], World]) -> None:
    for where, world in crashes(scenario):
        bought = [(order.job_id, order.attempt) for shop in world.vendors.values() for order in shop.purchases]
        assert len(set(bought)) == len(bought), where
        assert all(len(shop.purchases) <= 1 for shop in world.vendors.values()), where
        assert len(world.vendors["cheap"].refused) <= 1, where
        assert len(world.jobs) <= 1, where
        for job in world.jobs:
            check(world, job, where, STORIES[scenario])


def check(world: World, job: Job, where: str, story: list[str]) -> None:
    events, lines = told(world, job), [entry.type for entry in world.store.timeline(job.id)]
    paid = sum(shop.capabilities.usd for shop in world.vendors.values() if shop.purchases)
    assert events.count("cover.switched") == (job.closed == 1), where
    assert all(track.file.key in world.bucket.objects for track in job.tracks if track.file), where
    if job.state is State.FAILED:  # nobody could know whether it was bought, and nothing was bought in its place
        assert job.failure is not None, where
        assert (job.failure.reason, events[-1]) == ("submit-unknown", "cover.failed"), where
        assert job.attempt == 2 or not world.vendors["dear"].purchases, where
    elif "job.rescued" in lines:  # the same of the second, but the first had given a take
        assert events == list(dict.fromkeys(story)), where
        assert [track.attempt for track in job.tracks if track.file] == [1], where
    else:  # one that crashed with the only slot in its hand leaves the next the second provider
        assert sorted(events) == sorted(story if job.attempt == 2 else REST), where
        assert (job.state, job.provider, job.spent) == (State.SUCCEEDED, "dear", paid), where


FIRST_INTENT = [("MemoryJobs.create", True), ("cheap.submit", False)]
FIRST_ANSWER = [
    ("cheap.submit", True),
    ("MemoryJobs.commit", False),
]
SECOND_INTENT = [("MemoryJobs.commit", True), ("dear.submit", False)]
SECOND_ANSWER = [("dear.submit", True), *FIRST_ANSWER[1:]]


@pytest.mark.parametrize(
    ("scenario", "failed"),
    [
        (refusing, [*FIRST_INTENT, *FIRST_ANSWER, *SECOND_INTENT]),
        (failing, FIRST_INTENT),
        (failing_late, FIRST_INTENT),
        (failing_silently, [*FIRST_INTENT, *FIRST_ANSWER, *SECOND_INTENT, *SECOND_ANSWER]),
        (failing_before_it_answers, [*FIRST_INTENT, *SECOND_INTENT]),
    ],
)
def test_only_a_lost_answer_that_no_callback_makes_up_for_may_fail(
    scenario: Callable[[Fuse], World], failed: list[tuple[str, bool]]
) -> None:
    """An answer that was lost may have been a yes: the job does not turn, though a refusal would have let it."""
    assert [
        (where.rsplit(maxsplit=1)[-1], where.startswith("after"))
        for where, world in crashes(scenario)
        for job in world.jobs
        if job.state is State.FAILED
    ] == failed


def crashes(scenario: Callable[[Fuse], World]) -> list[tuple[str, World]]:
    quiet = Fuse()
    scenario(quiet)
    assert len(quiet.calls) > 25
    return [
        (f"{'after' if after else 'before'} call {at}: {name}", scenario(Fuse(at, after)))
        for at, name in enumerate(quiet.calls)
        for after in (False, True)
    ]


def told(world: World, job: Job) -> list[str]:
    """Deliveries are at least once: by id, each event once, in order."""
    mine = {message["sequence"]: message["type"] for message, _ in world.topic.published if message["job"] == job.id}
    assert sorted(mine) == list(range(1, len(mine) + 1))
    return [mine[sequence] for sequence in sorted(mine)]


def submitting_again(fuse: Fuse) -> World:
    """The caller chose to have an unanswered submit repeated. The first vendor fails, silently."""
    wish = a_request(providers=(), when_unknown=WhenUnknown.RESUBMIT, deadline=3600)
    world = World(fuse, cheap(breaks=BROKEN), dear(), wish=wish)
    ordered(world)
    world.settle()
    return world


def test_a_caller_who_chose_to_submit_again_always_gets_a_cover_and_each_attempt_is_paid_once() -> None:
    for where, world in crashes(submitting_again):
        bought = [(order.attempt, name) for name, shop in world.vendors.items() for order in shop.purchases]
        assert len({attempt for attempt, _ in bought}) == len(bought) <= 3, where
        for job in world.jobs:
            paid = sum(world.vendors[name].capabilities.usd for _, name in bought)
            assert (job.state, told(world, job).count("cover.succeeded")) == (State.SUCCEEDED, 1), where
            assert job.spent >= round(paid, 6), where
