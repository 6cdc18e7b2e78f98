"""`reprise webhooks`: what is ours, once more, and what comes."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from reprise.client import ForgedWebhookError
from reprise.signing import headers, secret_of

from cli.tail import events
from tests.cli.people import Desk
from tests.integration.test_deliver import Mail, Receiver
from tests.integration.test_deliver import receiver as receiver

SECRET = secret_of(b"m" * 48, "owner", 1)
BODY = b'{"type": "cover.succeeded", "job": "4711"}'
STORY = ["cover.submitted", "cover.text", "cover.first", "cover.succeeded"]


def captured(folder: Path, at: datetime) -> tuple[str, ...]:
    """A webhook as somebody wrote it down."""
    told = headers(b"m" * 48, "4711-4", at, BODY, [SECRET])
    (folder / "body.json").write_bytes(BODY)
    (folder / "headers.txt").write_text("".join(f"{name.title()}: {value}\r\n" for name, value in told.items()))
    return "webhooks", "verify", "body.json", "--headers", "headers.txt"


def test_a_webhook_of_ours_is_verified_and_another_is_not(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    command = captured(desk.folder, datetime.now(UTC))
    monkeypatch.setenv("REPRISE_WEBHOOK_SECRET", SECRET)
    done = desk.run(*command)
    assert (done.exit_code, done.stderr) == (0, "It is signed with this secret: cover.succeeded of cover 4711.\n")
    (desk.folder / "body.json").write_bytes(BODY + b"\n")
    with pytest.raises(ForgedWebhookError):
        desk.run(*command)


def test_one_of_long_ago_is_taken_if_that_is_said(desk: Desk) -> None:
    command = captured(desk.folder, datetime(2026, 1, 1, tzinfo=UTC))
    with pytest.raises(ForgedWebhookError, match="seconds off"):
        desk.run(*command, input=f"{SECRET}\n")
    done = desk.run(*command, "--any-age", input=f"{SECRET}\n")
    assert done.exit_code == 0
    assert SECRET not in done.output


def test_a_delivery_is_seen_and_sent_once_more(desk: Desk, receiver: Receiver) -> None:
    desk.world.client().webhooks.create("https://hooks.example.net/own", ["cover.submitted"])
    job = desk.ordered()
    mail = Mail(desk.world.house, job)
    mail.settle()
    (one,) = json.loads(desk.run("webhooks", "deliveries", job, "--json").stdout)["deliveries"]
    assert desk.run("webhooks", "deliveries", job).stdout.splitlines()[1].split()[1:] == [
        "cover.submitted", "delivered", "1", "204",
    ]  # fmt: skip
    assert "is pending again" in desk.run("webhooks", "replay", job, one["id"]).stderr
    mail.settle()
    first, second = (told["webhook-id"] for _, _, told in receiver.posts)
    assert first == second


def test_tail_of_one_cover_tells_each_event_once_and_ends_with_it(desk: Desk) -> None:
    job = desk.ordered()
    asleep: list[float] = []

    def sleep(seconds: float) -> None:
        asleep.append(seconds)
        desk.world.work()

    told = list(events(desk.world.client(), job, sleep))
    assert [one["type"] for one in told] == STORY
    assert [one["sequence"] for one in told] == [1, 2, 3, 4]
    assert len(asleep) == 3


def test_tail_of_all_tells_what_comes_from_now_on(desk: Desk) -> None:
    desk.made()
    at_work = desk.ordered()

    def sleep(_: float) -> None:
        desk.world.house.clock.at += timedelta(seconds=1)
        desk.world.work()

    coming = events(desk.world.client(), "", sleep)
    told = [next(coming) for _ in STORY[1:]]
    assert [(one["job"], one["type"]) for one in told] == [(at_work, kind) for kind in STORY[1:]]


def test_tail_prints_a_line_an_event(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cli.webhooks.time.sleep", lambda _: desk.world.work())
    job = desk.made()
    lines = desk.run("webhooks", "tail", "--cover", job).stdout.splitlines()
    assert [line.split()[2] for line in lines] == STORY
    as_json: list[dict[str, Any]] = [
        json.loads(line) for line in desk.run("webhooks", "tail", "--cover", job, "--json").stdout.splitlines()
    ]
    assert [one["type"] for one in as_json] == STORY
