"""A month of any length is one answer."""

import pytest
from reprise.client import Reprise
from reprise.usecases import add_up

from tests.client.test_client_songs_and_takes import LINK
from tests.client.world import World


@pytest.mark.parametrize("page", [1, 2, 500])
def test_pages_are_added_up(world: World, client: Reprise, monkeypatch: pytest.MonkeyPatch, page: int) -> None:
    monkeypatch.setattr(add_up, "MOST_COVERS", page)
    client.covers.wait(client.covers.create(LINK, prompt="dub")["id"])
    client.covers.cancel(client.covers.create(LINK, prompt="dub")["id"])
    client.covers.create(LINK, prompt="dub")
    found = client.usage()
    (kie,) = found["providers"]
    assert [kie[name] for name in ("covers", "succeeded", "canceled", "under_way", "takes")] == [3, 1, 1, 1, 2]
    assert kie["estimated_usd"] == kie["delivered_usd"] + kie["undelivered_usd"] + kie["open_usd"] == 0.18
    assert (found["month"], found["next_cursor"]) == ("2026-11", None)
    assert client.usage(month="2026-10")["providers"] == []
