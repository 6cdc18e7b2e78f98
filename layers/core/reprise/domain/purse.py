"""What a key may spend in a calendar month (UTC), in USD: the one currency that every provider's price is known in."""

from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal

MONEY_DIGITS = 6
"""Sums of USD are rounded so: 0.1 and 0.2 fit into a budget of 0.3."""


@dataclass(frozen=True, slots=True)
class Purse:
    """Out of which a job is paid: a key's budget (`limit`, USD) for the month in which the job was made."""

    key: str
    month: str
    limit: float


def money(usd: float | Decimal) -> Decimal:
    """Exact, so that a counter that is added to for a month does not drift."""
    return Decimal(str(round(usd, MONEY_DIGITS)))


def month_of(now: datetime) -> str:
    """`2026-11`."""
    return now.astimezone(UTC).strftime("%Y-%m")


def end_of(month: str) -> datetime:
    """When the next month begins."""
    year, number = map(int, month.split("-"))
    return datetime(year + number // 12, number % 12 + 1, 1, tzinfo=UTC)
