"""Text, MIDI and picture of a cover, read back."""

import re
import struct
import zlib
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from studio import midi, picture, text
from studio.model import Chord, Note
from studio.png import Canvas, glyphs
from studio.style import Style, styles
from tests.studio.test_arrange import HEARD, MELODY, score


def test_the_chart_numbers_its_bars() -> None:
    rows = text.chart(HEARD).splitlines()
    assert rows[0] == "  1 | C . . . | Am . . . | F . . . | G . . . |"
    assert [int(row[:3]) for row in rows] == [1, 5, 9, 13]


def test_an_upbeat_is_bar_nought_and_silence_a_dash() -> None:
    rows = text.chart(replace(HEARD, downbeat=1, chords=(None, *HEARD.chords[1:]))).splitlines()
    assert rows[0] == "  0 | - |"
    assert rows[1].startswith("  1 | C . . Am |")


def test_abc_fills_every_bar() -> None:
    body = text.abc(HEARD).split("K:C\n")[1]
    bars = [bar for bar in body.replace("\n", "").split("|") if bar.strip()]
    assert len(bars) == 16
    for bar in bars:
        assert sum(int(length or 1) for length in re.findall(r"[A-Ga-gz][,']*(\d*)", bar)) == 16


def test_abc_names_pitches_and_octaves() -> None:
    notes = tuple(Note(0.5 + at / 2, 0.95 + at / 2, pitch) for at, pitch in enumerate((60, 61, 72, 48, 84)))
    body = text.abc(replace(HEARD, melody=notes)).split("K:C\n")[1]
    assert re.findall(r"[=^_][A-Ga-g][,']*", body) == ["=C", "^C", "=c", "=C,", "=c'"]


def test_the_sheet_says_what_was_heard() -> None:
    sheet = text.lines(HEARD, "Song")
    assert "Key: C major" in sheet
    assert "120 beats a minute, 4 in a bar" in sheet
    assert "T:Song" in sheet


def test_chords_have_names() -> None:
    assert [Chord(1).name, Chord(9, "min").name, Chord(7, "7").name, Chord(11, "dim").name] == [
        "C#",
        "Am",
        "G7",
        "Bdim",
    ]


def test_midi_holds_every_note_in_time() -> None:
    one = score("8-bit")
    notes, names = _midi(midi.written(one), one.tempo)
    assert names == [track.part.name for track in one.tracks]
    for track, found in zip(one.tracks, notes, strict=True):
        assert len(found) == len(track.notes)
        starts = sorted(note.start for note in track.notes)
        assert np.abs(np.array(sorted(start for start, _ in found)) - starts).max() < 0.002


def test_midi_plays_drums_on_the_drum_channel() -> None:
    one = score("rock")
    content = midi.written(one)
    assert bytes([0x99]) in content
    assert midi.is_drums(one.tracks[-1].program)


@pytest.mark.parametrize("style", styles().values(), ids=lambda one: one.name)
def test_midi_has_a_program_for_every_sound(style: Style) -> None:
    for take in (0, 1):
        midi.written(score(style.name, take=take))


def _midi(content: bytes, tempo: float) -> tuple[list[list[tuple[float, int]]], list[str]]:
    """(seconds, key) of the note-ons of every track but the first, and the tracks' names."""
    at = 14
    tracks, names = [], []
    while at < len(content):
        size = struct.unpack(">I", content[at + 4 : at + 8])[0]
        found, name = _track(content[at + 8 : at + 8 + size], tempo)
        tracks.append(found)
        names.append(name)
        at += 8 + size
    return tracks[1:], names[1:]


def _track(data: bytes, tempo: float) -> tuple[list[tuple[float, int]], str]:
    at, tick, name, found = 0, 0, "", []
    while at < len(data):
        delta = 0
        while data[at] & 0x80:
            delta = delta << 7 | data[at] & 0x7F
            at += 1
        tick += delta << 7 | data[at]
        status = data[at + 1]
        if status == 0xFF:
            length = data[at + 3]
            name = data[at + 4 : at + 4 + length].decode("latin-1") if data[at + 2] == 3 else name
            at += 4 + length
        elif status & 0xF0 == 0xC0:
            at += 3
        else:
            if status & 0xF0 == 0x90:
                found.append((tick / midi.TICKS * 60 / tempo, data[at + 2]))
            at += 4
    return found, name


def _pixels(content: bytes) -> NDArray[np.uint8]:
    assert content[:8] == b"\x89PNG\r\n\x1a\n"
    width, height = struct.unpack(">II", content[16:24])
    start = content.index(b"IDAT")
    size = struct.unpack(">I", content[start - 4 : start])[0]
    rows = np.frombuffer(zlib.decompress(content[start + 4 : start + 4 + size]), np.uint8).reshape(
        height, 1 + width * 3
    )
    assert not rows[:, 0].any()
    return rows[:, 1:].reshape(height, width, 3)


def test_the_picture_shows_both_songs() -> None:
    sound = np.sin(np.arange(44100 * 10) / 50).astype(np.float32)[None]
    outline = picture.Outline.of(sound, 44100)
    assert outline.seconds == pytest.approx(10)
    pixels = _pixels(picture.drawn(HEARD, outline, score(), outline))
    half = pixels.shape[0] // 2
    for colour, part in ((picture.SOURCE, pixels[:half]), (picture.COVER, pixels[half:])):
        assert (part == colour).all(axis=2).sum() > 20 * len(MELODY)


def test_letters_are_inked_and_boxes_stay_inside() -> None:
    canvas = Canvas(40, 20, (255, 255, 255))
    canvas.text(1, 1, "Am7", (0, 0, 0), 1)
    canvas.box(-5, 15, 900, 99, (9, 9, 9))
    pixels = _pixels(canvas.png())
    assert (pixels[1:6, 1:13] == 0).all(axis=2).sum() == sum(int(glyphs()[one].sum()) for one in "Am7")
    assert (pixels[15:] == 9).all()
    assert all(shape.shape == (5, 3) for shape in glyphs().values())
