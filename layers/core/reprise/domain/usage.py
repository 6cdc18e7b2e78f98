"""What covers came to, by provider: counted, and in USD by price lists. No vendor tells what it charged for one cover,
so nothing here is a bill.

An estimate is *delivered* (it bought takes that we have), *undelivered* (a provider took it, and no take came: charged,
unless it gives the money back) or *open* (the cover is under way, or nobody knows whether it was taken).
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum

from reprise.domain.job import Job, Leg, Stage, State, TrackState
from reprise.domain.purse import money

NOTHING = Decimal(0)


class Part(StrEnum):
    DELIVERED = "delivered"
    UNDELIVERED = "undelivered"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class Sums:
    """Of one provider. A cover counts for its last one; `seconds` of music kept; money in USD, exact."""

    covers: int = 0
    succeeded: int = 0
    failed: int = 0
    canceled: int = 0
    under_way: int = 0
    takes: int = 0
    seconds: float = 0.0
    delivered: Decimal = NOTHING
    undelivered: Decimal = NOTHING
    open: Decimal = NOTHING

    @property
    def estimated(self) -> Decimal:
        return self.delivered + self.undelivered + self.open


def add_up(jobs: Iterable[Job]) -> Mapping[str, Sums]:
    """By provider."""
    sums: dict[str, Sums] = {}
    for job in jobs:
        sums[job.provider] = _counted(sums.get(job.provider, Sums()), job)
        for provider, part, usd in spendings(job):
            before = sums.get(provider, Sums())
            sums[provider] = replace(before, **{part.value: getattr(before, part) + usd})
    return sums


def spendings(job: Job) -> Iterator[tuple[str, Part, Decimal]]:
    """Who was paid what for; together `job.spent`. What no provider passed by accounts for is the last one's."""
    left = money(job.spent)
    for leg in job.passed:
        usd = min(money(leg.usd), left) if _took(job, leg) else NOTHING
        left -= usd
        yield leg.provider, Part.UNDELIVERED, usd
    settled = min(money(job.leg.usd), left) if job.state.terminal else NOTHING
    if job.state is State.SUCCEEDED:
        yield job.provider, Part.DELIVERED, settled
    elif _known(job):
        yield job.provider, Part.UNDELIVERED, settled
    else:
        settled = NOTHING
    yield job.provider, Part.OPEN, left - settled


def _counted(sums: Sums, job: Job) -> Sums:
    kept = [track.file for track in job.tracks if track.state is TrackState.KEPT and track.file]
    ended = job.state.value if job.state.terminal else "under_way"
    return replace(
        sums,
        covers=sums.covers + 1,
        takes=sums.takes + len(kept),
        seconds=sums.seconds + sum(file.seconds for file in kept),
        **{ended: getattr(sums, ended) + 1},
    )


def _took(job: Job, leg: Leg) -> bool:
    """One that the job turned from had taken it and failed, unless it had refused."""
    attempts = range(1, job.attempt + 1)
    refused = [attempt for attempt in attempts if f"submit.refused:{attempt}:{leg.provider}" in job.heard]
    return all(f"submit.refusal-untrue:{attempt}" in job.heard for attempt in refused)


def _known(job: Job) -> bool:
    """Of a job that ended without music: its last provider certainly had taken it."""
    said = job.failure is not None and job.failure.code is not None
    return job.task_id is not None or job.stage is not Stage.NONE or said
