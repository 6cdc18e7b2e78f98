"""Schedule, every minute: whatever waits for a time that has come goes to `advance` or `deliver`."""

from typing import Any

from reprise import bootstrap
from reprise.logs import logger
from reprise.metrics import Metric, put


def handler(event: dict[str, Any], context: Any) -> dict[str, int]:
    swept = bootstrap.poller()()
    logger.info("swept", due=swept.due, oldest=swept.oldest, deliveries=swept.deliveries)
    put({Metric.DUE: swept.due, Metric.OLDEST_DUE: swept.oldest})
    return {"due": swept.due, "deliveries": swept.deliveries}
