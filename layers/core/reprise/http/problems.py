"""Errors as RFC 9457 problem details: one table for all doors."""

from typing import TYPE_CHECKING, cast

from reprise import errors
from reprise.domain.violation import Violation

if TYPE_CHECKING:
    from reprise.http.shapes import problems as shapes

TYPE = "urn:reprise:problem:"
INTERNAL = (500, "internal", "Something went wrong here; it is logged")

TABLE: dict[type[Exception], tuple[int, str, str]] = {
    errors.MalformedError: (400, "malformed", "The request cannot be read"),
    errors.UnauthenticatedError: (401, "unauthenticated", "Send Authorization: Bearer <API key>"),
    errors.ForgedCallbackError: (401, "forged-callback", "This callback is not one we asked for"),
    errors.BudgetSpentError: (402, "budget-spent", "The key's budget for this month has no room for it"),
    errors.ForbiddenError: (403, "forbidden", "The API key lacks a scope"),
    errors.NotFoundError: (404, "not-found", "There is no such thing"),
    errors.MethodNotAllowedError: (405, "method-not-allowed", "This path takes other methods"),
    errors.NotAllowedError: (409, "not-allowed", "Not in this state"),
    errors.StillRunningError: (409, "still-running", "The first request is still running"),
    errors.GoneError: (410, "gone", "It was deleted"),
    errors.TooLargeError: (413, "too-large", "More bytes than we take"),
    errors.InvalidError: (422, "invalid", "The request breaks a rule"),
    errors.KeyReusedError: (422, "key-reused", "The Idempotency-Key belongs to another request"),
    errors.TooManyRequestsError: (429, "too-many-requests", "The key has had its requests of this minute"),
    errors.ConflictError: (503, "busy", "Others changed the same cover at the same moment"),
    errors.ConfigurationError: (503, "not-configured", "The deployment lacks something"),
}
"""Error -> (HTTP status, the last part of `type`, `title`)."""

RETRY_AFTER: dict[type[Exception], int] = {errors.StillRunningError: 2, errors.ConflictError: 1}
"""Seconds."""


def explained(error: Exception) -> str:
    """A link (RFC 8288) to what this kind of problem means and what to do: `type` itself is a name, the same in every
    deployment, and leads nowhere."""
    return f'</docs/problems#{TABLE.get(type(error), INTERNAL)[1]}>; rel="help"'


def retry_after(error: Exception) -> int | None:
    """Seconds."""
    return error.seconds if isinstance(error, errors.TooManyRequestsError) else RETRY_AFTER.get(type(error))


def problem(error: Exception) -> tuple[int, "shapes.Problem"]:
    """Status and body. An error that is not in the table is our trouble: 500, and nothing of it is told."""
    status, slug, title = TABLE.get(type(error), INTERNAL)
    body: shapes.Problem = {"type": f"{TYPE}{slug}", "title": title, "status": status}
    if status != 500 and str(error):
        body["detail"] = str(error)
    if isinstance(error, errors.InvalidError):
        body["errors"] = [_violation(one) for one in error.violations]
    if isinstance(error, errors.ForbiddenError):
        body["scope"] = error.scope
    if isinstance(error, errors.BudgetSpentError):
        body["limit_usd"], body["spent_usd"] = float(error.limit), float(error.spent)
        body["ends_at"] = error.ends_at.isoformat()
    return status, body


def _violation(one: Violation) -> "shapes.Violation":
    parts = {"field": one.field, "rule": one.rule, "message": one.message, "length": one.length, "limit": one.limit}
    return cast("shapes.Violation", {name: value for name, value in parts.items() if value is not None})
