"""aimusicapi's endpoints, each under two spellings of its path: submit, status, balance, and the media."""

import ipaddress
from collections import defaultdict
from typing import Any
from urllib.parse import urlsplit

from simulators.aimusicapi.links import Links
from simulators.aimusicapi.rules import MODELS, complaint
from simulators.aimusicapi.shapes import Clip, page, refusal, success, without_urls
from simulators.aimusicapi.switches import SWITCHES, TASK
from simulators.aimusicapi.task import Task
from simulators.aimusicapi.work import Worker
from simulators.callbacks import Courier, Manners
from simulators.frame import Route, Simulator
from simulators.ledger import Purchase, job_of, redacted, summary
from simulators.sources import unsigned
from simulators.window import Window
from simulators.wire import Reply, Request, json_reply, unruly

_BEFORE_REPLY_LIMIT = 60.0
_RESPONSE = {"null": None, "[]": list[Clip]()}


class AimusicapiSimulator(Simulator):
    """`with AimusicapiSimulator(key="k", pace=0.1) as sim: ... sim.url`"""

    name = "aimusicapi"

    def __init__(self, *, key: str = "aimusicapi-key", pace: float = 1.0, credits: int = 1000, port: int = 0) -> None:
        self._key = key
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
        vendor: dict[tuple[str, str], Route] = {
            ("POST", "/v2/upload-cover/generate"): self._generate,
            ("GET", "/v2/upload-cover/status"): self._status,
            ("GET", "/v2/credits"): self._credits_left,
        }
        media: dict[tuple[str, str], Route] = {
            ("GET", "/media/"): self.links.serve,
            ("GET", "/image/"): self.links.serve,
            ("GET", "/stream/"): self.links.serve_stream,
        }
        return media | vendor | {(method, f"/api{path}"): route for (method, path), route in vendor.items()}

    def unknown(self, request: Request) -> Reply:
        return self._gate(request) or self._refuse(404)

    # --- submit ---

    def _generate(self, request: Request) -> Reply:
        if refused := self._gate(request):
            return refused
        if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
            return self._refuse(400, "Content-Type must be application/json")
        try:
            body = request.json()
        except ValueError:
            return self._refuse(400, "request body is not valid JSON")
        rule, needed = self.faults.look("prompt_rule"), self.faults.look("require_style_title")
        if wrong := complaint(body, prompt_rule=rule, style_title=needed):
            return self._refuse(400, wrong)
        how = self.faults.take("submit")
        return self._not_sold(body, how) or self._sell(body, how or "ok")

    def _not_sold(self, body: dict[str, Any], how: str | None) -> Reply | None:
        if how in ("hang_before_accept", "reset_before_accept", "html_502"):
            return unruly(how.removesuffix("_before_accept"))
        if how and how.isdigit():
            return self._refuse(int(how))
        if self.ledger.balance < MODELS[body["model"]].credits:
            return self._refuse(402)
        if not self.submits.admits(self.clock.now(), self.faults.look("rate_limit")):
            return self._refuse(429)
        return None

    def _sell(self, body: dict[str, Any], how: str) -> Reply:
        task = Task(body, self.faults.plan(TASK), self.clock.now(), self.url)
        if not self.ledger.buy(_purchase(task, how)):
            return self._refuse(402)
        self.tasks[task.id] = task
        self.clips |= dict.fromkeys(task.ids, task)
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
            return unruly(how.removesuffix("_after_accept"))
        keys = self.faults.take("id_keys") or "both"
        roots = {"both": ["workId"], "workId": ["workId"], "id": ["id"]}.get(keys, [])
        data = {"task_id": task.id} if keys in ("both", "task_id") else {}
        return success(data, **dict.fromkeys(roots, task.id))

    def _worker(self, task: Task) -> Worker:
        muted = task.plan["local_callbacks"] == "silent" and _is_local(task.callback_url)
        url = "" if muted else task.callback_url
        courier = Courier(
            self.http, self.clock, self.ledger, self.spawn, task.id, url, Manners.planned(task.plan),
            told=lambda stage: task.told[stage].set(),
        )  # fmt: skip
        return Worker(task, self.http, self.clock, self.ledger, courier, self.studio, self.links)

    # --- status and balance ---

    def _status(self, request: Request) -> Reply:
        if refused := self._gate(request):
            return refused
        task_id = request.query.get("task_id", "")
        if not task_id:
            return self._refuse(400, "task_id is required")
        if not self.polls[task_id].admits(self.clock.now(), self.faults.look("poll_limit")):
            return self._refuse(429)
        if how := self.faults.take("status"):
            return self._refuse(int(how)) if how.isdigit() else unruly(how)
        task = self.tasks.get(task_id)
        if task is None or self.clock.now() < task.created + task.plan["not_found_for"]:
            return self._refuse(404, "no such task")
        record = self._record(task)
        if self.faults.look("status_shape") == "enveloped":
            return success(record)
        return json_reply(record | {"type": record["type"] if task.stage == "failed" else task.stage})

    def _record(self, task: Task) -> dict[str, Any]:
        record = task.record(self._shown(task))
        if record["type"] == "SUCCESS":
            if self.faults.take("success_without_urls"):
                record["response_data"] = without_urls(record["response_data"] or [])
            record["type"] = self.faults.look("success_word")
        return record | {"type": self.faults.take("unknown_type_word") or record["type"]}

    def _shown(self, task: Task) -> list[Clip] | None:
        """The clips that the status has to show now."""
        nothing = _RESPONSE[task.plan["response_data"] or "null"]
        if task.failure and task.stage != "failed":
            return [task.failed_clip()]
        if task.stage == "failed":
            return nothing if task.plan["response_data"] else [task.failed_clip()]
        if task.stage != "complete" and not (task.plan["running_rows"] or task.plan["success_while_text"]):
            return nothing
        return self.links.told(task, task.clips()) or nothing

    def _credits_left(self, request: Request) -> Reply:
        used = sum(row.credits for row in self.ledger.rows) - self.ledger.refunded
        return self._gate(request) or success({"credits": self.ledger.balance, "used_credits": used})

    # --- all ---

    def _gate(self, request: Request) -> Reply | None:
        """The edge comes first, then the key."""
        if not request.headers.get("user-agent") and self.faults.take("edge_403_without_UA"):
            return page(403, "Forbidden")
        if self.faults.take("html_502"):
            return page(502, "Bad Gateway")
        if self.faults.take("maintenance"):
            return page(503, "Service Unavailable")
        return None if request.bears(self._key) else self._refuse(401)

    def _refuse(self, code: int, message: str | None = None) -> Reply:
        mirrored = self.faults.look("http_mirrors_code") and not self.faults.look("200_with_code")
        return refusal(code, message, key=self.faults.look("msg_key"), mirrored=mirrored)


def _is_local(url: str) -> bool:
    try:
        host = urlsplit(url).hostname or ""
        return host == "localhost" or host.endswith(".localhost") or not ipaddress.ip_address(host).is_global
    except ValueError:
        return False


def _purchase(task: Task, reply: str) -> Purchase:
    """With no callback URL, the song that was sent tells one job from another."""
    upload, back = str(task.body["upload_url"]), task.callback_url
    kept = summary(task.body, urls=("upload_url", "callback_url"), texts=("prompt",))
    shown = redacted(back) if back else ""
    price = task.model.credits
    return Purchase(
        task.created, task.id, job_of(back or unsigned(upload)), redacted(upload), shown, kept, price, reply
    )
