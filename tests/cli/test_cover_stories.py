"""Commands about covers that are there."""

import json
import re
import webbrowser
from typing import Any

import httpx
import pytest
from reprise.domain.job import ErrorClass, OwnReason, State

from cli import story
from tests.cli.people import Desk
from tests.stack import PUBLIC_URL
from tests.template import ROOT


def test_the_list_is_newest_first_and_can_be_filtered(desk: Desk) -> None:
    first, second = desk.made(), desk.ordered()
    told = [one["id"] for one in json.loads(desk.run("list", "--json").stdout)]
    assert set(told) == {first, second}
    assert [one["id"] for one in json.loads(desk.run("list", "--state", "succeeded", "--json").stdout)] == [first]
    assert len(desk.run("list", "--limit", "1").stdout.splitlines()) == 2


def test_show_has_what_was_asked_and_what_came(desk: Desk) -> None:
    told = desk.run("show", desk.made()).stdout
    assert "lo-fi jazz: succeeded after " in told
    assert len(re.findall(r"^[12] +kept +0:02 +Harbour Fog", told, re.M)) == 2


def test_the_timeline_is_a_story_from_order_to_end(desk: Desk) -> None:
    job = desk.made()
    lines = desk.run("timeline", job).stdout.splitlines()
    assert lines[0].startswith("a - lo-fi jazz: succeeded")
    assert re.match(r"0\.0 s +submit\.intended", lines[2])
    assert "cover.succeeded" in lines[-1]
    assert len(json.loads(desk.run("timeline", job, "--json").stdout)) == len(lines) - 2


def test_a_failed_cover_is_understood_from_its_timeline_alone(desk: Desk) -> None:
    desk.world.house.vendor.says["kie"] = lambda _: httpx.Response(200, json={"code": 402, "msg": "Please top up."})
    desk.run("cover", "song.mp3", "--style", "dub")
    (job,) = desk.world.house.jobs()
    done = desk.run("timeline", job.id)
    assert "kie made no music: Please top up. (its code: 402)" in done.stderr
    assert f"reprise retry {job.id}" in done.stderr


def test_each_reason_to_fail_has_something_to_do_as_the_api_page_has() -> None:
    table = (ROOT / "docs/api.md").read_text().partition("| `failure.reason` | what to do |")[2].partition("\n\n")[0]
    reasons = {reason for row in re.findall(r"^\| ([a-z, -]+) \|", table, re.M) for reason in row.split(", ")}
    assert reasons == set(story.MENDS)
    assert reasons == {*ErrorClass, *OwnReason} - {ErrorClass.AMBIGUOUS}  # which becomes submit-unknown


@pytest.mark.parametrize("opens", [True, False])
def test_listen_opens_the_page_of_the_cover_and_prints_where_it_is(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, opens: bool
) -> None:
    job, opened = desk.ordered(), list[str]()
    monkeypatch.setattr(webbrowser, "open", lambda link: opened.append(link) or opens)  # type: ignore[func-returns-value]
    done = desk.run("listen", job)
    assert [done.stdout.strip()] == opened == [f"{PUBLIC_URL}/console#/covers/{job}"]
    assert ("No browser opens here" in done.stderr) == (not opens)


def test_cancel_retry_and_rm_do_what_they_say(desk: Desk) -> None:
    job = desk.ordered()
    assert "is canceled" in desk.run("cancel", job).stderr
    again = desk.run("retry", job).stdout.strip()
    assert desk.world.house.job(again).retry_of == job
    assert desk.run("rm", job, "--yes").exit_code == 0
    assert desk.world.house.job_or_none(job) is None


@pytest.mark.parametrize(("answer", "gone"), [("y\n", True), ("n\n", False), ("", False)])
def test_at_a_terminal_it_is_asked_before_a_cover_is_deleted(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, answer: str, gone: bool
) -> None:
    job = desk.ordered()
    desk.run("cancel", job)
    monkeypatch.setattr("cli.keys.asks", lambda: True)
    done = desk.run("rm", job, input=answer)
    assert (done.exit_code == 0, desk.world.house.job_or_none(job) is None) == (gone, gone)


