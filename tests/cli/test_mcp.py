"""`reprise mcp` as agents use it: a process, spoken with over its stdin and stdout, against the house on moto."""

import json
import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import pytest
from pytest_socket import enable_socket
from reprise.aws import clients
from reprise.aws.key_store import create_key
from reprise.domain.key import Scope

from tests.cli.agent import Agent, agent
from tests.cli.served import served
from tests.client.world import SONG, World
from tests.integration.house import OWNER_KEY, House

LINK = "https://songs.example/a.mp3"


@pytest.fixture
def world(house: House) -> World:
    return World(house)


@pytest.fixture
def environ(world: World, tmp_path: Path) -> Iterator[dict[str, str]]:
    """What an agent's settings tell the command; a song lies in the folder where it works."""
    (tmp_path / "song.mp3").write_bytes(SONG)
    enable_socket()  # the command asks the house over 127.0.0.1
    with served(world) as url:
        yield {"REPRISE_URL": url, "REPRISE_KEY": OWNER_KEY, "REPRISE_CONFIG": str(tmp_path / "own/profiles.json")}


@pytest.fixture
def started(environ: Mapping[str, str], tmp_path: Path) -> Callable[[], AbstractContextManager[Agent]]:
    return partial(agent, environ, tmp_path)


@pytest.fixture
def one(started: Callable[[], AbstractContextManager[Agent]]) -> Iterator[Agent]:
    with started() as found:
        yield found


def test_each_tool_says_what_it_costs_what_it_takes_and_what_it_answers(one: Agent) -> None:
    tools = one.tools()
    assert tools.keys() == {"make_cover", "get_cover", "list_providers"}
    hints = {name: tool.annotations for name, tool in tools.items()}
    told = {
        name: (hint.read_only_hint, hint.destructive_hint, hint.idempotent_hint) for name, hint in hints.items() if hint
    }
    assert told == {
        "make_cover": (False, False, True),
        "get_cover": (True, False, True),
        "list_providers": (True, False, True),
    }
    assert {name for name, tool in tools.items() if "COSTS MONEY" in str(tool.description)} == {"make_cover"}
    for tool in tools.values():
        assert tool.output_schema
        assert tool.input_schema["additionalProperties"] is False
        assert all("description" in argument for argument in tool.input_schema["properties"].values())


def test_a_song_becomes_two_takes_and_each_stage_is_told(one: Agent, world: World, tmp_path: Path) -> None:
    told: list[tuple[float, str | None]] = []
    made = one.ask("make_cover", told, song="song.mp3", style="lo-fi jazz", max_usd=0.1)
    cover = made["cover"]
    assert [number for number, _ in told] == [0, 1, 2, 3]
    assert (cover["state"], made["made_before"], made["dry_run"]) == ("succeeded", False, None)
    heard = {httpx.get(take["link"], trust_env=False).content for take in cover["takes"]}
    assert heard == {body for key, body in world.house.objects().items() if key.endswith(".wav")}
    assert f"reprise watch {cover['id']}" in made["next_step"]
    assert (tmp_path / "stderr").read_text() == ""


def test_the_same_call_again_is_the_same_cover_whoever_makes_it_and_whatever_the_file_is_called(
    started: Callable[[], AbstractContextManager[Agent]], world: World, tmp_path: Path
) -> None:
    call: dict[str, Any] = {"style": "ska", "wait": 0}
    with started() as one:
        first = one.ask("make_cover", song="song.mp3", **call)
    shutil.copy(tmp_path / "song.mp3", tmp_path / "same.mp3")
    with started() as another:
        again = another.ask("make_cover", song=str(tmp_path / "same.mp3"), **call)
        linked = [another.ask("make_cover", song=LINK, **call) for _ in range(2)]
    assert [first["made_before"], again["made_before"]] == [False, True]
    assert again["cover"]["id"] == first["cover"]["id"]
    assert linked[0]["cover"]["id"] == linked[1]["cover"]["id"] != first["cover"]["id"]
    assert (len(world.house.jobs()), world.paid()) == (2, 2)


