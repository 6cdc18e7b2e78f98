"""SQS: one job to its next step. A message that fails comes back alone, five times, then to the dead letters."""

from typing import Any

from aws_lambda_powertools.utilities.batch import EventType, process_partial_response
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from reprise import bootstrap
from reprise.batches import LoggingProcessor
from reprise.logs import logger

processor = LoggingProcessor(EventType.SQS)


def advance(record: SQSRecord) -> None:
    job_id = record.json_body["job"]
    logger.info("advance", job=job_id, step=bootstrap.advance()(job_id))


def handler(event: dict[str, Any], context: Any) -> Any:
    return process_partial_response(event, advance, processor, context)
