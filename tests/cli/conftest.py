from pathlib import Path

import pytest

from cli import letters, target
from tests.cli.here import Here
from tests.cli.people import Desk
from tests.client.world import SONG, World
from tests.integration.conftest import house
from tests.integration.house import House

__all__ = ["house"]


@pytest.fixture
def here(house: House, monkeypatch: pytest.MonkeyPatch) -> Here:
    """A fresh stack on moto, and the command pointed at it."""
    one = Here(house)
    monkeypatch.setattr(letters, "WAIT_SECONDS", 0)
    monkeypatch.setattr(target, "find", lambda stack, local: one.target)
    return one


@pytest.fixture
def desk(house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """A song in the working folder, and the command pointed at the house."""
    world = World(house)
    (tmp_path / "song.mp3").write_bytes(SONG)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("cli.profiles.connect", lambda name: world.client())
    return Desk(world, tmp_path)
