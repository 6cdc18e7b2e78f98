"""JobReader in memory."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from reprise.domain.job import Job
from reprise.domain.purse import month_of
from reprise.domain.violation import Violation
from reprise.errors import InvalidError
from reprise.memory import MemoryJobs
from reprise.ports import Made


@dataclass
class MemoryJobReader:
    """A cursor is the place in the list."""

    jobs: MemoryJobs

    def made(self, tenant: str, month: str, limit: int, cursor: str | None) -> Made:
        every = self.jobs.jobs.values()
        mine = [job for job in every if (job.tenant, month_of(job.created_at)) == (tenant, month)]
        mine.sort(key=lambda job: (job.created_at, job.id), reverse=True)
        start = _place_of(cursor) if cursor else 0
        more = str(start + limit) if len(mine) > start + limit else None
        return Made(tuple(job.id for job in mine[start : start + limit]), more)

    def several(self, ids: Sequence[str]) -> Mapping[str, Job]:
        return {job_id: self.jobs.jobs[job_id] for job_id in ids if job_id in self.jobs.jobs}

    def committed(self, key_id: str, month: str) -> Decimal:
        return self.jobs.spent.get((key_id, month), Decimal(0))


def _place_of(cursor: str) -> int:
    if not cursor.isdecimal():
        raise InvalidError(Violation("cursor", "unknown", "not a cursor of ours"))
    return int(cursor)
