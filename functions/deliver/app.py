"""SQS: tell those who want to hear. A message that fails comes back alone.

`to`: a public event for one listener, whose first attempt this is. `delivery`: one more attempt, if it is due. `job`
alone: the client of a dialect may have something to hear. `line` without `to`: an older release did not write whom that
line concerns.
"""

import json
from typing import TYPE_CHECKING, Any

from reprise import bootstrap
from reprise.batches import Record, each
from reprise.logs import logger

if TYPE_CHECKING:
    from reprise.usecases.deliver import Tried


def deliver(record: Record) -> None:
    message = json.loads(record["body"])
    match message:
        case {"job": job, "delivery": delivery}:
            tell(bootstrap.deliver()(job, delivery), job=job, delivery=delivery)
        case {"job": job, "line": line, "to": to}:
            tell(bootstrap.deliver().first(job, line, to, message.get("event")), job=job, line=line, to=to)
        case {"job": job, "line": line}:
            logger.info("fan out", job=job, line=line, messages=bootstrap.deliver().fan_out(job, line))
        case {"job": job}:
            call_back(job)
        case _:
            raise ValueError("a message that names nobody to tell")


def tell(tried: "Tried", **about: Any) -> None:
    status, reason = tried.told
    logger.info("deliver", **about, became=tried.became, state=tried.state, status=status, reason=reason)


def call_back(job: str) -> None:
    done = bootstrap.call_back()(job)
    for told in done.told:
        logger.info("told", job=job, dialect=done.dialect, notice=told.notice, status=told.status, reason=told.reason)
    logger.info("call back", job=job, dialect=done.dialect, told=len(done.told), again=done.again)


def handler(event: dict[str, Any], context: Any) -> Any:
    return each(event, deliver)
