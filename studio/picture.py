"""One picture of source and cover: for each its waveform, its chords and its tune, bar by bar."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np

from studio.model import Analysis, Chord, Note, Wave
from studio.png import Canvas, Colour
from studio.score import Score

WIDTH, WAVE, ROLL, EDGE, HEAD = 1400, 90, 230, 14, 26
PAPER: Colour = (250, 248, 243)
INK: Colour = (60, 58, 70)
FAINT: Colour = (228, 224, 216)
SOURCE: Colour = (86, 128, 170)
COVER: Colour = (196, 98, 74)
BAND: Colour = (222, 196, 178)


@dataclass(frozen=True)
class Outline:
    """How loud a sound is over time, in as many steps as the picture has columns."""

    seconds: float
    highest: tuple[float, ...]

    @classmethod
    def of(cls, planes: Wave, rate: int) -> "Outline":
        columns = WIDTH - 2 * EDGE
        step = max(planes.shape[1] // columns, 1)
        whole = planes[:, : planes.shape[1] // step * step].reshape(planes.shape[0], -1, step)
        high = np.maximum(whole.max(axis=(0, 2)), -whole.min(axis=(0, 2)))[:columns]
        return cls(planes.shape[1] / rate, tuple((high / (high.max() + 1e-9)).tolist()))


def drawn(heard: Analysis, source: Outline, score: Score, sound: Outline) -> bytes:
    """A PNG: the source above, take one of the cover below."""
    panel = HEAD + WAVE + ROLL + 2 * EDGE
    canvas = Canvas(WIDTH, 2 * panel, PAPER)
    tune = score.lead or heard.melody
    words = f"SOURCE  {heard.key.name}  {heard.tempo:.0f} BPM  {heard.metre}/4"
    _panel(
        canvas,
        0,
        words,
        source,
        heard.melody,
        (),
        _spans(heard.chords, heard.beats),
        heard.beats[heard.downbeat :: heard.metre],
        SOURCE,
    )
    band = [note for track in score.tracks if track.part.play in ("comp", "bass", "arp") for note in track.notes]
    bars = [score.grid.seconds(bar) for bar in score.grid.bars() if bar >= 0]
    words = f"COVER  {score.tempo:.0f} BPM"
    _panel(canvas, panel, words, sound, tune, band, _spans(heard.chords, score.grid.times), bars, COVER)
    return canvas.png()


def _spans(chords: Sequence[Chord | None], times: Sequence[float]) -> list[tuple[float, str]]:
    """(seconds, name) of every change of chord."""
    pairs = zip(chords, times, strict=False)
    return [(next(group)[1], chord.name if chord else "") for chord, group in groupby(pairs, key=lambda one: one[0])]


def _panel(
    canvas: Canvas,
    top: int,
    words: str,
    outline: Outline,
    tune: Sequence[Note],
    band: Sequence[Note],
    chords: Sequence[tuple[float, str]],
    bars: Sequence[float],
    colour: Colour,
) -> None:
    scale = (WIDTH - 2 * EDGE) / max(outline.seconds, 1e-6)
    canvas.text(EDGE, top + 8, words.upper(), INK)
    middle = top + HEAD + WAVE / 2
    for column, high in enumerate(outline.highest):
        canvas.box(EDGE + column, middle - high * WAVE / 2, EDGE + column + 1, middle + high * WAVE / 2, colour)
    roll = top + HEAD + WAVE + EDGE
    for number, bar in enumerate(bars):
        canvas.box(EDGE + bar * scale, roll, EDGE + bar * scale + 1, roll + ROLL, FAINT)
        if number % 8 == 0:
            canvas.text(EDGE + bar * scale + 3, roll + ROLL - 8, str(number + 1), FAINT, 1)
    right = -1e9
    for moment, name in chords:
        x = EDGE + moment * scale
        if x > right:
            canvas.text(x, roll, name, INK, 1)
            right = x + 4 * len(name) + 2
    pitches = [note.pitch for note in (*tune, *band)]
    low, high = min(pitches, default=48) - 2, max(pitches, default=84) + 2
    row = (ROLL - 18) / (high - low)
    for notes, ink in ((band, BAND), (tune, colour)):
        for note in notes:
            y = roll + ROLL - 8 - (note.pitch - low) * row
            canvas.box(EDGE + note.start * scale, y - max(row, 2), EDGE + note.end * scale - 1, y, ink)
