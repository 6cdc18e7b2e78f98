"""A conditional put of one item: the stored version must be the one before."""

from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from reprise.aws.items import Item
from reprise.errors import ConflictError

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


def save(client: "DynamoDBClient", table: str, item: Item, version: int) -> None:
    """Raises ConflictError. Version 1 is one that is not there yet."""
    put: dict[str, Any] = {"ConditionExpression": "attribute_not_exists(pk)"}
    if version > 1:
        before = {":before": {"N": str(version - 1)}}
        put = {"ConditionExpression": "version = :before", "ExpressionAttributeValues": before}
    try:
        client.put_item(TableName=table, Item=item, **put)
    except ClientError as error:
        if error.response["Error"]["Code"] == "ConditionalCheckFailedException":
            raise ConflictError("it was changed by another at the same moment") from error
        raise
