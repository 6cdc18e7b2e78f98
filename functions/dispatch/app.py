"""DynamoDB stream, the outbox: each committed line goes where it says. On a failure the stream begins again there.

A line that cannot be read is set aside among the dead letters, so that those behind it go on.
"""

from typing import Any

from reprise import bootstrap
from reprise.aws.items import line_of
from reprise.batches import Record, each
from reprise.errors import UnreadableLineError
from reprise.logs import logger
from reprise.metrics import count


def dispatch(record: Record) -> None:
    try:
        entry = line_of(record["dynamodb"].get("NewImage", {}))
        bootstrap.dispatch()(entry)
    except UnreadableLineError as error:
        bootstrap.dispatch().set_aside(record, error)
        logger.error("set aside: a line that cannot be read", exc_info=error)
        return
    logger.info("dispatch", job=entry.job_id, type=entry.type, outbox=entry.outbox)
    count(entry)


def handler(event: dict[str, Any], context: Any) -> Any:
    return each(event, dispatch)
