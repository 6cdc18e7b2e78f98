"""Our errors as HTTP codes, for the vendors whose answers carry real ones."""

from reprise.errors import (
    BudgetSpentError,
    ForbiddenError,
    GoneError,
    NotFoundError,
    RequestError,
    TooLargeError,
    TooManyRequestsError,
    TryAgainError,
    UnauthenticatedError,
)

ERRORS: tuple[tuple[type[Exception], int], ...] = (
    (UnauthenticatedError, 401),
    (BudgetSpentError, 402),
    (ForbiddenError, 403),
    (NotFoundError, 404),
    (GoneError, 404),
    (TooLargeError, 413),
    (RequestError, 400),
    (TryAgainError, 429),
)
"""The first that fits; anything else is ours: 500."""

RETRY_AFTER = 2
"""Seconds."""


def code_of(error: Exception) -> int:
    return next((code for kind, code in ERRORS if isinstance(error, kind)), 500)


def pause(code: int, error: Exception | None = None) -> dict[str, str]:
    """The headers that say when to come again."""
    return {"retry-after": str(seconds(error))} if code == 429 else {}


def seconds(error: Exception | None) -> int:
    return error.seconds if isinstance(error, TooManyRequestsError) else RETRY_AFTER
