"""A soundfont made here, of one looped sine, so that every number that comes out is known."""

import io
import struct
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

from bench.metrics.clicks import clicks
from studio import fonts, sampler
from studio.errors import NoFontError
from studio.model import Note, Wave
from studio.sample import unpacked
from studio.soundfont import DRUMS, SoundFont
from tests.studio.songs import hertz

RATE, CYCLE = 22050, 50
"""The recorded tone: 441 Hz."""
PITCH = 69


def chunk(name: bytes, data: bytes) -> bytes:
    return name + struct.pack("<I", len(data)) + data + b"\0" * (len(data) % 2)


def made(
    path: Path,
    *generators: tuple[int, int],
    packed: bool = False,
    bank: int = 0,
    odd: bool = False,
    padded: bool = True,
) -> Path:
    """One preset, one instrument, one zone with these generators; an `odd` size of samples ought to be `padded`."""
    wave = np.round(np.sin(2 * np.pi * np.arange(CYCLE * 200) / CYCLE) * 20000).astype("<i2")
    data = vorbis(wave) if packed else wave.tobytes() + bytes(92)
    end, loop = (len(data), (1000, 1000 + CYCLE * 100)) if packed else (wave.size, (1000, 1000 + CYCLE * 100))
    zone = [*generators, (53, 0)]
    tables = [
        (
            b"phdr",
            struct.pack("<20sHHHIII", b"one", 0, bank, 0, 0, 0, 0)
            + struct.pack("<20sHHHIII", b"EOP", 0, 0, 1, 0, 0, 0),
        ),
        (b"pbag", struct.pack("<HHHH", 0, 0, 1, 0)),
        (b"pmod", bytes(10)),
        (b"pgen", struct.pack("<Hh", 41, 0) + bytes(4)),
        (b"inst", struct.pack("<20sH", b"sine", 0) + struct.pack("<20sH", b"EOI", 1)),
        (b"ibag", struct.pack("<HHHH", 0, 0, len(zone), 0)),
        (b"imod", bytes(10)),
        (b"igen", b"".join(struct.pack("<Hh", *one) for one in zone) + bytes(4)),
        (
            b"shdr",
            struct.pack("<20sIIIIIBbHH", b"sine", 0, end, *loop, RATE, PITCH, 0, 0, 0x11 if packed else 1)
            + struct.pack("<20sIIIIIBbHH", b"EOS", 0, 0, 0, 0, 0, 0, 0, 0, 0),
        ),
    ]
    data += bytes(odd and len(data) % 2 == 0)
    samples = b"smpl" + struct.pack("<I", len(data)) + data
    if padded:
        samples += bytes(len(samples) % 2)
    body = b"LIST" + struct.pack("<I", len(samples) + 4) + b"sdta" + samples
    body += chunk(b"LIST", b"pdta" + b"".join(chunk(*one) for one in tables))
    path.write_bytes(chunk(b"RIFF", b"sfbk" + body))
    return path


def vorbis(wave: "np.ndarray[tuple[int], np.dtype[np.int16]]") -> bytes:
    file = io.BytesIO()
    with av.open(file, mode="w", format="ogg") as container:
        stream = container.add_stream("vorbis", rate=RATE, layout="stereo", options={"strict": "experimental"})
        assert isinstance(stream, av.AudioStream)
        planes = np.stack([wave / 32768] * 2).astype(np.float32)
        frame = av.AudioFrame.from_ndarray(planes, format="fltp", layout="stereo")
        frame.sample_rate, frame.pts = RATE, 0
        container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return file.getvalue()


