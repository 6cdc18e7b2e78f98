"""The vendor's wire shapes: the one object of submit and status, and two envelopes of errors."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from simulators.wire import Reply, json_reply

DONE_WORDS = ("completed", "complete", "done", "succeeded", "success", "ready", "finished")
FAILED_WORDS = ("error", "failed", "cancelled", "timeout", "expired")
PENDING_WORDS = ("waiting", "active")

PROBLEMS: dict[str, str] = {
    "400": "body validation error: expected another body",
    "401": "a valid key is needed",
    "403_credits": "you have run out of credits, please top up: https://aimlapi.com/app/billing",
    "403_verify": "account verification is required, or the plan lacks permission for this model",
    "404": "not found",
    "413": "request entity too large",
    "429_burst": "too many requests",
    "500": "internal server error",
    "500_maintenance": "model under maintenance",
    "500_wrapping_400": 'partner answered 400: {"message":"body validation error: prompt too long"}',
    "502": "partner returned an unexpected answer",
    "503": "model is unavailable",
    "504": "generation did not finish in time",
}
MINIMAX: dict[str, str] = {
    "1002": "rate limit reached",
    "1008": "insufficient balance",
    "1026": "input content was refused",
    "1027": "output content was refused",
    "2013": "invalid params",
    "1000": "unknown error",
    "1001": "request timed out",
    "1004": "authorization failed",
    "2049": "invalid api key",
    "1024": "internal error",
    "1033": "system error",
    "1039": "token limit reached",
    "1041": "connection limit reached",
    "1042": "too many invisible characters",
}

Plan = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Envelope:
    """How errors are wrapped."""

    title: bool = False
    code_as_string: bool = False
    edge_page: bool = False

    def refusal(self, problem: str, path: str, at: str, message: str | None = None, meta: Any = None) -> Reply:
        status, message = int(problem.partition("_")[0]), message or PROBLEMS[problem]
        if self.edge_page and status in (502, 503, 504):
            return edge(status)
        if self.title:
            return json_reply({"title": HTTPStatus(status).phrase, "status": status, "message": message}, status)
        document: dict[str, Any] = {
            "requestId": str(uuid.uuid4()),
            "statusCode": str(status) if self.code_as_string else status,
            "timestamp": at,
            "path": path,
            "message": message,
        }
        return json_reply(document | ({"meta": meta} if meta else {}), status)


def edge(status: int) -> Reply:
    name = HTTPStatus(status).phrase
    return Reply(status, f"<html><body><h1>{status} {name}</h1></body></html>".encode(), "text/html")


def tree(complaints: list[tuple[str, str]]) -> dict[str, Any]:
    """The complaints as a tree of `_errors`, each at its field."""
    root: dict[str, Any] = {"_errors": []}
    for path, message in complaints:
        node = root
        for name in filter(None, path.split(".")):
            node = node.setdefault(name, {"_errors": []})
        node["_errors"].append(message)
    return root


def generation(task_id: str, status: str, plan: Plan, **known: Any) -> dict[str, Any]:
    """The object of both verbs. What is not known is absent, or null."""
    nothing = dict.fromkeys(("audio_file", "error", "meta")) if plan["nulls"] else {}
    document = {"id": task_id, "status": status} | nothing | known
    return document | ({"generation_id": task_id, "progress": {"percent": 50}} if plan["extra_fields"] else {})


def failure(message: str, shape: str) -> Any:
    if shape == "string":
        return message
    if shape == "detail_list":
        return {"detail": [{"loc": ["body"], "msg": message, "type": "value_error", "input": ""}]}
    return {"name": "GenerationError", "message": message}


def minimax(code: str) -> str:
    return f"MiniMax error {code}: {MINIMAX[code]}"


def usage(form: str, credits: int, usd: float) -> dict[str, Any]:
    """`meta` as a part of the object, or nothing."""
    if form == "absent":
        return {}
    return {"meta": {"usage": {"credits_used": credits} | ({"usd_spent": usd} if form == "full" else {})}}
