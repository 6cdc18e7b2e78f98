"""The studio's engine as the fakes see it: a command in an environment of its own that makes both takes of a song."""

import hashlib
import subprocess
import sys
import tempfile
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import astuple, dataclass
from pathlib import Path

SETTING = "SIMULATORS_STUDIO"
"""Names the Python that has the studio's packages, such as `.venv-studio/bin/python`; none: the song is filtered."""

COLOURS = ("deeper", "brighter", "choir", "vocoder")
"""What a voice can be made of the song's own; a vendor's voice is always the same one of them."""
KEPT = 16
"""Songs whose takes are remembered."""
MOST_SECONDS = 120.0
ROOT = Path(__file__).parent.parent
_TICK = 0.05

Takes = tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class Wish:
    style: str
    voice: str = ""
    """the song's voice stays, in a colour; empty: none stays"""
    pitch: int = 0
    """semitones"""

    def arguments(self) -> list[str]:
        colour = COLOURS[hashlib.sha256(_plain(self.voice).encode()).digest()[0] % len(COLOURS)]
        return [f"--pitch={self.pitch}", *(["--sing", f"--voice={colour}"] if self.voice else [])]


class Engine:
    """One song at a time: what a run needs of memory is needed once. The same song and wish are rendered once."""

    def __init__(self, python: str) -> None:
        self._python = python
        self._turn = threading.Lock()
        self._known: OrderedDict[str, Takes] = OrderedDict()

    def takes(self, song: bytes, wish: Wish, alive: Callable[[], None]) -> Takes:
        """Two of them as mp3, or none where the engine refuses (stderr has why). `alive` may raise to abandon it."""
        mark = hashlib.sha256(song + _plain(repr(astuple(wish))).encode()).hexdigest()
        with self._turn:
            if mark not in self._known:
                self._known[mark] = self._rendered(song, wish, mark, alive)
            self._known.move_to_end(mark)
            while len(self._known) > KEPT:
                self._known.popitem(last=False)
            return self._known[mark]

    def _rendered(self, song: bytes, wish: Wish, seed: str, alive: Callable[[], None]) -> Takes:
        with tempfile.TemporaryDirectory() as folder:
            source, errors = Path(folder, "source"), Path(folder, "errors")
            source.write_bytes(song)
            command = [self._python, "-m", "studio", f"--out={folder}", f"--seed={seed}", *wish.arguments()]
            with errors.open("wb") as told:
                code = _run([*command, "--", str(source), _plain(wish.style)], told.fileno(), alive)
            if code == 0:
                return tuple(take.read_bytes() for take in sorted(Path(folder).glob("take-*.mp3")))
            why = (errors.read_text(errors="replace").strip().splitlines() or [f"exit code {code}"])[-1]
        print(f"the studio refused: {why}; the takes are the song filtered", file=sys.stderr, flush=True)
        return ()


def _run(command: list[str], stderr: int, alive: Callable[[], None]) -> int:
    """The exit code. No run is left behind by an end of ours that `alive` tells of, and none lasts for ever."""
    alive()
    end = time.monotonic() + MOST_SECONDS
    process = subprocess.Popen(  # noqa: S603
        command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=stderr
    )
    try:
        while process.poll() is None and time.monotonic() < end:
            alive()
            time.sleep(_TICK)
    finally:
        process.kill()
        process.wait()
    return process.returncode


def _plain(words: str) -> str:
    """As an argument of a command: JSON can say what no command line holds."""
    return words.encode(errors="replace").decode().replace("\0", " ")
