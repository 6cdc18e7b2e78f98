import pytest

from cli import letters, target
from tests.cli.here import Here
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
