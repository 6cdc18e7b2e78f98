"""Storing a new job, however many others write to the same purse at that moment."""

from reprise.domain.job import Change
from reprise.errors import ConflictError
from reprise.ports import Claim, Claimed, Clock, JobStore
from reprise.usecases.races import pause

MOST_RACES = 6
"""All pauses together are 3.2 s at most, of the 30 that the caller waits."""


def store(jobs: JobStore, clock: Clock, change: Change, claim: Claim | None) -> Claimed | None:
    """As `create`. Nobody else writes to a new job, so what conflicts is its purse: that is worth another try."""
    if change.job.purse is None:
        return jobs.create(change, claim)
    for race in range(MOST_RACES):
        try:
            return jobs.create(change, claim)
        except ConflictError:
            clock.sleep(pause(change.job.id, race))
    return jobs.create(change, claim)
