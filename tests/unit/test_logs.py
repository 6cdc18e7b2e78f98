"""What a function logs holds no secret, whatever was handed to the logger."""

import io
import json
from typing import Any

import pytest
from aws_lambda_powertools import Logger
from reprise.logs import clean, serialize
from reprise.redact import HIDDEN

from tests.unit.test_redact import AUDIO, AUDIO_KEY, CALLBACK, PRESIGNED, TOKEN

MAIL = "grace.hopper+covers@mail.example.org"
KEY = "rk_abcdefghijklmnopqrstuvwxyz"
LOUD = f"{CALLBACK} {AUDIO} {PRESIGNED} Bearer {KEY} {MAIL}\n{MAIL}"
SECRETS = (TOKEN, AUDIO_KEY, "5ec4e7", KEY, MAIL)


def logged(**said: Any) -> dict[str, Any]:
    """One line of a logger like those of the functions, as it is written."""
    stream = io.StringIO()
    logger = Logger(service=f"test-{id(stream)}", json_serializer=serialize, stream=stream)
    try:
        raise ValueError(f"could not fetch {LOUD}")
    except ValueError:
        logger.exception(f"failed at {LOUD}", **said)
    text = stream.getvalue()
    assert not [secret for secret in SECRETS if secret in text]
    return dict(json.loads(text))


def test_message_values_and_traceback_are_clean_and_still_json() -> None:
    line = logged(link=LOUD, deep={"a": [LOUD, {"b": (LOUD,)}]}, other=Exception(LOUD), job="0c4f" * 8, tries=3)
    assert (line["job"], line["tries"], line["exception_name"]) == ("0c4f" * 8, 3, "ValueError")
    assert "could not fetch https://gateway.example/callbacks/kie/" in line["exception"]
    assert HIDDEN in line["message"]


@pytest.mark.parametrize(
    "value", ["", "a cover of 3 takes", "user@localhost", "@handle", "2026-11-21T01:00:00+00:00", 7, None, True, 1.5]
)
def test_ordinary_values_stay(value: Any) -> None:
    assert clean(value) == value


def test_long_texts_are_quick() -> None:
    for text in ("a" * 200_000, "a@" * 100_000, "a." * 100_000 + "@", "@a." * 60_000):
        clean(text)
