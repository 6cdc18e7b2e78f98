"""Writes down what it was called with: one item per record, in the order they came."""

import json
import os
import time
from functools import cache
from typing import Any

import boto3


@cache
def _table() -> Any:
    return boto3.client("dynamodb")


def handler(event: dict[str, Any], context: Any) -> None:
    for record in event.get("Records", [event]):
        kind = record.get("eventSource") or record.get("source") or record.get("detail-type")
        item = {"pk": {"S": kind}, "sk": {"S": f"{time.time_ns()}"}, "record": {"S": json.dumps(record)}}
        _table().put_item(TableName=os.environ["LOG_TABLE"], Item=item)
