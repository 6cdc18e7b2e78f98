from collections.abc import Iterator

import httpx
import pytest

from simulators.kie import KieSimulator
from tests.simulators.kit import KEY, Buyer, Receiver, receiver


@pytest.fixture
def taker() -> Iterator[Receiver]:
    with receiver() as one:
        yield one


@pytest.fixture
def kie(taker: Receiver) -> Iterator[Buyer]:
    with KieSimulator(key=KEY, pace=0.05) as sim, httpx.Client(trust_env=False, timeout=10) as http:
        buyer = Buyer(sim, taker, http)
        buyer.switch(poll_limit="off")
        yield buyer
