"""Storing a new job, however many others write to the same purse at that moment."""

from reprise.domain.job import Change, State
from reprise.errors import ConflictError
from reprise.ports import Claim, Claimed, Clock, JobStore
from reprise.usecases.races import pause

MOST_RACES = 6
"""All pauses together are 3.2 s at most, of the 30 that the caller waits."""


def store(jobs: JobStore, clock: Clock, change: Change, claim: Claim | None) -> Claimed | None:
    """As `create`. Nobody else knows the id of a new job: what conflicts is its purse, which is worth another try, or
    what an earlier try has stored although its answer got lost."""
    race = 0
    while True:
        try:
            held = jobs.create(change, claim)
        except ConflictError:
            if _stored(jobs, change):
                return None
            if change.job.purse is None or race == MOST_RACES:
                raise
            clock.sleep(pause(change.job.id, race))
            race += 1
            continue
        return None if held and held.job_id == change.job.id and _stored(jobs, change) else held


def _stored(jobs: JobStore, change: Change) -> bool:
    """By an earlier try. A queued job may have gone on since; an intent to pay that was changed is no more ours."""
    job = jobs.load(change.job.id)
    return job is not None and (job.version == change.job.version or change.job.state is State.QUEUED)
