"""DynamoDB stream, the outbox: each committed line goes where it says. On a failure the stream begins again there."""

from typing import Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.batch import EventType, process_partial_response
from aws_lambda_powertools.utilities.data_classes.dynamo_db_stream_event import DynamoDBRecord
from reprise import bootstrap
from reprise.aws.items import entry_of
from reprise.batches import LoggingProcessor

logger = Logger()
processor = LoggingProcessor(EventType.DynamoDBStreams)


def dispatch(record: DynamoDBRecord) -> None:
    entry = entry_of(record.raw_event["dynamodb"]["NewImage"])
    bootstrap.dispatch()(entry)
    logger.info("dispatch", job=entry.job_id, type=entry.type, outbox=entry.outbox)


def handler(event: dict[str, Any], context: Any) -> Any:
    return process_partial_response(event, dispatch, processor, context)
