"""An agent's cover on a whole local stack: from a file to two takes that decode, and paid for once."""

from pathlib import Path
from typing import Any

import httpx
import pytest
from reprise.client import Reprise
from reprise.media import PacketProbe

from local import song
from local.stack import running_stack, write_stack
from tests.cli.agent import agent

pytestmark = [pytest.mark.e2e, pytest.mark.xdist_group("the commands")]


def test_an_agent_has_a_song_covered_and_a_call_that_is_made_again_buys_nothing(tmp_path: Path) -> None:
    song.render(tmp_path / "song.mp3")
    with running_stack(tmp_path / "stack", pace=0.1, simulators=["kie"]) as running:
        write_stack(running.stack, tmp_path / "stack/stack.json")
        told = {"REPRISE_LOCAL": str(tmp_path / "stack"), "REPRISE_CONFIG": str(tmp_path / "own/profiles.json")}
        progress: list[tuple[float, str | None]] = []
        call: dict[str, Any] = {"song": "song.mp3", "style": "lo-fi jazz", "max_usd": 0.1, "wait": 120}
        with agent(told, tmp_path) as one:
            assert one.ask("list_providers")["providers"]
            first = one.ask("make_cover", progress, **call)
            again = one.ask("make_cover", **call)
        cover = first["cover"]
        assert (cover["state"], cover["id"]) == ("succeeded", again["cover"]["id"])
        assert (first["made_before"], again["made_before"]) == (False, True)
        numbers = [number for number, _ in progress]
        assert numbers == sorted(set(numbers))
        assert numbers[-1] == 3
        assert len(cover["takes"]) == 2
        for take in cover["takes"]:
            heard = tmp_path / f"take-{take['number']}"
            heard.write_bytes(httpx.get(take["link"], trust_env=False).content)
            assert PacketProbe().seconds(heard) > 20
        with Reprise(running.stack.api_url, running.stack.api_key) as client:
            assert [one["id"] for one in client.covers.iter()] == [cover["id"]]
        ledger = httpx.get(f"{running.stack.simulators['kie']}/_control/ledger", trust_env=False).json()
        assert ledger["totals"]["purchases"] == 1
