"""SQS: tell those who want to hear. A message that fails comes back alone.

`line`: a public event, to be passed on to whom it may concern. `delivery`: one attempt, if it is due. `job` alone: the
client of a dialect may have something to hear.
"""

import json
from typing import Any

from reprise import bootstrap
from reprise.batches import Record, each
from reprise.logs import logger


def deliver(record: Record) -> None:
    match json.loads(record["body"]):
        case {"job": job, "delivery": delivery}:
            attempt(job, delivery)
        case {"job": job, "line": line}:
            fanned_out = bootstrap.deliver().fan_out(job, line)
            logger.info("fan out", job=job, line=line, deliveries=fanned_out.deliveries)
            if fanned_out.client:
                call_back(job)
        case {"job": job}:
            call_back(job)


def attempt(job: str, delivery: str) -> None:
    tried = bootstrap.deliver()(job, delivery)
    status, reason = tried.told
    logger.info(
        "deliver", job=job, delivery=delivery, became=tried.became, state=tried.state, status=status, reason=reason
    )


def call_back(job: str) -> None:
    done = bootstrap.call_back()(job)
    for told in done.told:
        logger.info("told", job=job, dialect=done.dialect, notice=told.notice, status=told.status, reason=told.reason)
    logger.info("call back", job=job, dialect=done.dialect, told=len(done.told), again=done.again)


def handler(event: dict[str, Any], context: Any) -> Any:
    return each(event, deliver)
