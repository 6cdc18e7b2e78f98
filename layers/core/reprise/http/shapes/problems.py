"""Problem details (RFC 9457)."""

from typing import NotRequired

from typing_extensions import TypedDict

from reprise.domain.key import Scope


class Violation(TypedDict):
    """One broken rule: `field` in dotted form, `rule` a stable word; `length` of the value where it counts."""

    field: str
    rule: str
    message: str
    length: NotRequired[int]
    limit: NotRequired[float]


class Problem(TypedDict):
    """`type` is stable. `errors` are there where the request breaks rules: every one that was found. `scope` is the one
    that a forbidden key lacks; `limit_usd`, `spent_usd` and `ends_at` are of a budget without room."""

    type: str
    title: str
    status: int
    detail: NotRequired[str]
    errors: NotRequired[list[Violation]]
    scope: NotRequired[Scope]
    limit_usd: NotRequired[float]
    spent_usd: NotRequired[float]
    ends_at: NotRequired[str]
