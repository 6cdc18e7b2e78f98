"""The song the project makes itself when it is given none.

"Auld Lang Syne" is sung to a Scottish folk melody of no known author, in print since 1799 (George Thomson, "A Select
Collection of Original Scotish Airs"), so no copyright in it can be alive anywhere. The setting below is our own, played
by a little synthesizer of sines: nothing has to be downloaded, licensed or shipped.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import av
import numpy as np
from numpy.typing import NDArray

TITLE = "Auld Lang Syne"
RATE = 44_100
BEAT = 60 / 100
TAIL = 1.6
BIT_RATE = 160_000

Wave = NDArray[np.float64]

# One line is two bars of four beats, after an upbeat. A note is its name and its beats.
MELODY = """
C4:1
F4:1.5 F4:.5 F4:1 A4:1   G4:1.5 F4:.5 G4:1 A4:1
F4:1.5 F4:.5 A4:1 C5:1   D5:3 D5:1
C5:1.5 A4:.5 A4:1 F4:1   G4:1.5 F4:.5 G4:1 A4:1
F4:1.5 D4:.5 D4:1 C4:1   F4:3 D5:1
C5:1.5 A4:.5 A4:1 F4:1   G4:1.5 F4:.5 G4:1 D5:1
C5:1.5 A4:.5 A4:1 C5:1   D5:3 D5:1
C5:1.5 A4:.5 A4:1 F4:1   G4:1.5 F4:.5 G4:1 A4:1
F4:1.5 D4:.5 D4:1 C4:1   F4:3
"""
CHORDS = "F C7 F Bb F C7 Dm|C7 F F C7 F Bb F C7 Bb|C7 F"  # one to a bar; a stroke divides it
TONES = {"F": "F3 A3 C4", "C7": "G3 Bb3 E4", "Bb": "F3 Bb3 D4", "Dm": "F3 A3 D4"}
BASS = {"F": "F2 C3", "C7": "C3 G2", "Bb": "Bb2 F2", "Dm": "D3 A2"}
STEPS = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "Bb": 10, "B": 11}


def frequency(name: str) -> float:
    midi = 12 * (int(name[-1]) + 1) + STEPS[name[:-1]]
    return float(440 * 2 ** ((midi - 69) / 12))


def melody() -> Iterator[tuple[str, float, float]]:
    """Every note of the tune with its start and its length in seconds."""
    beat = 0.0
    for note in MELODY.split():
        name, _, beats = note.partition(":")
        yield name, beat * BEAT, float(beats) * BEAT
        beat += float(beats)


def chords() -> Iterator[tuple[str, float, float]]:
    beat = 1.0
    for bar in CHORDS.split():
        names = bar.split("|")
        for name in names:
            yield name, beat * BEAT, 4 / len(names) * BEAT
            beat += 4 / len(names)


def mix() -> Wave:
    """The whole song as two channels of samples between -1 and 1."""
    *_, (_, start, length) = melody()
    canvas = np.zeros((2, int((start + length + TAIL) * RATE)))
    for name, at, length in melody():
        _put(canvas, at, _flute(frequency(name), length), 0.30, 0.56)
    for chord, at, length in chords():
        for place, name in zip((0.2, 0.5, 0.8), TONES[chord].split(), strict=True):
            _put(canvas, at, _pad(frequency(name), length), 0.055, place)
        notes = BASS[chord].split()[: round(length / BEAT / 2)]
        for half, name in enumerate(notes):
            _put(canvas, at + half * 2 * BEAT, _pluck(frequency(name), 2 * BEAT), 0.20, 0.45)
    _echo(canvas)
    return np.asarray(canvas * (0.85 / np.abs(canvas).max()))


def render(path: Path) -> None:
    """Write the song to `path` as mp3; the same bytes every time."""
    sound = np.round(mix() * 32767).astype(np.int16)
    with av.open(str(path), "w", format="mp3") as sink:
        sink.metadata["title"] = TITLE
        stream: Any = sink.add_stream("libmp3lame", rate=RATE)
        stream.layout, stream.format, stream.bit_rate = "stereo", "s16p", BIT_RATE
        size = stream.codec_context.frame_size or 1152
        for start in range(0, sound.shape[1], size):
            block = np.ascontiguousarray(sound[:, start : start + size])
            frame = av.AudioFrame.from_ndarray(block, format="s16p", layout="stereo")
            frame.sample_rate = RATE
            sink.mux(stream.encode(frame))
        sink.mux(stream.encode(None))


def _flute(pitch: float, seconds: float) -> Wave:
    """The melody's voice: a few soft partials, and a vibrato that comes in late."""
    time = _time(seconds)
    vibrato = 0.12 * np.sin(2 * np.pi * 5.2 * time) * np.clip(time / 0.5 - 0.5, 0, 1)
    phase = 2 * np.pi * pitch * time + vibrato
    wave = np.sin(phase) + 0.35 * np.sin(2 * phase) + 0.12 * np.sin(3 * phase) + 0.05 * np.sin(4 * phase)
    return np.asarray(wave * np.exp(-0.5 * time) * _edges(len(time), 0.025, 0.07))


def _pad(pitch: float, seconds: float) -> Wave:
    """A chord tone: two voices a little apart, slow to come and to go."""
    time = _time(seconds + 0.25)
    wave = sum(np.sin(2 * np.pi * pitch * (1 + detune) * time) for detune in (-0.0015, 0.0, 0.0015))
    return np.asarray(wave * _edges(len(time), 0.18, 0.35))


def _pluck(pitch: float, seconds: float) -> Wave:
    """A bass note whose upper partials die first."""
    time = _time(seconds)
    wave = sum(np.sin(2 * np.pi * n * pitch * time) * np.exp(-(0.9 + n) * time) / n for n in (1, 2, 3, 4))
    return np.asarray(wave * _edges(len(time), 0.008, 0.06))


def _time(seconds: float) -> Wave:
    return np.arange(int(seconds * RATE)) / RATE


def _edges(length: int, rise: float, fall: float) -> Wave:
    """Up and down along half a cosine, so that nothing clicks."""
    ramp = np.minimum(np.arange(length) / (rise * RATE), np.arange(length, 0, -1) / (fall * RATE))
    return np.asarray(0.5 - 0.5 * np.cos(np.pi * np.clip(ramp, 0, 1)))


def _put(canvas: Wave, at: float, wave: Wave, level: float, place: float) -> None:
    """Add a note at its time, at a place between left (0) and right (1)."""
    start = int(at * RATE)
    wave = wave[: canvas.shape[1] - start]
    for channel, share in enumerate((np.cos(place * np.pi / 2), np.sin(place * np.pi / 2))):
        canvas[channel, start : start + len(wave)] += level * share * wave


def _echo(canvas: Wave) -> None:
    """A small room: quiet repeats that wander from side to side."""
    dry = canvas.copy()
    for number, (delay, level) in enumerate(((0.047, 0.18), (0.091, 0.14), (0.30, 0.12), (0.60, 0.05))):
        shift = int(delay * RATE)
        canvas[number % 2, shift:] += level * dry[(number + 1) % 2, :-shift]
