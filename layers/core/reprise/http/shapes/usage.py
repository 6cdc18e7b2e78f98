"""What covers came to."""

from typing_extensions import TypedDict


class ProviderUsage(TypedDict):
    """A cover counts for its last provider; money for whoever was asked. `seconds` of music kept.

    `estimated_usd`, by price lists, is the sum of the three behind it: what bought takes that we have; what was taken
    by a provider that then made none (charged, unless it gives it back); and what is under way or of unknown outcome.
    No vendor tells what it charged for a cover: none of it is a bill."""

    provider: str
    covers: int
    succeeded: int
    failed: int
    canceled: int
    under_way: int
    takes: int
    seconds: float
    estimated_usd: float
    delivered_usd: float
    undelivered_usd: float
    open_usd: float


class Budget(TypedDict):
    """Of the key that asks: `committed_usd` is spent by estimate, or put by for covers that wait. A limit that was
    changed holds for covers made since."""

    limit_usd: float
    committed_usd: float


class Usage(TypedDict):
    """Of a month (UTC) in which the covers were made; those that were deleted are in no sum. With a `next_cursor` there
    are more: add the pages up. `budget` is null for a key without one."""

    month: str
    providers: list[ProviderUsage]
    budget: Budget | None
    next_cursor: str | None
