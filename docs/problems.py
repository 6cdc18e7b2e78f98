"""What each kind of problem means and what to do about it: the words behind `type`, for the page and for `/docs`."""

from collections.abc import Mapping
from typing import NamedTuple

from reprise.http.problems import INTERNAL, TABLE, TYPE

ADVICE: Mapping[str, str] = {
    "malformed": "Send one JSON object in UTF-8; `detail` says what could not be read. The same again fails again.",
    "unauthenticated": "Send `Authorization: Bearer` and a key that `reprise keys create` printed and nobody revoked.",
    "forged-callback": "Nothing, as a caller: providers alone knock there, and each link of theirs expires.",
    "budget-spent": "Wait until `ends_at`, take another key, or have the owner raise this one's budget. "
    "`limit_usd` and `spent_usd` say where it stands; nothing was stored or paid.",
    "forbidden": "Take a key with the scope that `scope` names.",
    "not-found": "Look at the id: it is mistyped, another tenant's, or never was; or nobody serves the path.",
    "method-not-allowed": "Use one of the methods in `Allow`.",
    "not-allowed": "`detail` says what the cover's state forbids. Cancel before you delete; retry what has ended.",
    "still-running": "Wait for the seconds of `Retry-After`, then send the same request again.",
    "gone": "Use a new `Idempotency-Key`: the cover that this one made was deleted.",
    "too-large": "Upload the song by `POST /v1/uploads`, and name it as the source.",
    "invalid": "Mend each entry of `errors`: `field` is where, `rule` which rule (a stable word), `message` how. "
    "Nothing was stored or paid.",
    "key-reused": "Use another `Idempotency-Key` for another body, or send the first body again.",
    "too-many-requests": "Wait for the seconds of `Retry-After`; the next minute begins a new count.",
    "busy": "Wait for the seconds of `Retry-After`, then send the same request again.",
    "not-configured": "Tell the owner: `reprise doctor` says what the deployment lacks.",
    "internal": "Send the same again, with the same `Idempotency-Key`; if it stays, tell the owner.",
}
"""By the last part of `type`."""


class Kind(NamedTuple):
    """`meaning` is what the error's own docstring says."""

    status: int
    slug: str
    title: str
    meaning: str

    @property
    def type(self) -> str:
        return f"{TYPE}{self.slug}"

    @property
    def advice(self) -> str:
        return ADVICE[self.slug]


def kinds() -> list[Kind]:
    """By status."""
    known = [Kind(*row, " ".join((error.__doc__ or "").split())) for error, row in TABLE.items()]
    return sorted([*known, Kind(*INTERNAL, "Our trouble; nothing of it is told.")], key=lambda one: one.status)