def test_what_its_state_does_not_allow_ends_with_one(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    job = desk.made()
    assert desk.world.house.job(job).state is State.SUCCEEDED
    assert desk.main("cancel", job) == 1
    assert "succeeded already" in capsys.readouterr().err


def test_providers_are_a_table_of_what_they_can_and_how_they_are(desk: Desk) -> None:
    rows = {line.split()[0]: line.split()[1] for line in desk.run("providers").stdout.splitlines()[1:]}
    assert rows == {
        "kie": "on",
        "sunoapi": "off",
        "aimusicapi": "off",
        "aimlapi": "off",
        "musicgpt": "off",
        "studio": "off",
    }


def test_usage_tells_a_month_and_what_of_its_money_is_open_or_for_nothing(desk: Desk) -> None:
    desk.made()
    desk.run("cancel", desk.ordered())
    desk.ordered()
    told = json.loads(desk.run("usage", "--json").stdout)
    (one,) = told["providers"]
    wanted: dict[str, Any] = {"provider": "kie", "covers": 3, "succeeded": 1, "canceled": 1, "takes": 2, "seconds": 4.0}
    assert wanted.items() <= one.items()
    done = desk.run("usage", "--month", told["month"])
    assert f"{told['month']}: some 0.18 USD" in done.stderr
    assert "Undelivered: taken" in done.stderr
    assert "Open: under way" in done.stderr
    assert re.search(r"^kie +3 +1 +0 +1 +1 +2 +0:04 +0\.18 +0\.06 +0\.06 +0\.06", done.stdout, re.M)
    assert json.loads(desk.run("usage", "--month", "2999-01", "--json").stdout)["providers"] == []


def test_usage_tells_what_of_the_key_s_budget_is_gone(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    client = desk.world.client()
    budget = {"limit_usd": 20.0, "committed_usd": 3.5}
    monkeypatch.setattr("cli.profiles.connect", lambda name: client)
    monkeypatch.setattr(client, "usage", lambda month: {"month": "2026-11", "providers": [], "budget": budget})
    assert "Of this key's 20 USD a month 3.50 are gone" in desk.run("usage").stderr


def test_a_month_that_is_none_is_wrong_usage(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    assert desk.main("usage", "--month", "november") == 2
    assert "month: a month of UTC, such as 2026-11" in capsys.readouterr().err


def test_a_title_gives_no_orders_to_the_terminal_and_json_has_it_as_it_is(desk: Desk) -> None:
    title = "\x1b]0;mine\x07Fog\u202e"
    desk.run("cover", "song.mp3", "--style", "ska", "--title", title, "--instrumental", "--no-watch")
    (job,) = desk.world.house.jobs()
    for command in (("list",), ("show", job.id), ("timeline", job.id)):
        done = desk.run(*command)
        assert not {"\x1b", "\x07", "\u202e"} & set(done.output)
        assert "Fog" in done.stdout
    assert json.loads(desk.run("list", "--json").stdout)[0]["name"] == title


def test_an_error_gives_no_orders_to_the_terminal(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    assert desk.main("cover", "\x1b[31mnone.mp3", "--style", "ska") == 2
    assert "\x1b" not in capsys.readouterr().err


def test_a_list_tells_untitled_covers_apart(desk: Desk) -> None:
    desk.run("cover", "song.mp3", "--style", "dub", "--no-watch")
    desk.run("cover", "song.mp3", "--style", "ska", "--title", "Fog", "--instrumental", "--no-watch")
    assert set(re.findall(r"kie +(.+?)  +\d.* ago", desk.run("list").stdout)) == {"song - dub", "Fog"}


def test_the_command_says_which_release_it_is(desk: Desk) -> None:
    assert re.fullmatch(r"reprise \d+\.\d+\.\d+\n", desk.run("--version").stdout)
