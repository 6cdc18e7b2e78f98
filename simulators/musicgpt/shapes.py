"""The vendor's wire shapes: submit replies, webhooks of two brands, two status records, errors under three keys."""

import json
import uuid
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from simulators.musicgpt.task import Task
from simulators.wire import Reply, json_reply

ESTIMATE = 1.1
MESSAGES: dict[int, str] = {
    400: "source file could not be downloaded",
    401: "key not accepted",
    402: "not enough credit",
    403: "key not accepted",
    404: "not found",
    409: "conversion exists already",
    422: "audio_url and audio_file are both empty",
    429: "parallel limit reached",
    500: "internal error",
    502: "bad gateway",
    503: "service unavailable",
    504: "gateway timeout",
}
FAILURE = "conversion failed"
_WAV = {"seed": "yes", "new": "no", "generic": "no"}

Document = dict[str, Any]


def refusal(code: int, message: str | None = None, *, key: str = "error", field: str = "", **more: Any) -> Reply:
    message = message or MESSAGES[code]
    if key == "detail":
        listed = [{"loc": ["body", field], "msg": message, "type": "value_error"}]
        return json_reply({"detail": listed if code == 422 else message}, code)
    return json_reply({"success": False, key: message, **more}, code)


def accepted(task: Task, eta: int | str, form: str, *, message: bool = True, extra: bool = False) -> Reply:
    """The answer to a submit. Never with `conversion_type`: the vendor's own SDK would break on it."""
    document: Document = {"success": True, "task_id": task.id, "conversion_id": task.conversion, "eta": eta}
    if form != "short":
        document |= {"credit_estimate": ESTIMATE, "message": "Message published to queue", "status": "IN_QUEUE"}
    if not message:
        document.pop("message", None)
    if extra:
        document |= {"queue": {"position": 3}}
    reply = json_reply(document)
    if form == "duplicate_status_key":
        reply.body = reply.body[:-1] + b', "status": "IN_QUEUE"}'
    return reply


# --- webhook ---


def success_webhook(task: Task) -> bytes:
    plan = task.plan
    shape = plan["webhook"]
    links = _links(task, "conversion_path" if shape == "new" else "audio_url", plan["wav"] or _WAV[shape])
    document = {"seed": _seed, "new": _new, "generic": _generic}[shape](task, links)
    return _sent(document, plan)


def _seed(task: Task, links: Document) -> Document:
    """As the old brand's page has it; its cost is a string."""
    cost = _cost(task, task.plan["cost"] or "string")
    return _cover(task) | links | {"conversion_cost": cost, "conversion_duration": round(task.seconds, 2)}


def _new(task: Task, links: Document) -> Document:
    done = {"conversion_duration": round(task.seconds, 2), "message": "Conversion Completed"}
    return _cover(task) | links | done


def _generic(task: Task, links: Document) -> Document:
    word, cost = worded("COMPLETED", task.plan["status_words"]), _cost(task, task.plan["cost"] or "number")
    head: Document = {"task_id": task.id, "status": word, "status_msg": "done", "conversion_type": "COVER"}
    return head | links | {"title": "", "conversion_cost": cost} | _times(task)


def _cover(task: Task, *, success: bool = True) -> Document:
    named = {"task_id": task.id, "conversion_id": task.conversion}
    return {"success": success, "conversion_type": "Cover"} | named


def failure_webhook(task: Task, message: str) -> bytes:
    """Two guesses at what nobody has documented."""
    plan = task.plan
    document: Document
    if plan["webhook_failure"] == "status_failed":
        word = worded(plan["fail_word"], plan["status_words"])
        document = {"task_id": task.id, "status": word, "status_msg": message, "conversion_type": "COVER"}
    else:
        document = _cover(task, success=False) | {"error": message}
    return _sent(document, plan)


def _sent(document: Document, plan: Mapping[str, Any]) -> bytes:
    if plan["conversion_type"]:
        document["conversion_type"] = plan["conversion_type"]
    if plan["webhook_task_id"] == "missing":
        del document["task_id"]
    elif plan["webhook_task_id"] == "other":
        document["task_id"] = str(uuid.uuid4())
    if plan["extra_fields"]:
        document |= {"traceId": "x-1", "album": {"tracks": [1]}}
    return json.dumps(document, ensure_ascii=False).encode()


def _links(task: Task, name: str, wav: str) -> Document:
    if task.plan["webhook_without_link"]:
        return {}
    links = {} if wav == "only" else {name: task.link("mp3")}
    extra = {"yes": task.link("wav"), "only": task.link("wav"), "empty": ""}
    return links | ({f"{name}_wav": extra[wav]} if wav in extra else {})


# --- status ---


def record(task: Task, *, linked: bool = True, word: str | None = None) -> Document:
    """What byId says of a task; without links if a switch keeps them back."""
    plan, shown = task.plan, linked and task.stage == "COMPLETED"
    usual = plan["fail_word"] if task.stage == "FAILED" else task.stage
    status = word or worded(usual, plan["status_words"])
    made = (_numbered if plan["byid"] == "numbered" else _flat)(task, status, shown)
    return {"success": True, "conversion": made | ({"progress": {"percent": 50}} if plan["extra_fields"] else {})}


def _flat(task: Task, status: str, shown: bool) -> Document:
    document: Document = {"task_id": task.id, "conversion_id": task.conversion, "status": status}
    document |= {"status_msg": _message(task), "audio_url": task.link("mp3") if shown else None}
    if task.stage == "FAILED":
        del document["conversion_id"]
    if task.stage != "COMPLETED":
        return document
    if shown and task.plan["wav"] in ("yes", "only"):
        document["audio_url_wav"] = task.link("wav")
        document["audio_url"] = None if task.plan["wav"] == "only" else document["audio_url"]
    document["conversion_cost"] = _cost(task, task.plan["cost"] or "number")
    return document | {"title": "", "lyrics": "", "music_style": ""} | _times(task)


def _numbered(task: Task, status: str, shown: bool) -> Document:
    wav = task.plan["wav"]
    return {
        "task_id": task.id,
        "feature": "COVER",
        "status": status,
        "message": _message(task),
        "webhook_url": task.order.webhook_url,
        "conversion_id_1": task.conversion,
        "conversion_path_1": task.link("mp3") if shown and wav != "only" else "",
        "conversion_path_wav_1": task.link("wav") if shown and wav in ("yes", "only") else "",
        "conversion_duration_1": round(task.seconds, 2) if shown else None,
        "createdAt": _at(task.created).isoformat(timespec="milliseconds"),
        "updatedAt": _at(task.updated).isoformat(timespec="milliseconds"),
    }


def worded(stage: str, words: str) -> str:
    """A status in the SDKs' words, in older ones, or in lower case."""
    if words == "pending_processing":
        return {"IN_QUEUE": "PENDING", "IN_PROGRESS": "PROCESSING"}.get(stage, stage)
    return stage.lower() if words == "lowercase" else stage


def _message(task: Task) -> str:
    return "done" if task.stage == "COMPLETED" else task.error


def _cost(task: Task, form: str) -> float | str:
    return f"{task.cost:.2f}" if form == "string" else task.cost


def _times(task: Task) -> Document:
    return {
        name: _at(seconds).strftime("%Y-%m-%dT%H:%M:%SZ")
        for name, seconds in (("createdAt", task.created), ("updatedAt", task.updated))
    }


def _at(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
