"""DynamoDB stream, the outbox: what each committed change has to say goes where it says. On a failure the stream begins
again there.

A line that cannot be read is set aside among the dead letters, so that those behind it go on.
"""

from typing import Any

from reprise import bootstrap
from reprise.aws.timeline import alone, committed
from reprise.batches import Record, each
from reprise.domain.job import Entry
from reprise.errors import UnreadableLineError
from reprise.logs import logger
from reprise.metrics import count


def dispatch(record: Record) -> None:
    """One change, line by line in order. What fails is told once more from the first line."""
    image = record["dynamodb"].get("NewImage", {})
    unreadable = [why for line in committed(image) if (why := pass_on(line))]
    if unreadable:
        bootstrap.dispatch().set_aside(alone(record), unreadable[0])


def pass_on(line: Entry | UnreadableLineError) -> UnreadableLineError | None:
    try:
        if isinstance(line, UnreadableLineError):
            raise line
        bootstrap.dispatch()(line)
    except UnreadableLineError as error:
        logger.error("set aside: a line that cannot be read", exc_info=error)
        return error
    logger.info("dispatch", job=line.job_id, type=line.type, outbox=line.outbox)
    count(line)
    return None


def handler(event: dict[str, Any], context: Any) -> Any:
    return each(event, dispatch)
