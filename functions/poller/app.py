"""Schedule, every minute: whatever waits for a time that has come goes to `advance`."""

from typing import Any

from aws_lambda_powertools import Logger
from reprise import bootstrap

logger = Logger()


def handler(event: dict[str, Any], context: Any) -> dict[str, int]:
    due = bootstrap.poller()()
    logger.info("swept", due=due)
    return {"due": due}
