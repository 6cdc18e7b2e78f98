"""The links that kie hands out for finished takes, and what becomes of them."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from simulators import picture
from simulators.faults import Faults
from simulators.kie.task import Task
from simulators.media import Shelf
from simulators.wire import Reply, Request

LINK_SECONDS = 20 * 60


@dataclass(slots=True)
class Links:
    faults: Faults
    clips: dict[str, Task]
    now: Callable[[], float]
    shelf: Shelf = field(default_factory=Shelf)
    downloads: dict[str, tuple[str, float]] = field(default_factory=dict)

    def publish(self, task: Task, take: int, song: bytes) -> None:
        """Put a take on its links. Stream links hold only its beginning: they are for listening, not for keeping."""
        clip, other = task.clips[take], task.clips[0]
        image = picture.cover_art(clip)
        for folder in ("/media", "/cdn"):
            self.shelf.put(f"{folder}/{clip}.mp3", song, twin=f"{folder}/{other}.mp3")
            self.shelf.put(f"{folder}/{clip}.jpeg", image, "image/jpeg")
        for path in (f"/media/{clip}", f"/cdn/s/{clip}"):
            self.shelf.put(path, song[: len(song) // 3])

    def serve(self, request: Request) -> Reply:
        if not request.path.endswith(".mp3"):
            return self.shelf.serve(request)
        if self._dead(request.path):
            return self.shelf.serve(request, "404")
        where = {"audio": "/media/", "source": "/cdn/"}.get(self.faults.look("media_on"), "/")
        return self.shelf.serve_by(self.faults, request, where)

    def download_link(self, host: str, url: str) -> str | None:
        """A link of its own for twenty minutes; None for a URL that was not made here."""
        parts = urlsplit(url)
        if f"{parts.scheme}://{parts.netloc}" != host or parts.path not in self.shelf.files:
            return None
        path = f"/download/{secrets.token_hex(8)}/{parts.path.rpartition('/')[2]}"
        self.downloads[path] = (parts.path, self.now() + LINK_SECONDS)
        return host + path

    def download(self, request: Request) -> Reply:
        path, until = self.downloads.get(request.path, ("", 0.0))
        dead = self.now() > until or self._dead(path) or self.faults.look("download_helper") == "dead"
        moved = Request(request.method, path, request.query, request.headers, b"")
        return self.shelf.serve(moved, "404" if dead else None)

    def _dead(self, path: str) -> bool:
        task = self.clips.get(path.rpartition("/")[2].removesuffix(".mp3"))
        return task is not None and (bool(task.plan["dead_links"]) or self._expired(task))

    def _expired(self, task: Task) -> bool:
        after = self.faults.look("media_expires_after")
        return bool(after and task.finished and self.now() > task.finished + after)
