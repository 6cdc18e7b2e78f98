"""The vendor's endpoints: submit and status on one path, money, logs, and the files that links lead to."""

import re
import secrets
from collections import defaultdict
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote

from simulators.aimlapi import billing, shapes, source
from simulators.aimlapi.billing import CREDITS_PER_USD, FUNDS, PRICE, moment, usd
from simulators.aimlapi.links import Links
from simulators.aimlapi.rules import complaints, setting
from simulators.aimlapi.shapes import Envelope
from simulators.aimlapi.switches import SWITCHES, TASK
from simulators.aimlapi.task import Task
from simulators.aimlapi.work import Worker
from simulators.frame import Route, Simulator
from simulators.ledger import Purchase, job_of, redacted, summary
from simulators.window import Window
from simulators.wire import Reply, Request, json_reply, unruly

MAX_BODY = 72 * 1024 * 1024  # 50 MB as Base64, and room for the rest
_CLIENT_ID = re.compile(r"[A-Za-z0-9._:-]{1,128}")


class AimlapiSimulator(Simulator):
    """`with AimlapiSimulator(key="k", pace=0.1) as sim: ... sim.url`"""

    name = "aimlapi"

    def __init__(self, *, key: str = "aimlapi-key", pace: float = 1.0, credits: int = FUNDS, port: int = 0) -> None:
        self._key = key
        super().__init__(SWITCHES, port=port, pace=pace, credits=credits)

    def fresh(self) -> None:
        self.tasks: dict[str, Task] = {}
        self.links = Links(self.faults, self.clock.now)
        self.submits, self.log_queries = Window(), Window()
        self.polls: defaultdict[str, Window] = defaultdict(Window)

    def switched(self, name: str, value: Any) -> None:
        if name in ("credits", "balance") and value is not None:
            self.ledger.balance = value if name == "credits" else round(value * CREDITS_PER_USD)

    def routes(self) -> dict[tuple[str, str], Route]:
        return {
            ("POST", "/v2/generate/audio"): self._behind_key(self._submit),
            ("GET", "/v2/generate/audio"): self._behind_key(self._status),
            ("GET", "/v2/billing"): self._behind_key(lambda _: json_reply(billing.balance(self.ledger.balance))),
            ("GET", "/v2/billing/detail"): self._behind_key(self._detail),
            ("GET", "/v2/billing/transactions"): self._behind_key(self._transactions),
            ("GET", "/v1/billing/balance"): self._behind_key(self._legacy_balance),
            ("GET", "/v2/logs"): self._behind_key(self._logs),
            ("GET", "/moose/"): self.links.serve,
        }

    def unknown(self, request: Request) -> Reply:
        return self._refuse(request, "404")

    # --- submit ---

    def _submit(self, request: Request) -> Reply:
        if len(request.body) > MAX_BODY:
            return self._refuse(request, "413")
        try:
            body = request.json()
        except ValueError:
            return self._refuse(request, "400", "body validation error: the body is not JSON")
        if wrong := complaints(body):
            path, message = wrong[0]
            text = f"body validation error: {path or 'body'}: {message}"
            return self._refuse(request, "400", text, shapes.tree(wrong))
        if how := self.faults.take("http"):
            return self._refuse(request, how)
        how = self.faults.take("submit") or "ok"
        if how in ("hang_before_accept", "reset_before_accept", "html_502"):
            return unruly(how.removesuffix("_before_accept"))
        return self._no_room(request) or self._sell(request, body, how)

    def _no_room(self, request: Request) -> Reply | None:
        if self.ledger.balance < PRICE:
            return self._refuse(request, "403_credits")
        most = self.faults.look("parallel_limit")
        if most and sum(task.finished is None for task in self.tasks.values()) >= most:
            return self._refuse(request, "429_burst")
        if not self.submits.admits(self.clock.now(), self.faults.look("rate_limit")):
            return self._refuse(request, "429_burst")
        return None

    def _sell(self, request: Request, body: dict[str, Any], how: str) -> Reply:
        task = Task(body, self.faults.plan(TASK), self.clock.now(), setting(body), _client_id(request))
        if not self.ledger.buy(_purchase(task, how)):
            return self._refuse(request, "403_credits")
        self.tasks[task.id] = task
        worker = Worker(task, self.http, self.clock, self.ledger, self.studio, self.links.publish)
        reply = self._accepted(request, task, how)
        reply.after = lambda: self.spawn(worker.run)
        return reply

    def _accepted(self, request: Request, task: Task, how: str) -> Reply:
        if how == "500_after_accept":
            return self._refuse(request, "500")
        if how != "ok":
            return unruly(how.removesuffix("_after_accept"))
        known = shapes.usage(task.plan["meta"], PRICE, usd(PRICE))
        document = shapes.generation(task.id, "queued", task.plan, **known)
        return self._with_headers(json_reply(document, int(self.faults.take("submit_http"))), task, PRICE)

    # --- status ---

    def _status(self, request: Request) -> Reply:
        task_id = request.query.get("generation_id", "")
        if not self.polls[task_id].admits(self.clock.now(), self.faults.look("poll_limit")):
            return self._refuse(request, "429_burst")
        if how := self.faults.take("status"):
            return self._refuse(request, how) if how in shapes.PROBLEMS else unruly(how)
        if not task_id:
            return self._refuse(request, "400", "query validation error: generation_id: expected string")
        task = self.tasks.get(task_id)
        if task is None or self.clock.now() < task.created + task.plan["not_found_for"]:
            return self._refuse(request, "404")
        return self._with_headers(json_reply(self._seen(task, task.polled())), task, 0)

    def _seen(self, task: Task, stage: str) -> dict[str, Any]:
        plan, word = task.plan, task.plan["pending_word"] or stage
        known: dict[str, Any] = {}
        if stage == "done":
            file = None if self.faults.take("completed_without_url") else self._file(task)
            word, known = plan["word"], {"audio_file": file, **shapes.usage(plan["meta"], PRICE, usd(PRICE))}
        elif stage == "error":
            word = "generating" if plan["pending_with_error"] else plan["fail_word"]
            known = {"audio_file": None, "error": shapes.failure(task.error, plan["error_shape"])}
        return shapes.generation(task.id, self.faults.take("unknown_status_word") or word, plan, **known)

    def _file(self, task: Task) -> dict[str, Any]:
        file: dict[str, Any] = {"url": self.links.link(task, self.url)}
        if task.plan["file_details"]:
            body, kind = self.links.shelf.files[task.path]
            file |= {"content_type": kind, "file_name": unquote(task.path).rpartition("/")[2], "file_size": len(body)}
        return file

    # --- money and logs ---

    def _detail(self, request: Request) -> Reply:
        totals = self.ledger.view()["totals"]
        spent = totals["credits_spent"] - totals["credits_refunded"]
        return json_reply(billing.detail(self.ledger.balance, spent))

    def _transactions(self, request: Request) -> Reply:
        return json_reply(billing.transactions(self.tasks.values()))

    def _legacy_balance(self, request: Request) -> Reply:
        return json_reply(billing.legacy(self.ledger.balance, self.clock.now()))

    def _logs(self, request: Request) -> Reply:
        if not self.log_queries.admits(self.clock.now(), self.faults.look("logs_limit")):
            return self._refuse(request, "429_burst")
        return json_reply(billing.logs(self.tasks.values(), request.query.get("client_request_id")))

    # --- all ---

    def _behind_key(self, route: Route) -> Route:
        """The key as it is: a blank that slipped into it makes it another key."""

        def gated(request: Request) -> Reply:
            if self.faults.take("maintenance"):
                return self._refuse(request, "500_maintenance")
            given = request.headers.get("authorization", "").encode()
            if not secrets.compare_digest(given, f"Bearer {self._key}".encode()):
                return self._refuse(request, "401")
            return _echoed(route(request), request)

        return gated

    def _refuse(self, request: Request, problem: str, message: str | None = None, meta: Any = None) -> Reply:
        look: Callable[[str], Any] = self.faults.look
        envelope = Envelope(look("envelope") == "title", look("statusCode") == "string", look("edge_page"))
        return envelope.refusal(problem, request.path, moment(self.clock.now()), message, meta)

    def _with_headers(self, reply: Reply, task: Task, credits: int) -> Reply:
        reply.headers["x-inference-id"] = task.id
        if self.faults.look("usage_headers"):
            reply.headers |= {"x-aimlapi-credits-used": str(credits), "x-aimlapi-usd-spent": str(usd(credits))}
        return reply


def _client_id(request: Request) -> str | None:
    """A malformed one is dropped without a word."""
    given = request.headers.get("x-client-request-id", "")
    return given if _CLIENT_ID.fullmatch(given) else None


def _echoed(reply: Reply, request: Request) -> Reply:
    if given := _client_id(request):
        reply.headers["x-client-request-id"] = given
    return reply


def _purchase(task: Task, reply: str) -> Purchase:
    kind = source.kind(task.reference)
    link = redacted(task.reference) if kind == "url" else f"({kind})"
    kept = summary(task.body, urls=("reference_audio_url",), texts=("prompt", "lyrics"))
    kept |= {"reference": kind, "source": job_of(source.mark(task.reference)), "has_client_id": bool(task.client_id)}
    return Purchase(task.created, task.id, task.job, link, "", kept, PRICE, reply)
