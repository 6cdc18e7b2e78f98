"""What the engine hears of a test song, beside what is true."""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.metrics.harmony import Span, chords_right, key_score, spans
from bench.metrics.melody import notes_kept, pitch_accuracy
from bench.metrics.rhythm import beats_found, tempo_related, tempo_right
from bench.players import Player
from bench.score import PITCH_CLASSES
from bench.songs import Condition, Song, make, write
from bench.tunes.abc import Tune
from studio.analysis import analyse
from studio.audio import decode
from studio.errors import StudioError
from studio.model import Analysis

RATE = 44_100
Progress = Callable[[str], None]


@dataclass(frozen=True)
class Heard:
    """All shares are of 1. A song that was refused has heard nothing."""

    title: str
    condition: Condition
    kept: float
    """note F1"""
    pitch: float
    chroma: float
    beats: float
    beats_any_level: float
    tempo: float
    tempo_any_level: float
    chords: float
    key: float
    wide: bool
    coded: bool
    refused: str
    seconds: float
    """it took"""


def measured(tunes: Sequence[Tune], conditions: Sequence[Condition], player: Player, tell: Progress) -> Iterator[Heard]:
    with TemporaryDirectory() as folder:
        for number, tune in enumerate(tunes, 1):
            for condition in conditions:
                song = make(tune, condition, player)
                path = write(song, Path(folder))
                one = measure(song, path)
                path.unlink()
                tell(f"{number}/{len(tunes)} {tune.title}, {condition}: note F1 {one.kept:.2f}, pitch {one.pitch:.2f}")
                yield one


def measure(song: Song, path: Path) -> Heard:
    began = time.monotonic()
    truth = song.truth
    try:
        heard = analyse(decode(path, RATE), RATE)
    except StudioError as error:
        took = time.monotonic() - began
        nothing = (0.0,) * 9
        return Heard(song.title, song.condition, *nothing, song.wide, song.coded, error.code, took)
    took = time.monotonic() - began
    accuracy = pitch_accuracy(truth.f0, heard.melody)
    pulse = beats_found(truth.beats, heard.beats)
    return Heard(
        song.title, song.condition, notes_kept(truth.melody, heard.melody).f1, accuracy.pitch, accuracy.chroma,
        pulse.counted, pulse.any_level, float(tempo_right(truth.tempo, heard.tempo)),
        float(tempo_related(truth.tempo, heard.tempo)), chords_right(spans(truth.chords), heard_chords(heard)),
        key_score(truth.tonic, truth.minor, heard.key.tonic, heard.key.minor), song.wide, song.coded, "", took,
    )  # fmt: skip


def heard_chords(heard: Analysis) -> list[Span]:
    """A label per beat, in the words of the MIREX chord tasks; N where nothing sounds."""
    ends = (*heard.beats[1:], heard.seconds)
    kinds = {"maj": "maj", "min": "min", "dim": "dim", "7": "7"}
    return [
        (start, end, f"{PITCH_CLASSES[chord.root % 12]}:{kinds[chord.kind]}" if chord else "N")
        for start, end, chord in zip(heard.beats, ends, heard.chords, strict=True)
        if end > start
    ]
