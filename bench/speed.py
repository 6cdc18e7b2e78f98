"""Time and memory of a song of three minutes, in a fresh process: `python -m bench.speed song.mp3 style`.

That process imports the studio and nothing else of the bench: scipy, which the bench's players need and the studio does
not, takes seconds to load.
"""

import json
import resource
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bench.players import Player
    from bench.tunes.abc import Tune

SECONDS = 180.0
STYLES = ("lo-fi", "orchestral", "8-bit", "jazz-trio", "music-box")


@dataclass(frozen=True)
class Run:
    style: str
    first: float
    """seconds until the first take is written, from the start of the process"""
    complete: float
    worked: float
    """seconds of processor until the first take is written: what hardly changes when others use the machine, too"""
    megabytes: float
    """the most it held at a time"""


def timed(tunes: "list[Tune]", player: "Player") -> list[Run]:
    import numpy as np

    from bench.songs import Condition, make
    from studio.audio import encode

    songs = [make(tune, Condition.BAND, player) for tune in tunes]
    whole = np.concatenate([song.samples for song in songs], axis=1)
    rate = songs[0].rate
    whole = np.tile(whole, (1, int(SECONDS * rate / whole.shape[1]) + 1))[:, : round(SECONDS * rate)]
    with TemporaryDirectory() as folder:
        path = Path(folder) / "song.mp3"
        encode(whole, rate, path)
        return [_run(path, style) for style in STYLES]


def _run(path: Path, style: str) -> Run:
    began = time.time()
    command = [sys.executable, "-m", "bench.speed", str(path), style]
    done = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603
    told = json.loads(done.stdout.splitlines()[-1])
    return Run(style, told["first"] - began, told["complete"] - began, told["worked"], told["kilobytes"] / 1024)


def main(path: str, style: str) -> None:
    from studio.cover import cover
    from studio.wish import Wish

    when: dict[str, float] = {}
    worked: dict[str, float] = {}

    def stage(name: str, _made: Mapping[str, Any]) -> None:
        when.setdefault(name, time.time())
        worked.setdefault(name, time.process_time())

    with TemporaryDirectory() as folder:
        cover(Path(path), Wish(style=style), "bench", Path(folder), stage)
        when["complete"] = time.time()
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    told = {"first": when["first"], "complete": when["complete"], "worked": worked["first"], "kilobytes": most}
    print(json.dumps(told))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
