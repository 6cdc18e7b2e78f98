"""Secrets that stand in the logs: those that this run knows, and whatever looks like one."""

import re
from collections.abc import Mapping
from pathlib import Path

from local.stack import Running
from local.vendors import VENDORS

SHAPES: Mapping[str, re.Pattern[str]] = {
    "callback token": re.compile(r"\b\d{10}\.[\w-]{43}\b"),
    "API key": re.compile(r"\brk_[\w-]{20,}"),
    "webhook secret": re.compile(r"\bwhs(?:ec|k)_[\w+/=-]{20,}"),
    "presigned link": re.compile(r"(?i)x-amz-(signature|credential|security-token)(=|%3D)(?!\[redacted\])"),
}


def told(running: Running, more: Mapping[str, str]) -> list[tuple[str, str]]:
    """Log and name of each secret that stands in it; of the values only those that this run knows."""
    fakes = running.simulators
    known = {
        **{f"the secret of {path}": secret for path, secret in more.items()},
        "the API key": running.stack.api_key,
        **{f"{name}'s key": fake.key for name, fake in fakes.items()},
    }
    secrets = running.client("secretsmanager")
    for one in secrets.list_secrets()["SecretList"]:
        known[one["Name"]] = secrets.get_secret_value(SecretId=one["ARN"])["SecretString"]
    ours = [log for log in Path(running.stack.logs).glob("*.log") if log.stem not in VENDORS]
    texts = {log.name: log.read_text(errors="replace") for log in ours}
    return [*_found(texts, known), *_shaped(texts)]


def _found(texts: Mapping[str, str], known: Mapping[str, str]) -> list[tuple[str, str]]:
    return [(log, name) for log, text in texts.items() for name, value in known.items() if value in text]


def _shaped(texts: Mapping[str, str]) -> list[tuple[str, str]]:
    return [(log, name) for log, text in texts.items() for name, shape in SHAPES.items() if shape.search(text)]
