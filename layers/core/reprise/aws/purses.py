"""What each key has spent in a month, or put by for jobs that wait: `KEY#<id>` / `SPENT#<yyyy-mm>`, one counter.

It is written in the transaction of the job that spends it, so that both are true or neither.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from reprise.aws.items import Item
from reprise.domain.job import Change
from reprise.domain.purse import money
from reprise.errors import BudgetSpentError

ROOM = "attribute_not_exists(usd) OR usd <= :room"


def payment(change: Change) -> dict[str, Any] | None:
    """The update that a change makes to its job's purse, without the table; None where it costs nothing.

    Raises BudgetSpentError for what is more than the purse ever held.
    """
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
    if room < 0:
        raise BudgetSpentError(purse, None)
    update["ExpressionAttributeValues"][":room"] = _number(room)
    return update | {"ConditionExpression": ROOM, "ReturnValuesOnConditionCheckFailure": "ALL_OLD"}


def spent_by(reason: Mapping[str, Any]) -> Decimal | None:
    """The counter that a payment failed at; None where it was another write that failed."""
    item = reason.get("Item", {})
    return spent_of_item(item) if item.get("sk", {}).get("S", "").startswith("SPENT#") else None


def spent_of_item(item: Mapping[str, Any]) -> Decimal:
    return Decimal(item["usd"]["N"]) if "usd" in item else Decimal(0)


def purse_key(key_id: str, month: str) -> Item:
    return {"pk": {"S": f"KEY#{key_id}"}, "sk": {"S": f"SPENT#{month}"}}


def _number(usd: Decimal) -> dict[str, str]:
    return {"N": format(usd, "f")}
