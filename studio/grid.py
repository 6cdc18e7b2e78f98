"""Where a beat of the source lies in the cover: an even pulse of another tempo, or the source's own, breath for breath.

Positions are counted in beats of the source from its first: 2.5 is half-way between its third and fourth beat.
"""

from dataclasses import dataclass

import numpy as np

from studio.model import Analysis, Curve


@dataclass(frozen=True)
class Grid:
    times: tuple[float, ...]
    """seconds in the cover of each beat of the source, and of one more after the last"""
    swing: float
    metre: int
    first: int
    """the beat that begins the first whole bar; earlier ones are an upbeat"""
    beat: float = 1.0
    """beats of the source that a beat of the pattern takes: 2 is half time"""
    limp: bool = False
    """each pair of beats is bent into three: long, short"""

    def seconds(self, position: float) -> float:
        """The moment of a position, with swing: off-beats come late."""
        return float(np.interp(self._bent(position), np.arange(len(self.times)), self.times))

    def _bent(self, position: float) -> float:
        """Swing and limp move what lies between two beats of the pattern."""
        if self.limp:
            pair, rest = divmod(position - self.first, 2)
            bent = rest * 4 / 3 if rest < 1 else 4 / 3 + (rest - 1) * 2 / 3
            return self.first + pair * 2 + bent
        whole, rest = divmod(position, 1)
        return whole + (rest * 2 * self.swing if rest < 0.5 else self.swing + (rest - 0.5) * 2 * (1 - self.swing))

    @property
    def bar(self) -> float:
        """Beats of the source in a bar of the cover."""
        return 2.0 if self.limp else self.metre * self.beat

    @property
    def end(self) -> int:
        return len(self.times) - 1

    def bars(self) -> list[float]:
        """Positions where bars begin; the first may lie before the song, its upbeat being the end of it."""
        start = self.first - self.bar if self.first > 0 else self.first
        return [float(one) for one in np.arange(start, self.end, self.bar)]

    def sixteenth(self, bar: float, step: float, steps: int) -> float:
        """The position of a sixteenth of a bar of `steps`; in a limping bar thirds are even, so the bend is undone."""
        place = step / steps
        if self.limp:
            return bar + (place * 3 / 2 if place < 2 / 3 else 1 + (place - 2 / 3) * 3)
        return bar + place * self.bar


def steady(
    heard: Analysis, beats_a_minute: float, swing: float, three: bool, beat: float = 1.0, lead_in: float = 0.25
) -> Grid:
    """An even pulse. `beats_a_minute` counts beats of the source, of which a beat of the pattern takes `beat`."""
    count = len(heard.beats) + 1
    limp = three and heard.metre == 4
    step = 60 / beats_a_minute
    times = tuple(lead_in + step * number for number in range(count))
    return Grid(times, swing, 3 if limp else heard.metre, heard.downbeat, beat, limp)


def faithful(heard: Analysis, swing: float, beat: float = 1.0) -> Grid:
    """The source's own beats, so that its sound can lie under the cover."""
    times = (*heard.beats, 2 * heard.beats[-1] - heard.beats[-2])
    return Grid(times, swing, heard.metre, heard.downbeat, beat)


def positions(heard: Analysis, moments: Curve) -> Curve:
    """Seconds in the source -> positions; before the first beat and after the last the pulse goes on evenly."""
    beats = np.array(heard.beats)
    inside = np.interp(moments, beats, np.arange(beats.size))
    before = (moments - beats[0]) / (beats[1] - beats[0])
    after = beats.size - 1 + (moments - beats[-1]) / (beats[-1] - beats[-2])
    return np.where(moments < beats[0], before, np.where(moments > beats[-1], after, inside))
