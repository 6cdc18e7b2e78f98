"""A month of a tenant's covers, added up a page at a time: no request reads more than MOST_COVERS of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from reprise.domain.key import ApiKey
from reprise.domain.purse import month_of
from reprise.domain.usage import Sums, add_up
from reprise.ports import Clock, JobReader

MOST_COVERS = 500
"""Some 0.2 ms each to decode on a whole core, of which a function of 512 MB has a third: far from any time-out."""


@dataclass(frozen=True, slots=True)
class Usage:
    """`sums` by provider, of one page; with a `cursor` there are more. What the asking key's purse has committed, in
    USD, is of the whole month."""

    month: str
    sums: Mapping[str, Sums]
    cursor: str | None
    committed: Decimal


@dataclass(frozen=True, slots=True)
class AddUp:
    reader: JobReader
    clock: Clock

    def __call__(self, caller: ApiKey, month: str | None, cursor: str | None) -> Usage:
        """Of this month (UTC) where none is named. Raises InvalidError for a cursor that is not ours."""
        month = month or month_of(self.clock.now())
        made = self.reader.made(caller.tenant, month, MOST_COVERS, cursor)
        jobs = self.reader.several(made.ids)
        return Usage(month, add_up(jobs.values()), made.cursor, self.reader.committed(caller.id, month))
