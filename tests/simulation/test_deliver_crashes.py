"""A crash at any port call of a delivery, before or after its effect: told all the same, logged, stopped for good."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from reprise.domain.attempts import CLAIM, Posted
from reprise.domain.delivery import DeliveryState
from reprise.domain.endpoint import Endpoint
from reprise.domain.job import Entry, Outbox, State
from reprise.memory import MemoryCallbackRecords, MemoryClock, MemoryJobs, MemoryNotifier, MemoryQueue
from reprise.memory_webhooks import MemoryDeliveries, MemoryEndpoints
from reprise.usecases.deliver import Deliver

from tests.factories import NOW, a_running_job
from tests.simulation.world import CrashError, Fuse

JOB, LINE = "a" * 32, 3
ENDPOINT = Endpoint("e" * 32, "owner", "https://hooks.example/", NOW, version=1)


@dataclass
class Receiver:
    answers: list[int]
    posts: list[str] = field(default_factory=list)

    def post(self, url: str, body: bytes, headers: dict[str, str]) -> Posted:
        self.posts.append(headers["webhook-id"])
        return Posted(self.answers.pop(0) if len(self.answers) > 1 else self.answers[0])


class World:
    """One event for one endpoint; messages come until they are done, and the poller every minute."""

    def __init__(self, fuse: Fuse, *answers: int) -> None:
        entry = Entry(JOB, LINE, NOW, "cover.text", "", "owner", "kie", State.RUNNING, event=1, outbox=Outbox.PUBLISH)
        jobs = MemoryJobs(jobs={JOB: a_running_job()}, entries={JOB: [entry]})
        self.deliveries = MemoryDeliveries(jobs, MemoryCallbackRecords(jobs))
        self.endpoints = MemoryEndpoints({("owner", ENDPOINT.id): ENDPOINT})
        self.receiver, self.topic, self.clock = Receiver(list(answers)), MemoryNotifier(), MemoryClock(NOW)
        self.deliver = Deliver(
            fuse.guard(jobs),
            fuse.guard(self.deliveries),
            fuse.guard(self.endpoints),
            fuse.guard(self.endpoints).keyring,
            fuse.guard(self.receiver),
            lambda: b"m" * 48,
            fuse.guard(self.topic),
            fuse.guard(MemoryQueue()),
            self.clock,
            lambda: 0.0,
        )

    def run(self) -> "World":
        while not self._survives(self.deliver.first, JOB, LINE, ENDPOINT.id):
            self.clock.sleep(1)
        while any(one.due_at for one in self.deliveries.records.values()):
            for one in list(self.deliveries.due(self.clock.now())):
                self._survives(self.deliver, one.job_id, one.delivery)
            self.clock.sleep(max(60, CLAIM.total_seconds()))
            assert self.clock.now() < NOW + timedelta(days=5)
        return self

    def _survives(self, call: Any, *given: object) -> bool:
        try:
            call(*given)
        except CrashError:
            return False
        return True


def worlds(*answers: int) -> list[tuple[str, World]]:
    quiet = Fuse()
    World(quiet, *answers).run()
    assert len(quiet.calls) >= 7
    return [
        (f"{'after' if after else 'before'} call {at}: {call}", World(Fuse(at, after), *answers).run())
        for at, call in enumerate(quiet.calls)
        for after in (False, True)
    ]


@pytest.mark.parametrize("answers", [(200,), (500, 429, 200)])
def test_it_is_delivered_at_least_once_and_each_attempt_is_in_the_log(answers: tuple[int, ...]) -> None:
    for where, world in worlds(*answers):
        (one,) = world.deliveries.records.values()
        assert one.state is DeliveryState.DELIVERED, where
        assert [attempt.number for attempt in one.attempts] == list(range(1, len(one.attempts) + 1)), where
        assert len(answers) <= len(world.receiver.posts) <= len(one.attempts), where
        assert len(one.attempts) <= len(answers) + 1, where
        assert set(world.receiver.posts) == {f"{JOB}-1"}, where


def test_gone_is_the_end_and_the_owner_hears_of_it_at_least_once() -> None:
    for where, world in worlds(410):
        (one,) = world.deliveries.records.values()
        assert one.state is DeliveryState.STOPPED, where
        assert 1 <= len(world.receiver.posts) <= 2, where
        endpoint = world.endpoints.endpoints["owner", ENDPOINT.id]
        assert (endpoint.disabled, endpoint.announced) == ("it answered 410 Gone", True), where
        assert 1 <= len(world.topic.published) <= 2, where


def test_an_endless_failure_ends_after_three_days() -> None:
    for where, world in worlds(500):
        (one,) = world.deliveries.records.values()
        assert one.state is DeliveryState.FAILED, where
        assert 10 <= len(world.receiver.posts) <= 11, where
        assert not any(attempt.open for attempt in one.attempts), where
