"""SQS: one track into the covers bucket, verified. A message that fails comes back alone."""

import json
from typing import Any

from reprise import bootstrap
from reprise.batches import Record, each
from reprise.logs import logger


def transfer(record: Record) -> None:
    asked = json.loads(record["body"])
    done = bootstrap.transfer()(asked["job"], asked["number"], asked["tries"], asked.get("tenant"))
    logger.info("transfer", job=asked["job"], number=asked["number"], tries=asked["tries"], done=done)


def handler(event: dict[str, Any], context: Any) -> Any:
    return each(event, transfer)
