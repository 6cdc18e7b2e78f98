from pathlib import Path

import pytest
from reprise.client import Reprise

from tests.client.world import SONG, World
from tests.integration.conftest import house
from tests.integration.house import House

__all__ = ["house"]


@pytest.fixture
def world(house: House) -> World:
    return World(house)


@pytest.fixture
def client(world: World) -> Reprise:
    return world.client()


@pytest.fixture
def song(tmp_path: Path) -> Path:
    path = tmp_path / "song.mp3"
    path.write_bytes(SONG)
    return path
