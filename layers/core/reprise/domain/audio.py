"""Telling audio from what is not, by its first bytes. A server's own claim about the type is not evidence."""

from dataclasses import dataclass

MOST_SOURCE_BYTES = 100_000_000
"""Eight minutes of CD-quality WAV are 85 MB; kie.ai takes no longer songs."""

FEWEST_BYTES = 10_000
"""A finished take is never so small: stubs and placeholders are."""

SHORTEST = 0.8
"""Share of the announced length below which a file counts as cut off."""


@dataclass(frozen=True, slots=True)
class AudioType:
    content_type: str
    suffix: str


MP3 = AudioType("audio/mpeg", "mp3")
WAV = AudioType("audio/wav", "wav")
FLAC = AudioType("audio/flac", "flac")
OGG = AudioType("audio/ogg", "ogg")
M4A = AudioType("audio/mp4", "m4a")
AAC = AudioType("audio/aac", "aac")
RAW = AudioType("audio/pcm", "pcm")
"""16-bit stereo samples without a header: nothing in it says so, only that it was asked for."""

NO_SONG = "not an mp3, wav, flac, ogg, m4a or aac file"
"""Of what came in, where its first bytes are none of these."""

RAW_RATE = 44_100
RAW_FRAME = 4
"""Bytes of one stereo sample."""


def audio_type(head: bytes) -> AudioType | None:
    """The type whose magic number `head` (at least 12 bytes) begins with."""
    if head[:4] == b"RIFF" and head[8:12] == b"WAVE":
        return WAV
    if head[4:8] == b"ftyp":
        return M4A
    for magic, kind in ((b"ID3", MP3), (b"fLaC", FLAC), (b"OggS", OGG)):
        if head.startswith(magic):
            return kind
    if len(head) >= 4 and head[0] == 0xFF and head[1] & 0xE0 == 0xE0:
        return _mpeg_frame(head)
    return None


def expected_type(head: bytes, raw: bool) -> AudioType | None:
    """`raw`: bare samples were asked for, which may look like anything but a file's own beginning."""
    known = audio_type(head)
    sure = known is M4A or head.startswith((b"ID3", b"RIFF", b"fLaC", b"OggS"))
    return known if sure or not raw else RAW


def fault(size: int, head: bytes, raw: bool = False) -> str | None:
    """Why these bytes are no finished take, in words for the timeline; None where they may be one."""
    start = head.lstrip()[:200].lower()
    if size == 0:
        return "the file is empty"
    if start.startswith((b"<!doctype", b"<html", b"<?xml", b"<head")):
        return "a web page came instead of audio"
    if start.startswith(b"#extm3u"):
        return "a stream's playlist came instead of the finished file"
    if expected_type(head, raw) is None:
        return "not a known audio format"
    if size < FEWEST_BYTES:
        return f"only {size} bytes: a placeholder"
    return None


def cut_off(seconds: float, announced: float | None) -> str | None:
    if seconds < 1:
        return "less than a second of audio"
    if announced and seconds < announced * SHORTEST:
        return f"cut off: {seconds:.1f} s of the {announced:.1f} s announced"
    return None


def _mpeg_frame(head: bytes) -> AudioType | None:
    """ISO 11172-3: layer 0 is ADTS AAC's mark; version 1, bitrate 15 and sample rate 3 do not exist."""
    if head[1] & 0x06 == 0:
        return AAC if head[1] & 0xF0 == 0xF0 else None
    valid = head[1] & 0x18 != 0x08 and head[2] & 0xF0 != 0xF0 and head[2] & 0x0C != 0x0C
    return MP3 if valid else None
