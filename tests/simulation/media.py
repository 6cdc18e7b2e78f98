"""The vendors' audio: each take has bytes of its own, and links that lie, break and heal."""

import hashlib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from reprise.errors import FetchError, PassingFetchError
from reprise.ports import Download

from tests.simulation.agenda import Agenda
from tests.simulation.mischief import Mischief
from tests.simulation.shop import Shop, Task

SOUND = b"ID3" + bytes(10_000)
CUT = b"...cut"


def song(task_id: str, number: int) -> bytes:
    return SOUND + f"{task_id}/{number}".encode()


@dataclass
class Media:
    shops: dict[str, Shop]
    agenda: Agenda
    mischief: Mischief

    def fetch(self, url: str, path: Path, max_bytes: int) -> Download:
        task_id, last = url.removeprefix("https://media.example/").split("/")
        number = int(last.partition("?")[0])
        task = self.shops[task_id.partition("-")[0]].tasks[task_id]
        self.agenda.wait(self.mischief.dice.uniform(0.1, 3.0))
        if self.mischief.happens(self.mischief.rates.broken_download, "download breaks half-way"):
            path.write_bytes(SOUND[:5000])
            task.bad.setdefault(number, ("broken", self.agenda.seconds))
            raise PassingFetchError("connection reset", len(SOUND))
        body = self._body(task, number)
        path.write_bytes(body)
        return Download(path, len(body), hashlib.sha256(body).hexdigest(), body[:64], "audio/mpeg")

    def _body(self, task: Task, number: int) -> bytes:
        wrong, until = task.bad.get(number, ("", 0.0))
        match wrong if self.agenda.seconds < until else "":
            case "dead":
                raise FetchError("media.example: 404")
            case "html":
                return b"<!doctype html><title>gone</title>" + SOUND
            case "empty":
                return b""
            case "cut":
                return SOUND + CUT
            case "twin":
                return song(task.id, 1)
        return song(task.id, number)


class Ears:
    """Half a minute, but for what was cut off."""

    def seconds(self, path: Path) -> float:
        return 12.0 if path.read_bytes().endswith(CUT) else 30.0


@lru_cache(4096)
def digest(song: bytes) -> str:
    return hashlib.sha256(song).hexdigest()