def test_another_wish_or_another_key_is_another_order(one: Agent, world: World) -> None:
    calls: list[dict[str, Any]] = [{}, {"instrumental": True}, {"idempotency_key": "a"}, {"idempotency_key": "b"}]
    made = [one.ask("make_cover", song=LINK, style="ska", wait=0, **call) for call in calls]
    assert len({one["cover"]["id"] for one in made}) == world.paid() == 4


def test_where_it_is_lost_what_a_song_was_uploaded_as_a_repetition_is_refused_and_buys_nothing(
    one: Agent, world: World, tmp_path: Path
) -> None:
    one.ask("make_cover", song="song.mp3", style="ska", wait=0)
    shutil.rmtree(tmp_path / "own/uploads")
    assert "Idempotency-Key" in one.refused("make_cover", song="song.mp3", style="ska", wait=0)
    assert world.paid() == 1


def test_a_song_is_uploaded_once_for_all_that_is_made_of_it(one: Agent, world: World) -> None:
    for style in ("ska", "dub"):
        one.ask("make_cover", song="song.mp3", style=style, wait=0)
    assert len([asked for asked in world.asked if asked.url.path == "/v1/uploads"]) == 1


def test_a_song_that_the_bucket_lost_is_uploaded_once_more(one: Agent, world: World) -> None:
    one.ask("make_cover", song="song.mp3", style="ska", dry_run=True)
    with world.house.elsewhere():
        (key,) = world.house.objects("INBOX_BUCKET")
        clients.s3().delete_object(Bucket=os.environ["INBOX_BUCKET"], Key=key)
    assert one.ask("make_cover", song="song.mp3", style="ska", wait=0)["cover"]["state"] == "running"
    assert world.paid() == 1


def test_a_dry_run_tells_the_price_and_orders_nothing(one: Agent, world: World) -> None:
    told = one.ask("make_cover", song="song.mp3", style="ska", dry_run=True)
    assert (told["cover"], told["dry_run"]["chosen"]) == (None, "kie")
    nobody = one.ask("make_cover", song=LINK, style="ska", max_usd=0.001, dry_run=True)
    assert nobody["dry_run"]["chosen"] is None
    assert nobody["next_step"].startswith("Nobody can do it: ")
    assert (world.house.jobs(), world.paid()) == ([], 0)


def test_a_cover_that_failed_says_why_and_what_to_do(one: Agent, world: World) -> None:
    world.house.vendor.answer = lambda _: httpx.Response(200, json={"code": 402, "msg": "Credits are insufficient."})
    made = one.ask("make_cover", song=LINK, style="ska")
    found = one.ask("get_cover", id=made["cover"]["id"])
    assert found == made["cover"]
    assert found["state"] == "failed"
    assert "Credits are insufficient" in found["summary"]
    assert f"reprise retry {found['id']} (a command for the user)" in found["next_step"]
    assert "idempotency_key" in found["next_step"]
    assert any("Credits are insufficient" in line for line in found["timeline"])


def test_advice_that_is_no_command_is_not_called_one(one: Agent, world: World) -> None:
    world.house.vendor.answer = lambda _: httpx.Response(200, json={"code": 422, "msg": "Style is too strange."})
    said = one.ask("make_cover", song=LINK, style="ska")["cover"]["next_step"]
    assert said.startswith("To mend it: change what was asked for; a retry gives the same. The same make_cover")


def test_get_cover_stays_as_long_as_it_is_told(one: Agent) -> None:
    ordered = one.ask("make_cover", song=LINK, style="ska", wait=0)["cover"]
    assert (ordered["state"], ordered["takes"]) == ("running", [])
    assert "get_cover" in ordered["next_step"]
    told: list[tuple[float, str | None]] = []
    assert one.ask("get_cover", told, id=ordered["id"], wait=60)["state"] == "succeeded"
    assert [message for _, message in told][-1] == "kie: all takes are there, and are copied"


