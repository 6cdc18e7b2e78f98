"""The life of a cover after it was accepted: load the reference, make the one take, or fail and give the money back."""

from collections.abc import Callable
from dataclasses import dataclass

import httpx

from simulators import audio
from simulators.aimlapi import shapes
from simulators.aimlapi.rules import too_long_upstream
from simulators.aimlapi.source import loaded, measured
from simulators.aimlapi.task import Task
from simulators.clock import Clock
from simulators.ledger import Ledger
from simulators.sources import SourceError
from simulators.studio import Studio

GENERATING_AT, DONE_AT = 1.0, 5.0


@dataclass(slots=True)
class Worker:
    task: Task
    client: httpx.Client
    clock: Clock
    ledger: Ledger
    studio: Studio
    publish: Callable[[Task, bytes], None]

    def run(self) -> None:
        if self.task.plan["stuck"]:
            self.ledger.settle(self.task.id, "stuck")
            return
        try:
            song = loaded(self.client, self.task.reference)
            measured(song)
            making = self.studio.submit(self._take, song)
            self._rest(GENERATING_AT)
            self.task.stage = "generating"
            if failed := self._told_to_fail():
                self._rest(DONE_AT)
                self._fail(failed)
                return
            made = self.clock.result(making)
        except SourceError as error:
            self._fail(str(error))
        except audio.NotAudioError:
            self._fail("reference audio could not be processed")
        else:
            self._rest(DONE_AT)
            self.publish(self.task, made)
            self.ledger.delivered(self.task.id, 1, made)
            self._end("done", "complete")

    def _rest(self, seconds: float) -> None:
        """Time passes, unless it is polls that are counted."""
        if self.task.plan["pending_polls"] is None:
            self.clock.rest_until(self.task.created, seconds)

    def _take(self, song: bytes) -> bytes:
        task, setting = self.task, self.task.setting
        made = self.studio.cover(song, str(task.body["prompt"]), 0, alive=self.clock.check, bit_rate=setting.bitrate)
        if (task.form, setting.sample_rate) == ("mp3", audio.RATE):
            return made
        return audio.recoded(made, task.form, setting.sample_rate, setting.bitrate)

    def _told_to_fail(self) -> str | None:
        plan = self.task.plan
        if plan["upstream_prompt_300"] and (name := too_long_upstream(self.task.body)):
            return f"{shapes.minimax('2013')}, {name} is too long"
        if plan["minimax_code"]:
            return shapes.minimax(plan["minimax_code"])
        return "generation failed" if plan["fail"] is True else plan["fail"]

    def _fail(self, message: str) -> None:
        self.task.error = message
        self.ledger.refund(self.task.id)  # failed generations are not billed
        self._end("error", "failed")

    def _end(self, stage: str, outcome: str) -> None:
        self.task.finished = self.clock.now()
        self.ledger.settle(self.task.id, outcome)
        self.task.stage = stage
