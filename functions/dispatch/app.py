"""DynamoDB stream, the outbox: each committed line goes where it says. On a failure the stream begins again there.

A line that cannot be read is set aside among the dead letters, so that those behind it go on.
"""

from typing import Any

from aws_lambda_powertools.utilities.batch import EventType, process_partial_response
from aws_lambda_powertools.utilities.data_classes.dynamo_db_stream_event import DynamoDBRecord
from reprise import bootstrap
from reprise.aws.items import line_of
from reprise.batches import LoggingProcessor
from reprise.errors import UnreadableLineError
from reprise.logs import logger
from reprise.metrics import count

processor = LoggingProcessor(EventType.DynamoDBStreams)


def dispatch(record: DynamoDBRecord) -> None:
    try:
        entry = line_of(record.raw_event["dynamodb"].get("NewImage", {}))
        bootstrap.dispatch()(entry)
    except UnreadableLineError as error:
        bootstrap.dispatch().set_aside(record.raw_event, error)
        logger.error("set aside: a line that cannot be read", exc_info=error)
        return
    logger.info("dispatch", job=entry.job_id, type=entry.type, outbox=entry.outbox)
    count(entry)


def handler(event: dict[str, Any], context: Any) -> Any:
    return process_partial_response(event, dispatch, processor, context)
