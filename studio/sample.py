"""A recorded tone of a soundfont: its loop mended, and unpacked where it comes as Ogg Vorbis."""

import io
from dataclasses import dataclass

import av
import numpy as np
from av.codec.context import Flags2

from studio.model import Wave

SEAM = 64
"""samples over which a loop's end is led back to its start: 1.5 to 3 ms"""


@dataclass(frozen=True)
class Sample:
    wave: Wave
    loop: tuple[int, int]
    rate: int
    key: float
    """the MIDI pitch it was recorded at, with its fine correction"""


def unpacked(packed: bytes) -> Wave:
    """Ogg Vorbis to (samples,), as long as its last page says.

    FFmpeg's own idea of the end takes up to 250 samples too much off short streams, and loops lie there.
    """
    with av.open(io.BytesIO(packed), mode="r", format="ogg") as container:
        container.streams.audio[0].codec_context.flags2 |= Flags2.skip_manual
        parts = [np.atleast_2d(frame.to_ndarray())[0] for frame in container.decode(audio=0)]
    last = packed.rfind(b"OggS") + 6
    return np.concatenate(parts).astype(np.float32)[: int.from_bytes(packed[last : last + 8], "little")]


def seamless(wave: Wave, loop: tuple[int, int]) -> Wave:
    """The way into the loop's end faded into the way into its start: where the two differ, every turn would click."""
    start, end = loop
    count = min(SEAM, start, (end - start) // 2)
    if not 0 < count <= end <= wave.size:
        return wave
    mended = wave.copy()
    share = np.linspace(0, 1, count, dtype=np.float32)
    mended[end - count : end] += (wave[start - count : start] - wave[end - count : end]) * share
    return mended
