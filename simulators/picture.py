"""A small cover picture, coloured by a seed."""

import hashlib
import io
from typing import Any

import av
import numpy as np

_SIDE = 96


def cover_art(seed: str) -> bytes:
    """A JPEG with a gradient between two colours that the seed chooses."""
    digest = np.frombuffer(hashlib.sha256(seed.encode()).digest()[:6], np.uint8).astype(float)
    slope = np.linspace(0, 1, _SIDE)[:, None, None]
    pixels = (digest[:3] * slope + digest[3:] * (1 - slope)) * np.ones((_SIDE, _SIDE, 1))
    target = io.BytesIO()
    with av.open(target, "w", format="mjpeg") as sink:
        stream: Any = sink.add_stream("mjpeg", rate=1)
        stream.width, stream.height, stream.pix_fmt = _SIDE, _SIDE, "yuvj420p"
        frame = av.VideoFrame.from_ndarray(pixels.astype(np.uint8), format="rgb24")
        sink.mux(stream.encode(frame))
        sink.mux(stream.encode(None))
    return target.getvalue()
