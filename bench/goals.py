"""What is aimed at, the floor under it, and a line of the table."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Goal:
    name: str
    floor: float
    aim: float
    least: bool = True
    """whether more is better"""
    unit: str = ""
    """nothing for a share of 1 with two digits, % for one in percent, or what is written behind the number"""

    def met(self, value: float) -> bool:
        return value >= self.floor if self.least else value <= self.floor

    def reached(self, value: float) -> bool:
        return value >= self.aim if self.least else value <= self.aim

    def shown(self, value: float) -> str:
        if self.unit == "%":
            return f"{100 * value:.1f} %".replace(".0 %", " %")
        return f"{value:.2f}" if not self.unit else f"{value:.1f} {self.unit}"


GOALS = {
    "solo": Goal("melody kept, note F1: solo", 0.75, 0.85),
    "piano": Goal("... piano", 0.85, 0.92),
    "band": Goal("... band", 0.78, 0.88),
    "sung over band": Goal("... singer over band", 0.45, 0.65),
    "clean pitch": Goal("raw pitch accuracy: solo, piano, band", 0.85, 0.92),
    "sung pitch": Goal("... singer over band", 0.60, 0.75),
    "identified": Goal("cover identified as its source", 0.95, 1.0, unit="%"),
    "lead alone": Goal("... by the lead stem alone", 0.80, 0.90, unit="%"),
    "styles": Goal("two styles of one song told apart from two songs of one style", 0.80, 0.95, unit="%"),
    "in tune": Goal("rendered pitch within 35 cents", 0.98, 1.0, unit="%"),
    "complete": Goal("3-minute song, both takes as mp3", 15, 8, least=False, unit="s"),
    "first": Goal("... the first take", 8, 4, least=False, unit="s"),
    "memory": Goal("... memory", 900, 600, least=False, unit="MB"),
    "refused": Goal("silence, noise, speech refused", 1.0, 1.0, unit="%"),
    "accepted": Goal("melodies not refused", 1.0, 1.0, unit="%"),
    "loudness": Goal("takes at -16 LUFS within 1.5", 1.0, 1.0, unit="%"),
    "peaks": Goal("takes under -1 dBTP", 1.0, 1.0, unit="%"),
    "clicks": Goal("notes that end without a click", 1.0, 1.0, unit="%"),
}


@dataclass(frozen=True)
class Line:
    goal: str
    value: float
    remark: str = ""

    @property
    def verdict(self) -> str:
        goal = GOALS[self.goal]
        return "aim" if goal.reached(self.value) else "floor" if goal.met(self.value) else "**missed**"


def table(lines: Sequence[Line]) -> str:
    rows = ["| | floor | aim | measured | | |", "|---|---:|---:|---:|---|---|"]
    for line in lines:
        goal = GOALS[line.goal]
        cells = (
            goal.name,
            goal.shown(goal.floor),
            goal.shown(goal.aim),
            goal.shown(line.value),
            line.verdict,
            line.remark,
        )
        rows.append("| " + " | ".join(cells) + " |")
    return "\n".join(rows)
