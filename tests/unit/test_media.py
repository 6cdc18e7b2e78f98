"""The probe against real files of every kind: right within a tenth of a second, or no audio at all."""

import io
import random
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import av
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from reprise import media
from reprise.domain.audio import AAC, FLAC, M4A, MP3, OGG, WAV, AudioType, audio_type
from reprise.errors import UnusableAudioError
from reprise.media import PacketProbe

RATE = 48_000
LENGTH = 6.0

probe = PacketProbe()


def encoded(
    container: str, codec: str, seconds: float = LENGTH, options: dict[str, str] | None = None, **stream: Any
) -> bytes:
    """Half a tone and half silence: what has a variable bit rate then varies."""
    times = np.arange(int(RATE * seconds)) / RATE
    noise = np.random.default_rng(1).normal(0, 0.2, times.size)
    sound = np.where(times < seconds / 2, noise, 0.05 * np.sin(2 * np.pi * 440 * times))
    samples = (sound * 20_000).astype(np.int16).reshape(1, -1)
    with TemporaryDirectory() as folder:
        path = Path(folder) / "made"
        with av.open(str(path), "w", format=container, options=options or {}) as out:
            _encode(out, codec, samples, stream)
        return path.read_bytes()


def _encode(out: "av.container.OutputContainer", codec: str, samples: Any, stream: dict[str, Any]) -> None:
    track = out.add_stream(codec, rate=RATE, layout="mono", **stream)
    assert isinstance(track, av.AudioStream)
    frame = av.AudioFrame.from_ndarray(samples, format="s16", layout="mono")
    frame.sample_rate = RATE
    for packet in [*track.encode(frame), *track.encode(None)]:
        out.mux(packet)


def vbr_without_header() -> bytes:
    """Two rates in a row, and no Xing header that would say so: readers that divide by a bit rate are far off."""
    bare, half = {"id3v2_version": "0", "write_xing": "0"}, LENGTH / 2 - 0.04  # the encoder adds a frame or two
    return b"".join(encoded("mp3", "libmp3lame", half, bare, bit_rate=rate) for rate in (320_000, 32_000))


MADE: dict[str, tuple[AudioType, Callable[[], bytes]]] = {
    "wav": (WAV, lambda: encoded("wav", "pcm_s16le")),
    "wav of 24 bits": (WAV, lambda: encoded("wav", "pcm_s24le")),
    "mp3 at a constant rate": (MP3, lambda: encoded("mp3", "libmp3lame", bit_rate=128_000)),
    "mp3 without tags": (
        MP3,
        lambda: encoded("mp3", "libmp3lame", options={"id3v2_version": "0", "write_xing": "0"}, bit_rate=128_000),
    ),
    "mp3 at a variable rate without header": (MP3, vbr_without_header),
    "flac": (FLAC, lambda: encoded("flac", "flac")),
    "ogg opus": (OGG, lambda: encoded("ogg", "libopus")),
    "m4a": (M4A, lambda: encoded("ipod", "aac", bit_rate=96_000)),
    "m4a with its index in front": (M4A, lambda: encoded("ipod", "aac", options={"movflags": "faststart"})),
    "fragmented m4a": (
        M4A,
        lambda: encoded("mp4", "aac", options={"movflags": "frag_keyframe+empty_moov", "frag_duration": "1000000"}),
    ),
    "ADTS": (AAC, lambda: encoded("adts", "aac", bit_rate=96_000)),
}


@pytest.fixture(scope="module")
def made() -> dict[str, bytes]:
    return {name: make() for name, (_, make) in MADE.items()}


def seconds_of(path: Path, body: bytes) -> float:
    path.write_bytes(body)
    return probe.seconds(path)


@pytest.mark.parametrize("name", MADE)
def test_the_length_is_right_and_so_is_the_type(name: str, made: dict[str, bytes], tmp_path: Path) -> None:
    assert abs(seconds_of(tmp_path / "take", made[name]) - LENGTH) < 0.1
    assert audio_type(made[name][:512]) is MADE[name][0]


def test_the_variable_rate_is_one_that_bit_rate_readers_get_wrong(made: dict[str, bytes], tmp_path: Path) -> None:
    path = tmp_path / "take.mp3"
    path.write_bytes(made["mp3 at a variable rate without header"])
    with av.open(str(path)) as container:
        assert abs((container.duration or 0) / 1_000_000 - LENGTH) > 0.5


