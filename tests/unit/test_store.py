"""Storing a new job: what conflicts is its purse, or what was stored by a try whose answer got lost."""

from dataclasses import dataclass, replace

import pytest
from reprise.domain.create import enqueue
from reprise.domain.facts import CancelAsked
from reprise.domain.job import Change, State
from reprise.domain.observe import observe
from reprise.errors import ConflictError
from reprise.memory import MemoryClock, MemoryJobs
from reprise.ports import Claim, Claimed
from reprise.usecases.store import store

from tests.factories import NOW, a_job

CLAIM = Claim("owner", "click", "what was asked for")


@dataclass
class Forgetful(MemoryJobs):
    """Stores the first, and says that another was at it. `later`: the job was changed before it is asked again."""

    forgot: bool = False
    later: bool = False

    def create(self, change: Change, claim: Claim | None) -> Claimed | None:
        held = super().create(change, claim)
        if self.forgot:
            return held
        self.forgot = True
        if self.later:
            self.commit(observe(change.job, CancelAsked(), NOW))
        raise ConflictError("the same write is under way")


def queued() -> Change:
    return enqueue(a_job(), NOW)


def intended() -> Change:
    change = queued()
    return replace(change, job=replace(change.job, state=State.SUBMITTING))


@pytest.mark.parametrize("claim", [None, CLAIM])
@pytest.mark.parametrize("change", [queued(), intended()])
def test_what_an_earlier_try_has_stored_is_stored(change: Change, claim: Claim | None) -> None:
    jobs = Forgetful()
    assert store(jobs, MemoryClock(NOW), change, claim) is None
    assert jobs.jobs == {change.job.id: change.job}


def test_a_queued_job_that_went_on_meanwhile_is_stored_all_the_same() -> None:
    """A caller who was told to come again would buy a second one."""
    jobs = Forgetful(later=True)
    assert store(jobs, MemoryClock(NOW), queued(), None) is None


def test_an_intent_to_pay_that_another_has_changed_is_not_carried_out() -> None:
    with pytest.raises(ConflictError):
        store(Forgetful(later=True), MemoryClock(NOW), intended(), None)


def test_what_another_holds_is_told() -> None:
    jobs = MemoryJobs(claims={("owner", "click"): Claimed("b" * 32, "what was asked for")})
    assert store(jobs, MemoryClock(NOW), queued(), CLAIM) == Claimed("b" * 32, "what was asked for")
