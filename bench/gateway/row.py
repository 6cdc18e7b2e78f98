"""One line of the results: ours beside the floor of the same run, and the goal beside both."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True, slots=True)
class Row:
    """`ours` and `floor` are medians in `unit`; `ratio` is the median of the rounds' own ratios and `range` its least
    and most. `limit` is the goal in `unit`, for the picture. `details` is Markdown below the picture; `picture` an SVG
    that stands for the usual bars."""

    what: str
    unit: str
    ours: float
    floor: float
    ratio: float
    goal: str
    limit: float
    met: bool
    range: tuple[float, float]
    rounds: int
    note: str
    details: str = ""
    picture: str = ""


def timed(
    what: str,
    unit: str,
    ours: Sequence[float],
    floor: Sequence[float],
    *,
    at_most: float = 0.0,
    at_least: float = 0.0,
    note: str = "",
) -> Row:
    """Of interleaved rounds: each round's ours is divided by its own floor, since machines change their pace.

    One of `at_most` and `at_least`, of the ratio.
    """
    if bool(at_most) == bool(at_least):
        raise ValueError("a goal is a most or a least")
    ratios = [mine / base for mine, base in zip(ours, floor, strict=True)]
    ratio, base = median(ratios), median(floor)
    bound = at_most or at_least
    met = ratio <= bound if at_most else ratio >= bound
    goal = f"{'<=' if at_most else '>='} {bound:g} x"
    limit, spread = bound * base, (min(ratios), max(ratios))
    return Row(what, unit, median(ours), base, ratio, goal, limit, met, spread, len(ratios), note)


def counted(
    what: str, unit: str, ours: float, floor: float, *, most: float, goal: str, note: str = "", details: str = ""
) -> Row:
    """What is the same each time: `most` in `unit`."""
    ratio = ours / floor
    return Row(what, unit, ours, floor, ratio, goal, most, ours <= most, (ratio, ratio), 1, note, details)
