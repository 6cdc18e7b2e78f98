"""SQS and stream batches: what fails comes back alone, is logged and is counted."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from reprise.logs import about, logger
from reprise.metrics import Metric, put

Record = Mapping[str, Any]
"""As Lambda hands it over."""


def each(event: Mapping[str, Any], work: Callable[[Record], None]) -> dict[str, list[dict[str, str]]]:
    """The answer to a batch (`ReportBatchItemFailures`). Of a stream, Lambda comes again from the first that failed, so
    what is behind it is left until then."""
    failed = []
    for record in event["Records"]:
        with about(job_of(record)):
            try:
                work(record)
            except Exception as error:
                logger.error("failed, will come back", exc_info=error)
                put({Metric.RECORDS_FAILED: 1})
                failed.append({"itemIdentifier": id_of(record)})
                if "dynamodb" in record:
                    break
    return {"batchItemFailures": failed}


def id_of(record: Record) -> str:
    """By which Lambda knows it: a message's id, a stream record's sequence number."""
    return str(record["dynamodb"]["SequenceNumber"] if "dynamodb" in record else record["messageId"])


def job_of(record: Record) -> str | None:
    """The job that a message or a stream record is about, as it came; None where it names none."""
    try:
        if "dynamodb" in record:
            return str(record["dynamodb"]["Keys"]["pk"]["S"]).removeprefix("JOB#")
        return str(json.loads(record["body"])["job"])
    except (KeyError, ValueError, TypeError):
        return None
