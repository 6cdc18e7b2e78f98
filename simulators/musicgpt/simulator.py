"""The vendor's endpoints, on every path that they are known by: Cover, byId, voices, and the finished files."""

import math
import secrets
from typing import Any

from simulators import audio
from simulators.callbacks import Courier, Manners
from simulators.frame import Route, Simulator
from simulators.ledger import Purchase, job_of, redacted
from simulators.media import Shelf
from simulators.musicgpt import forms, rules, shapes, voices
from simulators.musicgpt.plans import PARALLEL, POLLS, Slots
from simulators.musicgpt.rules import Order
from simulators.musicgpt.switches import SWITCHES, TASK
from simulators.musicgpt.task import Task
from simulators.musicgpt.work import DONE_AT, Worker
from simulators.sources import SourceError, fetched
from simulators.window import Window
from simulators.wire import Reply, Request, json_reply, unruly

PRICE = 1
PREFIXES = ("/api/public/v1", "/v1", "")
_BEFORE_REPLY_LIMIT = 60.0
_TYPES = {"mp3": "audio/mpeg", "wav": "audio/wav"}


class MusicgptSimulator(Simulator):
    """`with MusicgptSimulator(key="k", pace=0.1) as sim: ... sim.url`"""

    name = "musicgpt"

    def __init__(self, *, key: str = "musicgpt-key", pace: float = 1.0, credits: int = 1000, port: int = 0) -> None:
        self._key = key
        super().__init__(SWITCHES, port=port, pace=pace, credits=credits)

    def fresh(self) -> None:
        self.tasks: dict[str, Task] = {}
        self.conversions: dict[str, Task] = {}
        self.shelf, self.slots = Shelf(), Slots()
        self.submits, self.polls = Window(), Window()

    def switched(self, name: str, value: Any) -> None:
        if name == "credits" and value is not None:
            self.ledger.balance = value

    def routes(self) -> dict[tuple[str, str], Route]:
        only = self.faults.look("host_prefix")
        routes: dict[tuple[str, str], Route] = {("GET", "/projects/"): self._media}
        for prefix in PREFIXES if only is None else (only.rstrip("/"),):
            routes["POST", f"{prefix}/Cover"] = self._cover
            routes["GET", f"{prefix}/byId"] = self._by_id
            routes["GET", f"{prefix}/getAllVoices"] = self._voices
            routes["GET", f"{prefix}/searchVoices"] = self._voices
            if only is None:
                routes["POST", f"{prefix}/cover"] = self._cover
        return routes

    def unknown(self, request: Request) -> Reply:
        return self._gate(request) or self._refuse(404)

    # --- submit ---

    def _cover(self, request: Request) -> Reply:
        if refused := self._gate(request):
            return refused
        audio_path = self.faults.look("accept_audio_path")
        try:
            form = forms.read(request, self.faults.look("accept"))
        except forms.FormError as error:
            return self._refuse(400, f"malformed request parameters: {error}")
        if wrong := rules.complaint(form, audio_path=audio_path):
            return self._refuse(422, wrong[1], field=wrong[0])
        how = self.faults.take("submit") or "ok"
        order = rules.order(form, audio_path=audio_path)
        marks = {"encoding": form.encoding, "bearer": _bearer(request) is not None}
        return self._not_sold(how) or self._hold_a_slot(order, how, marks)

    def _not_sold(self, how: str) -> Reply | None:
        if how in ("hang_before_accept", "reset_before_accept", "html_502"):
            return unruly(how.removesuffix("_before_accept"))
        if how == "refused_200":
            return json_reply({"success": False, "error": "conversion refused"})
        if how.isdigit():
            return self._refuse(int(how))
        return self._no_credit() if self.ledger.balance < PRICE else None

    def _hold_a_slot(self, order: Order, how: str, marks: dict[str, Any]) -> Reply:
        """A place among the covers under way is held while the source is looked at, and given back if all is off."""
        most, slots = self.faults.look("parallel_limit"), self.slots
        if not slots.take(PARALLEL[self.faults.look("plan")] if most is None else most):
            return self._refuse(429)
        sold = False
        try:
            sold, reply = self._sell(order, how, marks)
        finally:
            if not sold:
                slots.free()
        return reply

    def _sell(self, order: Order, how: str, marks: dict[str, Any]) -> tuple[bool, Reply]:
        if not self.submits.admits(self.clock.now(), self.faults.look("rate_limit")):
            return False, self._refuse(429, "too many requests")
        source = order.file
        if source is None and self.faults.look("source_fail") == "submit_400":
            try:
                source = fetched(self.http, order.audio_url)
                audio.seconds(source)
            except (SourceError, audio.NotAudioError):
                return False, self._refuse(400)
        task = Task(order, self.faults.plan(TASK), self.clock.now(), self.url)
        if not self.ledger.buy(_purchase(task, how, marks)):
            return False, self._no_credit()
        self.tasks[task.id] = self.conversions[task.conversion] = task
        return True, self._accepted(task, self._worker(task, source), how)

    def _accepted(self, task: Task, worker: Worker, how: str) -> Reply:
        """The reply goes out before the webhook, unless a switch turns that around."""
        reply = self._reply_to(task, how)
        if self.faults.take("webhook_before_reply"):
            self.spawn(worker.run)
            self.clock.wait(task.told, _BEFORE_REPLY_LIMIT)
        else:
            reply.after = lambda: self.spawn(worker.run)
        return reply

    def _reply_to(self, task: Task, how: str) -> Reply:
        if how == "500_after_accept":
            return self._refuse(500)
        if how != "ok":
            return unruly(how.removesuffix("_after_accept"))
        eta, form = self.faults.take("eta"), self.faults.take("submit_reply")
        if eta is None:
            eta = max(1, math.ceil(DONE_AT * self.clock.pace))
        message = not self.faults.take("omit_message")
        return shapes.accepted(task, eta, form, message=message, extra=task.plan["extra_fields"])

    def _worker(self, task: Task, source: bytes | None) -> Worker:
        plan = dict(task.plan)
        plan["duplicate_each"] *= plan["duplicate_webhook"]
        courier = Courier(
            self.http, self.clock, self.ledger, self.spawn, task.id, task.order.webhook_url, Manners.planned(plan),
            told=lambda stage: task.told.set(),
        )  # fmt: skip
        return Worker(
            task, self.http, self.clock, self.ledger, courier, self.studio, self._publish, self.slots.free, source
        )

    # --- status and voices ---

    def _by_id(self, request: Request) -> Reply:
        if refused := self._gate(request):
            return refused
        rate = self.faults.look("byid_limit") or (POLLS[self.faults.look("plan")], 60.0)
        if not self.polls.admits(self.clock.now(), rate):
            return self._refuse(429, "too many requests", key="message")
        if how := self.faults.take("status"):
            return self._refuse(int(how), key="message") if how.isdigit() else unruly(how)
        query = request.query
        if not query.get("conversionType"):
            return self._refuse(400, "conversionType is required", key="message")
        if query["conversionType"] != query["conversionType"].upper():
            return self._refuse(400, "conversionType is not valid", key="message")
        if bool(query.get("task_id")) == bool(query.get("conversion_id")):
            return self._refuse(400, "exactly one of task_id and conversion_id is required", key="message")
        return self._found(query)

    def _found(self, query: dict[str, str]) -> Reply:
        task = self.tasks.get(query.get("task_id", "")) or self.conversions.get(query.get("conversion_id", ""))
        if task is None or query["conversionType"] != "COVER":
            return self._refuse(404, key="message")
        if self.clock.now() < task.created + task.plan["not_found_for"]:
            return self._refuse(int(self.faults.look("not_found_as")), "conversion not found", key="message")
        linked = task.stage != "COMPLETED" or not self.faults.take("completed_without_link")
        return json_reply(shapes.record(task, linked=linked, word=self.faults.take("unknown_status_word")))

    def _voices(self, request: Request) -> Reply:
        if refused := self._gate(request):
            return refused
        known = voices.catalogue(self.faults.look("voices"))
        if request.path.endswith("/searchVoices"):
            known = voices.found(known, request.query.get("query", ""))
        try:
            return json_reply(voices.page(known, request.query))
        except voices.PageError as error:
            return self._refuse(400, str(error), key="message")

    # --- media ---

    def _publish(self, task: Task, form: str, made: bytes) -> None:
        self.shelf.put(task.path(form), made, _TYPES[form], twin=task.path("mp3"))

    def _media(self, request: Request) -> Reply:
        name, _, form = request.path.rpartition("/")[2].partition(".")
        task, after = self.conversions.get(name), self.faults.look("media_expires_after")
        if after and task and task.finished and self.clock.now() > task.finished + after:
            return self.shelf.serve(request, "403_expired")
        if self.faults.look("media_on") not in ("both", form):
            return self.shelf.serve(request)
        return self.shelf.serve_by(self.faults, request)

    # --- all ---

    def _gate(self, request: Request) -> Reply | None:
        if self.faults.take("maintenance"):
            return self._refuse(503)
        given, behind = request.headers.get("authorization", ""), _bearer(request)
        if behind is not None and not self.faults.look("reject_bearer"):
            given = behind
        known = secrets.compare_digest(given.encode(), self._key.encode())
        return None if known else self._refuse(int(self.faults.look("auth_code")))

    def _no_credit(self) -> Reply:
        details: dict[str, Any] = {"required_credits": PRICE, "available_credits": self.ledger.balance}
        return self._refuse(402, **(details if self.faults.look("error_details") else {}))

    def _refuse(self, code: int, message: str | None = None, *, key: str = "error", **more: Any) -> Reply:
        return shapes.refusal(code, message, key=self.faults.look("error_key") or key, **more)


def _bearer(request: Request) -> str | None:
    """What stands behind a scheme word that this vendor does not know."""
    scheme, blank, given = request.headers.get("authorization", "").partition(" ")
    return given if blank and scheme.lower() == "bearer" else None


def _purchase(task: Task, reply: str, marks: dict[str, Any]) -> Purchase:
    order = task.order
    link = redacted(order.audio_url) if order.file is None else "(file)"
    kept = {"voice_id": order.voice_id, "pitch": order.pitch, "source": job_of(task.source)} | marks
    return Purchase(task.created, task.id, task.job, link, redacted(order.webhook_url), kept, PRICE, reply)
