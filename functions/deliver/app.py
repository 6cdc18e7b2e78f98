"""SQS: tell the client of a dialect what its job has come to. A message that fails comes back alone."""

from typing import Any

from aws_lambda_powertools.utilities.batch import EventType, process_partial_response
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from reprise import bootstrap
from reprise.batches import LoggingProcessor
from reprise.logs import logger

processor = LoggingProcessor(EventType.SQS)


def deliver(record: SQSRecord) -> None:
    job = record.json_body["job"]
    done = bootstrap.deliver()(job)
    for told in done.told:
        logger.info("told", job=job, dialect=done.dialect, notice=told.notice, status=told.status, reason=told.reason)
    logger.info("deliver", job=job, dialect=done.dialect, told=len(done.told), again=done.again)


def handler(event: dict[str, Any], context: Any) -> Any:
    return process_partial_response(event, deliver, processor, context)
