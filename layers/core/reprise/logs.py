"""The one logger. A job's id is the correlation id of every line that is logged while the job is handled.

Secrets and e-mail addresses are taken out of each value, exceptions too. Nothing that holds any should be logged: this
is the second lock.
"""

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from aws_lambda_powertools import Logger

from reprise.redact import HIDDEN, redact

MAIL = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}\.\w[\w.-]{0,253}")


def serialize(line: Any) -> str:
    return json.dumps(clean(line), default=lambda value: clean(str(value)), separators=(",", ":"), ensure_ascii=False)


def clean(value: Any) -> Any:
    """Values, not names: those are ours."""
    if isinstance(value, str):
        known = redact(value)
        return MAIL.sub(HIDDEN, known) if "@" in known else known
    if isinstance(value, Mapping):
        return {name: clean(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [clean(one) for one in value]
    return value


logger = Logger(json_serializer=serialize)
logger.remove_keys(["service"])  # it says the same on every line; a log group is a function's alone


@contextmanager
def about(job_id: str | None) -> Iterator[None]:
    """None where it is not known yet which job this will be about. Afterwards nothing of it is left."""
    before = logger.get_correlation_id()
    logger.set_correlation_id(job_id)
    try:
        yield
    finally:
        logger.set_correlation_id(before)
        logger.remove_keys(["key"])


def asked_by(key_id: str) -> None:
    """Inside `about`: whose request it is. The id of an API key is no secret."""
    logger.append_keys(key=key_id)


def found(job_id: str) -> str:
    """Inside `about`: now it is known which one."""
    logger.set_correlation_id(job_id)
    return job_id
