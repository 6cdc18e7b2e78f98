"""One town and one service for the tests that leave it as it was; those that kill it make their own."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from itertools import count
from pathlib import Path

import pytest

from tests.studio.service.kit import Service, Town, a_town

Launch = Callable[..., Service]


@pytest.fixture(scope="module")
def town() -> Iterator[Town]:
    with a_town() as town:
        yield town


@pytest.fixture(autouse=True)
def quiet(town: Town) -> None:
    """What was heard in one test is none of the next one's business."""
    town.heard.clear()
    town.answers.clear()
    town.down = False


@pytest.fixture(scope="module")
def service(town: Town, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    service = Service(tmp_path_factory.mktemp("studio"), town)
    yield service.start()
    service.stop()


@pytest.fixture
def launch(town: Town, tmp_path: Path) -> Iterator[Launch]:
    names = count(1)
    with ExitStack() as stack:

        def launch(**settings: str) -> Service:
            service = Service(tmp_path / f"studio-{next(names)}", town, **settings)
            stack.callback(service.stop)
            return service.start()

        yield launch
