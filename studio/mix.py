"""From a score to sound: every part played, levelled, placed, sent to the room, coloured and mastered."""

from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from math import ceil, cos, pi, sin

import numpy as np

from studio import colour, cores, kit, limiter, room, sampler, synth
from studio.band import DRUM_KEYS
from studio.errors import NoFontError
from studio.model import Wave
from studio.score import Score, Track
from studio.soundfont import SoundFont

RATE = 44100
LEAD_LEVEL = 0.1
"""RMS of the lead while it plays, full scale being 1"""
ROOM_LEVEL = 0.9


@dataclass(frozen=True)
class Layer:
    """Sound that is not played but kept: the singer, or the source itself."""

    wave: Wave
    """(channels, samples) at RATE"""
    level: float
    """decibels beside the lead's 0"""
    wet: float
    behind: bool = False
    """whether the kick ducks it, as it does the band"""


def mixed(score: Score, font: SoundFont | None, random: np.random.Generator, layers: Sequence[Layer] = ()) -> Wave:
    """(2, samples) at RATE, mastered."""
    count = ceil(score.seconds * RATE)
    dry = np.zeros((2, count), np.float32)
    over = np.zeros((2, count), np.float32) if score.sound.pump else dry
    send = np.zeros(count, np.float32)
    kicks = [
        note.start for track in score.tracks if track.part.play == "drums" for note in track.notes
        if note.pitch == DRUM_KEYS["kick"]
    ]  # fmt: skip
    for track, wave in _played(score.tracks, font, score.seconds):
        target = over if track.part.play in ("drums", "lead") else dry
        gain = _level(wave, track.part.level) * _place(track.part.pan)
        _added(wave, gain, target, send, track.part.wet)
        del wave  # a track of three minutes is 64 MB
    for layer in layers:
        wave = layer.wave[:, :count]
        gain = np.full(wave.shape[0], _level(wave, layer.level), np.float32)
        _added(wave, gain, dry if layer.behind else over, send, layer.wet)
    echo = room.sounded(send, score.sound.room, score.sound.bright, RATE)
    echo *= np.float32(ROOM_LEVEL)
    dry += echo
    del echo
    del send
    if score.sound.pump:
        dry = colour.ducked(dry, kicks, score.sound.pump, RATE)
        dry += over
    del over
    dry = colour.coloured(dry, score.sound, RATE, random)
    return _faded(limiter.mastered(dry, RATE))


Ahead = deque[tuple[Track, Future[Wave]]]


def _played(tracks: Sequence[Track], font: SoundFont | None, seconds: float) -> Iterator[tuple[Track, Wave]]:
    """The tracks' sound, two rendered at a time, always given in the same order. Nobody holds what was given."""
    with ThreadPoolExecutor(cores.AT_ONCE) as pool:
        ahead: Ahead = deque()
        for track in tracks:
            ahead.append((track, pool.submit(played, track, font, seconds)))
            if len(ahead) == cores.AT_ONCE:
                yield _first(ahead)
        while ahead:
            yield _first(ahead)


def _first(ahead: Ahead) -> tuple[Track, Wave]:
    track, sound = ahead.popleft()
    return track, sound.result()


def played(track: Track, font: SoundFont | None, seconds: float) -> Wave:
    """One track alone as (2, samples) at RATE, as its instrument gives it."""
    if isinstance(track.program, str):
        player = kit if track.program in kit.NAMES else synth
        wave: Wave = player.render(track.notes, track.program, RATE, seconds=seconds)
        return wave
    if font is None:
        raise NoFontError("this style needs a General MIDI soundfont; 8-bit, synthwave and ambient pads need none")
    vibrato = sampler.Vibrato(track.part.vibrato)
    return sampler.render(track.notes, track.program, RATE, font, seconds=seconds, vibrato=vibrato)


def _level(wave: Wave, decibels: float) -> np.float32:
    """What brings it to the level beside the lead's, measured only while the part sounds."""
    step = RATE // 20
    count = wave.shape[1] // step
    power = np.zeros(count)
    for side in wave:
        blocks = side[: count * step].reshape(count, step)
        power += np.einsum("bs,bs->b", blocks, blocks) / (wave.shape[0] * step)
    heard = power[power > power.max(initial=0) * 1e-3]
    return np.float32(LEAD_LEVEL * 10 ** (decibels / 20) / np.sqrt(heard.mean()) if heard.size else 1)


def _place(pan: float) -> Wave:
    """(2,): gains that turn a sound left or right at equal power."""
    angle = (pan + 1) * pi / 4
    return np.array([cos(angle) * 2**0.5, sin(angle) * 2**0.5], np.float32)


def _added(wave: Wave, gain: Wave, target: Wave, send: Wave, wet: float) -> None:
    """Its channels, each by its gain, into the mix, and a share of them into the room."""
    share = np.float32(wet / wave.shape[0])
    for start, stop in cores.blocks(wave.shape[1]):
        block = wave[:, start:stop] * gain[:, None]
        target[:, start:stop] += block
        if wet:
            send[start:stop] += block.sum(axis=0) * share


def _faded(mix: Wave) -> Wave:
    """A clean first millisecond and a last second that goes out."""
    mix[:, : RATE // 1000] *= np.linspace(0, 1, RATE // 1000, dtype=np.float32)
    mix[:, -RATE:] *= np.linspace(1, 0, mix[:, -RATE:].shape[1], dtype=np.float32) ** 2
    return mix
