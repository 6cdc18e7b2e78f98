"""API keys: who holds one, what it opens, how much it may spend and how often it may knock."""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from reprise.domain.purse import Purse, month_of
from reprise.domain.violation import Violation


class Scope(StrEnum):
    """What a key opens. `admin` opens everything, and alone what cannot be undone and what holds secrets."""

    READ = "read"
    SUBMIT = "submit"
    ADMIN = "admin"


DEFAULT = frozenset({Scope.SUBMIT, Scope.READ})
MOST_USD = 1_000_000
LONGEST_NAME = 100
LONGEST_TENANT = 100
_TENANT = re.compile(rf"(?!\.+\Z)[A-Za-z0-9._-]{{1,{LONGEST_TENANT}}}")
"""It is a folder of buckets, and a part of the table's keys, where `#` and `/` divide."""
A_TENANT = f"1 to {LONGEST_TENANT} of a-z, A-Z, 0-9, `-`, `_` and `.`, and not dots alone"
_KEY = re.compile(r"rk_([0-9a-f]{12})_[A-Za-z0-9_-]{43}")


@dataclass(frozen=True, slots=True)
class ApiKey:
    """All that is known of a key but the key itself. `id` is safe to show; one of release 0.2 or before has its SHA-256
    there. `budget_usd` is for a calendar month (UTC), `per_minute` counts requests; None is no bound."""

    id: str
    tenant: str
    name: str
    scopes: frozenset[Scope]
    created_at: datetime | None = None
    budget_usd: Decimal | None = None
    per_minute: int | None = None
    revoked_at: datetime | None = None

    def opens(self, scope: Scope) -> bool:
        return scope in self.scopes or Scope.ADMIN in self.scopes

    def purse(self, now: datetime) -> Purse | None:
        """What a job that is made now is paid out of; None where the key has no budget."""
        return None if self.budget_usd is None else Purse(self.id, month_of(now), float(self.budget_usd))


def id_of(key: str) -> str | None:
    """The public part of a key; None for a text that is no key of today's form."""
    found = _KEY.fullmatch(key)
    return found[1] if found else None


def digest_of(key: str) -> str:
    """SHA-256 in hex. 256 random bits are guessed by nobody, so neither salt nor a slow hash is needed."""
    return hashlib.sha256(key.encode(errors="replace")).hexdigest()


def faults(
    tenant: str, name: str, scopes: Iterable[str], budget_usd: Decimal | None, per_minute: int | None
) -> list[Violation]:
    """What is wrong with a key that somebody wants."""
    found = [] if _TENANT.fullmatch(tenant) else [Violation("tenant", "malformed", A_TENANT, len(tenant))]
    if len(name) > LONGEST_NAME:
        found.append(Violation("name", "too-long", f"at most {LONGEST_NAME} characters", len(name), LONGEST_NAME))
    known, asked = {scope.value for scope in Scope}, list(scopes)
    if not asked or not known.issuperset(asked):
        found.append(Violation("scopes", "not-one-of", f"some of {', '.join(Scope)}"))
    if budget_usd is not None and not (budget_usd.is_finite() and 0 <= budget_usd <= MOST_USD):
        found.append(Violation("budget_usd", "out-of-range", f"USD a month, from 0 to {MOST_USD}"))
    if per_minute is not None and per_minute < 1:
        found.append(Violation("per_minute", "out-of-range", "requests a minute, 1 or more"))
    return found
