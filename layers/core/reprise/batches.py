"""SQS and stream batches on Powertools: what fails comes back alone, is logged and is counted."""

import json
from typing import Any

from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType

from reprise.logs import about, logger
from reprise.metrics import Metric, put


class LoggingProcessor(BatchProcessor):
    """Powertools answers with the failed items and says nothing of why."""

    def __init__(self, event_type: EventType) -> None:
        super().__init__(event_type, raise_on_entire_batch_failure=False)

    def _process_record(self, record: dict[str, Any]) -> Any:
        with about(job_of(record)):
            return super()._process_record(record)

    def failure_handler(self, record: Any, exception: Any) -> Any:
        logger.error("failed, will come back", exc_info=exception)
        put({Metric.RECORDS_FAILED: 1})
        return super().failure_handler(record, exception)


def job_of(record: dict[str, Any]) -> str | None:
    """The job that a message or a stream record is about, as it came; None where it names none."""
    try:
        if "dynamodb" in record:
            return str(record["dynamodb"]["Keys"]["pk"]["S"]).removeprefix("JOB#")
        return str(json.loads(record["body"])["job"])
    except (KeyError, ValueError, TypeError):
        return None
