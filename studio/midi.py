"""A score as a standard MIDI file (format 1), to be opened in any sequencer."""

from collections.abc import Sequence

from studio.model import Note
from studio.score import Score, Track
from studio.soundfont import DRUMS
from studio.style import Program

TICKS = 480
"""a beat"""
SYNTH_PROGRAMS = {
    "pulse12": 80, "pulse25": 80, "square": 80, "blip": 80, "triangle": 38, "supersaw": 90, "synthlead": 81,
    "softlead": 82, "synthbass": 38, "subbass": 39, "warmpad": 89, "glasspad": 92, "bell": 14, "glass": 98,
    "pluck": 45, "organ": 16,
}  # fmt: skip
"""General MIDI's nearest to the studio's own patches."""


def written(score: Score) -> bytes:
    """The file's bytes. Times are exact: a steady tempo is written, and notes lie where they sound."""
    tracks = [_chunk(b"\x00\xff\x51\x03" + round(60_000_000 / score.tempo).to_bytes(3, "big") + _END)]
    channels = iter([*range(9), *range(10, 16)])
    for track in score.tracks:
        channel = 9 if is_drums(track.program) else next(channels, 0)
        tracks.append(_chunk(_events(track, channel, score.tempo)))
    head = b"MThd" + (6).to_bytes(4, "big") + (1).to_bytes(2, "big")
    return head + len(tracks).to_bytes(2, "big") + TICKS.to_bytes(2, "big") + b"".join(tracks)


def is_drums(program: Program) -> bool:
    return program in (DRUMS, "machine", "chipkit")


_END = b"\x00\xff\x2f\x00"


def _chunk(events: bytes) -> bytes:
    return b"MTrk" + len(events).to_bytes(4, "big") + events


def _events(track: Track, channel: int, tempo: float) -> bytes:
    name = track.part.name.encode()
    out = b"\x00\xff\x03" + _number(len(name)) + name
    if not is_drums(track.program):
        program = SYNTH_PROGRAMS[track.program] if isinstance(track.program, str) else track.program
        out += bytes([0, 0xC0 | channel, program])
    before = 0
    for tick, message in _messages(track.notes, channel, tempo):
        out += _number(tick - before) + message
        before = tick
    return out + _END


def _messages(notes: Sequence[Note], channel: int, tempo: float) -> list[tuple[int, bytes]]:
    """Note-offs before note-ons of the same tick, so that a repeated note is not cut."""
    found = []
    for note in notes:
        key = min(max(round(note.pitch), 0), 127)
        start = round(note.start * tempo / 60 * TICKS)
        end = max(round(note.end * tempo / 60 * TICKS), start + 1)
        found.append((start, bytes([0x90 | channel, key, min(max(round(note.strength * 127), 1), 127)])))
        found.append((end, bytes([0x80 | channel, key, 0])))
    return sorted(found, key=lambda one: (one[0], one[1][0] >= 0x90, one[1]))


def _number(value: int) -> bytes:
    """A variable-length quantity: seven bits a byte, the high bit on all but the last."""
    out = [value & 0x7F]
    while value := value >> 7:
        out.append(value & 0x7F | 0x80)
    return bytes(reversed(out))
