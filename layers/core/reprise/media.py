"""Probe on FFmpeg's demuxers. Counting packets is the one way that is right for every format and sees a
truncated file; headers lie (an mp3 cut to 41 s still claims its 180 s)."""

import resource
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Lock

import av

from reprise.errors import TooMuchAudioError, UnusableAudioError

MOST_SECONDS = 3600
"""Of audio."""

MOST_PATIENCE = 10
"""Seconds of a walk. An hour of audio takes less than one."""

MOST_MEMORY = 256 * 1024 * 1024
"""Bytes beyond what the process has. An hour of audio takes eight million."""

OPTIONS = {
    "format_whitelist": "aac,flac,mov,mp3,ogg,wav",
    "protocol_whitelist": "file",
    "probesize": "32768",
}
"""The formats of `domain/audio.py` alone. Others, playlists above all, name files that FFmpeg would open.

Of 5 MB, its own `probesize`, it looks for films' sound in a WAV's samples: 20 ms of CPU, for a time base that the first
packets tell.
"""


_ONE = Lock()
"""The bound is the whole process's: two at once would each take the other's for what was there before."""


class PacketProbe:
    def seconds(self, path: Path) -> float:
        until = time.monotonic() + MOST_PATIENCE
        try:
            with _ONE, _bounded(), av.open(str(path), mode="r", options=OPTIONS, timeout=MOST_PATIENCE) as container:
                return _walk(container, until)
        except (av.FFmpegError, MemoryError, ValueError, IndexError) as error:
            words = "it cannot be decoded: it is damaged, cut off, or takes more to read than we spend"
            raise UnusableAudioError(words) from error


@contextmanager
def _bounded() -> Iterator[None]:
    """FFmpeg believes a file: 20 KB that claim a billion samples get an index of 24 GB, and tags and indexes may be
    packed a thousand to one. Here that is an error, and not the end of the function."""
    before = resource.getrlimit(resource.RLIMIT_AS)
    with suppress(OSError, ValueError):  # no Linux, which is a developer's machine; or a stricter bound is there
        pages = int(Path("/proc/self/statm").read_text().split()[0])
        resource.setrlimit(resource.RLIMIT_AS, (pages * resource.getpagesize() + MOST_MEMORY, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, before)


def _walk(container: "av.container.InputContainer", until: float) -> float:
    """Sums packet durations in the stream's own time base: no decoding, some 6000 times real time."""
    stream = container.streams.audio[0]
    if stream.time_base is None:
        raise UnusableAudioError("no audio in it")
    total, most = 0, MOST_SECONDS / stream.time_base
    for packet in container.demux(stream):
        total += packet.duration or 0
        if total > most:
            raise TooMuchAudioError(f"longer than {MOST_SECONDS} s")
        if time.monotonic() > until:
            raise UnusableAudioError(f"not read within {MOST_PATIENCE} s")
    seconds = round(float(total * stream.time_base), 3)
    if seconds <= 0:
        raise UnusableAudioError("no audio in it")
    return seconds
