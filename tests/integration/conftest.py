from collections.abc import Iterator

import pytest

from tests.integration.house import House, standing


@pytest.fixture
def house(monkeypatch: pytest.MonkeyPatch, offline: None) -> Iterator[House]:
    """A fresh deployment with the owner's API key and kie's; nothing of it is left behind."""
    with standing(monkeypatch) as one:
        yield one
