"""How a job comes into being: from a request, or from a job that failed."""

from dataclasses import replace
from datetime import datetime, timedelta

from reprise.domain.draft import Draft
from reprise.domain.job import Change, Job, Leg, State, taken_after_all
from reprise.domain.request import CoverRequest

ADOPTABLE = ("deadline", "audio-unavailable", "submit-unknown")
"""Failures after which the provider may still have the music that was paid for."""


def create(
    id: str, tenant: str, request: CoverRequest, route: tuple[Leg, ...], now: datetime, audio_key: str = ""
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
    )


def enqueue(job: Job, now: datetime) -> Change:
    """The first change of a job that `advance` will submit."""
    draft = Draft(job, now)
    draft.wake(now, "job.queued", "Stored; waiting to be submitted")
    return draft.change()


def retry(failed: Job, id: str, now: datetime) -> Change:
    """A new job for the same wish. What was paid for is looked for again before anything is bought again."""
    perhaps_made = failed.failure is None or failed.failure.reason in ADOPTABLE  # canceled ones have no failure
    adopted = failed.task_id and (perhaps_made or taken_after_all(failed.attempt) in failed.heard)
    first_again = (*failed.passed, failed.leg, *failed.route)
    legs = (failed.leg, *failed.passed, *failed.route) if adopted else first_again
    fresh = create(id, failed.tenant, failed.request, legs, now, failed.audio_key)
    fresh = replace(fresh, retry_of=failed.id)
    if not adopted:
        return enqueue(fresh, now)
    draft = Draft(replace(fresh, attempt=1, task_id=failed.task_id, state=State.RUNNING), now)
    draft.announce("cover.submitted", f"Taken over from job {failed.id}; nothing is bought again", adopted=True)
    draft.wake(now, "job.adopted", f"Asking {failed.provider} for what it made", task_id=failed.task_id)
    return draft.change()
