"""The life of a task after it was paid: fetch the source, make the takes, tell the stages."""

from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass

import httpx

from simulators import audio
from simulators.callbacks import Courier
from simulators.clock import Clock
from simulators.kie.rules import MAX_SOURCE_SECONDS
from simulators.kie.shapes import (
    FAILURES,
    STAGE_MESSAGES,
    UNFETCHABLE,
    Row,
    callback,
    signature,
    stamped,
    without_urls,
)
from simulators.kie.task import Task
from simulators.ledger import Ledger
from simulators.sources import SourceError, fetched
from simulators.studio import Studio

TEXT_AT, FIRST_AT, COMPLETE_AT = 1.0, 3.0, 5.0


@dataclass(slots=True)
class Worker:
    task: Task
    client: httpx.Client
    clock: Clock
    ledger: Ledger
    courier: Courier
    studio: Studio
    publish: Callable[[Task, int, bytes], None]
    source: bytes | None = None

    def run(self) -> None:
        try:
            self._live()
        finally:
            for event in self.task.told.values():
                event.set()

    def _live(self) -> None:
        task = self.task
        if task.plan["stuck_pending"] or task.plan["pending_with_error"]:
            self._stay_pending()
            return
        try:
            source = self.source or fetched(self.client, str(task.body["uploadUrl"]))
            measured(source)
        except (SourceError, audio.NotAudioError):
            self._fail(413, UNFETCHABLE, detail=f" uploadUrl: {task.body['uploadUrl']}")
            return
        takes = [self.studio.submit(self._take, source, take) for take in range(int(task.plan["takes"]))]
        self.clock.rest_until(task.created, TEXT_AT)
        task.status = "TEXT_SUCCESS"
        if not task.plan["skip_text"]:
            self._tell("text", task.text_rows())
        self.clock.rest_until(task.created, FIRST_AT)
        if task.plan["error_code"]:
            self._fail(int(task.plan["error_code"]))
            return
        try:
            self._finish(takes)
        except audio.NotAudioError:
            self._fail(501)

    def _finish(self, takes: list[Future[bytes]]) -> None:
        task = self.task
        self._publish(0, takes[0])
        task.status = "FIRST_SUCCESS"
        if not task.plan["skip_first"]:
            self._tell("first", task.first_rows())
        for take in range(1, len(takes)):
            self._publish(take, takes[take])
        self.clock.rest_until(task.created, COMPLETE_AT)
        task.status, task.finished = "SUCCESS", self.clock.now()
        self.ledger.settle(task.id, "complete")
        rows = task.rows(task.status)
        if task.plan["complete_without_urls"]:
            rows = without_urls(rows)
        self._tell("complete", rows)
        if task.plan["late_stage"]:
            self._tell(task.plan["late_stage"], task.first_rows())
        if not self.courier.finish() and task.callback_url:
            task.status = "CALLBACK_EXCEPTION"
            task.error_message = f"callback not received by {task.callback_url}"

    def _take(self, source: bytes, take: int) -> bytes:
        return self.studio.cover(source, self.task.style, take, self.task.title, alive=self.clock.check)

    def _publish(self, take: int, making: Future[bytes]) -> None:
        """Wait for a take, put it on its links, and let the rows show it."""
        song = self.clock.result(making)
        self.publish(self.task, take, song)
        self.ledger.delivered(self.task.id, take + 1, song)
        self.task.seconds.append(audio.seconds(song))

    def _stay_pending(self) -> None:
        if self.task.plan["pending_with_error"]:
            self.clock.rest_until(self.task.created, TEXT_AT)
            code = int(self.task.plan["error_code"] or 500)
            self.task.error_message = self.task.plan["error_message"] or FAILURES[code]
            self.task.error_code = code
        self.ledger.settle(self.task.id, "stuck")

    def _fail(self, code: int, message: str | None = None, detail: str = "") -> None:
        task = self.task
        message = task.plan["error_message"] or message or FAILURES[code]
        task.error_code, task.error_message = code, message + detail
        usual = "SENSITIVE_WORD_ERROR" if code == 400 else "GENERATE_AUDIO_FAILED"
        task.status, task.finished = task.plan["fail_status"] or usual, self.clock.now()
        self.ledger.settle(task.id, f"failed {code}")
        if code == 531:
            self.ledger.refund(task.id)
        self._tell("error", [], 200 if task.plan["error_with_code_200"] else code, message)
        self.courier.finish()

    def _tell(self, stage: str, rows: list[Row], code: int = 200, message: str | None = None) -> None:
        plan = self.task.plan
        rows = stamped(rows, self.task.created, plan["createTime"])
        body = callback(self.task.id, stage, code, message or STAGE_MESSAGES[stage], rows, plan)
        self.courier.send(stage, body, self._signed)

    def _signed(self) -> dict[str, str]:
        plan, key = self.task.plan, self.task.key
        if not key or plan["no_signature"]:
            return {}
        timestamp = int(self.clock.now() - plan["signature_age"])
        made = signature(f"not {key}" if plan["bad_signature"] else key, self.task.id, timestamp)
        return {"X-Webhook-Timestamp": str(timestamp), "X-Webhook-Signature": made}


def measured(source: bytes) -> float:
    """The length of the upload, if it is audio of at most eight minutes."""
    seconds = audio.seconds(source)
    if seconds > MAX_SOURCE_SECONDS:
        raise SourceError(f"{seconds:.0f} s are too long")
    return seconds
