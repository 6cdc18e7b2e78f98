"""S3 ObjectCreated below `inbox/`: a dropped song becomes a job. Delivered twice, it is still one."""

from typing import Any
from urllib.parse import unquote_plus

from aws_lambda_powertools import Logger
from reprise import bootstrap

logger = Logger()


def handler(event: dict[str, Any], context: Any) -> None:
    for record in event.get("Records", []):
        dropped = record["s3"]["object"]
        key = unquote_plus(dropped["key"])
        # The sequencer orders the events of one key: the same in every delivery of one event, in no other.
        became = bootstrap.upload()(key, dropped.get("sequencer") or dropped["eTag"])
        logger.info("upload", key=key, became=became)
