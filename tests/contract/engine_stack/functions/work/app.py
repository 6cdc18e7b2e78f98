"""Takes messages; those that say "poison" are reported as failed."""

import os
import time
from typing import Any

import boto3


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    client = boto3.client("dynamodb")
    failed = []
    for record in event["Records"]:
        if record["body"] == "poison":
            failed.append({"itemIdentifier": record["messageId"]})
        item = {"pk": {"S": "work"}, "sk": {"S": f"{time.time_ns()}"}, "record": {"S": record["body"]}}
        client.put_item(TableName=os.environ["LOG_TABLE"], Item=item)
    return {"batchItemFailures": failed}
