import ssl
from collections.abc import Iterator

import httpx
import pytest

from simulators.aimusicapi import AimusicapiSimulator
from simulators.kie import KieSimulator
from simulators.sunoapi import SunoapiSimulator
from tests.simulators.aimusicapi_buyer import AimusicapiBuyer
from tests.simulators.kit import KEY, Buyer, Receiver, receiver, song

TLS = ssl.create_default_context()  # made once: it is slow to make and never used here


@pytest.fixture
def taker() -> Iterator[Receiver]:
    with receiver() as one:
        yield one


@pytest.fixture
def kie(taker: Receiver) -> Iterator[Buyer]:
    with KieSimulator(key=KEY, pace=0.02) as sim, httpx.Client(trust_env=False, timeout=10, verify=TLS) as http:
        buyer = Buyer(sim, taker, http)
        buyer.switch(poll_limit="off")
        yield buyer


@pytest.fixture
def sunoapi(taker: Receiver) -> Iterator[Buyer]:
    taker.files["/song.wav"] = (200, song(1.0), "audio/wav")
    with SunoapiSimulator(key=KEY, pace=0.01) as sim, httpx.Client(trust_env=False, timeout=10, verify=TLS) as http:
        yield Buyer(sim, taker, http)


@pytest.fixture
def aimusicapi(taker: Receiver) -> Iterator[AimusicapiBuyer]:
    taker.files["/song.wav"] = (200, song(1.0), "audio/wav")
    with AimusicapiSimulator(key=KEY, pace=0.01) as sim, httpx.Client(trust_env=False, timeout=10, verify=TLS) as http:
        yield AimusicapiBuyer(sim, taker, http)
