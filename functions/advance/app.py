"""SQS: one job to its next step. A message that fails comes back alone, five times, then to the dead letters."""

import json
from typing import Any

from reprise import bootstrap
from reprise.batches import Record, each
from reprise.logs import logger


def advance(record: Record) -> None:
    job_id = json.loads(record["body"])["job"]
    logger.info("advance", job=job_id, step=bootstrap.advance()(job_id))


def handler(event: dict[str, Any], context: Any) -> Any:
    return each(event, advance)
