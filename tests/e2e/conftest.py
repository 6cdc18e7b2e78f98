"""One stack for all of these tests: the deployed template, IAM enforced, real HTTP, a fake vendor that hurries."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from local import song
from local.stack import Running, running_stack
from tests.e2e.caller import Caller, Job


@pytest.fixture(scope="package")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    home = tmp_path_factory.mktemp("stack")
    with running_stack(home, pace=0.2) as stack:
        yield stack


@pytest.fixture(scope="package")
def caller(running: Running) -> Iterator[Caller]:
    caller = Caller(running)
    yield caller
    caller.close()


@pytest.fixture(scope="package")
def song_bytes(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    path: Path = tmp_path_factory.mktemp("song") / "song.mp3"
    song.render(path)
    return path.read_bytes()


@pytest.fixture(scope="package")
def uploaded(caller: Caller, song_bytes: bytes) -> dict[str, str]:
    return {"upload": caller.upload(song_bytes)}


@pytest.fixture(scope="package")
def silent_job(caller: Caller, uploaded: dict[str, str]) -> Job:
    """Ordered at the very beginning, since nobody will call back: the poller's minute must pass."""
    caller.misbehave(drop_callbacks=True)
    job = caller.order(uploaded)
    caller.behave()
    return job


@pytest.fixture(scope="package")
def stuck_job(caller: Caller, uploaded: dict[str, str]) -> Job:
    """The vendor will never finish it; a minute is the shortest deadline."""
    caller.misbehave(stuck_pending=True, drop_callbacks=True)
    job = caller.order(uploaded, deadline=60)
    caller.behave()
    return job


@pytest.fixture(scope="package")
def rotten_job(caller: Caller, uploaded: dict[str, str]) -> Job:
    """The links of its takes are dead for ever; it is given up at the deadline."""
    caller.misbehave(dead_links=True)
    job = caller.order(uploaded, deadline=60)
    caller.behave()
    return job


@pytest.fixture(autouse=True)
def good_vendor(silent_job: Job, stuck_job: Job, rotten_job: Job, caller: Caller) -> Iterator[None]:
    yield
    caller.behave()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What looks into the logs comes after all that writes them."""
    items.sort(key=lambda item: "test_untold" in item.nodeid)
