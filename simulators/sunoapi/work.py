"""The life of a task after it was paid: fetch the source, make the takes, tell the stages."""

from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass

import httpx

from simulators import audio
from simulators.callbacks import Courier
from simulators.clock import Clock
from simulators.ledger import Ledger
from simulators.sources import SourceError, fetched
from simulators.studio import Studio
from simulators.sunoapi.shapes import STAGE_MESSAGES, Row, callback, without_urls
from simulators.sunoapi.task import Task

TEXT_AT, FIRST_AT, COMPLETE_AT = 1.0, 3.0, 5.0
COPYRIGHT = "Uploaded audio matches existing work of art."
UNFETCHABLE = "Can't fetch the uploaded audio."


@dataclass(frozen=True, slots=True)
class Failure:
    """The callback and the status say different things of one failure."""

    told: int  # the code of the callback
    saying: str
    code: int  # the errorCode of the status
    message: str
    status: str = "GENERATE_AUDIO_FAILED"


class FailedError(Exception):
    def __init__(self, failure: Failure) -> None:
        self.failure = failure


FAILURES = {
    400: Failure(
        400, "Content policy violation.", 400, "Your tags contain artist name: example artist.", "SENSITIVE_WORD_ERROR"
    ),
    413: Failure(400, COPYRIGHT, 413, COPYRIGHT),
    451: Failure(451, "Audio covering failed", 413, UNFETCHABLE),
    500: Failure(500, "Server error, please try again later.", 500, "Internal error, please try again later."),
}
NOT_AUDIO = Failure(400, "Unsupported audio format.", 400, "Unsupported audio format.")
TOO_LONG = Failure(400, "The uploaded audio is too long.", 400, "The uploaded audio is too long.")


@dataclass(slots=True)
class Worker:
    task: Task
    client: httpx.Client
    clock: Clock
    ledger: Ledger
    courier: Courier
    studio: Studio
    publish: Callable[[Task, int, bytes], None]

    def run(self) -> None:
        try:
            if self.task.plan["stuck_pending"] or self.task.plan["pending_with_error"]:
                self._stay_pending()
            else:
                self._live()
        except FailedError as error:
            self._fail(error.failure)
        finally:
            for event in self.task.told.values():
                event.set()

    def _live(self) -> None:
        task, plan = self.task, self.task.plan
        source = self._source()
        takes = [self.studio.submit(self._take, source, take) for take in range(int(plan["complete_rows"]))]
        self.clock.rest_until(task.created, TEXT_AT)
        task.status = "TEXT_SUCCESS"
        if not plan["skip_text"]:
            self._tell("text", task.text_rows())
        self.clock.rest_until(task.created, FIRST_AT)
        if plan["error_code"]:
            raise FailedError(FAILURES[int(plan["error_code"])])
        self._publish(0, takes[0])
        task.status = "FIRST_SUCCESS"
        if not plan["skip_first"]:
            self._tell("first", task.first_rows())
        for take in range(1, len(takes)):
            self._publish(take, takes[take])
        self.clock.rest_until(task.created, COMPLETE_AT)
        self._finish()

    def _finish(self) -> None:
        task, plan = self.task, self.task.plan
        task.status, task.finished = "SUCCESS", self.clock.now()
        self.ledger.settle(task.id, "complete")
        rows = task.rows(task.status, plan["createTime"])
        self._tell("complete", without_urls(rows) if plan["complete_without_urls"] else rows)
        if stage := plan["late_stage"]:
            late = {"text": task.text_rows(), "first": task.first_rows(), "complete": rows}
            self._tell(stage, late[stage])
        heard = self.courier.finish()
        if not heard and task.callback_url and plan["callback_exception"]:
            task.error_message = f"callback not received by {task.callback_url}"
            task.status = "CALLBACK_EXCEPTION"

    def _source(self) -> bytes:
        try:
            song = fetched(self.client, str(self.task.body["uploadUrl"]))
        except SourceError as error:
            raise FailedError(FAILURES[451]) from error
        try:
            if audio.seconds(song) > self.task.longest:
                raise FailedError(TOO_LONG)
        except audio.NotAudioError as error:
            raise FailedError(NOT_AUDIO) from error
        return song

    def _take(self, source: bytes, take: int) -> bytes:
        return self.studio.cover(source, self.task.style, take, self.task.title, alive=self.clock.check)

    def _publish(self, take: int, making: Future[bytes]) -> None:
        """Wait for a take, put it on its links, and let the rows show it."""
        try:
            song = self.clock.result(making)
        except audio.NotAudioError as error:
            raise FailedError(NOT_AUDIO) from error
        self.publish(self.task, take, song)
        self.ledger.delivered(self.task.id, take + 1, song)
        self.task.seconds.append(audio.seconds(song))

    def _stay_pending(self) -> None:
        task = self.task
        if how := task.plan["pending_with_error"]:
            self.clock.rest_until(task.created, TEXT_AT)
            usual = COPYRIGHT if how == "413 copyright" else UNFETCHABLE
            task.error_message, task.error_code = task.plan["error_message"] or usual, 413
        self.ledger.settle(task.id, "stuck")

    def _fail(self, failure: Failure) -> None:
        task, plan = self.task, self.task.plan
        unfetchable = failure is FAILURES[451]
        code = int(plan["fetch_error_code"]) if unfetchable else failure.code
        detail = f" uploadUrl: {task.body['uploadUrl']}" if unfetchable else ""
        task.error_message = (plan["error_message"] or failure.message) + detail
        task.error_code, task.finished = code, self.clock.now()
        task.status = plan["fail_status"] or failure.status
        self.ledger.settle(task.id, f"failed {failure.told}")
        if plan["refund_on_fail"]:
            self.ledger.refund(task.id)
        told = 200 if plan["error_with_code_200"] else failure.told
        rows: list[Row] | None = None if plan["error_data"] == "null" else []
        self._tell("error", rows, told, plan["error_message"] or failure.saying)
        self.courier.finish()

    def _tell(self, stage: str, rows: list[Row] | None, code: int = 200, message: str | None = None) -> None:
        body = callback(self.task.id, stage, code, message or STAGE_MESSAGES[stage], rows, self.task.plan)
        self.courier.send(stage, body, dict)