def test_a_key_is_resampled_once_however_often_it_is_struck(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    font, keys, resampled = made(tmp_path / "a.sf2"), [], sampler._pitched

    def counted(*about: Any) -> Wave:
        keys.append(about[2])
        return resampled(*about)

    monkeypatch.setattr(sampler, "_pitched", counted)
    notes = [Note(0.2 * at, 0.2 * at + 0.1, 60 + at % 3, 0.3 + 0.02 * at) for at in range(30)]
    sampler.render(notes, 0, RATE, font)
    assert keys == [60, 61, 62]


@pytest.mark.parametrize("packed", [False, True], ids=["sf2", "sf3"])
def test_a_tone_is_looped_for_as_long_as_it_is_held(tmp_path: Path, packed: bool) -> None:
    font = SoundFont(made(tmp_path / "one.sf2", (54, 1), packed=packed))
    sound = sampler.render([Note(0, 3, PITCH)], 0, RATE, font)
    assert hertz(sound[0, RATE : 3 * RATE], RATE) == pytest.approx(441, abs=1)
    assert np.abs(sound[0, 2 * RATE : 3 * RATE]).max() > 0.1


@pytest.mark.parametrize("padded", [True, False], ids=["padded", "not padded"])
def test_samples_of_an_odd_size_are_read_with_and_without_the_byte_that_ought_to_follow(
    tmp_path: Path, padded: bool
) -> None:
    """FluidR3Mono_GM.sf3 as Debian has it leaves the byte out."""
    path = made(tmp_path / "odd.sf3", (54, 1), packed=True, odd=True, padded=padded)
    assert path.read_bytes()[4] % 2 == (not padded)
    font = SoundFont(path)
    assert hertz(sampler.render([Note(0, 1, PITCH)], 0, RATE, font)[0, :RATE], RATE) == pytest.approx(441, abs=1)


@pytest.mark.parametrize("count", [320, 1792, 4096, 9472])
def test_a_packed_sample_is_read_to_its_last_sample(count: int) -> None:
    """FFmpeg by itself has its own idea of where some end, and a font's loops lie there. (Its encoder counts by 64.)"""
    assert unpacked(vorbis(np.zeros(count, np.int16))).size == count


def test_a_loop_that_does_not_meet_itself_does_not_click(tmp_path: Path) -> None:
    """One of a cycle and a half: its end is at the crest's other side."""
    font = SoundFont(made(tmp_path / "one.sf2", (54, 1), (3, CYCLE // 4)))
    sound = sampler.render([Note(0, 2, PITCH)], 0, RATE, font)[0]
    assert np.abs(np.diff(sound, 2)[: 2 * RATE - 10]).max() < 0.02


def test_a_sample_whose_release_is_nothing_ends_without_a_bend_that_clicks(tmp_path: Path) -> None:
    font = SoundFont(made(tmp_path / "one.sf2", (54, 1), (38, -12000)))
    wave = sampler.render([Note(0, 0.5, PITCH)], 0, 44100, font)
    assert clicks(wave, 44100, [0.5]) == []


def test_a_loop_of_one_cycle_has_the_pitch_its_font_says(tmp_path: Path) -> None:
    """Fifty samples at 22050 Hz are 441 Hz; this font says that they are half a semitone more."""
    font = SoundFont(made(tmp_path / "one.sf2", (54, 1), (3, CYCLE - CYCLE * 100), (52, -54)))
    sound = sampler.render([Note(0, 3, PITCH)], 0, RATE, font)
    assert hertz(sound[0, RATE : 3 * RATE], RATE) == pytest.approx(440, abs=0.5)


def test_without_a_loop_it_ends_with_the_sample(tmp_path: Path) -> None:
    sound = sampler.render([Note(0, 3, PITCH)], 0, RATE, SoundFont(made(tmp_path / "one.sf2")))
    assert np.abs(sound[0, : RATE // 3]).max() > 0.1
    assert np.abs(sound[0, RATE // 2 + 100 :]).max() == 0


@pytest.mark.parametrize(("generators", "cents"), [((51, 3), 300), ((52, 40), 40), ((58, 60), 900), ((56, 0), 0)])
def test_tuning_generators_move_the_pitch(tmp_path: Path, generators: tuple[int, int], cents: int) -> None:
    font = SoundFont(made(tmp_path / "one.sf2", generators, (54, 1)))
    sound = sampler.render([Note(0, 2, PITCH)], 0, RATE, font)
    assert 1200 * np.log2(hertz(sound[0, :RATE], RATE) / 441) == pytest.approx(cents, abs=4)


def test_keys_are_equally_tempered(tmp_path: Path) -> None:
    font = SoundFont(made(tmp_path / "one.sf2", (54, 1)))
    for key in (45, 57, 64, 81):
        sound = sampler.render([Note(0, 2, key)], 0, RATE, font)
        assert 1200 * np.log2(hertz(sound[0, :RATE], RATE) / 441) == pytest.approx(100 * (key - PITCH), abs=4)


def test_attenuation_pan_and_velocity_are_heard(tmp_path: Path) -> None:
    def loud(*generators: tuple[int, int], strength: float = 0.8) -> Wave:
        font = SoundFont(made(tmp_path / "one.sf2", *generators, (54, 1)))
        return sampler.render([Note(0, 1, PITCH, strength)], 0, RATE, font)[:, :RATE].std(axis=1)

    plain = loud()
    assert plain[0] == pytest.approx(plain[1])
    assert 20 * np.log10(loud((48, 200)) / plain) == pytest.approx(-8, abs=0.1)
    left = loud((17, -500))
    assert left[1] < 1e-6 < left[0]
    assert 20 * np.log10(loud(strength=0.4) / plain) == pytest.approx(-12, abs=0.3)


def test_a_low_pass_dulls(tmp_path: Path) -> None:
    def loud(*generators: tuple[int, int]) -> float:
        font = SoundFont(made(tmp_path / "one.sf2", *generators, (54, 1)))
        return float(sampler.render([Note(0, 1, PITCH + 24)], 0, RATE, font)[0, :RATE].std())

    assert loud((8, 6000)) < 0.15 * loud()


def test_an_envelope_rises_holds_and_falls(tmp_path: Path) -> None:
    font = SoundFont(made(tmp_path / "one.sf2", (34, -1200), (36, 0), (37, 200), (54, 1)))
    sound = np.abs(sampler.render([Note(0, 4, PITCH)], 0, RATE, font)[0])
    tops = [sound[round(at * RATE) : round((at + 0.05) * RATE)].max() for at in (0.1, 0.25, 0.47, 3.5)]
    assert tops[0] < tops[1] < tops[2]
    assert 20 * np.log10(tops[3] / tops[2]) == pytest.approx(-20, abs=1)


@pytest.mark.parametrize("program", [0, 16, 40, 80])
def test_no_note_ends_with_a_click(program: int) -> None:
    path = fonts.find()
    assert path is not None
    sound = sampler.render([Note(0.1, 0.9, 60)], program, 44100, path)[0]
    jumps = np.abs(np.diff(sound))
    held, end = jumps[round(0.4 * 44100) : round(0.85 * 44100)].max(), jumps[round(0.88 * 44100) :].max()
    assert end <= 1.3 * held


def test_a_kit_plays_the_whole_hit_however_short_the_note(tmp_path: Path) -> None:
    font = SoundFont(made(tmp_path / "kit.sf2", bank=128))
    sound = sampler.render([Note(0, 0.01, PITCH)], DRUMS, RATE, font)
    assert np.abs(sound[0, round(0.3 * RATE) : round(0.4 * RATE)]).max() > 0.1


def test_what_a_font_lacks_is_told(tmp_path: Path) -> None:
    font = SoundFont(made(tmp_path / "one.sf2"))
    with pytest.raises(NoFontError, match="no program 7"):
        sampler.render([Note(0, 1, 60)], 7, RATE, font)
    (tmp_path / "no.sf2").write_bytes(b"RIFF....WAVE")
    with pytest.raises(NoFontError):
        SoundFont(tmp_path / "no.sf2")


def test_the_configured_font_comes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mine = made(tmp_path / "mine.sf2")
    assert fonts.find(mine) == mine
    monkeypatch.setenv(fonts.SETTING, str(mine))
    assert fonts.find() == mine
    monkeypatch.setenv(fonts.SETTING, str(tmp_path / "none.sf2"))
    with pytest.raises(NoFontError):
        fonts.find()
