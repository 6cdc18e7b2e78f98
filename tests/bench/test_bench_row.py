"""The bench's own arithmetic: a ratio is of its own round, and what is missed is said."""

import subprocess
import sys
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from bench.gateway.page import page, table
from bench.gateway.pictures import bars, stacked
from bench.gateway.row import counted, timed
from bench.gateway.turns import percentile
from tests.template import ROOT

HOLDS = """
from bench.gateway.transfer_side import peak
before = peak()
held = bytearray(int(before * 1e6) + 50_000_000)
del held
print(before, peak())
"""


def test_each_round_is_divided_by_its_own_floor() -> None:
    row = timed("a", "ms", [2.0, 40.0, 3.0], [1.0, 10.0, 2.0], at_most=2.0)
    assert (row.ours, row.floor, row.ratio, row.range, row.rounds) == (3.0, 2.0, 2.0, (1.5, 4.0), 3)
    assert (row.goal, row.limit, row.met) == ("<= 2 x", 4.0, True)


@pytest.mark.parametrize(("ours", "met"), [(0.9, True), (0.89, False), (2.0, True)])
def test_a_least_is_missed_from_below(ours: float, met: bool) -> None:
    assert timed("a", "MB/s", [ours], [1.0], at_least=0.9).met is met


@pytest.mark.parametrize(("ours", "met"), [(1.1, True), (1.11, False)])
def test_a_most_is_missed_from_above(ours: float, met: bool) -> None:
    assert timed("a", "ms", [ours], [1.0], at_most=1.1).met is met


@pytest.mark.parametrize("goals", [{}, {"at_most": 1.0, "at_least": 1.0}])
def test_a_goal_is_one(goals: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="a most or a least"):
        timed("a", "ms", [1.0], [1.0], **goals)


def test_rounds_that_were_not_measured_on_both_sides_are_no_rounds() -> None:
    with pytest.raises(ValueError, match="shorter"):
        timed("a", "ms", [1.0, 1.0], [1.0], at_most=1.0)


@pytest.mark.parametrize(("ours", "met"), [(40, True), (41, False)])
def test_a_count_has_its_goal_in_its_own_unit(ours: int, met: bool) -> None:
    assert counted("a", "calls", ours, 38, most=40, goal="<= floor + 2").met is met


def test_a_percentile_is_one_of_the_values() -> None:
    values = [float(one) for one in range(100, 0, -1)]
    assert [percentile(values, share) for share in (0.5, 0.99, 1.0)] == [50.0, 99.0, 100.0]
    assert percentile([7.0], 0.5) == 7.0


def test_the_page_says_what_is_missed_and_what_could_not_be_measured(tmp_path: Path) -> None:
    good = counted("Good", "calls", 1, 1, most=1, goal="<= 1")
    bad = counted("Bad", "calls", 3, 1, most=1, goal="<= 1")
    told = page([good, bad], 60, tmp_path / "pictures", ["router"])
    assert "- Bad: 3 calls, goal <= 1." in told
    assert "- Good" not in told
    assert "- `router` could not be measured." in told
    assert {one.name for one in (tmp_path / "pictures").iterdir()} == {"good.svg", "bad.svg"}
    assert "| Bad | 3 calls | 1 calls | 3 x | 3 | 1 | <= 1 | **missed** |" in table([good, bad])


def test_a_bar_is_as_long_as_its_value_and_the_goal_is_drawn() -> None:
    drawn = ElementTree.fromstring(bars(counted("a & b", "calls", 30, 10, most=20, goal="<= 20")))  # noqa: S314 - ours
    _, *widths = [one.attrib["width"] for one in drawn if one.tag.endswith("rect")]
    ours, floor = map(float, widths)
    (goal,) = [float(one.attrib["x1"]) for one in drawn if one.tag.endswith("line")]
    assert ours / floor == pytest.approx(3, rel=0.01)
    assert (goal - 130) / floor == pytest.approx(2, rel=0.01)


def test_a_stack_is_as_long_as_its_parts() -> None:
    drawn = ElementTree.fromstring(stacked({"ours": {"S3": 30.0, "SNS": 10.0}, "plain": {"all": 40.0}}, 20, "USD"))  # noqa: S314 - ours
    _, *found = [one.attrib["width"] for one in drawn if one.tag.endswith("rect")]
    widths = [float(one) for one in found[:3]]
    assert widths[0] + widths[1] == pytest.approx(widths[2], rel=0.01)


def test_the_peak_sees_what_was_held_for_a_moment() -> None:
    """In a process of its own, whose peak is small: what this one ever held would have to be held once more."""
    told = subprocess.run([sys.executable, "-c", HOLDS], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    before, after = map(float, told.split())
    assert after > before + 40
