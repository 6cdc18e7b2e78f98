"""S3 ObjectCreated below `inbox/`: a dropped song becomes a job. Delivered twice, it is still one."""

from typing import Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.data_classes import S3Event
from reprise import bootstrap

logger = Logger()


def handler(event: dict[str, Any], context: Any) -> None:
    for record in S3Event(event).records:
        found = record.s3.get_object
        event_id = found.sequencer or found.etag
        key = S3Event({"Records": [record.raw_event]}).object_key
        logger.info("upload", key=key, became=bootstrap.upload()(key, event_id))
