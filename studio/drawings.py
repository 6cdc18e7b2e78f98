"""Draws the pictures of docs/studio.md from a song that the studio plays itself: python -m studio.drawings <folder>"""

import sys
from pathlib import Path

import numpy as np

from studio import audio, evidence, fonts, mix, picture, rhythm, room, sampler, spectrum
from studio.analysis import analyse
from studio.arrange import arrange, random_of
from studio.harmony import chroma
from studio.model import Analysis, Curve, Note, Wave
from studio.png import Canvas, Colour
from studio.posterior import FRAME, LOWEST, RATE, Posterior, posterior
from studio.style import styles
from studio.wish import Wish

WIDTH, HEIGHT, EDGE = 1000, 220, 10
DARK: Colour = (30, 34, 52)
TUNE = (64, 64, 65, 67, 67, 65, 64, 62, 60, 60, 62, 64, 64, 62, 62, 60) * 2
ROOTS = (48, 48, 48, 43, 48, 45, 43, 48) * 2


def song() -> Wave:
    """An ode on the flute over a guitar, (2, samples) at RATE: everything below is heard in it."""
    font = fonts.find()
    if font is None:
        raise SystemExit("the pictures need a soundfont")
    tune = [Note(0.4 + 0.5 * at, 0.85 + 0.5 * at, pitch, 0.8) for at, pitch in enumerate(TUNE)]
    chords = [
        Note(0.4 + at, 1.35 + at, root + step, 0.5)
        for at, root in enumerate(ROOTS)
        for step in (-12, 0, 7, 15 if root == 45 else 16)
    ]
    seconds = len(TUNE) * 0.5 + 1.5
    both = sampler.render(tune, 73, RATE, font, seconds=seconds) + sampler.render(
        chords, 25, RATE, font, seconds=seconds
    )
    return np.asarray(both, np.float32)


def heat(values: Curve, path: Path) -> None:
    """(rows, columns), the first row at the bottom, as a picture from dark to bright."""
    level = np.clip((values - np.min(values)) / (np.ptp(values) + 1e-9), 0, 1)
    rows = np.linspace(0, values.shape[0] - 1, HEIGHT).round().astype(int)[::-1]
    columns = np.linspace(0, values.shape[1] - 1, WIDTH).round().astype(int)
    shade = level[rows][:, columns, None] ** 0.8
    canvas = Canvas(WIDTH, HEIGHT, DARK)
    canvas.pixels[:] = (np.array(DARK) * (1 - shade) + np.array([250, 220, 140]) * shade).astype(np.uint8)
    path.write_bytes(canvas.png())


def line(values: Curve, marks: Curve, path: Path) -> None:
    """A curve over time as bars, with upright marks at some of its places."""
    canvas = Canvas(WIDTH, HEIGHT, picture.PAPER)
    level = values / (np.max(values) + 1e-9)
    for mark in marks:
        x = mark / values.size * WIDTH
        canvas.box(x, 0, x + 2, HEIGHT, picture.COVER)
    for x in range(WIDTH):
        part = level[x * level.size // WIDTH : max((x + 1) * level.size // WIDTH, x * level.size // WIDTH + 1)]
        canvas.box(x, HEIGHT - np.max(part) * (HEIGHT - EDGE), x + 1, HEIGHT, picture.SOURCE)
    path.write_bytes(canvas.png())


def roll(heard: Analysis, grid: Posterior, path: Path) -> None:
    """The tune's notes over what the net heard."""
    low, high = 40 - LOWEST, 90 - LOWEST
    canvas = Canvas(WIDTH, HEIGHT, picture.PAPER)
    columns = np.linspace(0, grid.notes.shape[0] - 1, WIDTH).round().astype(int)
    rows = np.linspace(low, high, HEIGHT).round().astype(int)[::-1]
    shade = grid.notes[columns][:, rows].T[:, :, None]
    canvas.pixels[:] = (np.array(picture.PAPER) * (1 - shade) + np.array(picture.BAND) * 0.8 * shade).astype(np.uint8)
    scale, row = WIDTH / (grid.notes.shape[0] * FRAME), HEIGHT / (high - low)
    for note in heard.melody:
        y = HEIGHT - (note.pitch - LOWEST - low + 0.5) * row
        canvas.box(note.start * scale, y - 1, note.end * scale - 1, y + 3, picture.COVER)
    path.write_bytes(canvas.png())


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    low = song()
    grid = posterior(low.mean(axis=0))
    heard = analyse(low, RATE)
    heat(grid.notes.T[15:75], folder / "posterior.png")
    begins = rhythm.novelty(grid, spectrum.flux(low))
    line(begins, np.array(heard.beats) / FRAME, folder / "beats.png")
    heat(evidence.evidence(grid, spectrum.salience(low))[:, :-1].T, folder / "evidence.png")
    roll(heard, grid, folder / "melody.png")
    heat(np.repeat(chroma(grid, np.array(heard.beats)).whole.T, 8, axis=0), folder / "chroma.png")
    heat(_decibels(room.response(2.0, 5500, RATE)[0]), folder / "room.png")
    score = arrange(heard, styles()["bossa-nova"], Wish(), "docs", 0)
    found = fonts.find()
    sound = mix.mixed(score, fonts.opened(found) if found else None, random_of("docs", 0, "mix"))
    outlines = [picture.Outline.of(one, rate) for one, rate in ((low, RATE), (sound, mix.RATE))]
    (folder / "cover.png").write_bytes(picture.drawn(heard, outlines[0], score, outlines[1]))
    heat(_decibels(audio.resample(sound, mix.RATE, RATE).mean(axis=0)), folder / "sound.png")


def _decibels(mono: Wave) -> Curve:
    """(bins up to 5 kHz, frames) of a spectrogram over 70 dB."""
    frames = np.concatenate(list(spectrum.magnitudes(mono[None], 1024)))
    level = 20 * np.log10(frames[:, :232].T + 1e-6)
    return np.asarray(np.maximum(level, level.max() - 70), np.float64)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
