"""The one logger. A job's id is the correlation id of every line that is logged while the job is handled."""

from collections.abc import Iterator
from contextlib import contextmanager

from aws_lambda_powertools import Logger

logger = Logger()


@contextmanager
def about(job_id: str | None) -> Iterator[None]:
    """None where it is not known yet which job this will be about. Afterwards nothing of it is left."""
    before = logger.get_correlation_id()
    logger.set_correlation_id(job_id)
    try:
        yield
    finally:
        logger.set_correlation_id(before)


def found(job_id: str) -> str:
    """Inside `about`: now it is known which one."""
    logger.set_correlation_id(job_id)
    return job_id
