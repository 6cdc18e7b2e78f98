"""S3 ObjectCreated below `inbox/`: a dropped song becomes a job. Delivered twice, it is still one."""

from typing import Any
from urllib.parse import unquote_plus

from reprise import bootstrap
from reprise.logs import about, found, logger


def handler(event: dict[str, Any], context: Any) -> None:
    for record in event.get("Records", []):
        dropped = record["s3"]["object"]
        key = unquote_plus(dropped["key"])
        # The sequencer orders the events of one key: the same in every delivery of one event, in no other.
        with about(None):
            taken = bootstrap.upload()(key, dropped.get("sequencer") or dropped["eTag"])
            if taken.job_id:
                found(taken.job_id)
            logger.info("upload", key=key, became=taken.became)
