"""What the product makes of refusals, broken on purpose: those that were not true, and those that set a trace free."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from reprise.domain import draft, late, observe
from reprise.domain.job import Job, State
from reprise.http import dialects
from reprise.ports import Claim
from reprise.usecases.submit import Submit

from tests.simulation import callers
from tests.simulation.mischief import Rates
from tests.simulation.simulation import BETWEEN
from tests.simulation.test_mutations import SEEDS, Patch, first_fault

LIARS = Rates(untrue=0.9)
DAYS = range(1, 31)
"""Seeds, as many as it takes: what few vendors do in few moments is not seen every day."""
"""Every other refusal is not true, so that 400 orders meet some of each kind."""


def does_not_count_what_was_refused_and_bought(patch: Patch) -> None:
    patch.setattr(late, "_admit", lambda one, fact: None)


def counts_it_twice(patch: Patch) -> None:
    spent = draft.Draft.spend
    patch.setattr(draft.Draft, "spend", lambda self, usd: spent(self, usd * 2 if _is_admission(self) else usd))


def _is_admission(one: draft.Draft) -> bool:
    return one.job.state is State.QUEUED and any("refusal-untrue" in key for key in one.job.heard)


def goes_on_though_it_was_taken(patch: Patch) -> None:
    """A job that waits to be submitted once more does not listen to what the vendor says meanwhile."""
    taken_up = observe._take_up

    def deaf(one: draft.Draft, task_id: str | None) -> None:
        if one.job.state is not State.QUEUED:
            taken_up(one, task_id)

    patch.setattr(observe, "_take_up", deaf)


def throws_its_takes_away(patch: Patch) -> None:
    patch.setattr(late, "_alternative", lambda one, fact: False)


def retries_what_was_taken_after_all(patch: Patch) -> None:
    patch.setattr(Job, "taken_after_all", None)


def renews_whatever_failed(patch: Patch) -> None:
    def renewed(self: Submit, claim: Claim | None) -> Claim | None:
        held = self.jobs.claimed(claim) if claim and claim.renewed else None
        job = self.jobs.load(held.job_id) if held else None
        failed = claim and job and job.state is State.FAILED
        return renewed(self, replace(claim, key=f"{claim.key}+{job.id}")) if claim and job and failed else claim

    patch.setattr(Submit, "_renewed", renewed)


def renews_what_may_have_been_bought(patch: Patch) -> None:
    """Nothing is known of a task: that is taken for nothing bought."""
    patch.setattr(Job, "bought_nothing", property(lambda job: job.state is State.FAILED and not job.task_id))


def never_renews(patch: Patch) -> None:
    patch.setattr(Submit, "_renewed", lambda self, claim: claim)


def forgets_the_wish(patch: Patch) -> None:
    """A trace alone stands for a submit, whatever was asked."""
    claimed = dialects.claim_of

    def claim_of(*given: Any) -> Claim | None:
        claim = claimed(*given)
        return replace(claim, key=claim.key.rpartition(":")[0]) if claim else None

    patch.setattr(callers, "claim_of", claim_of)


MUTATIONS: list[Callable[[Patch], None]] = [
    does_not_count_what_was_refused_and_bought,
    counts_it_twice,
    goes_on_though_it_was_taken,
    throws_its_takes_away,
    retries_what_was_taken_after_all,
    renews_whatever_failed,
    renews_what_may_have_been_bought,
    never_renews,
    forgets_the_wish,
]


@pytest.mark.parametrize("mutation", MUTATIONS)
def test_broken_refusals_do_not_get_through_some_days(mutation: Callable[[Patch], None], monkeypatch: Patch) -> None:
    mutation(monkeypatch)
    assert any(first_fault(seed, BETWEEN, LIARS) for seed in DAYS) or any(first_fault(seed) for seed in SEEDS)


def test_a_day_among_liars_breaks_nothing() -> None:
    assert first_fault(1, BETWEEN, LIARS) is None
