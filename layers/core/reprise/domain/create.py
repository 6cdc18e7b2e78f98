"""How a job comes into being: from a request, or from a job that failed."""

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

from reprise.domain.draft import Draft
from reprise.domain.job import Change, Job, Leg, OwnReason, State
from reprise.domain.purse import Purse, money
from reprise.domain.request import CoverRequest

ADOPTABLE = (
    OwnReason.DEADLINE,
    OwnReason.AUDIO_UNAVAILABLE,
    OwnReason.SUBMIT_UNKNOWN,
    OwnReason.BUDGET_SPENT,
)
"""Failures after which the provider may still have the music that was paid for."""


def create(
    id: str,
    tenant: str,
    request: CoverRequest,
    route: tuple[Leg, ...],
    now: datetime,
    audio_key: str = "",
    purse: Purse | None = None,
) -> Job:
    """A new job, not stored yet. `route` is where it may go, best first."""
    return Job(
        id=id,
        tenant=tenant,
        request=request,
        leg=route[0],
        route=route[1:],
        created_at=now,
        updated_at=now,
        deadline_at=now + timedelta(seconds=request.deadline),
        audio_key=audio_key,
        purse=purse,
    )


def enqueue(job: Job, now: datetime) -> Change:
    """The first change of a job that `advance` will submit."""
    draft = Draft(job, now)
    draft.wake(now, "job.queued", "Stored; waiting to be submitted")
    return draft.change()


def retry(failed: Job, id: str, now: datetime, purse: Purse | None = None) -> Change:
    """A new job for the same wish. What was paid for is looked for again before anything is bought again.

    `purse` is of the key that asks for it, whoever's the first was.
    """
    made = _made(failed)
    fresh = create(id, failed.tenant, failed.request, _again(failed, made), now, failed.audio_key, purse)
    fresh = replace(fresh, retry_of=failed.id)
    if made is None:
        return enqueue(fresh, now)
    leg, task_id = made
    draft = Draft(replace(fresh, attempt=1, task_id=task_id, state=State.RUNNING), now)
    draft.announce("cover.submitted", f"Taken over from job {failed.id}; nothing is bought again", adopted=True)
    draft.wake(now, "job.adopted", f"Asking {leg.provider} for what it made", task_id=task_id)
    return draft.change()


def within(failed: Job, room: Decimal) -> Job | None:
    """The failed job without the providers that cost more than `room` (USD); None where all do."""
    legs = tuple(leg for leg in _again(failed, None) if money(leg.usd) <= room)
    return replace(failed, passed=(), leg=legs[0], route=legs[1:]) if legs else None


def _made(failed: Job) -> tuple[Leg, str] | None:
    """Where there may be music that was paid for, and under which task."""
    perhaps = failed.failure is None or failed.failure.reason in ADOPTABLE  # canceled ones have no failure
    return (failed.leg, failed.task_id) if failed.task_id and perhaps else failed.taken_after_all


def _again(failed: Job, made: tuple[Leg, str] | None) -> tuple[Leg, ...]:
    """All legs of the first, in their order; the one that has something to show before the others."""
    if made is None:
        return (*failed.passed, failed.leg, *failed.route)
    legs = (failed.leg, *failed.passed, *failed.route)
    return (made[0], *(leg for leg in legs if leg.provider != made[0].provider))
