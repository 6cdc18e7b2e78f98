"""SQS: one track into the covers bucket, verified. A message that fails comes back alone."""

from typing import Any

from aws_lambda_powertools.utilities.batch import EventType, process_partial_response
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from reprise import bootstrap
from reprise.batches import LoggingProcessor
from reprise.logs import logger

processor = LoggingProcessor(EventType.SQS)


def transfer(record: SQSRecord) -> None:
    asked = record.json_body
    done = bootstrap.transfer()(asked["job"], asked["number"], asked["tries"])
    logger.info("transfer", job=asked["job"], number=asked["number"], tries=asked["tries"], done=done)


def handler(event: dict[str, Any], context: Any) -> Any:
    return process_partial_response(event, transfer, processor, context)
