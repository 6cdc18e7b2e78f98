"""The life of a task after it was paid: fetch the source, make the takes, tell the stages."""

from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any

import httpx

from simulators import audio
from simulators.aimusicapi.links import Links
from simulators.aimusicapi.shapes import Clip, callback, iso, without_urls
from simulators.aimusicapi.task import Task
from simulators.callbacks import Courier
from simulators.clock import Clock
from simulators.ledger import Ledger
from simulators.sources import SourceError, fetched
from simulators.studio import Studio

TEXT_AT, FIRST_AT, COMPLETE_AT = 1.0, 3.0, 5.0
UNFETCHABLE = "Failed to fetch the audio from upload_url"
NOT_AUDIO = "The uploaded file is not audio"
TOO_LONG = "The uploaded audio exceeds {seconds:g} seconds"
USUAL = {"FAILED": "Does Not Meet Guidelines", "ERROR": "An error occurred during processing"}


class FailedError(Exception):
    def __init__(self, word: str, message: str) -> None:
        self.word, self.message = word, message


@dataclass(slots=True)
class Worker:
    task: Task
    client: httpx.Client
    clock: Clock
    ledger: Ledger
    courier: Courier
    studio: Studio
    links: Links

    def run(self) -> None:
        try:
            if self.task.plan["stuck_pending"] or self.task.plan["pending_with_error"]:
                self._stay_pending()
            else:
                self._live()
        except FailedError as error:
            self._fail(error.word, error.message)
        finally:
            for event in self.task.told.values():
                event.set()

    def _live(self) -> None:
        task, plan = self.task, self.task.plan
        source = self._source()
        making = [self.studio.submit(self._take, source, take) for take in range(task.takes)]
        self.clock.rest_until(task.created, TEXT_AT)
        task.stage = "text"
        self._tell("text", skip=plan["skip_text"])
        self.clock.rest_until(task.created, FIRST_AT)
        if plan["type"]:
            raise FailedError(plan["type"], USUAL[plan["type"]])
        songs = [self._made(one) for one in making]
        for take, song in enumerate(songs):
            self.links.stream(task, take, song)
        self._publish(0, songs[0])
        task.stage = "first"
        self._tell("first", skip=plan["skip_first"])
        self.clock.rest_until(task.created, COMPLETE_AT)
        for take, song in enumerate(songs[1:], 1):
            self._publish(take, song)
        self._finish()

    def _finish(self) -> None:
        task = self.task
        task.finished = self.clock.now()
        task.stage = "complete"
        self.ledger.settle(task.id, "complete")
        self._tell("complete")
        if task.plan["late_stage"]:
            self._tell(task.plan["late_stage"])
        self.courier.finish()

    def _source(self) -> bytes:
        longest = self.task.model.seconds
        try:
            song = fetched(self.client, str(self.task.body["upload_url"]))
            seconds = audio.seconds(song)
        except SourceError as error:
            raise FailedError("ERROR", UNFETCHABLE) from error
        except audio.NotAudioError as error:
            raise FailedError("ERROR", NOT_AUDIO) from error
        if seconds > longest:
            raise FailedError("FAILED", TOO_LONG.format(seconds=longest))
        return song

    def _take(self, source: bytes, take: int) -> bytes:
        return self.studio.cover(source, self.task.style, take, self.task.title, alive=self.clock.check)

    def _made(self, making: Future[bytes]) -> bytes:
        try:
            return self.clock.result(making)
        except audio.NotAudioError as error:
            raise FailedError("ERROR", NOT_AUDIO) from error

    def _publish(self, take: int, song: bytes) -> None:
        self.links.publish(self.task, take, song)
        self.ledger.delivered(self.task.id, take + 1, song)
        self.task.seconds.append(audio.seconds(song))

    def _stay_pending(self) -> None:
        if self.task.plan["pending_with_error"]:
            self.clock.rest_until(self.task.created, TEXT_AT)
            self._explain("FAILED", USUAL["FAILED"])
        self.ledger.settle(self.task.id, "stuck")

    def _explain(self, word: str, message: str) -> None:
        plan = self.task.plan
        where = plan["fail_where"] or {"FAILED": "fail_message", "ERROR": "error_message"}[word]
        self.task.failure = {} if where == "none" else {where: plan["error_message"] or message}

    def _fail(self, word: str, message: str) -> None:
        task, plan = self.task, self.task.plan
        self._explain(word, message)
        task.failed_as, task.finished = word, self.clock.now()
        task.stage = "failed"
        self.ledger.settle(task.id, f"failed {word}")
        if plan["refund_on_fail"]:
            self.ledger.refund(task.id)
        how = plan["callback_on_failure"]
        if how == "none" or plan["stages"] == "none":
            task.told["failed"].set()
        else:
            self._send("failed", [task.failed_clip()], "status_object" if how == "object" else plan["callback_shape"])
        self.courier.finish()

    def _tell(self, stage: str, *, skip: bool = False) -> None:
        plan = self.task.plan
        if skip or plan["stages"] == "none" or (plan["stages"] == "final_only" and stage != "complete"):
            self.task.told[stage].set()
            return
        clips = [self._dressed(clip) for clip in self.links.told(self.task, self.task.clips(stage))]
        if stage == "complete" and plan["complete_without_urls"]:
            clips = without_urls(clips)
        self._send(stage, clips, plan["callback_shape"])

    def _dressed(self, clip: Clip) -> Clip:
        """Callback clips tell the time once more, and may name their task."""
        created = self.task.created
        time: Any = round(created * 1000) if self.task.plan["createTime"] == "epoch_ms" else iso(created)
        return clip | {"createTime": time} | ({"task_id": self.task.id} if self.task.plan["clip_task_id"] else {})

    def _send(self, stage: str, clips: list[Clip], shape: str) -> None:
        self.courier.send(stage, callback(shape, self.task.id, self.task.record(None), clips), dict)
