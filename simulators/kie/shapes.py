"""kie's wire shapes: one envelope, rows in two spellings, callbacks and the status record."""

import base64
import hashlib
import hmac
import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from simulators.wire import Reply, json_reply

Row = dict[str, Any]
Plan = Mapping[str, Any]

MESSAGES: dict[int, str] = {
    401: "You do not have access permissions",
    402: "The current credits are insufficient. Please top up.",
    404: "no such endpoint",
    408: "upstream gave nothing for over 10 minutes",
    409: "record exists already",
    422: "validation failed",
    429: "call frequency too high",
    433: "hourly quota of this key used up",
    451: "source could not be fetched",
    455: "system maintenance",
    500: "server error",
    501: "generation failed",
    505: "feature disabled",
}
FAILURES: dict[int, str] = {
    400: "The lyrics contain copyrighted material.",
    408: "Upstream rate limit or timeout.",
    413: "The uploaded audio matches an existing work of art.",
    500: "Internal server error.",
    501: "Audio generation failed.",
    531: "Generation failed. The credits have been refunded, please try again.",
}
UNFETCHABLE = "Can't fetch the uploaded audio."
STAGE_MESSAGES = {
    "text": "Text generation completed.",
    "first": "First track generated successfully.",
    "complete": "All generated successfully.",
}
_MIRRORED = {401, 402, 404, 422, 429, 455, 500}  # the page knows the others with HTTP 200 only
_ALWAYS_500 = {408, 501, 505}


def success(data: object) -> Reply:
    return json_reply({"code": 200, "msg": "success", "data": data})


def refusal(code: int, message: str | None = None, *, mirrored: bool = False) -> Reply:
    """The error envelope, with HTTP 200 unless the vendor or the switch says otherwise. 401 has no data."""
    document: dict[str, Any] = {"code": code, "msg": message or MESSAGES[code]}
    if code != 401:
        document["data"] = None
    http = 500 if code in _ALWAYS_500 else code if mirrored and code in _MIRRORED else 200
    return json_reply(document, http)


def placed(document: dict[str, Any], path: str, value: str) -> None:
    """Put an id where a dotted path says."""
    *parents, last = path.split(".")
    for parent in parents:
        document = document.setdefault(parent, {})
    document[last] = value


def signature(key: str, task: str, timestamp: int) -> str:
    digest = hmac.new(key.encode(), f"{task}.{timestamp}".encode(), hashlib.sha256).digest()
    return base64.b64encode(digest).decode()


def callback(task: str, stage: str, code: int, message: str, rows: list[Row] | None, plan: Plan) -> bytes:
    """One callback body, with the variants that the plan asks for."""
    kind = plan["error_type"] if stage == "error" else stage
    data: dict[str, Any] = {"callbackType": kind.upper() if plan["upper_case_type"] else kind}
    document: dict[str, Any] = {"code": str(code) if plan["code_as_string"] else code, "msg": message, "data": data}
    placed(document, plan["task_id_location"], task)
    nulls = plan["null_data"]
    data["data"] = None if nulls is True or (nulls and stage in nulls) else rows
    if stage == "error":
        _error_rows(data, message, plan["error_data"])
    if plan["extra_fields"]:
        document |= {"traceId": "x-1", "version": 7}
        data["progress"] = {"percent": 50}
    return json.dumps(document, ensure_ascii=False).encode()


def _error_rows(data: dict[str, Any], message: str, form: str) -> None:
    if form == "text":
        del data["data"]
        data["error"] = message
    else:
        data["data"] = json.loads(form)


def stamped(rows: list[Row], seconds: float, form: str) -> list[Row]:
    """Callback rows carry the time as a string in UTC, or as an integer of milliseconds."""
    text = datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M:%S")
    return [row | {"createTime": text if form == "string" else round(seconds * 1000)} for row in rows]


def camel(row: Row) -> Row:
    """A status row: the same facts, spelt the other way."""
    return {re.sub(r"_([a-z])", lambda found: found[1].upper(), name): value for name, value in row.items()}


def without_urls(rows: list[Row]) -> list[Row]:
    return [{name: None if "url" in name.lower() else value for name, value in row.items()} for row in rows]
