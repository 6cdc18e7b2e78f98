"""Small files that would cost gigabytes or minutes: the bound on the probe makes them no audio."""

import resource
import struct
import subprocess
import sys
import zlib
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from reprise import media
from reprise.errors import UnusableAudioError
from reprise.media import PacketProbe

bounded = pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells how large a process is")

DECODER = bytes.fromhex("0319000100041140150000000000000000000000000005021210060102")
"""An `esds` of AAC, 44.1 kHz, stereo."""


def atom(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body) + 8) + kind + body


def full(kind: bytes, *numbers: int, rest: bytes = b"") -> bytes:
    return atom(kind, struct.pack(f">{len(numbers) + 1}I", 0, *numbers) + rest)


def index(samples: int, place: int) -> bytes:
    """A `moov` that claims `samples` samples of one byte, all in one chunk at `place`."""
    sound = struct.pack(">HHHHI", 2, 16, 0, 0, 44100 << 16)
    entry = atom(b"mp4a", bytes(7) + b"\1" + bytes(8) + sound + full(b"esds", rest=DECODER))
    table = (
        full(b"stsd", 1, rest=entry)
        + full(b"stts", 1, samples, 1024)
        + full(b"stsc", 1, 1, samples, 1)
        + full(b"stsz", 1, samples)
        + full(b"stco", 1, place)
    )
    media_of = full(b"mdhd", 0, 0, 44100, 0, 0) + full(b"hdlr", 0, rest=b"soun" + bytes(13))
    track = full(b"tkhd", 0, 0, 1, 0, 1000, rest=bytes(60)) + atom(
        b"mdia", media_of + atom(b"minf", atom(b"stbl", table))
    )
    return full(b"mvhd", 0, 0, 1000, 1000, rest=bytes(80)) + atom(b"trak", track)


def m4a(samples: int) -> bytes:
    head = atom(b"ftyp", b"M4A \0\0\0\0M4A isom")
    place = len(head) + len(index(samples, 0)) + 16
    return head + atom(b"moov", index(samples, place)) + atom(b"mdat", bytes(20_000))


def packed_index(padding: int) -> bytes:
    """The same with an index that is packed (`cmov`), and `padding` zeros in it."""
    inside = index(1000, 0)
    head = struct.pack(">I", len(inside) + 16 + padding) + b"moov" + inside + struct.pack(">I", padding + 8) + b"free"
    packer = zlib.compressobj(9)
    packed = packer.compress(head) + b"".join(packer.compress(bytes(1_000_000)) for _ in range(padding // 1_000_000))
    size = struct.pack(">I", len(head) + padding)
    cmov = atom(b"dcom", b"zlib") + atom(b"cmvd", size + packed + packer.flush())
    return atom(b"ftyp", b"M4A \0\0\0\0M4A isom") + atom(b"moov", atom(b"cmov", cmov)) + atom(b"mdat", bytes(20_000))


def packed_tag(frames: int, unpacked: int) -> bytes:
    """An ID3v2.4 tag of packed texts before a second of an mp3."""
    text = zlib.compress(b"\3x\0" + b"a" * unpacked, 9)
    frame = b"TXXX" + safe(len(text) + 4) + b"\0\x09" + safe(unpacked + 3) + text
    return b"ID3\4\0\0" + safe(len(frame) * frames) + frame * frames + (b"\xff\xfb\x90\x64" + bytes(413)) * 40


def safe(number: int) -> bytes:
    """Seven bits a byte, as ID3 counts."""
    return bytes(number >> shift & 127 for shift in (21, 14, 7, 0))


def seconds_of(path: Path, body: bytes) -> float:
    path.write_bytes(body)
    return PacketProbe().seconds(path)


@pytest.fixture(autouse=True)
def unbounded_after() -> Iterator[None]:
    before = resource.getrlimit(resource.RLIMIT_AS)
    yield
    assert resource.getrlimit(resource.RLIMIT_AS) == before


def test_an_honest_file_of_this_kind_has_a_length(tmp_path: Path) -> None:
    assert seconds_of(tmp_path / "song", m4a(1000)) == pytest.approx(1000 * 1024 / 44100, abs=0.01)
    assert seconds_of(tmp_path / "song", packed_index(1_000_000)) > 0
    assert seconds_of(tmp_path / "song", packed_tag(2, 1000)) == pytest.approx(40 * 1152 / 44100, abs=0.1)


@bounded
def test_20_kilobytes_that_claim_30_million_samples_are_no_audio(tmp_path: Path) -> None:
    with pytest.raises(UnusableAudioError):
        seconds_of(tmp_path / "song", m4a(30_000_000))


@bounded
def test_an_index_that_unpacks_to_300_megabytes_is_no_audio(tmp_path: Path) -> None:
    """In a fresh process, as a function has it: one that has held and freed as much before may take it from there."""
    bomb = tmp_path / "song"
    bomb.write_bytes(packed_index(300_000_000))
    assert bomb.stat().st_size < 400_000
    code = "import sys; from reprise.media import PacketProbe; PacketProbe().seconds(sys.argv[1])"
    done = subprocess.run([sys.executable, "-c", code, str(bomb)], capture_output=True, text=True, check=False)
    assert "MemoryError: " in done.stderr
    assert done.stderr.splitlines()[-1].startswith("reprise.errors.UnusableAudioError: it cannot be decoded")


def test_tags_that_take_for_ever_to_unpack_are_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(media, "MOST_PATIENCE", 0.1)
    with pytest.raises(UnusableAudioError):
        seconds_of(tmp_path / "song", packed_tag(60, 5_000_000))


def test_a_walk_of_too_many_packets_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    hours = iter((0, 3600))
    monkeypatch.setattr(media, "time", SimpleNamespace(monotonic=lambda: next(hours)))
    with pytest.raises(UnusableAudioError, match="not read within"):
        seconds_of(tmp_path / "song", m4a(1000))
