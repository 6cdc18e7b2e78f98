"""The simulation's deliveries find what is due by a heap: the same as `memory_webhooks.py` finds by looking at all."""

from dataclasses import replace
from datetime import datetime, timedelta
from random import Random

import pytest
from reprise.domain.delivery import Delivery
from reprise.memory import MemoryCallbackRecords, MemoryJobs
from reprise.memory_webhooks import MemoryDeliveries
from reprise.ports import Waiting

from tests.factories import NOW, a_running_job
from tests.simulation.stores import Deliveries, Records


@pytest.mark.parametrize("seed", range(5))
def test_what_is_due_and_what_a_job_has_is_what_looking_at_all_of_them_finds(seed: int) -> None:
    dice, ids = Random(seed), ("a" * 32, "b" * 32)
    jobs = MemoryJobs(jobs={id: a_running_job() for id in ids})
    quick, plain = Deliveries(jobs, Records(jobs)), MemoryDeliveries(jobs, MemoryCallbackRecords(jobs))
    now = NOW
    for _ in range(300):
        now += timedelta(seconds=dice.uniform(0, 60))
        job, event = dice.choice(ids), dice.randrange(1, 9)
        known = plain.load(job, f"{event}-job") or Delivery(job, event, event, "cover.text", "job", NOW)
        due = dice.choice((None, now + timedelta(seconds=dice.uniform(0, 600))))
        for store in (quick, plain):
            store.save(replace(known, due_at=due, version=known.version + 1))
        found = set(plain.due(now))
        assert set(quick.due(now)) == found
        assert list(quick.of(job)) == list(plain.of(job))
        late = quick.late(now)
        assert (Waiting(*late) in found) if late else not any(_due(plain, one) < now for one in found)


def test_a_sweep_that_looked_at_the_clock_early_takes_nothing_from_one_that_looked_later() -> None:
    id = "a" * 32
    jobs = MemoryJobs(jobs={id: a_running_job()})
    store = Deliveries(jobs, Records(jobs))
    store.save(Delivery(id, 1, 1, "cover.text", "job", NOW, due_at=NOW + timedelta(seconds=5), version=1))
    later = NOW + timedelta(seconds=6)
    assert list(store.due(later)) == [Waiting(id, "1-job")]
    assert list(store.due(NOW)) == []
    assert list(store.due(later)) == [Waiting(id, "1-job")]
    assert store.late(later) == (id, "1-job")


def _due(store: MemoryDeliveries, one: Waiting) -> datetime:
    known = store.load(one.job_id, one.delivery or "")
    assert known
    assert known.due_at
    return known.due_at
