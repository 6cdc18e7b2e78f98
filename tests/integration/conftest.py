from collections.abc import Iterator

import httpx
import pytest
from reprise import bootstrap
from reprise.providers.http_client import HttpxVendor

from tests.integration.house import OWNER_KEY, House
from tests.stack import deployed


@pytest.fixture
def house(monkeypatch: pytest.MonkeyPatch, offline: None) -> Iterator[House]:
    """A fresh deployment with the owner's API key and kie's; nothing of it is left behind."""
    with deployed() as stack:
        for name, value in stack.environ.items():
            monkeypatch.setenv(name, value)
        one = House(stack)
        transport = httpx.MockTransport(one.vendor)
        monkeypatch.setattr(bootstrap, "CLOCK", one.clock)
        monkeypatch.setattr(bootstrap, "jitter", lambda: 0.0)
        monkeypatch.setattr(
            "reprise.providers.http_client.HttpxVendor", lambda: HttpxVendor(httpx.Client(transport=transport))
        )
        monkeypatch.setattr("reprise.net.fetch.GuardedFetcher", lambda _, most=None: one.songs if most else one.links)
        monkeypatch.setattr("reprise.media.PacketProbe", lambda: one.probe)
        one.new_tenant("owner", OWNER_KEY)
        one.set_parameter("kie/api-key", "kie-key-of-the-tests")
        stack.forget()
        yield one
