"""DynamoDB stream, the outbox: what each committed change has to say goes where it says. On a failure the stream begins
again there.

A line that cannot be read is set aside among the dead letters, so that those behind it go on.
"""

from typing import Any

from aws_lambda_powertools.utilities.batch import EventType, process_partial_response
from aws_lambda_powertools.utilities.data_classes.dynamo_db_stream_event import DynamoDBRecord
from reprise import bootstrap
from reprise.aws.timeline import alone, committed
from reprise.batches import LoggingProcessor
from reprise.domain.job import Entry
from reprise.errors import UnreadableLineError
from reprise.logs import logger
from reprise.metrics import count

processor = LoggingProcessor(EventType.DynamoDBStreams)


def dispatch(record: DynamoDBRecord) -> None:
    """One change, line by line in order. What fails is told once more from the first line."""
    image = record.raw_event["dynamodb"].get("NewImage", {})
    unreadable = [why for line in committed(image) if (why := pass_on(line))]
    if unreadable:
        bootstrap.dispatch().set_aside(alone(record.raw_event), unreadable[0])


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
    return process_partial_response(event, dispatch, processor, context)
