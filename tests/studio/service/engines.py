"""An engine that is done at once and writes short real audio. What it is asked for in `style` makes it misbehave."""

import math
import os
import signal
import time
import wave
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from studio.server.asked import Asked
from studio.server.engine import Made, MadeFile, MadeTake, RefusedError, Tell

RATE = 8000
SECONDS = 0.5
GATES = "ENGINE_GATES"
"""The folder by which a test holds the engine at a stage."""

STAGES = ("text", "first", "complete")


class ToneEngine:
    """`hold <stage>` waits there for a file `go`; `die` ends its own process, `die once` only the first time."""

    def cover(self, song: Path, asked: Asked, seed: str, out: Path, tell: Tell) -> None:
        style = asked.style or ""
        if song.read_bytes()[:4] != b"RIFF" or "silence" in style:
            raise RefusedError("no_melody", "no melody was found in the song")
        if "raise" in style:
            raise RuntimeError("a flaw of the engine")
        if "hog" in style:
            hog(3_000_000_000)
        if "creep" in style:
            creep()
        report = {"key": "C", "tempo": 96, "chart": "1 C | G |", "understood": style, "length": song.stat().st_size}
        takes: list[MadeTake] = []
        meet(style, "none", seed)
        for stage in STAGES:
            if stage != "text":
                number = len(takes) + 1
                takes.append(MadeTake(tone(out / f"take-{number}.{asked.format}", seed, number), SECONDS))
            files = (MadeFile(picture(out), "picture"),) if stage == "complete" else ()
            tell(stage, Made(report, tuple(takes), files))
            meet(style, stage, seed)

    def styles(self) -> Sequence[Mapping[str, Any]]:
        return [{"id": "tone", "name": "Tone"}]

    def voices(self) -> Sequence[Mapping[str, Any]]:
        return [{"id": "deeper", "name": "Deeper"}, {"id": "brighter", "name": "Brighter"}]


def meet(style: str, stage: str, seed: str) -> None:
    """What a test has arranged for this point."""
    gates = Path(os.environ[GATES])
    if f"die at {stage}" in style and not (once := gates / f"{seed}.died").exists():
        if "once" in style:
            once.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    if f"hold {stage}" in style:
        (gates / f"{seed}.reached").touch()
        while not (gates / f"{seed}.go").exists():
            time.sleep(0.02)


def tone(path: Path, seed: str, number: int) -> str:
    """A sine whose pitch hangs on the seed and the take, so that takes can be told apart."""
    pitch = 220 + sum(seed.encode()) % 400 + 50 * number
    samples = (int(12_000 * math.sin(2 * math.pi * pitch * at / RATE)) for at in range(int(RATE * SECONDS)))
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, RATE, 0, "NONE", ""))
        file.writeframes(b"".join(sample.to_bytes(2, "little", signed=True) for sample in samples))
    return path.name


def picture(out: Path) -> str:
    (out / "cover.png").write_bytes(b"\x89PNG\r\n\x1a\n not much of a picture")
    return "cover.png"


def hog(size: int) -> None:
    """All of it in one piece."""
    bytearray(size)


def creep() -> None:
    """Piece by piece, in shared memory, which the limit of data does not count: the one who watches must see it."""
    import mmap

    pieces = []
    while True:
        piece = mmap.mmap(-1, 20_000_000)
        piece.write(b"x" * 20_000_000)
        pieces.append(piece)
        time.sleep(0.01)


ENGINE = ToneEngine()
