"""Does what the event's `act` names, and answers with what came of it."""

import importlib
import json
import os
import time
from typing import Any

import boto3
import words


def hello(event: dict[str, Any]) -> Any:
    return {"greeting": words.GREETING, "event": event}


def environment(event: dict[str, Any]) -> Any:
    return dict(os.environ)


def wait(event: dict[str, Any]) -> Any:
    started = time.time()
    time.sleep(event["seconds"])
    return {"process": os.getpid(), "from": started, "to": time.time()}


def fail(event: dict[str, Any]) -> Any:
    raise ValueError("as asked")


def crash(event: dict[str, Any]) -> Any:
    os._exit(3)


def find(event: dict[str, Any]) -> Any:
    try:
        importlib.import_module(event["module"])
    except ImportError:
        return "missing"
    return "found"


def read(event: dict[str, Any]) -> Any:
    key = {"pk": {"S": "x"}, "sk": {"S": "x"}}
    return boto3.client("dynamodb").get_item(TableName=os.environ["LOG_TABLE"], Key=key).get("Item", "nothing")


def write(event: dict[str, Any]) -> Any:
    item = {"pk": {"S": "x"}, "sk": {"S": "x"}}
    boto3.client("dynamodb").put_item(TableName=os.environ["LOG_TABLE"], Item=item)


def secret(event: dict[str, Any]) -> Any:
    return boto3.client("secretsmanager").get_secret_value(SecretId=os.environ["SECRET"])["SecretString"]


ACTS = {act.__name__: act for act in (hello, environment, wait, fail, crash, find, read, write, secret)}


def handler(event: dict[str, Any], context: Any) -> Any:
    print("probed")  # noqa: T201
    over_http = "requestContext" in event
    asked = json.loads(event["body"]) if over_http and event.get("body") else event
    answer = ACTS[asked.get("act", "hello")](asked)
    if not over_http:
        return answer
    return {"statusCode": 200, "headers": {"content-type": "application/json"}, "body": json.dumps(answer)}
