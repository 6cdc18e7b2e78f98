"""kie's endpoints: submit, status, balance, download links, and the media those links lead to."""

from collections import defaultdict
from typing import Any

from simulators import audio
from simulators.callbacks import Courier, Manners
from simulators.frame import Route, Simulator
from simulators.kie import shapes
from simulators.kie.links import Links
from simulators.kie.rules import complaint
from simulators.kie.shapes import refusal, success
from simulators.kie.switches import SWITCHES, TASK
from simulators.kie.task import Task
from simulators.kie.work import Worker, measured
from simulators.ledger import Purchase, job_of, redacted, summary
from simulators.sources import SourceError, fetched
from simulators.window import Window
from simulators.wire import Reply, Request, json_reply, unruly

PRICE = 12
_BEFORE_REPLY_LIMIT = 60.0


class KieSimulator(Simulator):
    """`with KieSimulator(key="k", pace=0.1) as sim: ... sim.url`"""

    name = "kie"

    def __init__(
        self,
        *,
        key: str = "kie-key",
        hmac_key: str | None = None,
        pace: float = 1.0,
        credits: int = 1000,
        port: int = 0,
    ) -> None:
        self._key, self._hmac_key = key, hmac_key
        super().__init__(SWITCHES, port=port, pace=pace, credits=credits)

    def fresh(self) -> None:
        self.tasks: dict[str, Task] = {}
        self.clips: dict[str, Task] = {}
        self.links = Links(self.faults, self.clips, self.clock.now)
        self.submits = Window()
        self.polls: defaultdict[str, Window] = defaultdict(Window)

    def switched(self, name: str, value: Any) -> None:
        if name == "credits" and value is not None:
            self.ledger.balance = value

    def routes(self) -> dict[tuple[str, str], Route]:
        return {
            ("POST", "/api/v1/generate/upload-cover"): self._upload_cover,
            ("GET", "/api/v1/generate/record-info"): self._record_info,
            ("GET", "/api/v1/chat/credit"): self._credit,
            ("POST", "/api/v1/common/download-url"): self._download_url,
            ("GET", "/media/"): self.links.serve,
            ("GET", "/cdn/"): self.links.serve,
            ("GET", "/download/"): self.links.download,
        }

    def unknown(self, request: Request) -> Reply:
        return self._gate(request) or self._refuse(404)

    # --- submit ---

    def _upload_cover(self, request: Request) -> Reply:
        if refused := self._gate(request):
            return refused
        try:
            body = request.json()
        except ValueError:
            return self._refuse(422, "Request body is not valid JSON")
        profile, required = self.faults.look("limits_profile"), self.faults.look("require_callBackUrl")
        if wrong := complaint(body, profile=profile, callback_required=required):
            return self._refuse(422, wrong)
        how = self.faults.take("submit")
        return self._not_sold(how) or self._sell(body, how or "ok")

    def _not_sold(self, how: str | None) -> Reply | None:
        if how in ("hang_before_accept", "reset_before_accept", "html_502"):
            return unruly(how.removesuffix("_before_accept"))
        if how and how.isdigit():
            return self._refuse(int(how))
        if self.ledger.balance < PRICE:
            return self._refuse(402)
        if not self.submits.admits(self.clock.now(), self.faults.look("rate_limit")):
            return self._refuse(429)
        return None

    def _sell(self, body: dict[str, Any], how: str) -> Reply:
        source = None
        if self.faults.look("source_check") == "submit":
            try:
                source = fetched(self.http, str(body["uploadUrl"]))
                measured(source)
            except (SourceError, audio.NotAudioError):
                return self._refuse(451)
        key = self.faults.look("hmac_key") or self._hmac_key
        task = Task(body, self.faults.plan(TASK), self.clock.now(), self.url, key)
        if not self.ledger.buy(_purchase(task, how)):
            return self._refuse(402)
        self.tasks[task.id] = task
        self.clips |= dict.fromkeys(task.clips, task)
        return self._accepted(task, self._worker(task, source), how)

    def _accepted(self, task: Task, worker: Worker, how: str) -> Reply:
        """The reply goes out before the first callback, unless a switch turns that around."""
        reply = self._reply_to(task, how)
        if stage := self.faults.take("callback_before_submit_reply"):
            self.spawn(worker.run)
            self.clock.wait(task.told[stage], _BEFORE_REPLY_LIMIT)
        else:
            reply.after = lambda: self.spawn(worker.run)
        return reply

    def _reply_to(self, task: Task, how: str) -> Reply:
        if how == "500_after_accept":
            return self._refuse(500)
        if how != "ok":
            return unruly(how.removesuffix("_after_accept"))
        document: dict[str, Any] = {"code": 200, "msg": "success", "data": {}}
        shapes.placed(document, self.faults.take("submit_id_location") or "data.taskId", task.id)
        return json_reply(document)

    def _worker(self, task: Task, source: bytes | None) -> Worker:
        courier = Courier(
            self.http, self.clock, self.ledger, self.spawn, task.id, task.callback_url,
            Manners.planned(task.plan), told=lambda stage: task.told[stage].set(),
        )  # fmt: skip
        return Worker(task, self.http, self.clock, self.ledger, courier, self.studio, self.links.publish, source)

    # --- status and balance ---

    def _record_info(self, request: Request) -> Reply:
        if refused := self._gate(request):
            return refused
        task_id = request.query.get("taskId", "")
        if not self.polls[task_id].admits(self.clock.now(), self.faults.look("poll_limit")):
            return self._refuse(429)
        if how := self.faults.take("record_info"):
            return self._refuse(int(how)) if how.isdigit() else unruly(how)
        if not task_id:
            return self._refuse(422, "Please enter taskId")
        if task_id in self.clips:
            return self._refuse(404, "record not found")
        task = self.tasks.get(task_id)
        if task is None or self.clock.now() < task.created + task.plan["record_info_null_for"]:
            late = task is not None and self.faults.look("record_info_null_as") == "404"
            return self._refuse(404, "record not found") if late else self._refuse(422, "recordInfo is null")
        return success(self._record(task))

    def _record(self, task: Task) -> dict[str, Any]:
        status = task.status
        rows = task.rows(status)
        if status == "SUCCESS" and self.faults.take("success_without_urls"):
            rows = shapes.without_urls(rows)
        return task.record(self.faults.take("unknown_status_word") or status, rows)

    def _credit(self, request: Request) -> Reply:
        return self._gate(request) or success(self.ledger.balance)

    def _download_url(self, request: Request) -> Reply:
        if refused := self._gate(request):
            return refused
        try:
            link = self.links.download_link(self.url, request.json()["url"])
        except (ValueError, KeyError, TypeError, AttributeError):
            return self._refuse(422, "Please enter url")
        if link is None:
            return self._refuse(422, "only URLs made here can be turned into download links")
        return success(link)

    # --- all ---

    def _gate(self, request: Request) -> Reply | None:
        if self.faults.take("maintenance"):
            return self._refuse(455)
        return None if request.bears(self._key) else self._refuse(401)

    def _refuse(self, code: int, message: str | None = None) -> Reply:
        return refusal(code, message, mirrored=self.faults.look("http_mirrors_code"))


def _purchase(task: Task, reply: str) -> Purchase:
    upload, back = redacted(str(task.body["uploadUrl"])), redacted(task.callback_url)
    kept = summary(task.body, urls=("uploadUrl", "callBackUrl"), texts=("prompt",))
    return Purchase(task.created, task.id, job_of(task.callback_url), upload, back, kept, PRICE, reply)
