"""The life of a cover after it was paid: get the source, make the one take, tell it by webhook."""

from collections.abc import Callable
from dataclasses import dataclass

import httpx

from simulators import audio
from simulators.callbacks import Courier
from simulators.clock import Clock
from simulators.ledger import Ledger
from simulators.musicgpt import shapes
from simulators.musicgpt.task import Task
from simulators.sources import SourceError, fetched
from simulators.studio import Studio

PROGRESS_AT, HALF_AT, DONE_AT = 1.0, 3.0, 5.0


@dataclass(slots=True)
class Worker:
    task: Task
    client: httpx.Client
    clock: Clock
    ledger: Ledger
    courier: Courier
    studio: Studio
    publish: Callable[[Task, str, bytes], None]
    over: Callable[[], None]
    source: bytes | None = None

    def run(self) -> None:
        try:
            if self.task.plan["stuck"]:
                self._stay()
            else:
                self._live()
                self.courier.finish()
        finally:
            self.task.told.set()

    def _stay(self) -> None:
        if self.task.plan["stuck"] == "IN_PROGRESS":
            self.clock.rest_until(self.task.created, PROGRESS_AT)
            self.task.move("IN_PROGRESS", self.clock.now())
        self.ledger.settle(self.task.id, "stuck")

    def _live(self) -> None:
        task = self.task
        try:
            source = fetched(self.client, task.order.audio_url) if self.source is None else self.source
            making = self.studio.submit(self._takes, source)
            self.clock.rest_until(task.created, PROGRESS_AT)
            task.move("IN_PROGRESS", self.clock.now())
            self.clock.rest_until(task.created, HALF_AT)
            if task.plan["fail"]:
                self._fail(shapes.FAILURE if task.plan["fail"] is True else task.plan["fail"])
                return
            if task.plan["false_failure"] == "before":
                self._tell_failure(shapes.FAILURE)
            made = self.clock.result(making)
        except SourceError:
            self._fail(shapes.MESSAGES[400])
        except audio.NotAudioError:
            self._fail("audio could not be read")
        else:
            self.clock.rest_until(task.created, DONE_AT)
            self._finish(made)

    def _finish(self, made: tuple[bytes, bytes]) -> None:
        task, (mp3, wav) = self.task, made
        self.publish(task, "mp3", mp3)
        self.publish(task, "wav", wav)
        for song in made:
            self.ledger.delivered(task.id, 1, song)
        task.seconds = audio.seconds(mp3)
        self._end("COMPLETED", "complete")
        if task.plan["webhook"] != "none":
            self.courier.send("success", shapes.success_webhook(task), dict)
        if task.plan["false_failure"] == "after":
            self._tell_failure(shapes.FAILURE)

    def _fail(self, message: str) -> None:
        self.task.error = message
        self._end("FAILED", "failed")
        self._tell_failure(message)

    def _tell_failure(self, message: str) -> None:
        if "none" not in (self.task.plan["webhook"], self.task.plan["webhook_failure"]):
            self.courier.send("failure", shapes.failure_webhook(self.task, message), dict)

    def _end(self, stage: str, outcome: str) -> None:
        self.ledger.settle(self.task.id, outcome)
        self.over()
        self.task.move(stage, self.clock.now())

    def _takes(self, source: bytes) -> tuple[bytes, bytes]:
        """The voice colours the take, and the pitch lifts it."""
        order = self.task.order
        mp3 = self.studio.cover(source, "", 0, voice=order.voice_id, alive=self.clock.check, lift=order.pitch)
        return mp3, audio.recoded(mp3, "wav")
