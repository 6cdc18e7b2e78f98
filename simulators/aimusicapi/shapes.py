"""aimusicapi's wire shapes: answers, errors with a text key that wavers, and callbacks that name no task."""

import json
from datetime import UTC, datetime
from typing import Any

from simulators.wire import Reply, json_reply

Clip = dict[str, Any]

MESSAGES: dict[int, str] = {
    400: "bad or missing parameter",
    401: "invalid or missing key",
    402: "balance too low",
    403: "not allowed for this key",
    404: "no such route",
    429: "too many requests",
    500: "internal error",
}


def success(data: object, **beside: object) -> Reply:
    return json_reply({"code": 200, "message": "success", **beside, "data": data})


def refusal(code: int, message: str | None, *, key: str | None, mirrored: bool) -> Reply:
    document = {"code": code, key or ("msg" if code == 400 else "message"): message or MESSAGES[code]}
    return json_reply(document, code if mirrored else 200)


def page(status: int, title: str) -> Reply:
    """What the edge in front of the vendor says."""
    return Reply(status, f"<html><body><h1>{status} {title}</h1></body></html>".encode(), "text/html")


def iso(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def timed(seconds: float, form: str) -> float | str:
    """The length of a finished clip, in one of the ways in which it was seen."""
    if form == "string":
        return f"{seconds:.1f}"
    if form == "m:ss":
        return f"{int(seconds) // 60}:{int(seconds) % 60:02}"
    return round(seconds, 2)


def without_urls(clips: list[Clip]) -> list[Clip]:
    return [clip | {"audio_url": ""} for clip in clips]


def callback(shape: str, task: str, record: dict[str, Any], clips: list[Clip]) -> bytes:
    """The bare array, or one of the wrappers that receivers have guessed."""
    bodies: dict[str, object] = {
        "array": clips,
        "data_array": {"code": 200, "data": clips},
        "data_object": {"data": {"task_id": task, "type": record["type"], "response_data": clips}},
        "status_object": {"code": 200, "message": "success", "data": record | {"response_data": clips}},
    }
    return json.dumps(bodies[shape], ensure_ascii=False).encode()
