"""A song in one style after the other, each in a process whose memory is bounded, and what the page tells of it."""

import multiprocessing
import os
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path

from studio import audio, fonts, instruments, loudness
from studio.arrange import arrange
from studio.cover import cover
from studio.hearing import Song, listen
from studio.mix import RATE
from studio.model import Analysis
from studio.server.bounds import bind
from studio.style import styles
from studio.wish import Wish

MEMORY_MB = 2500
"""Of one process, as the service has it."""
AT_ONCE = 2
SEED = "gallery"

Told = Callable[[str, float], None]
"""Called with a style's title, and the seconds it took, when it is there."""


@dataclass(frozen=True)
class Sound:
    """`file` is relative to the page; `lufs` is measured in the encoded file."""

    file: str
    seconds: float
    lufs: float
    beats: tuple[float, ...]
    """the moments of the source's beats in this sound, so that a place of the song is found in all of them"""


@dataclass(frozen=True)
class Take:
    sound: Sound
    midi: str
    tempo: float
    instruments: tuple[str, ...]


@dataclass(frozen=True)
class Entry:
    """One style on the page."""

    name: str
    title: str
    about: str
    understood: tuple[str, ...]
    warnings: tuple[str, ...]
    picture: str
    takes: tuple[Take, ...]


@dataclass(frozen=True)
class Gallery:
    source: Sound
    heard: Analysis
    sheet: str
    """key, tempo, chords by bars, the melody in ABC"""
    entries: tuple[Entry, ...]


def playable() -> tuple[str, ...]:
    """The styles that can be played here: without a soundfont only the synthetic ones."""
    return tuple(name for name, one in styles().items() if one.synthetic or fonts.find())


def gallery(song: Path, names: Sequence[str], out: Path, told: Told) -> Gallery:
    """Writes the sounds and pictures into `out`. Raises a StudioError for a song that cannot be covered."""
    out.mkdir(parents=True, exist_ok=True)
    heard_as = out / "source.mp3"  # browsers do not play all that we read
    made: dict[str, Entry] = {}
    began = time.monotonic()
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(_processes(), context, initializer=bind, initargs=(MEMORY_MB,)) as pool:
        hearing = pool.submit(listen, song)
        audio.encode(audio.decode(song, RATE), RATE, heard_as)
        known = hearing.result()
        futures = {pool.submit(entry, song, known, name, out): name for name in names}
        try:
            for future in as_completed(futures):
                made[futures[future]] = future.result()
                told(made[futures[future]].title, time.monotonic() - began)
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise
    sheet = (out / names[0] / "sheet.txt").read_text()
    source = measured(heard_as, out, known.heard.beats)
    return Gallery(source, known.heard, sheet, tuple(made[name] for name in names))


def entry(song: Path, known: Song, name: str, out: Path) -> Entry:
    """Both takes of one style, in a folder of its name."""
    style, wish = styles()[name], Wish(style=styles()[name].title)
    made = cover(song, wish, SEED, out / name, known=known)
    takes = []
    for number, take in enumerate(made.takes):
        beats = arrange(made.heard, made.understood.style, wish, SEED, number).grid.times
        sound = measured(take.audio, out, beats)
        midi = take.midi.relative_to(out).as_posix()
        takes.append(Take(sound, midi, take.tempo, instruments.of_take(made.understood.style, number)))
    picture = made.picture.relative_to(out).as_posix()
    return Entry(
        name, style.title, style.about, made.understood.said, tuple(made.report["warnings"]), picture, tuple(takes)
    )


def measured(path: Path, out: Path, beats: Sequence[float]) -> Sound:
    wave = audio.decode(path, RATE)
    return Sound(
        file=path.relative_to(out).as_posix(),
        seconds=wave.shape[1] / RATE,
        lufs=loudness.lufs(wave, RATE),
        beats=tuple(beats),
    )


def _processes() -> int:
    """Of the cores that we may use; not all systems tell."""
    usable = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(AT_ONCE, usable)
