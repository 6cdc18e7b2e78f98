"""The floors of bench/goals.py on a few songs each, of the tuning half: what breaks the engine breaks these.

The bench itself (`python -m bench.studio`) has the figures that count. A few songs scatter more than many, so a floor
here is the goal's less what eight songs may fall short by.
"""

from collections.abc import Callable

import numpy as np
import pytest

from bench import refusals
from bench.covers import identified, styles_told_apart
from bench.goals import GOALS
from bench.hearing import Heard, measured
from bench.players import Synthetic
from bench.programs import TOLERANCE, sounded
from bench.songs import Condition
from bench.tunes import tuning
from studio.analysis import analyse
from studio.errors import NoMelodyError, StudioError

SONGS = tuning()[1::5]
SLACK = 0.05
CLEAN = (Condition.SOLO, Condition.PIANO, Condition.BAND)
SUNG_SONGS = 4
Measured = dict[Condition, list[Heard]]


def quiet(_: str) -> None:
    """Nobody listens."""


@pytest.fixture(scope="module")
def heard() -> Measured:
    player = Synthetic()
    found = list(measured(SONGS, CLEAN, player, quiet))
    found += list(measured(SONGS[:SUNG_SONGS], (Condition.SUNG_BAND,), player, quiet))
    return {condition: [one for one in found if one.condition is condition] for condition in Condition}


@pytest.mark.parametrize("condition", [*CLEAN, Condition.SUNG_BAND])
def test_the_melody_is_kept(heard: Measured, condition: Condition) -> None:
    assert np.mean([one.kept for one in heard[condition]]) >= GOALS[condition].floor - SLACK


@pytest.mark.parametrize(
    ("goal", "conditions"),
    [("clean pitch", CLEAN), ("sung pitch", (Condition.SUNG_BAND,))],
)
def test_the_pitch_is_right(heard: Measured, goal: str, conditions: tuple[Condition, ...]) -> None:
    assert np.mean([one.pitch for name in conditions for one in heard[name]]) >= GOALS[goal].floor - SLACK


def test_covers_are_found_again_at_the_right_level() -> None:
    """Each of eight covers among eight songs, in eight styles."""
    found = identified(SONGS[:8], Synthetic(), quiet)
    assert not found.refused
    assert np.mean(found.takes_found) >= GOALS["identified"].floor - SLACK
    assert np.mean(found.leads_found) >= GOALS["lead alone"].floor - SLACK
    assert np.median(np.array(found.own) / np.maximum(found.others, 1e-6)) >= 2
    assert all(abs(one + 16) <= 1.5 for one in found.lufs)
    assert max(found.peaks) <= -1
    assert found.abrupt == 0


def test_styles_are_told_apart() -> None:
    assert styles_told_apart(SONGS[:2], Synthetic(), quiet) >= GOALS["styles"].floor - SLACK


def test_every_sound_is_in_tune() -> None:
    found = list(sounded(quiet))
    assert np.mean([abs(one.cents_in_class) <= TOLERANCE for one in found]) >= GOALS["in tune"].floor


def test_every_sound_ends_without_a_click() -> None:
    found = list(sounded(quiet))
    assert not [(one.program, one.pitch) for one in found if one.clicks]


def test_what_has_no_melody_is_refused() -> None:
    invented = [clip.name for clip in refusals.refused("tuning") if accepted(clip.make)]
    assert not invented


def test_what_has_one_is_not() -> None:
    lost = [clip.name for clip in refusals.melodic(tuning())[::3] if not accepted(clip.make)]
    assert not lost


def accepted(make: Callable[[], "np.ndarray[tuple[int, ...], np.dtype[np.float32]]"]) -> bool:
    try:
        analyse(make(), refusals.RATE)
    except NoMelodyError:
        return False
    except StudioError as error:
        raise AssertionError("refused for another reason") from error
    return True
