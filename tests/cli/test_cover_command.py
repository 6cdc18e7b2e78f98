"""`reprise cover`: a song goes in, takes come out, and each way to end has a code of its own."""

import json
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.cli.people import Desk

ORDER = ("cover", "song.mp3", "--style", "lo-fi jazz")


def broke(_: httpx.Request) -> httpx.Response:
    return httpx.Response(200, json={"code": 402, "msg": "The current credits are insufficient."})


def test_a_song_becomes_two_files_whose_paths_are_all_of_stdout(desk: Desk) -> None:
    done = desk.run(*ORDER, "--out", "takes")
    assert done.exit_code == 0, done.output
    files = [Path(line) for line in done.stdout.splitlines()]
    assert [path.stem for path in files] == ["Harbour Fog - lo-fi jazz (1)", "Harbour Fog - lo-fi jazz (2)"]
    assert {path.read_bytes() for path in files} == {
        body for key, body in desk.world.house.objects().items() if key.endswith(".wav")
    }


def test_each_stage_is_told_on_stderr_once(desk: Desk) -> None:
    told = [line.strip() for line in desk.run(*ORDER).stderr.splitlines()]
    assert told[:4] == [
        "running, waiting · kie",
        "running, lyrics are there · kie",
        "running, first take · kie",
        "succeeded · kie",
    ]


def test_json_is_one_document_with_the_cover_and_its_files(desk: Desk) -> None:
    told = json.loads(desk.run(*ORDER, "--json").stdout)
    assert (told["cover"]["state"], len(told["files"])) == ("succeeded", 2)
    assert all(Path(path).is_file() for path in told["files"])


def test_every_wish_reaches_the_api_in_its_own_field(desk: Desk) -> None:
    (desk.folder / "words.txt").write_text("[Verse] slow lights")
    wishes = ("--title", "Fog", "--lyrics", "@words.txt", "--avoid", "drums", "--max-usd", "0.5", "--model", "V5")
    more = ("--prompt", "calm", "--provider", "kie", "--provider", "aimlapi", "--voice", "alto", "--pitch", "-3")
    desk.run(*ORDER, *wishes, *more, "--strict", "--instrumental", "--no-watch", "--dry-run")
    sent = json.loads(desk.world.asked[-1].content)
    sent.pop("source")
    assert sent == {
        "style": "lo-fi jazz", "title": "Fog", "lyrics": "[Verse] slow lights", "negative_style": "drums",
        "max_usd": 0.5, "model": "V5", "prompt": "calm", "provider": ["kie", "aimlapi"], "voice": "alto", "pitch": -3,
        "strict": True, "instrumental": True,
    }  # fmt: skip


def test_a_dry_run_is_a_table_and_nobody_is_paid(desk: Desk) -> None:
    done = desk.run(*ORDER, "--dry-run")
    assert "kie         chosen" in done.stdout
    assert "aimlapi" in done.stdout
    assert (desk.world.paid(), desk.world.house.jobs()) == (0, [])


def test_a_dry_run_that_nobody_could_do_ends_with_one(desk: Desk) -> None:
    assert desk.run(*ORDER, "--max-usd", "0.001", "--dry-run", "--json").exit_code == 1


def test_without_watching_the_id_is_all_of_stdout_and_watch_is_the_other_half(desk: Desk) -> None:
    job = desk.ordered()
    assert desk.world.house.job(job).state == "running"
    done = desk.run("watch", job, "--out", "later")
    assert (done.exit_code, len(list(Path("later").iterdir()))) == (0, 2)


def test_a_cover_that_a_provider_refuses_ends_with_one_and_says_what_to_do(desk: Desk) -> None:
    desk.world.house.vendor.says["kie"] = broke
    done = desk.run(*ORDER)
    assert (done.exit_code, done.stdout) == (1, "")
    assert "kie made no music: The current credits are insufficient." in done.stderr
    assert "To mend it: the owner tops up the provider's account; then: reprise retry " in done.stderr


def test_who_waits_no_longer_hears_how_to_have_it_and_it_ends_with_three(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.world.house.clock.meanwhile = None  # the provider takes its time
    ticks = iter(range(0, 1000, 10))
    monkeypatch.setattr("reprise.client.covers.time.monotonic", lambda: float(next(ticks)))
    done = desk.run(*ORDER, "--timeout", "15")
    assert done.exit_code == 3
    (job,) = desk.world.house.jobs()
    assert f"reprise watch {job.id}" in done.stderr


def test_ctrl_c_leaves_the_cover_alone_and_says_how_to_have_it(desk: Desk) -> None:
    def interrupt() -> None:
        raise KeyboardInterrupt

    desk.world.house.clock.meanwhile = interrupt
    done = desk.run(*ORDER)
    assert done.exit_code == 130
    (job,) = desk.world.house.jobs()
    assert f"reprise watch {job.id}" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("cover", "none.mp3", "--style", "dub"), "none.mp3 cannot be read"),
        (("cover", "song.mp3"), "not said what the cover should be"),
        (("cover", "song.mp3", "--style", "dub", "--lyrics", "@none.txt"), "lyrics cannot be read"),
        (("cover", "song.mp3", "--style", "dub", "--out", "song.mp3"), "song.mp3 cannot take the covers"),
        (("cover", "https://songs.example/a.mp3", "--style", "dub", "--provider", "nobody"), "nobody"),
    ],
)
def test_wrong_usage_is_one_clear_line_and_what_to_do_and_costs_nothing(
    desk: Desk, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], said: str
) -> None:
    assert desk.main(*arguments) == 2
    what, mend = capsys.readouterr().err.strip().splitlines()
    assert said in what
    assert mend.startswith("To mend it: ")
    assert desk.world.paid() == 0


def test_a_stack_that_cannot_be_reached_ends_with_two_and_without_a_trace(
    desk: Desk, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(request: httpx.Request) -> Any:
        raise httpx.ConnectError("no route to host", request=request)

    monkeypatch.setattr(desk.world, "through", away)
    assert desk.main("list") == 2
    assert "no route to host" in capsys.readouterr().err


def test_a_stack_that_goes_away_while_one_watches_leaves_the_id_behind(
    desk: Desk, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    job, way = desk.ordered(), desk.world.through

    def away(request: httpx.Request) -> Any:
        if "wait" in request.url.params:
            raise httpx.ReadTimeout("silence", request=request)
        return way(request)

    monkeypatch.setattr(desk.world, "through", away)
    assert desk.main("watch", job) == 2
    told = capsys.readouterr().err
    assert f"reprise watch {job}" in told
    assert "gave no answer" in told
