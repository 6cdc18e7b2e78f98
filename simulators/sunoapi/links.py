"""The links handed out for finished takes: one host says 441 for what is gone, the other 404."""

from collections.abc import Callable
from dataclasses import dataclass, field

from simulators import picture
from simulators.faults import Faults
from simulators.media import Shelf
from simulators.sunoapi.task import Task
from simulators.wire import Reply, Request

_FOLDERS = {"audio": "/media/", "source": "/cdn/", "both": "/"}


@dataclass(slots=True)
class Links:
    faults: Faults
    clips: dict[str, Task]
    now: Callable[[], float]
    shelf: Shelf = field(default_factory=Shelf)

    def publish(self, task: Task, take: int, song: bytes) -> None:
        """Put a take on its links; a stream has only its beginning."""
        clip, other = task.clips[take], task.clips[0]
        image = picture.cover_art(clip)
        for folder in ("/media", "/cdn"):
            self.shelf.put(f"{folder}/{clip}.mp3", song, twin=f"{folder}/{other}.mp3")
            self.shelf.put(f"{folder}/{clip}.jpeg", image, "image/jpeg")
        for path in (f"/media/{clip}", f"/cdn/s/{clip}"):
            self.shelf.put(path, song[: len(song) // 3])

    def serve(self, request: Request) -> Reply:
        clip, _, kind = request.path.rpartition("/")[2].partition(".")
        task = self.clips.get(clip)
        if task and self._expired(task):
            return self.shelf.serve(request, "441" if request.path.startswith("/media/") else "404")
        if task and not kind:
            return Reply(200, b"", "audio/mpeg") if task.finished else self.shelf.serve(request)
        if kind != "mp3":
            return self.shelf.serve(request)
        return self.shelf.serve_by(self.faults, request, _FOLDERS[self.faults.look("media_on")])

    def _expired(self, task: Task) -> bool:
        after = self.faults.look("media_expires_after")
        return bool(after and task.finished and self.now() > task.finished + after)