def test_providers_are_told_with_their_price_and_why_one_is_not_usable(one: Agent) -> None:
    found = {told["provider"]: told for told in one.ask("list_providers")["providers"]}
    assert found["kie"]["usable"]
    assert (found["kie"]["estimated_usd"], found["kie"]["takes"]) == (0.06, 2)
    assert found["musicgpt"]["required"] == ["voice"]
    assert not found["musicgpt"]["usable"]
    assert found["musicgpt"]["reason"]


def test_what_cannot_be_done_is_one_line_and_nothing_is_paid(one: Agent, world: World, tmp_path: Path) -> None:
    (tmp_path / "letter.mp3").write_text("Dear Anna, this is no song, but it is long enough.")
    os.mkfifo(tmp_path / "pipe.mp3")
    wrong: list[tuple[str, dict[str, Any]]] = [
        ("max_cost: ", {"max_cost": 1}),
        ("max_usd: ", {"max_usd": -1}),
        ("style: ", {"style": ""}),
        ("max_usd", {"max_usd": 0.001}),
        ("provider", {"provider": "nobody"}),
        ("lyrics", {"title": "Without words"}),
        ("is not audio", {"song": "letter.mp3"}),
        ("no regular file", {"song": "pipe.mp3"}),
        ("no regular file", {"song": str(tmp_path)}),
        ("cannot be read: No such file", {"song": "nowhere.mp3"}),
        ("cannot be read", {"song": "~nobody-of-this-name/a.mp3"}),
        ("embedded null", {"song": "a\0.mp3"}),
        ("source.url: ", {"song": "file:///etc/passwd"}),
    ]
    for words, arguments in wrong:
        said = one.refused("make_cover", **{"song": LINK, "style": "ska", **arguments})
        assert words in said
        assert len(said.splitlines()) == 1
    assert "not-found" not in one.refused("get_cover", id="../providers")
    assert (world.house.jobs(), world.paid()) == ([], 0)


def test_a_wrong_key_is_told_and_no_key_is_ever(environ: Mapping[str, str], tmp_path: Path) -> None:
    with agent({**environ, "REPRISE_KEY": "rk_a-secret-of-the-tests"}, tmp_path) as one:
        said = [one.refused("list_providers"), one.refused("make_cover", song="song.mp3", style="ska")]
    with agent(environ, tmp_path) as one:
        told = json.dumps(one.ask("make_cover", song="song.mp3", style="ska"))
    assert all("`reprise keys create`" in words for words in said)
    everything = [
        *said,
        told,
        *(path.read_text() for path in tmp_path.rglob("*") if path.suffix != ".mp3" and path.is_file()),
    ]
    assert not any(secret in words for words in everything for secret in ("a-secret-of-the-tests", OWNER_KEY))


def test_a_key_that_may_order_and_not_read_gets_the_id_of_what_it_paid_for(
    house: House, environ: Mapping[str, str], tmp_path: Path
) -> None:
    key = create_key(house.stack.environ["TABLE"], clients.dynamodb(), tenant="owner", scopes=[Scope.SUBMIT])[1]
    with agent({**environ, "REPRISE_KEY": key}, tmp_path) as one:
        made = one.ask("make_cover", song=LINK, style="ska")
    assert made["cover"]["id"] == house.jobs()[0].id
    assert made["next_step"].startswith("It is ordered, but could not be watched: ")


def test_without_a_stack_it_starts_and_each_call_says_what_to_do(tmp_path: Path) -> None:
    told = {"REPRISE_CONFIG": str(tmp_path / "profiles.json"), "REPRISE_LOCAL": str(tmp_path)}
    with agent(told, tmp_path) as one:
        assert "`reprise login`" in one.refused("list_providers")
