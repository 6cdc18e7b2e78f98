"""The whole deployed system in bad weather: vendors misbehave, workers are killed, and every promise is kept.

40 jobs, or `make test-e2e JOBS=300 SEED=7`. The mischief is drawn from the seed; the world is not.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from local.stack import Running, running_stack
from tests.e2e.storm import report, storm
from tests.e2e.storm.scale import Scale
from tests.simulators import kit

pytestmark = [pytest.mark.e2e, pytest.mark.long, pytest.mark.xdist_group("the storm")]

SONG_SECONDS = 8.0


@pytest.fixture(autouse=True)
def good_vendor() -> None:
    """The storm has a stack of its own."""


@pytest.fixture
def harbour(tmp_path: Path) -> Iterator[Running]:
    with running_stack(tmp_path / "stack", pace=0.5) as stack:
        yield stack


def test_a_storm_loses_nothing_and_pays_nothing_twice(harbour: Running, capsys: pytest.CaptureFixture[str]) -> None:
    scale = Scale.asked()
    with capsys.disabled():
        outcome = storm.run(harbour, scale, kit.song(SONG_SECONDS, "mp3"))
        print(f"\n\n{outcome.table}", file=sys.stderr)  # noqa: T201 - the table is what people want to see
    assert not outcome.findings, report.broken(outcome.findings, outcome.evidence, scale)
    assert outcome.while_paying > 0, "no worker was killed in the middle of a paid submit"
    assert sum(outcome.kills.values()) >= 8
    assert len(outcome.faults) >= 5, outcome.faults
