"""sunoapi's endpoints: submit, status, balance, the upload helper, and the media its links lead to."""

from collections import defaultdict
from collections.abc import Callable
from typing import Any

from simulators.callbacks import Courier, Manners
from simulators.frame import Route, Simulator
from simulators.ledger import Purchase, job_of, redacted, summary
from simulators.sources import unsigned
from simulators.sunoapi import shapes
from simulators.sunoapi.links import Links
from simulators.sunoapi.rules import MODELS, Fault, complaint
from simulators.sunoapi.shapes import bare, refusal, success
from simulators.sunoapi.switches import SWITCHES, TASK
from simulators.sunoapi.task import Task
from simulators.sunoapi.uploads import FOLDER, UploadError, Uploads
from simulators.sunoapi.work import Worker
from simulators.window import Window
from simulators.wire import Reply, Request, json_reply

_BEFORE_REPLY_LIMIT = 60.0


class SunoapiSimulator(Simulator):
    """`with SunoapiSimulator(key="k", pace=0.1) as sim: ... sim.url`"""

    name = "sunoapi"

    def __init__(self, *, key: str = "sunoapi-key", pace: float = 1.0, credits: int = 1000, port: int = 0) -> None:
        self._key = key
        super().__init__(SWITCHES, port=port, pace=pace, credits=credits)

    def fresh(self) -> None:
        self.tasks: dict[str, Task] = {}
        self.clips: dict[str, Task] = {}
        self.links = Links(self.faults, self.clips, self.clock.now)
        self.uploads = Uploads(lambda: self.http, self.faults, self.clock.now)
        self.submits = Window()
        self.polls: defaultdict[str, Window] = defaultdict(Window)

    def switched(self, name: str, value: Any) -> None:
        if name == "credits" and value is not None:
            self.ledger.balance = value

    def routes(self) -> dict[tuple[str, str], Route]:
        return {
            ("POST", "/api/v1/generate/upload-cover"): self._upload_cover,
            ("GET", "/api/v1/generate/record-info"): self._record_info,
            ("GET", "/api/v1/generate/credit"): self._credit,
            ("POST", "/api/file-stream-upload"): lambda request: self._upload(request, self.uploads.stream),
            ("POST", "/api/file-url-upload"): lambda request: self._upload(request, self.uploads.link),
            ("POST", "/api/file-base64-upload"): lambda request: self._upload(request, self.uploads.base64),
            ("GET", FOLDER): self.uploads.serve,
            ("GET", "/media/"): self.links.serve,
            ("GET", "/cdn/"): self.links.serve,
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
            return self._refuse(400, "request body is not valid JSON")
        if wrong := self._wrong(body):
            return self._refuse(wrong.code, wrong.message)
        how = self.faults.take("submit")
        return self._not_sold(body, how) or self._sell(body, how or "ok")

    def _wrong(self, body: Any) -> Fault | None:
        required = self.faults.look("require_callBackUrl")
        return complaint(body, catalogue=self.faults.look("models"), callback_required=required)

    def _not_sold(self, body: dict[str, Any], how: str | None) -> Reply | None:
        if how and (how.endswith("_before_accept") or how.startswith(("bare_", "html_"))):
            return bare(how.removesuffix("_before_accept"))
        if how and how.isdigit():
            return self._refuse(int(how))
        if self.ledger.balance < MODELS[body["model"]].credits:
            return self._refuse(429)
        if not self.submits.admits(self.clock.now(), self.faults.look("rate_limit")):
            return self._refuse(int(self.faults.look("rate_code")))
        return None

    def _sell(self, body: dict[str, Any], how: str) -> Reply:
        task = Task(body, self.faults.plan(TASK), self.clock.now(), self.url)
        if not self.ledger.buy(_purchase(task, how)):
            return self._refuse(429)
        self.tasks[task.id] = task
        self.clips |= dict.fromkeys(task.clips, task)
        return self._accepted(task, self._worker(task), how)

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
            return bare(how.removesuffix("_after_accept"))
        document: dict[str, Any] = {"code": 200, "msg": "success", "data": {}}
        shapes.placed(document, self.faults.take("submit_id_location") or "data.taskId", task.id)
        return json_reply(document)

    def _worker(self, task: Task) -> Worker:
        courier = Courier(
            self.http, self.clock, self.ledger, self.spawn, task.id, task.callback_url, Manners.planned(task.plan),
            told=lambda stage: task.told[stage].set(),
        )  # fmt: skip
        return Worker(task, self.http, self.clock, self.ledger, courier, self.studio, self.links.publish)

    # --- status, balance, uploads ---

    def _record_info(self, request: Request) -> Reply:
        if refused := self._gate(request):
            return refused
        task_id = request.query.get("taskId", "")
        if not task_id:
            return self._refuse(400, "Please enter taskId")
        if not self.polls[task_id].admits(self.clock.now(), self.faults.look("poll_limit")):
            return self._refuse(int(self.faults.look("rate_code")))
        if how := self.faults.take("record_info"):
            return self._refuse(int(how)) if how.isdigit() else bare(how)
        task = self.tasks.get(task_id)
        if task is None or self.clock.now() < task.created + task.plan["record_info_null_for"]:
            late = task is not None and self.faults.look("record_info_null_as") == "404"
            return self._refuse(404, "record not found") if late else self._refuse(422)
        return success(self._record(task))

    def _record(self, task: Task) -> dict[str, Any]:
        status = task.status
        rows = task.rows(status, task.plan["status_createTime"])
        if status == "SUCCESS" and self.faults.take("success_without_urls"):
            rows = shapes.without_urls(rows)
        return task.record(self.faults.take("unknown_status_word") or status, rows)

    def _credit(self, request: Request) -> Reply:
        return self._gate(request) or success(self.ledger.balance)

    def _upload(self, request: Request, keep: Callable[[Request, str], dict[str, Any]]) -> Reply:
        if refused := self._gate(request):
            return refused
        try:
            kept = keep(request, self.url)
        except UploadError as error:
            return json_reply({"success": False, "code": 400, "msg": str(error), "data": None})
        return json_reply({"success": True, "code": 200, "msg": "File uploaded successfully", "data": kept})

    # --- all ---

    def _gate(self, request: Request) -> Reply | None:
        """The key comes first, maintenance or not."""
        if not request.bears(self._key):
            return self._refuse(401)
        return self._refuse(455) if self.faults.take("maintenance") else None

    def _refuse(self, code: int, message: str | None = None) -> Reply:
        return refusal(code, message, mirrored=self.faults.look("http_mirrors_code"))


def _purchase(task: Task, reply: str) -> Purchase:
    upload, back = str(task.body["uploadUrl"]), task.callback_url
    kept = summary(task.body, urls=("uploadUrl", "callBackUrl"), texts=("prompt",))
    return Purchase(
        task.created,
        task.id,
        job_of(back or unsigned(upload)),
        redacted(upload),
        redacted(back),
        kept,
        task.credits,
        reply,
    )
