"""Storing a new job, however many others write to the same purse at that moment."""

from reprise.domain.job import Change
from reprise.errors import ConflictError
from reprise.ports import Claim, Claimed, Clock, JobStore

MOST_RACES = 6
PAUSE = 0.025
"""Seconds, doubled with each lost race: all together at most 3.2, of the 30 that the caller waits."""


def store(jobs: JobStore, clock: Clock, change: Change, claim: Claim | None) -> Claimed | None:
    """As `create`. Nobody else writes to a new job, so what conflicts is its purse: that is worth another try."""
    if change.job.purse is None:
        return jobs.create(change, claim)
    for race in range(MOST_RACES):
        try:
            return jobs.create(change, claim)
        except ConflictError:
            clock.sleep(PAUSE * 2**race * (1 + _share(change.job.id)))
    return jobs.create(change, claim)


def _share(job_id: str) -> float:
    """0..1, another one for each job: what collided must not collide again."""
    return int(job_id[:4], 16) / 0xFFFF
