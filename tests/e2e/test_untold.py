"""Runs last: whatever secrets this run used, no log of ours holds one of them."""

import re
import time
from pathlib import Path
from typing import Any

import httpx
import pytest
from reprise.aws.items import job_of

from local.vendors import VENDORS
from tests.e2e.caller import Caller
from tests.e2e.clients import Session

pytestmark = [pytest.mark.e2e, pytest.mark.xdist_group("the stack")]

FOREIGN = {f"{name}.log" for name in VENDORS}
"""The fake vendors' own: they are told what a vendor is told."""

STRANGER = "rk_a-key-that-nobody-ever-made-0123456789"
HUSH = "hush-of-the-clients-own-callback-url"
MAIL = "grace.hopper+covers@example.org"

SHAPES = {
    "callback token": re.compile(r"\b\d{10}\.[\w-]{43}\b"),
    "API key": re.compile(r"\brk_[\w-]{20,}"),
    "presigned link": re.compile(r"(?i)x-amz-(signature|credential|security-token)(=|%3D)(?!\[redacted\])"),
    "bearer": re.compile(r"(?i)bearer\s+(?!\[redacted\])[\w.~+/=-]{8,}"),
    "e-mail address": re.compile(r"[\w.+-]+@[\w-]+\.\w+"),
}


@pytest.fixture(scope="module")
def logs(caller: Caller, uploaded: dict[str, str], song_bytes: bytes) -> dict[str, str]:
    """Each log of ours, once every secret was used: by its owner, by a stranger, in vain."""
    _use_every_secret(caller, uploaded)
    time.sleep(1)  # the last lines come after the answers
    found = {path.name: path.read_text(errors="replace") for path in Path(caller.stack.logs).glob("*.log")}
    return {name: text for name, text in found.items() if name not in FOREIGN}


def _use_every_secret(caller: Caller, uploaded: dict[str, str]) -> None:
    job = caller.finish(caller.order(uploaded, metadata={"mail": MAIL}))
    caller.api.get(job["tracks"][0]["audio_url"], follow_redirects=True).raise_for_status()
    stranger = httpx.get(f"{caller.stack.api_url}/v1/covers", headers={"Authorization": f"Bearer {STRANGER}"})
    assert stranger.status_code == 401
    forged = f"{caller.stack.api_url}/callbacks/kie/{job['id']}/1/1795200000.{'A' * 43}"
    assert httpx.post(forged, json={}).status_code == 401
    session = Session.open("kie", caller.stack.api_url, caller.stack.api_key)
    with session.http:
        told = session.submit(f"upload:{uploaded['upload']}", f"http://127.0.0.1:9/hook?token={HUSH}")
        task = session.task(told)
        until = time.monotonic() + 60
        while (links := session.links(task)) is None:
            assert time.monotonic() < until
            time.sleep(0.3)
    assert httpx.get(links[0], follow_redirects=True).status_code == 200
    assert httpx.get(links[0].replace("/1.mp3", "/9.mp3")).status_code == 404


def _secrets(caller: Caller) -> dict[str, str]:
    """Name -> value of all that this run knows by name."""
    running = caller.running
    items: list[dict[str, Any]] = []
    for page in running.client("dynamodb").get_paginator("scan").paginate(TableName=caller.stack.table):
        items += page["Items"]
    keys = [job_of(item).audio_key for item in items if item["sk"]["S"] == "JOB"]
    secrets = running.client("secretsmanager")
    listed = secrets.list_secrets()["SecretList"]
    return {
        "the owner's API key": caller.stack.api_key,
        "a stranger's API key": STRANGER,
        "the client's own token": HUSH,
        "an e-mail address": MAIL,
        **{f"{name}'s key": fake.key for name, fake in running.simulators.items()},
        **{f"audio key {number}": key for number, key in enumerate(keys)},
        **{one["Name"]: secrets.get_secret_value(SecretId=one["ARN"])["SecretString"] for one in listed},
    }


def test_there_is_a_log_of_every_function_that_tells_what_it_does(logs: dict[str, str]) -> None:
    talk = ("Callback", "Advance", "Transfer", "Dispatch", "Deliver")
    assert [name for name in talk if '{"level"' not in logs[f"{name}Function.log"]] == []
    assert "callback refused" in logs["CallbackFunction.log"]


def test_no_log_holds_a_secret_of_this_run(caller: Caller, logs: dict[str, str]) -> None:
    secrets = _secrets(caller)
    assert len([name for name in secrets if name.startswith("audio key")]) >= 2
    assert len(secrets) > len(VENDORS) + 6
    assert all(len(value) >= 12 for value in secrets.values())
    told = [(log, name) for log, text in logs.items() for name, value in secrets.items() if value in text]
    assert told == []


@pytest.mark.parametrize("shape", SHAPES)
def test_nothing_in_a_log_has_the_shape_of_a_secret(logs: dict[str, str], shape: str) -> None:
    told = {name: SHAPES[shape].findall(text)[:3] for name, text in logs.items()}
    assert {name: found for name, found in told.items() if found} == {}
