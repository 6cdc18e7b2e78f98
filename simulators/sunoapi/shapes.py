"""sunoapi's wire shapes: one envelope, rows in two spellings, callbacks and what they say."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from simulators.wire import Reply, json_reply, unruly

Row = dict[str, Any]
Plan = Mapping[str, Any]

MESSAGES: dict[int, str] = {
    400: "invalid parameters",
    401: "key not accepted",
    404: "no such method or path",
    405: "rate limit reached",
    413: "prompt too long for this model",
    422: "recordInfo is null",
    429: "The current credits are insufficient. Please top up.",
    430: "call frequency too high",
    455: "system maintenance",
    500: "server error",
}
STAGE_MESSAGES = {
    "text": "Text generation completed.",
    "first": "First track generated successfully.",
    "complete": "All generated successfully.",
}
_MIRRORED = {400, 401, 404, 455, 500}  # the page knows the others with HTTP 200 only


def success(data: object) -> Reply:
    return json_reply({"code": 200, "msg": "success", "data": data})


def refusal(code: int, message: str | None = None, *, mirrored: bool = False) -> Reply:
    """The error envelope, with HTTP 200 unless the switch says otherwise."""
    document = {"code": code, "msg": message or MESSAGES[code], "data": None}
    return json_reply(document, code if mirrored and code in _MIRRORED else 200)


def bare(how: str) -> Reply:
    """What something in front of the vendor answers, or nobody: no envelope."""
    if how.startswith("bare_"):
        return Reply(int(how.removeprefix("bare_")), b"", "text/plain")
    return unruly(how)


def placed(document: dict[str, Any], path: str, value: str) -> None:
    """Put an id where a dotted path says."""
    *parents, last = path.split(".")
    for parent in parents:
        document = document.setdefault(parent, {})
    document[last] = value


def callback(task: str, stage: str, code: int, message: str, rows: list[Row] | None, plan: Plan) -> bytes:
    """One callback body, with the variants that the plan asks for."""
    kind = plan["error_type"] if stage == "error" else stage
    data: dict[str, Any] = {"callbackType": kind.upper() if plan["upper_case_type"] else kind}
    document: dict[str, Any] = {"code": str(code) if plan["code_as_string"] else code, "msg": message, "data": data}
    placed(document, plan["task_id_location"], task)
    if not _asked(plan["missing_data"], stage):
        data["data"] = None if _asked(plan["null_data"], stage) else rows
    if plan["extra_fields"]:
        document |= {"traceId": "x-1", "version": 7}
        data["progress"] = {"percent": 50}
    return json.dumps(document, ensure_ascii=False).encode()


def _asked(stages: bool | list[str], stage: str) -> bool:
    return stage in stages if isinstance(stages, list) else stages


def stamp(seconds: float, form: str) -> str | int:
    """A time as a string in UTC, or as an integer of milliseconds."""
    text = datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M:%S")
    return text if form == "string" else round(seconds * 1000)


def camel(row: Row) -> Row:
    """A status row: the same facts, spelt the other way."""
    return {_camel(name): value for name, value in row.items()}


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)


def without_urls(rows: list[Row]) -> list[Row]:
    return [{name: None if "url" in name.lower() else value for name, value in row.items()} for row in rows]
