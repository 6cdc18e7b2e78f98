"""What each key has spent in a month, or put by for jobs that wait: `KEY#<id>` / `SPENT#<yyyy-mm>`, one counter.

It is written in the transaction of the job that spends it, so that both are true or neither.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from reprise.aws.items import Item
from reprise.domain.job import Change
from reprise.domain.purse import money
from reprise.errors import BudgetSpentError

FAILED = "ConditionalCheckFailed"
ROOM = "attribute_not_exists(usd) OR usd <= :room"
NO_ROOM = "usd <= :room"
"""Of what is more than the purse ever held: below nothing there is no counter."""


def payment(change: Change) -> dict[str, Any] | None:
    """The update that a change makes to its job's purse, without the table; None where it costs nothing."""
    purse = change.job.purse
    if purse is None or not change.commits:
        return None
    update: dict[str, Any] = {
        "Key": purse_key(purse.key, purse.month),
        "UpdateExpression": "ADD usd :commits",
        "ExpressionAttributeValues": {":commits": _number(change.commits)},
    }
    if not change.buys:
        return update
    room = money(purse.limit) - change.commits
    update["ExpressionAttributeValues"][":room"] = _number(room)
    guard = {"ConditionExpression": ROOM if room >= 0 else NO_ROOM, "ReturnValuesOnConditionCheckFailure": "ALL_OLD"}
    return update | guard


def refusal(change: Change, reasons: Sequence[Mapping[str, Any]]) -> BudgetSpentError | None:
    """Why a transaction was canceled, if it was for nothing but its payment, which is its last write."""
    purse = change.job.purse
    codes = [reason.get("Code") for reason in reasons if reason.get("Code") not in (None, "None")]
    if purse is None or not change.buys or codes != [FAILED] or reasons[-1].get("Code") != FAILED:
        return None
    return BudgetSpentError(purse, spent_of_item(reasons[-1].get("Item", {})))


def spent_of_item(item: Mapping[str, Any]) -> Decimal:
    return Decimal(item["usd"]["N"]) if "usd" in item else Decimal(0)


def purse_key(key_id: str, month: str) -> Item:
    return {"pk": {"S": f"KEY#{key_id}"}, "sk": {"S": f"SPENT#{month}"}}


def _number(usd: Decimal) -> dict[str, str]:
    return {"N": format(usd, "f")}
