"""A conditional put of one item: the stored version must be the one before."""

from typing import TYPE_CHECKING, Any

from reprise.aws.items import Item
from reprise.aws.writes import alone, new_nonce

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


def save(client: "DynamoDBClient", table: str, item: Item, version: int) -> None:
    """Raises ConflictError. Version 1 is one that is not there yet."""
    put: dict[str, Any] = {"ConditionExpression": "attribute_not_exists(pk)"}
    if version > 1:
        before = {":before": {"N": str(version - 1)}}
        put = {"ConditionExpression": "version = :before", "ExpressionAttributeValues": before}
    nonce = new_nonce()
    alone(client.put_item, table, {"Item": item | nonce, **put}, nonce)
