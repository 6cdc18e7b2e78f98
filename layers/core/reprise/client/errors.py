"""What the client raises. `str()` says what is wrong, `mend` what to do about it.

ApiError                              all of them
├── UnreachableError                  no answer, or none of a Reprise
├── WrongUsageError                   what was given cannot be sent, and nothing was
├── SongError                         the song cannot be read, or the bucket refused it
├── WaitedTooLongError                the cover goes on; we stopped waiting
├── ForgedWebhookError                a webhook that is not signed with this secret, or too old
└── ProblemError                      the API said no, in a problem document
    ├── UnauthenticatedError          401
    ├── BudgetSpentError              402
    ├── ForbiddenError                403
    ├── NotFoundError                 404, 410
    ├── NotAllowedError               409
    ├── InvalidError                  400, 413, 422
    ├── TooManyRequestsError          429
    └── ServerError                   5xx
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from reprise.http.shapes.problems import Problem, Violation


class ApiError(Exception):
    def __init__(self, what: str, mend: str) -> None:
        self.what, self.mend = what, mend
        super().__init__(what)


class UnreachableError(ApiError):
    pass


class WrongUsageError(ApiError, ValueError):
    pass


class SongError(ApiError):
    pass


class WaitedTooLongError(ApiError):
    pass


class ForgedWebhookError(ApiError):
    pass


class ProblemError(ApiError):
    """`type` is stable, without its `urn:reprise:problem:`; `errors` are the broken rules, with the field of each.

    >>> try:
    ...     client.covers.get("nowhere")
    ... except ProblemError as error:
    ...     print(error.status, error.type, "-", error.mend)
    404 not-found - look at the list: it may be another tenant's, or deleted
    """

    usual_mend = "see docs/api.md"

    def __init__(self, problem: "Problem") -> None:
        self.problem, self.status = problem, problem["status"]
        self.type = problem["type"].rpartition(":")[2]
        self.errors: list[Violation] = problem.get("errors", [])
        said = ": ".join(part for part in (problem["title"], problem.get("detail", "")) if part)
        rules = [f"{one['field']}: {one['message']}" for one in self.errors]
        super().__init__("; ".join(rules) if rules else said, MENDS.get(self.type, self.usual_mend))


class UnauthenticatedError(ProblemError):
    pass


class BudgetSpentError(ProblemError):
    pass


class ForbiddenError(ProblemError):
    pass


class NotFoundError(ProblemError):
    pass


class NotAllowedError(ProblemError):
    pass


class InvalidError(ProblemError):
    """
    >>> try:
    ...     client.covers.create("https://songs.example/a.mp3", prompt="jazz", pitch=40)
    ... except InvalidError as error:
    ...     print([(one["field"], one["rule"]) for one in error.errors])
    [('pitch', 'too-large')]
    """

    usual_mend = "change what is named, and ask again: nothing was stored or paid for"


class TooManyRequestsError(ProblemError):
    pass


class ServerError(ProblemError):
    usual_mend = "ask again in a moment; `reprise doctor` says what is wrong with the stack"


MENDS = {
    "unauthenticated": "give an API key that `reprise keys create` made and nobody revoked",
    "budget-spent": "wait for the next month (UTC), or use a key with room; the owner may make one",
    "forbidden": "use a key with the scope that is named: `reprise keys create --scope`",
    "not-found": "look at the list: it may be another tenant's, or deleted",
    "gone": "the cover of this Idempotency-Key was deleted: take a new key",
    "not-allowed": "look at the state it is in",
    "still-running": "ask again in a moment with the same Idempotency-Key",
    "key-reused": "take a new Idempotency-Key for another request",
    "too-many-requests": "wait a minute; the owner may make a key with more requests",
    "too-large": "send songs as uploads",
    "not-configured": "the owner: switch a provider on, that is, give it its key in Parameter Store",
}
"""What to do, by the problem's `type`."""

BY_STATUS: dict[int, type[ProblemError]] = {
    401: UnauthenticatedError,
    402: BudgetSpentError,
    403: ForbiddenError,
    404: NotFoundError,
    409: NotAllowedError,
    410: NotFoundError,
    429: TooManyRequestsError,
}


def of_problem(problem: "Problem") -> ProblemError:
    status = problem["status"]
    return BY_STATUS.get(status, ServerError if status >= 500 else InvalidError)(problem)
