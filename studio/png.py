"""Pictures without a library: a canvas of pixels, boxes, small letters, and the PNG format."""

import struct
import zlib
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Colour = tuple[int, int, int]
GLYPH = (5, 3)
"""rows and columns of a letter"""


class Canvas:
    def __init__(self, width: int, height: int, paper: Colour) -> None:
        self.pixels: NDArray[np.uint8] = np.full((height, width, 3), paper, np.uint8)

    def box(self, left: float, top: float, right: float, bottom: float, colour: Colour) -> None:
        """Filled; at least a pixel each way, and nothing outside the canvas."""
        height, width, _ = self.pixels.shape
        x, y = max(round(left), 0), max(round(top), 0)
        self.pixels[y : min(max(round(bottom), y + 1), height), x : min(max(round(right), x + 1), width)] = colour

    def text(self, left: float, top: float, words: str, colour: Colour, size: int = 2) -> None:
        x = round(left)
        for letter in words:
            shape = glyphs().get(letter, glyphs().get(letter.upper()))
            if shape is not None:
                big = np.kron(shape, np.ones((size, size), bool))
                area = self.pixels[round(top) : round(top) + big.shape[0], x : x + big.shape[1]]
                area[big[: area.shape[0], : area.shape[1]]] = colour
            x += (GLYPH[1] + 1) * size

    def png(self) -> bytes:
        height, width, _ = self.pixels.shape
        rows = np.concatenate([np.zeros((height, 1), np.uint8), self.pixels.reshape(height, -1)], axis=1)
        head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
        return (
            b"\x89PNG\r\n\x1a\n"
            + _chunk(b"IHDR", head)
            + _chunk(b"IDAT", zlib.compress(rows.tobytes(), 6))
            + _chunk(b"IEND", b"")
        )


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


@lru_cache(maxsize=1)
def glyphs() -> dict[str, NDArray[np.bool_]]:
    """Letter -> (5, 3) of ink."""
    found = {}
    for line in Path(__file__).with_name("glyphs.txt").read_text().splitlines():
        letter, *rows = line.split(" ")
        found[letter] = np.array([[dot == "X" for dot in row] for row in rows])
    return found
