"""The two ways to write a change, one item or a transaction, and what AWS's refusals of them mean."""

import secrets
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from reprise.aws import purses
from reprise.aws.items import Item
from reprise.domain.job import Change
from reprise.errors import ConflictError

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

LOST = ("ConditionalCheckFailedException", "TransactionConflictException", "TransactionInProgressException")
RACES = ("ConditionalCheckFailed", "TransactionConflict")


class ClaimHeldError(Exception):
    def __init__(self, item: Item) -> None:
        super().__init__("claim held")
        self.item = item


def new_nonce() -> Item:
    """Names one write among all. A transaction has a token of its own, which botocore makes."""
    return {"nonce": {"B": secrets.token_bytes(9)}}


def alone(write: Callable[..., object], table: str, asked: dict[str, Any], nonce: Item) -> None:
    """Raises ConflictError where another was first.

    botocore asks again where an answer got lost, and then meets what it has written itself: the nonce tells. Nothing
    else would: who took another's intent to pay for its own would pay twice, who took its own for another's not at all.
    """
    try:
        write(TableName=table, ReturnValuesOnConditionCheckFailure="ALL_OLD", **asked)
    except ClientError as error:
        stored: dict[str, Any] = error.response.get("Item", {})  # type: ignore[assignment]
        if stored.get("nonce") == nonce["nonce"]:
            return
        raise _lost() if _code(error) in LOST else error from error


def together(client: "DynamoDBClient", writes: list[dict[str, Any]], change: Change) -> None:
    """All or none. Raises ConflictError, ClaimHeldError, BudgetSpentError."""
    try:
        client.transact_write_items(TransactItems=writes)  # type: ignore[arg-type]
    except ClientError as error:
        raise _translated(error, change) from error


def _translated(error: ClientError, change: Change) -> Exception:
    """Who holds the claim has answered already, and a job that was changed is looked at anew: only where nothing but
    the purse stands in the way has its money run out."""
    if _code(error) == "TransactionInProgressException":
        return ConflictError("the same write is under way")
    reasons: list[dict[str, Any]] = error.response.get("CancellationReasons", [])  # type: ignore[assignment]
    if reasons and reasons[0].get("Item", {}).get("sk") == {"S": "IDEM"}:
        return ClaimHeldError(reasons[0]["Item"])
    spent = purses.refusal(change, reasons)
    if spent:
        return spent
    return _lost() if any(reason.get("Code") in RACES for reason in reasons) else error


def _lost() -> ConflictError:
    return ConflictError("it was changed by another at the same moment")


def _code(error: ClientError) -> str:
    return error.response["Error"]["Code"]
