"""Query strings and path parts of the native API. Each fault names the parameter."""

import re
from collections.abc import Mapping
from typing import NamedTuple

from reprise.domain.job import State
from reprise.domain.violation import Violation
from reprise.errors import InvalidError, NotFoundError
from reprise.usecases.read import LONGEST_WAIT

MOST_LIMIT = 100
DEFAULT_LIMIT = 20
LONGEST_ASKED = 3600
"""Seconds of a wait that is taken, though it is cut."""

MONTH_FORM = "[0-9]{4}-(0[1-9]|1[0-2])"

DRY_RUN: Mapping[str, bool] = {"true": True, "1": True, "": True, "false": False, "0": False}
"""A bare `?dry_run` is a dry run: who writes it wants to pay nobody."""


class ListQuery(NamedTuple):
    state: State | None
    limit: int
    cursor: str | None


def list_query(query: Mapping[str, str]) -> ListQuery:
    """`status` is taken for `state` too."""
    _only(query, "state", "status", "limit", "cursor")
    if query.get("state") and query.get("status"):
        raise InvalidError(Violation("status", "too-many", "give either state or status"))
    state = query.get("state") or query.get("status")
    if state and state not in list(State):
        raise InvalidError(Violation("state", "unknown", f"one of {', '.join(State)}"))
    limit = _number(query, "limit", DEFAULT_LIMIT, least=1, most=MOST_LIMIT)
    return ListQuery(State(state) if state else None, limit, query.get("cursor") or None)


class UsageQuery(NamedTuple):
    """`month` is `2026-11`, None for this one."""

    month: str | None
    cursor: str | None


def usage_query(query: Mapping[str, str]) -> UsageQuery:
    _only(query, "month", "cursor")
    month = query.get("month")
    if month is not None and not re.fullmatch(MONTH_FORM, month):
        raise InvalidError(Violation("month", "malformed", "a month of UTC, such as 2026-11"))
    return UsageQuery(month, query.get("cursor") or None)


def wait_query(query: Mapping[str, str]) -> int:
    """Seconds; more than LONGEST_WAIT is taken as LONGEST_WAIT."""
    _only(query, "wait")
    return min(_number(query, "wait", 0, least=0, most=LONGEST_ASKED), LONGEST_WAIT)


def dry_run_query(query: Mapping[str, str]) -> bool:
    """A misspelled name would be paid for, so nothing is passed over."""
    _only(query, "dry_run")
    found = DRY_RUN.get(query.get("dry_run", "false").lower())
    if found is None:
        raise InvalidError(Violation("dry_run", "not-one-of", "true or false"))
    return found


def number_of(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 4):
        raise NotFoundError("tracks are numbered from 1")
    return int(text)


def _only(query: Mapping[str, str], *names: str) -> None:
    """Raises InvalidError for every parameter that is none."""
    unknown = [Violation(name, "unknown", "there is no such parameter") for name in query if name not in names]
    if unknown:
        raise InvalidError(*unknown)


def _number(query: Mapping[str, str], name: str, default: int, least: int, most: int) -> int:
    text = query.get(name)
    if text is None:
        return default
    if not (text.isascii() and text.isdigit() and len(text) < 9 and least <= int(text) <= most):
        raise InvalidError(Violation(name, "out-of-range", f"a whole number from {least} to {most}"))
    return int(text)
