"""The links handed out for finished clips, and the streams that live a few minutes longer than the work."""

from collections.abc import Callable
from dataclasses import dataclass, field

from simulators import picture
from simulators.aimusicapi.shapes import Clip
from simulators.aimusicapi.task import Task
from simulators.faults import Faults
from simulators.media import Shelf
from simulators.wire import Reply, Request


@dataclass(slots=True)
class Links:
    faults: Faults
    clips: dict[str, Task]
    now: Callable[[], float]
    shelf: Shelf = field(default_factory=Shelf)

    def publish(self, task: Task, take: int, song: bytes) -> None:
        clip, other = task.ids[take], task.ids[0]
        self.shelf.put(f"/media/{clip}.mp3", song, twin=f"/media/{other}.mp3")
        self.shelf.put(f"/image/{clip}.jpeg", picture.cover_art(clip), "image/jpeg")

    def stream(self, task: Task, take: int, song: bytes) -> None:
        """A stream has only the beginning: it is for listening, not for keeping."""
        self.shelf.put(f"/stream/{task.ids[take]}", song[: len(song) // 3])

    def told(self, task: Task, clips: list[Clip]) -> list[Clip]:
        """What is said of finished clips: their files, or mere streams while `media` is switched to that."""
        if self.faults.look("media") != "stream":
            return clips
        ready = [clip["status"] in ("first", "complete") for clip in clips]
        return [clip | {"audio_url": task.stream(take)} if ready[take] else clip for take, clip in enumerate(clips)]

    def serve(self, request: Request) -> Reply:
        task = self.clips.get(request.path.rpartition("/")[2].partition(".")[0])
        after = self.faults.look("media_expires_after")
        if task and after and self._older(task, after):
            return self.shelf.serve(request, "404")
        if request.path.startswith("/image/"):
            return self.shelf.serve(request)
        return self.shelf.serve_by(self.faults, request)

    def serve_stream(self, request: Request) -> Reply:
        clip = request.query.get("item_id", "")
        task = self.clips.get(clip)
        dead = task is not None and self._older(task, self.faults.look("stream_lives"))
        asked = Request(request.method, f"/stream/{clip}", {}, request.headers, b"")
        return self.shelf.serve(asked, "404" if dead else None)

    def _older(self, task: Task, seconds: float) -> bool:
        return bool(task.finished and self.now() > task.finished + seconds)