@pytest.mark.parametrize(
    "name",
    ["wav", "mp3 at a constant rate", "mp3 without tags", "flac", "ogg opus", "m4a with its index in front", "ADTS"],
)
def test_a_file_cut_in_the_middle_has_what_is_there_and_not_what_it_claims(
    name: str, made: dict[str, bytes], tmp_path: Path
) -> None:
    body = made[name]
    whole, half = len(body), seconds_of(tmp_path / "take", body[: len(body) // 2])
    assert whole
    assert 0.2 * LENGTH < half < 0.8 * LENGTH


def test_a_constant_rate_cut_at_a_third_is_a_third(made: dict[str, bytes], tmp_path: Path) -> None:
    for name in ("wav", "mp3 at a constant rate"):
        body = made[name]
        assert abs(seconds_of(tmp_path / "take", body[: len(body) // 3]) - LENGTH / 3) < 0.1


def test_an_m4a_whose_index_was_cut_off_is_not_audio(made: dict[str, bytes], tmp_path: Path) -> None:
    body = made["m4a"]
    with pytest.raises(UnusableAudioError):
        seconds_of(tmp_path / "take", body[: len(body) // 2])


NO_AUDIO = {
    "nothing": b"",
    "random bytes": random.Random(1).randbytes(60_000),
    "random bytes behind a tag": b"ID3\x04\x00\x00\x00\x00\x00\x00" + random.Random(2).randbytes(20),
    "text": b"Not found. " * 2000,
    "a page": b"<!doctype html><html><body>403</body></html>" * 500,
    "zeros": bytes(60_000),
    "a wav header and nothing": b"RIFF\x24\x00\x00\x00WAVEfmt \x10\x00\x00\x00\x01\x00\x01\x00" + bytes(16),
    "the mark of an m4a and nothing": b"\x00\x00\x00\x18ftypM4A \x00\x00\x00\x00M4A isom",
    "the mark of a flac and nothing": b"fLaC" + bytes(100),
    "the mark of an ogg and nothing": b"OggS" + bytes(100),
    "a wav of nothing at a rate of nothing": b"RIFF\xff\xff\xff\xffWAVEfmt \x10\x00\x00\x00\x01" + bytes(15) + b"data",
    "a wav without channels": b"RIFF\xff\xff\xff\xffWAVEfmt \x10\x00\x00\x00\x01\x00\x00\x00\x44\xac\x00\x00"
    + bytes(9000),
    "an m4a whose atom ends with the file": b"\x00\x00\x00\x00ftypM4A " + bytes(9000),
    "an m4a whose atom is 8 EiB": b"\x00\x00\x00\x18ftypM4A " + bytes(12) + b"\x00\x00\x00\x01moov\x7f" + b"\xff" * 7,
    "an m4a of atoms in atoms": b"\x00\x00\x00\x18ftypM4A " + bytes(12) + b"\x00\x00\x70\x00moov" * 3000,
    "a tag longer than its file": b"ID3\x04\x00\x00\x7f\x7f\x7f\x7f" + bytes(9000),
    "tags in a row": b"ID3\x04\x00\x00\x00\x00\x00\x00" * 3000,
    "one frame's head over and over": b"\xff\xfb\xf0\x64" * 3000,
    "a flac whose blocks never end": b"fLaC" + b"\x04\x00\x00\x00" * 3000,
    "pages of an ogg without a stream": (b"OggS" + bytes(22) + b"\x00") * 500,
}


@pytest.mark.parametrize("name", NO_AUDIO)
@pytest.mark.parametrize("suffix", ["mp3", "wav", "m4a", ""])
def test_what_is_no_audio_is_told_so(name: str, suffix: str, tmp_path: Path) -> None:
    with pytest.raises(UnusableAudioError):
        seconds_of(tmp_path / f"take.{suffix}", NO_AUDIO[name])


def test_a_file_that_is_not_there_is_not_audio(tmp_path: Path) -> None:
    with pytest.raises(UnusableAudioError):
        probe.seconds(tmp_path / "none")


@pytest.mark.parametrize("tag", [b"", b"ID3\x04\x00\x00\x00\x00\x00\x00"])
@pytest.mark.parametrize("name", ["take", "take.mp3", "take.m3u8"])
def test_a_playlist_is_not_opened_whatever_its_name(
    name: str, tag: bytes, made: dict[str, bytes], tmp_path: Path
) -> None:
    """FFmpeg would play any file of ours that it names."""
    (tmp_path / "other.mp3").write_bytes(made["mp3 without tags"])
    playlist = f"#EXTM3U\n#EXT-X-TARGETDURATION:6\n#EXTINF:6,\n{tmp_path}/other.mp3\n#EXT-X-ENDLIST\n"
    with pytest.raises(UnusableAudioError):
        seconds_of(tmp_path / name, tag + playlist.encode())


LISTS = {
    "files to join": b"ffconcat version 1.0\nfile other.mp3\n",
    "a DASH manifest": b'<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011" type="static" '
    b'profiles="urn:mpeg:dash:profile:isoff-on-demand:2011"><Period><AdaptationSet mimeType="audio/mpeg">'
    b"<Representation id='1' bandwidth='1'><BaseURL>other.mp3</BaseURL></Representation>"
    b"</AdaptationSet></Period></MPD>",
    "a session to listen to": b"v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nm=audio 5004 RTP/AVP 0\n",
    "a playlist of the web": b"[playlist]\nNumberOfEntries=1\nFile1=other.mp3\n",
    "a filter graph": b"amovie=other.mp3",
}


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize("tag", [b"", b"ID3\x04\x00\x00\x00\x00\x00\x00"])
@pytest.mark.parametrize("suffix", ["mp3", "ffconcat", "mpd", "sdp", "m3u8"])
def test_what_names_other_files_is_not_opened(
    name: str, tag: bytes, suffix: str, made: dict[str, bytes], tmp_path: Path
) -> None:
    (tmp_path / "other.mp3").write_bytes(made["mp3 without tags"])
    with pytest.raises(UnusableAudioError):
        seconds_of(tmp_path / f"take.{suffix}", tag + LISTS[name])


@pytest.mark.parametrize("size", [0, 1, 0x7FFFFFFF, 0xFFFFFFFF])
def test_a_wav_that_lies_of_its_size_has_what_is_there(size: int, made: dict[str, bytes], tmp_path: Path) -> None:
    """A size of nothing, or of all that fits, is how a recording in progress is written."""
    body = bytearray(made["wav"])
    place = body.index(b"data") + 4
    body[place : place + 4] = size.to_bytes(4, "little")
    try:
        seconds = seconds_of(tmp_path / "take", bytes(body))
    except UnusableAudioError:
        assert size == 1
    else:
        assert abs(seconds - LENGTH) < 0.1


def test_a_song_that_is_a_page_too_is_measured_as_the_song_it_is(made: dict[str, bytes], tmp_path: Path) -> None:
    body = made["mp3 without tags"] + b"<html><script>alert(1)</script>" + b"PK\x03\x04" + bytes(500)
    assert abs(seconds_of(tmp_path / "take", body) - LENGTH) < 0.2


def test_a_picture_is_not_audio(tmp_path: Path) -> None:
    file = io.BytesIO()
    with av.open(file, "w", format="mp4") as out:
        track = out.add_stream("mpeg4", rate=10, width=16, height=16, pix_fmt="yuv420p")
        frame = av.VideoFrame.from_ndarray(np.zeros((24, 16), np.uint8), format="yuv420p")
        for packet in [*track.encode(frame), *track.encode(None)]:
            out.mux(packet)
    with pytest.raises(UnusableAudioError):
        seconds_of(tmp_path / "take.m4a", file.getvalue())


def test_a_file_that_is_too_long_is_refused(
    made: dict[str, bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(media, "MOST_SECONDS", LENGTH / 2)
    with pytest.raises(UnusableAudioError, match="longer than"):
        seconds_of(tmp_path / "take", made["flac"])


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.sampled_from(sorted(MADE)),
    st.lists(st.tuples(st.integers(0, 4000), st.integers(0, 255)), min_size=1, max_size=8),
    st.floats(0, 1),
)
def test_damaged_files_have_a_length_or_are_not_audio(
    made: dict[str, bytes], tmp_path: Path, name: str, damage: list[tuple[int, int]], share: float
) -> None:
    body = bytearray(made[name])
    for place, value in damage:
        body[place] = value
    try:
        seconds = seconds_of(tmp_path / "take", bytes(body[: int(len(body) * share)]))
    except UnusableAudioError:
        return
    assert 0 < seconds <= media.MOST_SECONDS


def test_a_song_of_less_than_a_millisecond_is_none(tmp_path: Path) -> None:
    """Found by `make fuzz`: ten bytes that FFmpeg takes for a moment of AAC."""
    song = tmp_path / "song"
    song.write_bytes(bytes.fromhex("fff966743f000a70ffbd"))
    with pytest.raises(UnusableAudioError):
        probe.seconds(song)
