"""SQS and stream batches on Powertools: what fails comes back alone, and is logged."""

from typing import Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType

logger = Logger()


class LoggingProcessor(BatchProcessor):
    """Powertools answers with the failed items and says nothing of why."""

    def __init__(self, event_type: EventType) -> None:
        super().__init__(event_type, raise_on_entire_batch_failure=False)

    def failure_handler(self, record: Any, exception: Any) -> Any:
        logger.error("failed, will come back", exc_info=exception)
        return super().failure_handler(record, exception)
